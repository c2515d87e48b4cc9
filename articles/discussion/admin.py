"""The moderators' pages: comments that wait, each with what it is about, and what to do with it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.base import BaseAdmin
from articles.admin.keys import is_key
from articles.discussion import moderation
from articles.discussion.models import Comment
from articles.discussion.notices import PERMISSION
from articles.models import Article, User

EXCERPT = 140


class ArticleFilter(admin.SimpleListFilter):
    """Comments on one article: chosen by a link, since a list of all articles would not end."""

    title = gettext_lazy("article with comments that wait")
    parameter_name = "article"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The articles with comments that wait, and the one that was chosen."""
        waiting = Article.objects.filter(comments__status=Comment.Status.HELD)
        rows = list(waiting.distinct().order_by("title_folded").values_list("pk", "title")[:20])
        chosen = self.used_parameters.get(self.parameter_name)
        if is_key(str(chosen)) and int(str(chosen)) not in dict(rows):
            rows += Article.objects.filter(pk=int(str(chosen))).values_list("pk", "title")
        return [(str(pk), title) for pk, title in rows]

    def has_output(self) -> bool:
        """Always, so that a link that chooses an article works whatever waits."""
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The comments on the chosen article; a value that is no key finds nothing."""
        value = self.value()
        if not value:
            return queryset
        return queryset.filter(article=int(value)) if is_key(value) else queryset.none()


@admin.register(Comment)
class CommentAdmin(BaseAdmin):
    """Comments, to be read and decided about; nobody changes what somebody else said."""

    list_display = ["excerpt", "article_title", "who", "state", "about_name", "created_at"]
    list_display_links = ["excerpt"]
    list_filter = ["status", ArticleFilter, "imported"]
    list_select_related = ["article", "user"]
    search_fields = ["body", "name", "email", "article__title_folded", "user__public_name"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    actions = ["approve_selected", "reject_selected", "spam_selected"]
    fieldsets = [
        (None, {"fields": ["text", "who", "email", "state", "created_at"]}),
        (
            gettext_lazy("What it is about"),
            {"fields": ["article_link", "about_name", "about_text", "revision", "answers"]},
        ),
        (gettext_lazy("As it was typed"), {"fields": ["body"], "classes": ["collapse"]}),
    ]

    # Who may do what ------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: comments are written on the site."""
        return False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Whether this person may decide about comments."""
        return request.user.has_perm(PERMISSION)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Every field."""
        return [name for _title, options in self.fieldsets for name in options["fields"]]

    # The list and the page ------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("comment"))
    def excerpt(self, comment: Comment) -> str:
        """The beginning of the text."""
        text = " ".join(comment.body.split())
        if not text:
            return _("(deleted)")
        return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()}…"

    @admin.display(description=gettext_lazy("article"), ordering="article__title_folded")
    def article_title(self, comment: Comment) -> str:
        """The title of the article."""
        return comment.article.title

    @admin.display(description=gettext_lazy("who"), ordering="name")
    def who(self, comment: Comment) -> SafeString:
        """The name; whether it is a user's, a guest's or an imported one."""
        kind = _("guest")
        if comment.imported:
            kind = _("imported")
        elif comment.user_id:
            kind = _("user")
        return format_html("<bdi>{}</bdi> ({})", comment.writer or "–", kind)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, comment: Comment) -> SafeString:
        """The status, and who gave it."""
        label = comment.get_status_display()
        by = f" ({comment.decided_by})" if comment.decided_by_id else ""
        return format_html('<span class="mark mark-{}">{}</span>{}', comment.status, label, by)

    @admin.display(description=gettext_lazy("text"))
    def text(self, comment: Comment) -> SafeString:
        """The whole text as readers would see it."""
        html = comment.html or format_html("<p>{}</p>", _("(deleted)"))
        # Made safe when it was saved.
        return format_html('<div class="said" dir="auto">{}</div>', mark_safe(html))  # noqa: S308

    @admin.display(description=gettext_lazy("article"))
    def article_link(self, comment: Comment) -> SafeString:
        """The article, and its discussion with this comment in it where that is visible."""
        links = [(comment.article.get_absolute_url(), comment.article.title)]
        if comment.is_approved:
            links.append((comment.get_absolute_url(), _("see the comment in its thread")))
        own = f"{reverse('admin:discussion_comment_changelist')}?article={comment.article_id}"
        links.append((own, _("all comments on this article")))
        return mark_safe(  # noqa: S308 - escaped
            " · ".join(format_html('<a href="{}">{}</a>', *link) for link in links)
        )

    @admin.display(description=gettext_lazy("in reply to"))
    def answers(self, comment: Comment) -> SafeString | str:
        """The comment that it answers, with its text."""
        above = comment.parent
        if above is None:
            return "–"
        address = reverse("admin:discussion_comment_change", args=[above.pk])
        return format_html('<a href="{}">{}</a>: {}', address, above.writer, self.excerpt(above))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of a comment: nothing to save, but buttons to decide."""
        listed = reverse("admin:discussion_comment_changelist")
        if Comment.objects.held().filter(pk=object_id if is_key(object_id) else 0).exists():
            # On to the next one; and nothing happens to one that somebody decided about meanwhile.
            listed += "?status__exact=held"
        extra = {
            "show_save": False,
            "show_save_and_continue": False,
            "may_moderate": self.has_moderate_permission(request),
            "list_address": listed,
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, extra)

    def view_on_site(self, comment: Comment) -> str | None:
        """Its place in the discussion, for one that has one."""
        return comment.get_absolute_url() if comment.is_approved else None

    # Deciding -------------------------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Approve selected comments"), permissions=["moderate"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Publish them."""
        self._decide(request, queryset, Comment.Status.APPROVED)

    @admin.action(description=gettext_lazy("Reject selected comments"), permissions=["moderate"])
    def reject_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Keep them off the site."""
        self._decide(request, queryset, Comment.Status.REJECTED)

    @admin.action(
        description=gettext_lazy("Mark selected comments as spam"), permissions=["moderate"]
    )
    def spam_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Keep them off the site, as what they are."""
        self._decide(request, queryset, Comment.Status.SPAM)

    def _decide(self, request: HttpRequest, queryset: QuerySet, status: Comment.Status) -> None:
        keys = list(queryset.values_list("pk", flat=True))
        by = request.user if isinstance(request.user, User) else None
        if not keys:
            text = _("Nothing was changed: somebody decided about this comment meanwhile.")
            self.message_user(request, text, messages.WARNING)
            return
        changed = moderation.decide(comments=keys, status=status, by=by)
        self.log_decision(request, keys, status)
        text = ngettext("%(n)d comment: %(status)s.", "%(n)d comments: %(status)s.", changed)
        values = {"n": changed, "status": status.label.lower()}
        self.message_user(request, text % values, messages.SUCCESS)
        if left := len(keys) - changed:
            text = ngettext(
                "%(n)d comment was so already, or is deleted.",
                "%(n)d comments were so already, or are deleted.",
                left,
            )
            self.message_user(request, text % {"n": left}, messages.WARNING)

    def log_decision(self, request: HttpRequest, keys: list[int], status: Comment.Status) -> None:
        """Write into the admin's log who decided what."""
        for comment in Comment.objects.filter(pk__in=keys):
            self.log_change(request, comment, str(status.label))

    # Deleting -------------------------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What deleting takes away: the texts alone. Replies stay below a placeholder."""
        names = [f"{comment}: {self.excerpt(comment)}" for comment in objs]
        missing = set()
        if not self.has_delete_permission(request):
            missing.add(str(self.opts.verbose_name))
        return names, {str(self.opts.verbose_name_plural): len(names)}, missing, []

    def delete_model(self, request: HttpRequest, obj: Comment) -> None:
        """Delete one comment for good."""
        by = request.user if isinstance(request.user, User) else None
        moderation.delete(comments=[obj.pk], by=by)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete comments for good."""
        by = request.user if isinstance(request.user, User) else None
        moderation.delete(comments=list(queryset.values_list("pk", flat=True)), by=by)
