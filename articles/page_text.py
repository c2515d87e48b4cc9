"""The texts of an article as its page shows them: numbers, addresses and standings filled in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from articles.markup import Use, fill
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
    query.
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
        self.discuss = reverse("articles:new_comment", args=[article.slug])
        # Where a reader gets a statement to cite or share, without its anchor at the end.
        self.cite = f"{reverse('articles:cite', args=[article.slug])}?part="
        self.for_editor = for_editor
        self.language = article.language
        self.stale_before = stale_before(timezone.localdate(), site.stale_after_months)
        self.by_key: dict[str, dict[str, Any]] = {
            ref["key"]: ref for ref in article.rendered.page["references"]
        }
        self.short_names = {key: short_text(ref) for key, ref in self.by_key.items()}
        self.numbers = {key: ref["number"] for key, ref in self.by_key.items()}
        self.uses: dict[str, list[Use]] = defaultdict(list)

    def prose(self, part: dict[str, Any], **options: Any) -> Prose:
        """A text whose citations stand in it."""
        filled = self._fill(part, **options)
        keys = dict.fromkeys(use.key for use in filled.uses)
        return Prose(
            anchor=part["anchor"],
            heading=part["heading"],
            html=filled.html,
            sources=[self.by_key[key] for key in keys],
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
        """A milestone."""
        checked = row.checked.isoformat() if row.checked else ""
        filled = self._fill({"anchor": row.anchor, "html": row.html}, cites="pulled")
        standing = self.standing(sourced=row.sourced, checked=checked)
        return DatedStatement(
            row.anchor, row.title, filled.html, standing, checked, filled.uses, row
        )

    def standing(self, *, sourced: bool, checked: str) -> Standing:
        """The standing of a statement today."""
        return standing_of(sourced=sourced, checked=checked, stale_before=self.stale_before)

    def _fill(self, part: dict[str, Any], **options: Any) -> Any:
        filled = fill(
            part["html"],
            numbers=self.numbers,
            targets=self.targets,
            part=part["anchor"],
            show_missing=self.for_editor,
            language=self.language,
            **options,
        )
        for use in filled.uses:
            self.uses[use.key].append(use)
        return filled
