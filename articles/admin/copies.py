"""Working copies in the admin: made, compared and published; and the preview of any text."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import publishing, store
from articles.access import keep_private
from articles.admin.history import compared
from articles.admin.recording import Conflict, conflict_with
from articles.admin.saved_notes import tell_gaps
from articles.languages import direction
from articles.markup import clean_line
from articles.models import Article, SiteSettings
from articles.page import ArticlePage


class CopyViews(admin.ModelAdmin):
    """Pages below an article's admin page about its working copy."""

    def copy_urls(self) -> list[URLPattern]:
        """Their addresses."""
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/working-copy/",
                wrap(require_POST(self.start_copy_view)),
                name="articles_article_start_copy",
            ),
            path("<int:pk>/merge/", wrap(self.merge_view), name="articles_article_merge"),
            path("<int:pk>/preview/", wrap(self.preview_view), name="articles_article_preview"),
        ]

    def copy_context(self, request: HttpRequest, article: Any) -> dict[str, Any]:
        """What the article's page says about working copies."""
        if article is None or article.pk is None:
            return {}
        original = article.copy_of
        copy = None if original else Article.objects.filter(copy_of=article).first()
        may_change = self.has_change_permission(request, article)
        return {
            "working_copy": copy,
            "copy_of": original,
            "may_start_copy": may_change and not original and not copy,
            "may_merge": bool(original) and self.has_merge_permission(request, article),
        }

    def has_merge_permission(self, request: HttpRequest, article: Article) -> bool:
        """Whether this person may put the text of a working copy live."""
        return self.has_change_permission(request, article) and request.user.has_perm(
            "articles.publish_article"
        )

    def start_copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the working copy and go there."""
        article = get_object_or_404(Article, pk=pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        try:
            copy = publishing.start_working_copy(article=article, author=request.user)  # type: ignore[arg-type]
        except publishing.IsWorkingCopy as error:
            raise Http404 from error
        self.log_change(request, article, _("Working copy made."))
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[copy.pk]))

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, with what would change, and publish the working copy when that is confirmed."""
        copy = get_object_or_404(Article.objects.select_related("copy_of"), pk=pk)
        if copy.copy_of is None:
            raise Http404
        if not self.has_merge_permission(request, copy):
            raise PermissionDenied
        live = copy.copy_of
        problems: list[Any] = []
        unanswered = False
        summary = clean_line(request.POST.get("summary", ""))[:300]
        if request.method == "POST":
            replacing = request.POST.get("replaces", "")
            number = int(replacing) if replacing.isascii() and replacing.isdigit() else 0
            try:
                saved = publishing.merge_working_copy(
                    copy=copy,
                    author=request.user,  # type: ignore[arg-type]
                    summary=summary,
                    replacing=number,
                )
            except store.Refused as refused:
                problems = refused.problems
            except publishing.MovedOn:
                unanswered = True
            else:
                return self._merged(request, live, saved)
        moved = publishing.changes_since(copy)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publish these changes"),
            "subtitle": str(copy),
            "opts": self.opts,
            "copy": copy,
            "article": copy,
            "live": live,
            "moved": moved,
            "conflict": moved_message(live, moved),
            "problems": problems,
            "unanswered": unanswered,
            "summary": summary,
            **compared(store.load(live), store.load(copy)),
        }
        status = 422 if problems or unanswered else 200
        return TemplateResponse(request, "admin/milepost/merge.html", context, status=status)

    def _merged(self, request: HttpRequest, live: Article, saved: store.Saved) -> HttpResponse:
        if saved.revision:
            text = _("The changes are published as revision %d.") % saved.revision.number
            self.message_user(request, text)
            tell_gaps(request, live)
        else:
            text = _("The working copy said what the article says already; it is gone now.")
            self.message_user(request, text, messages.WARNING)
        self.log_change(request, live, _("Working copy published."))
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[live.pk]))

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The reader's page of a text that readers cannot see, such as a working copy's."""
        article = get_object_or_404(
            Article.objects.select_related("category", "author", "rendered"), pk=pk
        )
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        if not hasattr(article, "rendered"):
            raise Http404
        site = SiteSettings.current()
        context = {
            "page": ArticlePage(article, site, request.GET, for_editor=True, address=request.path),
            "article": article,
            "site": site,
            "editor": request.user,
            "direction": direction(article.language),
        }
        return keep_private(render(request, "articles/article.html", context))


def moved_message(live: Article, moved: Any) -> Conflict | None:
    """Who changed the live article since the copy was made; None when nobody did."""
    return conflict_with(live, "") if moved else None
