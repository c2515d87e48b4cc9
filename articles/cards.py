"""Cards: the pictures that stand for an article, or for the site, where somebody links to it.

A card's name is a hash of what it shows, so its address may be kept for ever. An article's is drawn
by the task worker after the save that made it wrong; until then the page names the one before, or
the site's. The site's own follows from its settings, and is drawn when somebody first asks.
"""

from __future__ import annotations

import contextlib
import logging
import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from articles.addresses import address_of
from articles.card_drawing import HEIGHT, WIDTH, CardText, draw
from articles.models import Article, RenderedArticle, SiteSettings
from articles.standing import stale_before
from articles.survey import survey_of

logger = logging.getLogger(__name__)

_NAME = re.compile(r"[0-9a-f]{32}")
TEXT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Card:
    """A picture as a page names it."""

    url: str
    alt: str
    width: int = WIDTH
    height: int = HEIGHT


def card_of(article: Article) -> Card | None:
    """The picture of an article that was read with `rendered`; None while there is none."""
    name = article.rendered.card
    return Card(_address(name), article.title) if name else None


def site_card(site: SiteSettings) -> Card:
    """The picture of the site itself."""
    return Card(_address(_site_name(_text_of_site(site))), site.name)


@lru_cache(maxsize=8)
def _site_name(card: CardText) -> str:
    return card.name


def _address(name: str) -> str:
    return f"{settings.SITE_URL}{address_of('articles:card', name)}"


# Files --------------------------------------------------------------------------------------------


FOLDER = "cards"


def _file(name: str) -> str:
    """The name of a picture in the storage of files."""
    return f"{FOLDER}/{name}.png"


def read(name: str) -> bytes | None:
    """The picture of this name, of the site or of a live article; None when there is none.

    One that should be there and is not, after a move to another machine, say, is drawn again.
    """
    if not _NAME.fullmatch(name):
        return None
    site = SiteSettings.current()
    article = None
    if name != _site_name(_text_of_site(site)):
        article = Article.objects.live().filter(rendered__card=name).first()
        if article is None:
            return None
    with contextlib.suppress(FileNotFoundError), default_storage.open(_file(name)) as file:
        content: bytes = file.read()
        return content
    card = text_of(article, site) if article else _text_of_site(site)
    return _write(name, draw(card))


def _write(name: str, content: bytes) -> bytes:
    """Put the picture in its place, whole or not at all."""
    default_storage.save(_file(name), ContentFile(content))
    return content


def _remove(name: str) -> None:
    """Delete a picture that no article has any more."""
    if name and not RenderedArticle.objects.filter(card=name).exists():
        default_storage.delete(_file(name))


def sweep() -> int:
    """Delete pictures that nothing names: of deleted articles, of settings of old; how many."""
    site = SiteSettings.current()
    kept = set(RenderedArticle.objects.exclude(card="").values_list("card", flat=True))
    kept.add(_site_name(_text_of_site(site)))
    names: list[str] = []
    with contextlib.suppress(FileNotFoundError):
        _folders, names = default_storage.listdir(FOLDER)
    unknown = [n for n in names if n.endswith(".png") and n.removesuffix(".png") not in kept]
    for name in unknown:
        default_storage.delete(f"{FOLDER}/{name}")
    return len(unknown)


# Drawing ------------------------------------------------------------------------------------------


def text_of(article: Article, site: SiteSettings) -> CardText:
    """What the card of an article says today."""
    rendered = article.rendered
    before = stale_before(timezone.localdate(), site.stale_after_months)
    return CardText(
        site=site.name,
        title=article.title,
        text=rendered.summary[:TEXT_LENGTH],
        ticks=tuple((tick.x, tick.sign) for tick in survey_of(rendered.page, before).ticks),
    )


def _text_of_site(site: SiteSettings) -> CardText:
    return CardText(site.name, site.tagline, site.introduction_line)


def draw_later(article: Article) -> None:
    """Have the card of an article drawn that readers see, or will see at its time.

    Written down in the current transaction: what is rolled back draws nothing.
    """
    if article.status == Article.Status.PUBLISHED and article.copy_of_id is None:
        draw_card.enqueue(article=article.pk)


# Rows that wait name this function and its arguments: both can only be added to.
@task
def draw_card(*, article: int) -> None:
    """Draw the card of an article unless it is right already, and delete the one before."""
    published = Article.objects.filter(status=Article.Status.PUBLISHED, copy_of=None)
    found = published.select_related("rendered").filter(pk=article, rendered__isnull=False).first()
    if found:
        renew(found, SiteSettings.current())


def renew_all() -> int:
    """Draw every card that is missing or shows what is no longer so; how many."""
    site = SiteSettings.current()
    published = Article.objects.filter(status=Article.Status.PUBLISHED, copy_of=None)
    articles = published.filter(rendered__isnull=False).select_related("rendered").order_by("pk")
    return sum(renew(article, site) for article in articles.iterator(chunk_size=50))


@task
def draw_all() -> None:
    """Draw all cards that are not right: the site's name, which each of them has, was changed."""
    renew_all()


def renew(article: Article, site: SiteSettings) -> bool:
    """Draw the card of an article that was read with `rendered`; whether it was not right."""
    card = text_of(article, site)
    before = article.rendered.card
    if card.name == before and default_storage.exists(_file(before)):
        return False
    _write(card.name, draw(card))
    if card.name != before:
        with transaction.atomic():
            RenderedArticle.objects.filter(article=article).update(card=card.name)
            transaction.on_commit(lambda: _remove(before))
    return True
