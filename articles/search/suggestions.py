"""What somebody may have looked for at an address where nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from articles.markup import scrub
from articles.models import Article
from articles.search.engines import engine
from articles.search.entries import Kind
from articles.search.finding import detailed, with_some_words
from articles.search.ranking import Candidate
from articles.search.spelling import nearest
from articles.search.words import STOP_WORDS, split

SHOWN = 5
READ = 200
MOST_WORDS = 8
LONGEST_PATH = 300
# Words of our own addresses, which say nothing about what is sought.
OWN_WORDS = {
    "articles", "authors", "categories", "cite", "comments", "discussion", "feed", "history",
    "html", "index", "json", "md", "new", "pages", "search", "sources", "tags", "terms", "timeline",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that is there: its title, its language, and its address."""

    title: str
    language: str
    address: str


def words_of(path: str) -> list[str]:
    """The words of an address that may tell what was sought, each once."""
    words = split(unquote(path, errors="ignore")[:LONGEST_PATH])
    telling = [word for word in words if word not in OWN_WORDS and word not in STOP_WORDS]
    return list(dict.fromkeys(telling))[:MOST_WORDS]


def suggest(path: str, *, absent: str = "") -> list[Suggestion]:
    """At most SHOWN live articles and terms that an address may mean, the likeliest first.

    First what has or had just such a slug, then what has most of the address's words in its title,
    and when nothing has any, what has words that look like them. At most six statements.
    """
    path = scrub(path)
    words = words_of(path)
    if not words:
        return []
    found = _by_slug(path, absent)
    if len(found) < SHOWN:
        candidates = _by_words(words)
        if not candidates and not found:
            candidates = _by_words(_alike(words))
        found += [
            Suggestion(row.title, row.language, owner.get_absolute_url())
            for row in detailed(candidates)
            if (owner := row.article or row.term)
        ]
    unique = {suggestion.address: suggestion for suggestion in reversed(found)}
    return list(reversed(unique.values()))[:SHOWN]


def _by_slug(path: str, absent: str) -> list[Suggestion]:
    """The articles whose slug of today or of once is a step of the address."""
    steps = [step.partition(".")[0].lower() for step in path[:LONGEST_PATH].split("/")]
    steps = [step for step in steps if step and step not in OWN_WORDS and step != absent]
    if not steps:
        return []
    rows = Article.objects.live().named(steps).order_by("title_folded", "pk")
    return [
        Suggestion(row.title, row.language, row.get_absolute_url())
        for row in rows.only("title", "title_folded", "language", "slug")[:SHOWN]
    ]


def _by_words(words: Sequence[str]) -> list[Candidate]:
    """What has most of the words in its title, the shorter title first."""
    if not words:
        return []
    found = with_some_words(words, [Kind.ARTICLE, Kind.TERM], READ)

    def order(candidate: Candidate) -> tuple[int, int, int, int]:
        title = set(candidate.title_words.split())
        hits = len(title.intersection(words))
        return -hits, len(title), candidate.kind != Kind.ARTICLE, candidate.pk

    return sorted(found, key=order)[:SHOWN]


def _alike(words: Sequence[str]) -> list[str]:
    """Known words that the longest of these may be mistyped forms of."""
    longest = sorted((word for word in words if word.isalpha() and len(word) > 3), key=len)[-2:]
    if not longest:
        return []
    likes = engine().likes(longest)
    return [near for word in longest for near in nearest(word, likes[word])]
