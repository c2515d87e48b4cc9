"""The texts of an article as its page shows them: numbers, addresses and standings filled in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from articles.addresses import address_of
from articles.kept import Kept
from articles.markup import Filled, Use, fill
from articles.models import Article, SiteSettings
from articles.reference_text import short_text
from articles.standing import Standing, sign_of, stale_before, standing_of
from timeline.pages import MilestoneEntry


@dataclass(frozen=True, slots=True)
class Prose:
    """A piece of text with its citations inline, ready for the template."""

    anchor: str
    heading: str
    html: SafeString
    sources: list[dict[str, Any]]
    uses: tuple[Use, ...] = ()
    level: int = 2
    children: list[Prose] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Statement:
    """An infobox row, a fact or a milestone with what is known about it."""

    anchor: str
    label: str
    html: SafeString
    standing: Standing
    checked: str
    uses: tuple[Use, ...]

    @property
    def sign(self) -> str:
        """The name of its sign: its standing, and whether there was a check where that matters."""
        return sign_of(self.standing, is_checked=bool(self.checked))


@dataclass(frozen=True, slots=True)
class DatedStatement(Statement):
    """A milestone as a statement."""

    milestone: MilestoneEntry


class PageText:
    """Fills texts of one article in and remembers which references they use, in reading order.

    `article` comes with `rendered`; `targets` are addresses by folded names of links. Costs no
    query. `kept` holds what was made of its texts before, for as long as nothing else changes.
    """

    def __init__(
        self,
        article: Article,
        site: SiteSettings,
        targets: Mapping[str, str],
        *,
        for_editor: bool = False,
    ) -> None:
        self.targets = targets
        # The page that has the references, where it is another than this.
        self.references = ""
        # Where a reader comments on a statement; '' where it cannot be commented on.
        self.discuss = address_of("articles:new_comment", article.slug)
        # Where a reader gets a statement to cite or share, without its anchor at the end.
        self.cite = f"{address_of('articles:cite', article.slug)}?part="
        self.for_editor = for_editor
        self.language = article.language
        self.stale_before = stale_before(timezone.localdate(), site.stale_after_months)
        self.by_key: dict[str, dict[str, Any]] = {
            ref["key"]: ref for ref in article.rendered.page["references"]
        }
        self.short_names = {key: short_text(ref) for key, ref in self.by_key.items()}
        self.numbers = {key: ref["number"] for key, ref in self.by_key.items()}
        self.uses: dict[str, list[Use]] = defaultdict(list)
        # Milestones and references: as many as a long timeline shows on some pages.
        self.kept: Kept[Any] = Kept(most=300)

    def again(self) -> PageText:
        """The same for another view, which has met no reference yet."""
        other = copy(self)
        other.uses = defaultdict(list)
        return other

    def meet(self, uses: Iterable[Use]) -> None:
        """Remember the uses of a part that was filled before."""
        for use in uses:
            self.uses[use.key].append(use)

    def prose(self, part: dict[str, Any], **options: Any) -> Prose:
        """A text whose citations stand in it."""
        filled = self._fill(part, **options)
        keys = dict.fromkeys(use.key for use in filled.uses)
        return Prose(
            anchor=part["anchor"],
            heading=part["heading"],
            html=filled.html,
            sources=[self.by_key[key] for key in keys],
            uses=filled.uses,
            level=part.get("level", 2),
        )

    def statement(self, part: dict[str, Any], cites: str = "pulled") -> Statement:
        """An infobox row or a fact."""
        filled = self._fill(part, cites=cites)
        return Statement(
            anchor=part["anchor"],
            label=part["label"],
            html=filled.html,
            standing=self.standing(sourced=part["sourced"], checked=part["checked"]),
            checked=part["checked"],
            uses=filled.uses,
        )

    def milestone(self, row: MilestoneEntry) -> DatedStatement:
        """A milestone; it says the same in each view that shows it."""
        statement: DatedStatement = self.kept.get(("statement", row), lambda: self._dated(row))
        self.meet(statement.uses)
        return statement

    def _dated(self, row: MilestoneEntry) -> DatedStatement:
        checked = row.checked.isoformat() if row.checked else ""
        filled = self._fill_in({"anchor": row.anchor, "html": row.html}, cites="pulled")
        standing = self.standing(sourced=row.sourced, checked=checked)
        return DatedStatement(
            row.anchor, row.title, filled.html, standing, checked, filled.uses, row
        )

    def standing(self, *, sourced: bool, checked: str) -> Standing:
        """The standing of a statement today."""
        return standing_of(sourced=sourced, checked=checked, stale_before=self.stale_before)

    def _fill(self, part: dict[str, Any], **options: Any) -> Filled:
        filled = self._fill_in(part, **options)
        self.meet(filled.uses)
        return filled

    def _fill_in(self, part: dict[str, Any], **options: Any) -> Filled:
        return fill(
            part["html"],
            numbers=self.numbers,
            targets=self.targets,
            part=part["anchor"],
            show_missing=self.for_editor,
            language=self.language,
            **options,
        )
