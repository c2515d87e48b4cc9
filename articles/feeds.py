"""Atom feeds: what changed in the articles, in words, and what readers said.

An entry is a revision that readers could see, or an approved comment; neither is ever changed, so
that each has one id for ever. Entries hold sentences, not the article: whoever follows an article
wants to know what is new in it.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.encoding import punycode
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from articles.access import Moved, get_live, redirect_with_query
from articles.discussion.models import Comment
from articles.feed_changes import ENTRIES, Change, changes, newest
from articles.markup import scrub
from articles.models import Article, SiteSettings

# Since when the ids of feeds are given out (RFC 4151 wants a date in them).
_SINCE = "2026"
# What a feed without entries says about when it changed.
_EMPTY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


# Ids ----------------------------------------------------------------------------------------------


def _tag(since: str, what: str) -> str:
    """A tag: URI (RFC 4151) of something of this site."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    authority = punycode(host) if host and ":" not in host else "localhost"
    return f"tag:{authority},{since}:{what}"


def _day(date: datetime.datetime) -> str:
    return date.date().isoformat()


# The feeds ----------------------------------------------------------------------------------------


class _Atom(Atom1Feed):
    """Atom without the characters that XML cannot hold, and with the program's name."""

    def add_item(self, title: str, link: str, description: str, *args: Any, **values: Any) -> None:
        """Add an entry, its texts cleaned."""
        values["author_name"] = scrub(values.get("author_name") or "")
        super().add_item(scrub(title), link, scrub(description), *args, **values)

    def latest_post_date(self) -> datetime.datetime:
        """When the newest entry came; of an empty feed always the same, not the time of asking."""
        return super().latest_post_date() if self.items else _EMPTY

    def add_root_elements(self, handler: Any) -> None:
        """Say which program wrote it."""
        super().add_root_elements(handler)
        handler.addQuickElement("generator", "Milepost")


class _SiteFeed(Feed):
    """What all feeds of the site share."""

    feed_type = _Atom
    name = ""

    def __init__(self) -> None:
        self.site = SiteSettings.current()

    def title(self, obj: Any) -> str:
        """What the feed is called."""
        raise NotImplementedError

    def feed_url(self, obj: Any) -> str:
        """Its own address."""
        return f"{settings.SITE_URL}{reverse(f'articles:{self.name}')}"

    def feed_guid(self, obj: Any) -> str:
        """Its id."""
        return _tag(_SINCE, f"feed:{self.name}")

    def feed_copyright(self) -> str:
        """What others may do with the texts."""
        return self.site.licence_text

    def author_name(self) -> str:
        """Who answers for it."""
        return scrub(self.site.name)


class ChangesFeed(_SiteFeed):
    """New and changed articles."""

    name = "articles_feed"

    def title(self, obj: Article | None) -> str:
        """The site's name."""
        return _("%(site)s: new and changed articles") % {"site": scrub(self.site.name)}

    def link(self, obj: Article | None) -> str:
        """The front page."""
        return f"{settings.SITE_URL}/"

    def items(self, obj: Article | None) -> list[Change]:
        """The newest changes."""
        return changes(obj)

    def item_title(self, item: Change) -> str:
        """The article's title, and whether it is new."""
        form = _("New: %(title)s") if item.is_first else _("Changed: %(title)s")
        return form % {"title": item.revision.article.title}

    def item_description(self, item: Change) -> str:
        """What changed, as HTML; and the summary of who did it, if that was about what was seen."""
        revision = item.revision
        html = ""
        if revision.summary and revision.was_made_in_public:
            html += f"<p>{escape(revision.summary)}</p>"
        html += "".join(f"<li>{escape(sentence)}</li>" for sentence in item.sentences)
        html = html.replace("<li>", "<ul><li>", 1) + ("</ul>" if item.sentences else "")
        if item.previous is not None:
            numbers = [revision.article.slug, item.previous, revision.number]
            address = f"{settings.SITE_URL}{reverse('articles:comparison', args=numbers)}"
            words = escape(_("All differences"))
            html += f'<p><a href="{escape(address)}">{words}</a></p>'
        return html

    def item_link(self, item: Change) -> str:
        """The article."""
        return f"{settings.SITE_URL}{item.revision.article.get_absolute_url()}"

    def item_guid(self, item: Change) -> str:
        """The id of the revision, whatever the article is called."""
        revision = item.revision
        since = _day(revision.created_at)
        return _tag(since, f"article:{revision.article_id}:{revision.number}")

    def item_pubdate(self, item: Change) -> datetime.datetime:
        """When readers could first see it."""
        return item.revision.public_from or item.revision.created_at

    def item_updateddate(self, item: Change) -> datetime.datetime:
        """The same: a revision never changes."""
        return self.item_pubdate(item)

    def item_author_name(self, item: Change) -> str:
        """Who changed it, by the name that readers see; else the site."""
        author = item.revision.author
        return (author.public_name if author else "") or self.site.name


