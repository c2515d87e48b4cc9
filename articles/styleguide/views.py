"""The style page: what can stand side by side, and links to whole pages in every state."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import resolve
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.standing import SIGNS, Standing
from articles.styleguide.specimens import Specimen, make_content
from articles.survey import Run, survey
from articles.views import errors

TOKENS = [
    "paper", "paper-2", "field", "ink", "ink-2", "rule", "rule-2", "accent", "accent-2",
    "accent-wash", "on-accent", "sourced", "unsourced", "stale", "disputed", "tick", "ins", "del",
    "mark",
    *(f"track-{number}" for number in range(1, 7)),
]  # fmt: skip
# A language of each direction; only the direction changes, since nothing is translated here.
DIRECTIONS = {"": "en", "rtl": "ar"}


@contextmanager
def made_up_content(wanted: str = "") -> Iterator[list[Specimen]]:
    """The content of the style page, gone again afterwards."""
    with transaction.atomic():
        yield make_content(wanted)
        transaction.set_rollback(True)


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Tokens, marks, controls and pieces in both themes; and the way to each whole page."""
    with made_up_content() as specimens, _direction(request):
        context = {
            "specimens": specimens,
            "tokens": TOKENS,
            "standings": [(sign, sign.capitalize()) for sign in reversed(SIGNS)],
            "themes": ["light", "dark"],
            "articles": Article.objects.live().for_list()[:2],
            "page": Paginator(range(100), 10).get_page(5),
            "small_survey": survey([("Facts", _runs(2, 2, 2, 2, 2))]),
            "large_survey": survey([("Infobox", _runs(8)), ("Facts", _runs(30, 60, 50, 70, 90))]),
        }
        return render(request, "styleguide/index.html", context)


# One of each sign, the best first: its standing, whether it has a source, and a check.
KINDS = (
    (Standing.SOURCED, True, True),
    (Standing.SOURCED, True, False),
    (Standing.STALE, True, True),
    (Standing.UNSOURCED, False, False),
    (Standing.DISPUTED, True, True),
)


def _runs(*numbers: int) -> list[Run]:
    """So many statements of each kind, as far as there are numbers."""
    return [Run(*kind, number) for kind, number in zip(KINDS, numbers, strict=False)]


@never_cache
@require_safe
def specimen(request: HttpRequest, name: str) -> HttpResponse:
    """One page of the site, drawn by its own view from made-up content."""
    with made_up_content(name) as specimens, _direction(request):
        for wanted in specimens:
            if wanted.name == name:
                return _answer(_asked(request, wanted))
    raise Http404


def _direction(request: HttpRequest) -> Any:
    """The page's direction as `?dir=` asks for it."""
    return translation.override(DIRECTIONS.get(request.GET.get("dir", ""), "en"))


def _asked(request: HttpRequest, wanted: Specimen) -> HttpRequest:
    """The request as a reader makes it who comes to the specimen's address."""
    parts = urlsplit(wanted.address)
    asked = copy.copy(request)
    asked.path = asked.path_info = parts.path
    asked.META = {**request.META, "PATH_INFO": parts.path, "QUERY_STRING": parts.query}
    asked.GET = QueryDict(parts.query)
    asked.user = AnonymousUser()
    if wanted.sent:
        asked.method = "POST"
        asked.POST = QueryDict(mutable=True)  # type: ignore[assignment]
        asked.POST.update(wanted.sent)
    return asked


def _answer(asked: HttpRequest) -> HttpResponse:
    """What the site answers, its error pages as well. It is drawn before the content is gone."""
    pages: dict[type[Exception], Callable[..., HttpResponse]] = {
        Http404: errors.not_found,
        PermissionDenied: errors.forbidden,
        BadRequest: errors.bad_request,
    }
    try:
        view, arguments, values = resolve(asked.path_info)
        response: HttpResponse = view(asked, *arguments, **values)
    except tuple(pages) as error:
        return pages[type(error) if type(error) in pages else Http404](asked, error)
    return response
