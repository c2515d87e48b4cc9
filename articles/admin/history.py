"""The revisions of an article: a list, each with what it changed, and the way back to one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from articles import publishing, store
from articles.admin.recording import state_of
from articles.admin.saved_notes import tell_gaps
from articles.differences import compare
from articles.document import Document, DocumentError
from articles.languages import direction
from articles.models import Article, Revision

PAGE_SIZE = 50
# Parts of a comparison that a page shows.
MOST_PARTS = 300


def compared(before: Document | None, after: Document, there: str = "") -> dict[str, Any]:
    """What `admin/milepost/changes.html` shows of two documents; `there` is the page of one."""
    changes = compare(before, after)
    return {
        "sentences": changes.sentences(),
        "head": changes.head,
        "parts": changes.parts[:MOST_PARTS],
        "more": max(0, len(changes.parts) - MOST_PARTS),
        "language": after.language,
        "direction": direction(after.language),
        "there": there,
    }


class HistoryViews(admin.ModelAdmin):
    """Pages below an article's admin page about its revisions."""

    def history_urls(self) -> list[URLPattern]:
        """Their addresses."""
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/history/<int:number>/",
                wrap(self.revision_view),
                name="articles_article_revision",
            ),
            path(
                "<int:pk>/history/<int:number>/restore/",
                wrap(self.restore_view),
                name="articles_article_restore",
            ),
        ]

    def page_context(self, request: HttpRequest, article: Article, title: str) -> dict[str, Any]:
        """What every page about an article needs."""
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(article),
            "article": article,
            "opts": self.opts,
            "may_restore": self.has_restore_permission(request, article),
        }

    def has_restore_permission(self, request: HttpRequest, article: Article) -> bool:
        """Whether this person may bring an old text back: it makes a revision in one click."""
        return self.has_change_permission(request, article) and request.user.has_perm(
            "articles.add_revision"
        )

    def find_article(self, request: HttpRequest, pk: int) -> Article:
        """The article, for those who may see it. Raises Http404 or PermissionDenied."""
        article = get_object_or_404(Article, pk=pk)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The revisions of an article, the newest first."""
        if not (object_id.isascii() and object_id.isdigit()):
            raise Http404
        article = self.find_article(request, int(object_id))
        revisions = Revision.objects.filter(article=article).select_related("author")
        page = Paginator(revisions.defer("document"), PAGE_SIZE).get_page(request.GET.get("p"))
        context = self.page_context(request, article, _("History"))
        context |= {"page": page, **(extra_context or {})}
        return TemplateResponse(request, "admin/milepost/history.html", context)

    def revision_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """One revision: what it changed."""
        article = self.find_article(request, pk)
        revision, document = read_revision(article, number)
        before = Revision.objects.filter(article=article, number__lt=number).first()
        context = self.page_context(request, article, _("Revision %(number)d") % {"number": number})
        context |= {
            "revision": revision,
            **compared(before.read() if before else None, document),
            "is_newest": revision == Revision.objects.latest_of(article),
        }
        return TemplateResponse(request, "admin/milepost/revision.html", context)

    def restore_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Ask, with what would change, and bring the revision back when that is confirmed."""
        article = self.find_article(request, pk)
        if not self.has_restore_permission(request, article):
            raise PermissionDenied
        revision, document = read_revision(article, number)
        state = state_of(article)
        context = self.page_context(
            request, article, _("Restore revision %(number)d") % {"number": number}
        )
        context |= {"revision": revision, "state": state, "problems": []}
        if request.method == "POST" and request.POST.get("state") == state:
            try:
                saved = publishing.restore(revision=revision, author=request.user)  # type: ignore[arg-type]
            except store.Refused as refused:
                context["problems"] = refused.problems
            else:
                return self._restored(request, article, saved)
        elif request.method == "POST":
            context["moved"] = True
        context |= compared(store.load(article), publishing.restorable(document, article))
        return TemplateResponse(request, "admin/milepost/restore.html", context)

    def _restored(self, request: HttpRequest, article: Article, saved: store.Saved) -> HttpResponse:
        if saved.revision:
            text = _("Restored as revision %(number)d.") % {"number": saved.revision.number}
            self.log_change(request, article, text)
            self.message_user(request, text)
            tell_gaps(request, article)
        else:
            text = _("Nothing changed: the article says this already.")
            self.message_user(request, text, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:articles_article_history", args=[article.pk]))


def read_revision(article: Article, number: int) -> tuple[Revision, Document]:
    """A revision and its document. Raises Http404 when there is none that can be read."""
    revision = get_object_or_404(
        Revision.objects.select_related("author", "article"), article=article, number=number
    )
    try:
        return revision, revision.read()
    except DocumentError as error:
        raise Http404(str(error)) from error