class ArticleFeed(ChangesFeed):
    """The changes of one article. What is said about it has a page and a feed of its own."""

    name = "article_feed"

    def get_object(self, request: HttpRequest, article: Article) -> Article:
        """The article."""
        return article

    def title(self, obj: Article | None) -> str:
        """The article's title, and the site's name."""
        values = {"title": obj.title if obj else "", "site": scrub(self.site.name)}
        return _("%(title)s: changes · %(site)s") % values

    def link(self, obj: Article | None) -> str:
        """The article."""
        return f"{settings.SITE_URL}{obj.get_absolute_url()}" if obj else super().link(obj)

    def feed_url(self, obj: Any) -> str:
        """Its own address."""
        return f"{settings.SITE_URL}{reverse('articles:article_feed', args=[obj.slug])}"

    def feed_guid(self, obj: Any) -> str:
        """Its id."""
        return _tag(_SINCE, f"feed:article:{obj.pk}")


class CommentsFeed(_SiteFeed):
    """What readers said, about all articles."""

    name = "comments_feed"

    def title(self, obj: None) -> str:
        """The site's name."""
        return _("%(site)s: comments") % {"site": scrub(self.site.name)}

    def link(self, obj: None) -> str:
        """The front page."""
        return f"{settings.SITE_URL}/"

    def items(self, obj: None) -> Sequence[Comment]:
        """The newest comments that everybody can read, with what they are about."""
        rows: Any = _comments().select_related("article", "user")
        return list(rows.defer("body", "about_text", "article__short_answer")[:ENTRIES])

    def item_title(self, item: Comment) -> str:
        """Who, and about what."""
        values = {"name": item.writer, "title": item.article.title, "part": item.about_name}
        if item.about_name:
            return _("%(name)s on “%(part)s” in %(title)s") % values
        return _("%(name)s on %(title)s") % values

    def item_description(self, item: Comment) -> str:
        """The text, which was made safe when it was stored."""
        return item.html

    def item_link(self, item: Comment) -> str:
        """Its permanent address."""
        return f"{settings.SITE_URL}{item.get_absolute_url()}"

    def item_guid(self, item: Comment) -> str:
        """Its id."""
        return _tag(_day(item.created_at), f"comment:{item.pk}")

    def item_pubdate(self, item: Comment) -> datetime.datetime:
        """When it was written."""
        return item.created_at

    def item_updateddate(self, item: Comment) -> datetime.datetime:
        """When it could first be read."""
        return max(item.decided_at or item.created_at, item.created_at)

    def item_author_name(self, item: Comment) -> str:
        """Who wrote it."""
        return item.writer


def _comments() -> Any:
    return Comment.objects.approved().on_live_articles().order_by("-created_at", "-pk")


# Answers ------------------------------------------------------------------------------------------


def _etag(rows: Iterable[Any]) -> str:
    """A tag that changes when an entry comes or goes, or when the site is called otherwise."""
    site = SiteSettings.current()
    state = [site.name, site.licence_text, settings.VERSION, *rows]
    return f'"{hashlib.sha256(repr(state).encode()).hexdigest()[:32]}"'


_SHOWN = ("pk", "public_from", "article__title", "article__slug", "author__public_name")


def _answer(
    request: HttpRequest, feed: type[_SiteFeed], etag: Callable[[], str], **arguments: Any
) -> HttpResponse:
    @condition(etag_func=lambda *_args, **_kwargs: etag())
    def view(request: HttpRequest) -> HttpResponse:
        response: HttpResponse = feed()(request, **arguments)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    answer: HttpResponse = view(request)
    return answer


@require_safe
def articles_feed(request: HttpRequest) -> HttpResponse:
    """New and changed articles."""

    def etag() -> str:
        return _etag(newest(None).values_list(*_SHOWN)[:ENTRIES])

    return _answer(request, ChangesFeed, etag)


@require_safe
def article_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The changes of one article."""
    try:
        article = get_live(slug, "title")
    except Moved as moved:
        return redirect_with_query(request, reverse("articles:article_feed", args=[moved.slug]))

    def etag() -> str:
        return _etag([article.title, *newest(article).values_list(*_SHOWN)[:ENTRIES]])

    return _answer(request, ArticleFeed, etag, article=article)


@require_safe
def comments_feed(request: HttpRequest) -> HttpResponse:
    """What readers said."""

    def etag() -> str:
        columns = ("pk", "decided_at", "name", "html", "article__title", "user__public_name")
        return _etag(_comments().values_list(*columns)[:ENTRIES])

    return _answer(request, CommentsFeed, etag)
