"""The timelines of an article and of the whole site: whole pages, or the fragment HTMX puts in.

A fragment comes only from an address of its own or, on the site-wide page, only when HTMX asks; it
tells HTMX the address of the whole page, so that the browser's address always says the view.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import conditional_page, require_safe
from django_htmx.http import push_url
from django_htmx.middleware import HtmxDetails

from articles.access import (
    Moved,
    editor_of,
    get_article,
    keep_private,
    open_to_programs,
    redirect_with_query,
    wants_fragment,
)
from articles.languages import direction
from articles.models import SiteSettings
from articles.page import article_timeline
from timeline import exchange
from timeline.view import TimelineView, of_article, of_site


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The timeline of one article alone."""
    editor = editor_of(request)
    try:
        found = get_article(slug, editor)
    except Moved as moved:
        return redirect_with_query(request, reverse("timeline:article", args=[moved.slug]))
    site = SiteSettings.current()
    # HTMX puts it into the article's page; else it is a page of its own that leads to itself.
    alone = reverse("timeline:article", args=[found.slug])
    address = "" if wants_fragment(request) else alone
    timeline = article_timeline(found, site, request.GET, for_editor=bool(editor), address=address)
    context = {
        "article": found,
        "timeline": timeline,
        "view": timeline.view,
        "milestones": timeline.milestones,
        "text": timeline.text,
        "site": site,
        "direction": direction(found.language),
        "canonical": f"{settings.SITE_URL}{found.get_absolute_url()}",
    }
    response = _respond(request, "timeline/article.html", timeline.view, context)
    return keep_private(response) if editor else response


@conditional_page
@require_safe
def csv_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The timeline of one article as a table."""
    return _file(request, slug, "csv", exchange.write_csv, "text/csv; charset=utf-8")


@conditional_page
@require_safe
def json_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The timeline of one article as JSON."""
    return _file(request, slug, "json", exchange.write_json, "application/json")


@conditional_page
@require_safe
def calendar_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The timeline of one article as a calendar."""
    write = exchange.write_calendar
    return _file(request, slug, "calendar", write, "text/calendar; charset=utf-8")


def _file(
    request: HttpRequest,
    slug: str,
    name: str,
    write: Callable[[exchange.TimelineFile], str | bytes],
    content_type: str,
) -> HttpResponse:
    """A file of the milestones that the query string lets through.

    400 and a line for each mistake in it: a file that holds something else would not be noticed.
    """
    editor = editor_of(request)
    try:
        found = get_article(slug, editor)
    except Moved as moved:
        return redirect_with_query(request, reverse(f"timeline:{name}", args=[moved.slug]))
    view = of_article(found, request.GET)
    if view.errors:
        response = HttpResponse(exchange.refused(view.errors), status=HTTPStatus.BAD_REQUEST)
        response.headers["Content-Type"] = "text/plain; charset=utf-8"
        response.headers["Cache-Control"] = "no-store"
        return response
    file = exchange.read_file(found, view, settings.SITE_URL)
    response = HttpResponse(write(file), content_type=content_type)
    if name != "json":
        ending = "csv" if name == "csv" else "ics"
        disposition = content_disposition_header(True, f"{found.slug}-timeline.{ending}")
        response.headers["Content-Disposition"] = disposition
    return keep_private(response) if editor else open_to_programs(response, file.url)


@require_safe
def site(request: HttpRequest) -> HttpResponse:
    """The milestones of all live articles."""
    view = of_site(request.GET)
    context = {
        "view": view,
        "milestones": view.page.milestones,
        "canonical": f"{settings.SITE_URL}{view.address}",
    }
    return _respond(request, "timeline/site.html", view, context)


def _respond(
    request: HttpRequest, template: str, view: TimelineView, context: dict[str, Any]
) -> HttpResponse:
    """The whole page, or the fragment with the address that it stands for."""
    if wants_fragment(request):
        htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
        # After a choice in the form the focus stays there, and the form stays too, with what is
        # typed into it meanwhile; a link in the view is gone with it.
        context["in_form"] = htmx.trigger == "timeline-filter"
        context["focus_status"] = not context["in_form"]
        response = render(request, "timeline/fragment.html", context)
        changes = {"at": view.at} if view.at else {}
        # What is wrong stays in the address as it was typed, so that a reload says the same.
        query = f"?{request.GET.urlencode()}" if view.errors else view.query(**changes)
        address = f"{view.address}{query}"
        # It answers what the browser shows now, which no other asks in the same way.
        patch_cache_control(response, no_store=True)
        # The same view twice would be two steps of the way back.
        response = push_url(response, address != _current(htmx) and address)
    else:
        response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _current(htmx: HtmxDetails) -> str | None:
    """The address that the browser shows; None when it says none that can be read."""
    try:
        return htmx.current_url_abs_path
    except ValueError:
        return None
