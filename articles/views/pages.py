"""The pages of the site itself: about, privacy, imprint, contact."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.access import editor_of, keep_private
from articles.markup import fill
from articles.models import Page, SiteSettings
from articles.privacy.notice import with_lists


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page. Editors see those too that readers do not, and are told so."""
    editor = editor_of(request)
    pages = Page.objects.all() if editor else Page.objects.public()
    found = get_object_or_404(pages, slug=slug)
    # A page cites nothing and is about no term: what is typed of them stands as plain text.
    text = fill(found.html, numbers={}, targets={}, part=f"page-{found.slug}", top_heading=2)
    context = {
        "site_page": found,
        "text": with_lists(text.html, SiteSettings.current()) if "{{" in found.html else text.html,
        "editor": editor,
        "canonical": f"{settings.SITE_URL}{found.get_absolute_url()}",
    }
    response = render(request, "articles/page.html", context)
    return keep_private(response) if editor else response
