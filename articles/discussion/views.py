"""The discussion by itself, permanent addresses of comments, and a guest's own comment."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.access import (
    Moved,
    editor_of,
    get_article,
    keep_private,
    redirect_with_query,
    wants_fragment,
)
from articles.discussion import moderation
from articles.discussion.models import Comment
from articles.discussion.thread import DiscussionPage, discussion_page, place_of
from articles.languages import direction
from articles.models import Article, SiteSettings, User

SALT = "articles.discussion.manage"
# Beyond this there is no page of a discussion that people would read to.
MOST_PAGES = 100_000


@require_safe
def discussion(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of the discussion of an article; only its list when HTMX asks."""
    editor = editor_of(request)
    try:
        article = get_article(slug, editor)
    except Moved as moved:
        return redirect_with_query(request, reverse("articles:discussion", args=[moved.slug]))
    shown = discussion_page(article, page=page_number(request))
    if not shown.entries and shown.number > 1:
        raise Http404
    template = "list" if wants_fragment(request) else "discussion_page"
    response = render(request, f"discussion/{template}.html", page_context(shown, editor))
    patch_vary_headers(response, ["HX-Request"])
    return keep_private(response) if editor else response


def page_context(shown: DiscussionPage, editor: User | None) -> dict[str, Any]:
    """What the pages of a discussion need."""
    article = shown.article
    return {
        "discussion": shown,
        "article": article,
        "editor": editor,
        "direction": direction(article.language),
        "site": SiteSettings.current(),
        "by_itself": True,
        "canonical": f"{settings.SITE_URL}{shown.page_address(shown.number)}",
    }


def page_number(request: HttpRequest) -> int:
    """The page that the address names; one that makes no sense is the first."""
    text = request.GET.get("page", "")
    is_number = text.isascii() and text.isdigit() and 0 < len(text) <= 6
    return min(max(1, int(text)), MOST_PAGES) if is_number else 1


@require_safe
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """The permanent address of a comment: leads to its place, on whatever page that is now."""
    rows = Comment.objects.visible().select_related("article")
    if editor_of(request) is None:
        rows = rows.on_live_articles()
    return HttpResponseRedirect(place_of(get_object_or_404(rows, pk=pk)))


# A guest's own comment --------------------------------------------------------------------------


def manage_address(comment: Comment) -> str:
    """The secret address by which the writer of a comment sees how it stands and takes it back."""
    token = signing.Signer(salt=SALT).sign(comment.submission.hex)
    return reverse("articles:manage_comment", args=[token])


# The address is the secret: who can send this form has it, and may. (The browser says nothing of
# where the form came from, because the secret must not leave in a Referer.)
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """How a guest's comment stands, and the way to take it back (POST); 410 when it is gone."""
    try:
        submission = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature as error:
        raise Http404 from error
    rows = Comment.objects.exclude(status=Comment.Status.DELETED).select_related("article", "user")
    found: Comment | None = rows.filter(submission=submission).first()
    context: dict[str, Any] = {"comment": found, "state": "gone"}
    if found and request.method == "POST":
        moderation.delete(comments=[found.pk])
        context["state"] = "withdrawn"
    elif found:
        context["state"] = state_of(found)
    response = render(
        request, "discussion/manage.html", context, status=410 if found is None else 200
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def state_of(comment: Comment) -> str:
    """How its writer may know a comment to stand: what nobody has decided about is held."""
    if comment.status == Comment.Status.APPROVED:
        return "published" if is_public(comment.article) else "approved"
    return "held" if comment.decided_at is None else "rejected"


def is_public(article: Article) -> bool:
    """Whether readers can see the article."""
    return article.is_live
