"""Who is looking: without touching the session of somebody who has none."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django_htmx.middleware import HtmxDetails

from articles.accounts.factors import must_set_up
from articles.models import Article, Revision, SiteSettings, User
from articles.shown_article import shown, shown_live


def editor_of(request: HttpRequest) -> User | None:
    """The signed-in staff member who may see articles, or None.

    Nobody who has yet to set up the second factor that the site wants. A request without a session
    cookie is answered without looking further, so that an anonymous page never varies by cookie.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = request.user
    if not (isinstance(user, User) and user.is_staff and user.has_perm("articles.view_article")):
        return None
    # Read once for this request: templates ask for them too.
    known = getattr(request, "site_settings", None) or SiteSettings.current()
    request.site_settings = known  # type: ignore[attr-defined]
    return None if must_set_up(user, known) else user


def visible_articles(editor: User | None) -> QuerySet[Article]:
    """What this person may open: editors every article, readers the live ones."""
    articles: Any = Article.objects
    found: QuerySet[Article] = articles.originals() if editor else articles.live()
    return found


def get_article(slug: str, editor: User | None) -> Article:
    """The article and its rendered page. Raises Http404, Withdrawn, or Moved for an old slug."""
    found = shown(Article.objects.originals(), slug) if editor else shown_live(slug)
    if found:
        return found
    raise _absence(slug, visible_articles(editor))


def get_live(slug: str, *columns: str) -> Article:
    """The live article, with these columns. Raises Http404, Withdrawn, or Moved for an old slug.

    For pages that are the same for everybody, whoever looks.
    """
    articles: Any = Article.objects.live()
    found: Article | None = articles.filter(slug=slug).only("slug", *columns).first()
    if found:
        return found
    raise _absence(slug, articles)


def _absence(slug: str, visible: QuerySet[Article]) -> Exception:
    """Why nobody finds an article here: it moved, they have read it once, or it never was. A query.

    What was withdrawn before readers saw any of it is as unknown to them as a draft.
    """
    seen = Revision.objects.filter(article=OuterRef("pk"), public_from__lte=timezone.now())
    shown = visible.filter(pk=OuterRef("pk")).order_by()
    rows = Article.objects.originals().named([slug]).order_by()
    found = rows.annotate(is_shown=Exists(shown), was_read=Exists(seen)).values_list(
        "slug", "status", "is_shown", "was_read"
    )
    is_withdrawn = False
    for current, status, is_shown, was_read in found:
        if is_shown and current != slug:
            return Moved(current)
        is_withdrawn |= was_read and status == Article.Status.WITHDRAWN
    return Withdrawn(slug) if is_withdrawn else Absent(slug)


class Absent(Http404):
    """No article that the asker may see has or had this slug."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        super().__init__()


class Withdrawn(Absent):
    """An article that readers could read is on the site no more; `errors.not_found` says so."""


class Moved(Exception):
    """The article has another slug now."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        super().__init__(slug)


def redirect_with_query(request: HttpRequest, address: str) -> HttpResponse:
    """A permanent redirect that keeps the query string; an editor's may lead to a draft."""
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
    return keep_private(response) if editor_of(request) else response


def wants_fragment(request: HttpRequest) -> bool:
    """Whether HTMX asks for a piece of a page; going back in the history wants a whole one."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request


def open_to_programs(response: HttpResponse, canonical: str) -> HttpResponse:
    """Let programs of any site read what anybody may read, and say which page it is a form of."""
    response.headers["Link"] = f'<{canonical}>; rel="canonical"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def keep_private(response: HttpResponse) -> HttpResponse:
    """Mark what an editor sees as theirs alone."""
    patch_cache_control(response, private=True, no_store=True)
    return response
