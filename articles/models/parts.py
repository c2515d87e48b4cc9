"""The parts of an article that live in this app; milestones are in `timeline.models`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.anchors import MAX_LENGTH, make_anchor
from articles.validation import LIMITS


class Part(models.Model):
    """What every part has: its article, its anchor, its place among the parts of its kind.

    A position need not be unique, so that two parts can change places one row at a time.
    """

    kind: ClassVar[str]
    # The fields an editor writes, as they are called in the document.
    content: ClassVar[tuple[str, ...]]

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="%(class)ss")
    anchor = models.CharField(
        _("anchor"),
        max_length=MAX_LENGTH,
        blank=True,
        help_text=_("Its place in addresses; made once, and kept when the words change."),
    )
    position = models.PositiveIntegerField(_("position"), default=0, db_default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name_text()[:80]

    def name_text(self) -> str:
        """What the part is called: the text its anchor is made from."""
        raise NotImplementedError

    def give_anchor(self, taken: set[str]) -> None:
        """Make an anchor when there is none, add it to `taken`."""
        if not self.anchor:
            self.anchor = make_anchor(self.kind, self.name_text(), taken)
        taken.add(self.anchor)

    def fill_derived(self) -> None:
        """Set the columns that follow from the others; called before every write."""


def part_constraints(kind: str, *required: str) -> list[models.BaseConstraint]:
    """One anchor once in an article, begun with its kind, and no empty text where one is needed."""
    name = kind.replace("-", "")
    constraints: list[models.BaseConstraint] = [
        models.UniqueConstraint(
            "article",
            "anchor",
            name=f"%(app_label)s_{name}_anchor",
            violation_error_message=_("This anchor is used twice in the article."),
        ),
        models.CheckConstraint(
            condition=Q(anchor__startswith=f"{kind}-"),
            name=f"%(app_label)s_{name}_prefix",
            violation_error_message=_("An anchor begins with the kind of its part."),
        ),
    ]
    constraints += [
        models.CheckConstraint(
            condition=~Q(**{field: ""}),
            name=f"%(app_label)s_{name}_{field}",
            violation_error_message=_("This part must not be empty."),
        )
        for field in required
    ]
    return constraints


def checked_field() -> Any:
    """The day a statement was last verified; never set by saving."""
    return models.DateField(
        _("last verified"),
        null=True,
        blank=True,
        help_text=_("The day somebody compared the statement with its source."),
    )


class InfoboxRow(Part):
    """A row of the infobox."""

    kind = "infobox-row"
    content = ("label", "value", "checked")

    label = models.CharField(_("label"), max_length=LIMITS["label"])
    value = models.TextField(_("value"), max_length=LIMITS["value"])
    checked = checked_field()

    class Meta(Part.Meta):
        verbose_name = _("infobox row")
        verbose_name_plural = _("infobox")
        constraints = part_constraints("infobox-row", "label", "value")

    def name_text(self) -> str:
        """The label."""
        return self.label


class Section(Part):
    """A heading and the prose below it."""

    kind = "section"
    content = ("heading", "level", "body")

    heading = models.CharField(_("heading"), max_length=LIMITS["heading"])
    level = models.PositiveSmallIntegerField(
        _("level"),
        default=2,
        choices=[(2, _("Section")), (3, _("Subsection"))],
        validators=[MinValueValidator(2), MaxValueValidator(3)],
    )
    body = models.TextField(_("text"), blank=True, max_length=LIMITS["body"])

    class Meta(Part.Meta):
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            *part_constraints("section", "heading"),
            models.CheckConstraint(
                condition=Q(level__in=[2, 3]),
                name="articles_section_level",
                violation_error_message=_("A section has level 2 or 3."),
            ),
        ]

    def name_text(self) -> str:
        """The heading."""
        return self.heading


class Fact(Part):
    """One statement among the important facts."""

    kind = "fact"
    content = ("label", "statement", "checked")

    label = models.CharField(_("label"), max_length=LIMITS["label"], blank=True)
    statement = models.TextField(_("statement"), max_length=LIMITS["statement"])
    checked = checked_field()

    class Meta(Part.Meta):
        verbose_name = _("fact")
        verbose_name_plural = _("important facts")
        constraints = part_constraints("fact", "statement")

    def name_text(self) -> str:
        """The label, or the first words of the statement."""
        return self.label or " ".join(self.statement.split()[:6])


class Question(Part):
    """A question readers ask, with its answer."""

    kind = "question"
    content = ("question", "answer")

    question = models.CharField(_("question"), max_length=LIMITS["question"])
    answer = models.TextField(_("answer"), blank=True, max_length=LIMITS["answer"])

    class Meta(Part.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = part_constraints("question", "question")

    def name_text(self) -> str:
        """The question."""
        return self.question


class RelatedTerm(Part):
    """A term of the glossary that the article leans on."""

    kind = "related-term"

    term = models.ForeignKey(
        "articles.Term", models.PROTECT, related_name="related_in", verbose_name=_("term")
    )

    class Meta(Part.Meta):
        verbose_name = _("related term")
        verbose_name_plural = _("related terms")
        constraints = [
            *part_constraints("related-term"),
            models.UniqueConstraint(
                "article",
                "term",
                name="articles_relatedterm_once",
                violation_error_message=_("This term is named twice in the article."),
            ),
        ]

    def name_text(self) -> str:
        """The term's name."""
        return self.term.name
