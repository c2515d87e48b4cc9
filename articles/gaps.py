"""What an article names and the site does not have: keys without reference, links to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.models import Article, TermName

# Names that are told one by one.
MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Gaps:
    """Cited keys without a reference, and linked names without a term or a live article.

    Each once, in reading order.
    """

    citations: tuple[str, ...]
    links: tuple[str, ...]

    def sentences(self) -> Iterator[str]:
        """What is missing, for the editor."""
        if self.citations:
            yield _("Cited, but not among the references: %s.") % _listed(self.citations)
        if self.links:
            yield _("Linked, but neither a term nor an article: %s.") % _listed(self.links)


def find_gaps(article: Article) -> Gaps:
    """What the article's index of uses names and nobody wrote, in four queries at most.

    Links are compared as on the reader's page: by folded names of terms and of live titles.
    """
    cited = dict.fromkeys(article.citations.order_by("pk").values_list("key", flat=True))
    if cited:
        keys = set(article.references.values_list("key", flat=True))
        cited = {key: None for key in cited if key not in keys}
    linked: dict[str, str] = {}
    for folded, name in article.term_uses.order_by("pk").values_list("folded", "name"):
        linked.setdefault(folded, name)
    if linked:
        terms = TermName.objects.filter(folded__in=linked).values_list("folded", flat=True)
        titles = Article.objects.live().filter(title_folded__in=linked).order_by()
        known = set(terms.union(titles.values_list("title_folded", flat=True)))
        linked = {folded: name for folded, name in linked.items() if folded not in known}
    return Gaps(citations=tuple(cited), links=tuple(linked.values()))


def _listed(names: Sequence[str]) -> str:
    text = ", ".join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    if more <= 0:
        return text
    return _("%(names)s and %(number)d more") % {"names": text, "number": more}
