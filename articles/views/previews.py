"""What a preview of a link shows: the definition of a term, the short answer of an article.

Fragments with addresses of their own, the same for everybody, that a script asks for when a reader
stays on a link. They are no pages and search engines leave them out.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.models import Article, Term

# Letters of a short answer that a preview has room for.
LONGEST = 400


@require_safe
def term(request: HttpRequest, slug: str) -> HttpResponse:
    """The name of a term that readers may see, and its definition."""
    found = get_object_or_404(Term.objects.public(), slug=slug)
    return _preview(request, found.name, found.definition)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The title of a live article and the beginning of its short answer, without its citations."""
    live = Article.objects.live().select_related("rendered")
    found = get_object_or_404(
        live.only("title", "language", "rendered__summary"), slug=slug, rendered__isnull=False
    )
    return _preview(request, found.title, found.rendered.summary, language=found.language)


def _preview(request: HttpRequest, title: str, text: str, *, language: str = "") -> HttpResponse:
    if len(text) > LONGEST:
        text = f"{text[:LONGEST].rsplit(maxsplit=1)[0]} …"
    context = {"title": title, "text": text, "language": language}
    response = render(request, "articles/preview.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
