"""The filter of a timeline: the form, what it lets through, and its place in addresses.

A filter is made of choices (years, tracks, words; on the site-wide timeline also categories and
articles). All choices must hold; of several tracks, one is enough. A milestone is in a range of
years when it possibly happened then (see `timeline.dates`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.markup import clean_line, searchable
from articles.models import Article, Category
from articles.validation import LIMITS
from timeline.dates import (
    OPEN_END,
    OPEN_START,
    DateError,
    HistoricalDate,
    parse,
    show,
)
from timeline.models import MilestoneQuerySet, on_any_track

# Choices of one kind that an address may name; more are no view that anybody asked for.
MOST_CHOICES = 20
MOST_LETTERS = 200
MOST_WORDS = 12

_SLUG = re.compile(r"[\w-]+")


class DateField(forms.CharField):
    """A date as people or EDTF write it, as a HistoricalDate; None for nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The date, or ValidationError with a sentence that says how to write one."""
        text = super().to_python(value)
        if not text:
            return None
        ProhibitNullCharactersValidator()(text)
        try:
            return parse(text)
        except DateError as error:
            raise ValidationError(str(error)) from error

    def run_validators(self, value: Any) -> None:
        """Nothing more: the text was checked when it was read."""


class WordsField(forms.CharField):
    """Words to search for, as a line of text."""

    def to_python(self, value: Any) -> str:
        """The line in its canonical form; one with null characters as it is, to be refused."""
        text = super().to_python(value) or ""
        return text if "\x00" in text else clean_line(text)


class SlugsField(forms.Field):
    """Slugs, any number up to MOST_CHOICES, each once and in the order given."""

    widget = forms.SelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> tuple[str, ...]:
        """The slugs; ValidationError when something is none, or when there are too many."""
        slugs = tuple(dict.fromkeys(text for text in value or () if text))
        if len(slugs) > MOST_CHOICES:
            raise ValidationError(_("These are too many choices at once."))
        for slug in slugs:
            if len(slug) > LIMITS["slug"] or not _SLUG.fullmatch(slug):
                raise ValidationError(_("There is no such choice here."))
        return slugs


class TimelineForm(forms.Form):
    """What a reader chose. `for_site` adds the choices that only the site-wide timeline has."""

    track = SlugsField(label=gettext_lazy("Tracks"))
    q = WordsField(label=gettext_lazy("Words"), required=False, max_length=MOST_LETTERS)

    data: QueryDict

    def __init__(self, data: QueryDict, *, for_site: bool = False) -> None:
        super().__init__(data)
        # `from` is a word of Python's own.
        self.fields["from"] = DateField(label=gettext_lazy("From"))
        self.fields["to"] = DateField(label=gettext_lazy("To"))
        if for_site:
            self.fields["category"] = SlugsField(label=gettext_lazy("Subjects"))
            self.fields["article"] = SlugsField(label=gettext_lazy("Articles"))

    def clean(self) -> dict[str, Any]:
        """Refuse a range that ends before it begins, and more words than anybody searches for."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last and first.bounds.start_min > last.bounds.end_max:
            message = _("This is before “%(first)s”: the range would end before it begins.")
            self.add_error("to", message % {"first": show(first)})
        # One letter may stand for several words, such as "ﷺ".
        if len(searchable(cleaned.get("q", "")).split()) > MOST_WORDS:
            self.add_error("q", _("Search for fewer words at once."))
        return cleaned

    def ticked(self, name: str) -> tuple[str, ...]:
        """The slugs that a reader chose of one kind, whatever is wrong in the form."""
        slugs = self.data.getlist(name)[:MOST_CHOICES]
        return tuple(slug for slug in slugs if _SLUG.fullmatch(slug))


@dataclass(frozen=True, slots=True)
class TimelineFilter:
    """The choices of a reader, all of them valid."""

    first: HistoricalDate | None = None
    last: HistoricalDate | None = None
    tracks: tuple[str, ...] = ()
    q: str = ""
    categories: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    conditions: dict[str, Q] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Work out the conditions once; the names of choices that are made are their keys."""
        object.__setattr__(self, "conditions", self._conditions())

    @classmethod
    def from_form(cls, form: TimelineForm) -> TimelineFilter:
        """The choices of a form; none at all when anything in it is wrong."""
        if not form.is_valid():
            return cls()
        chosen = form.cleaned_data
        return cls(
            first=chosen["from"],
            last=chosen["to"],
            tracks=chosen["track"],
            q=chosen["q"],
            categories=chosen.get("category", ()),
            articles=chosen.get("article", ()),
        )

    def _conditions(self) -> dict[str, Q]:
        conditions: dict[str, Q] = {}
        years = Q()
        if self.first and self.first.bounds.start_min != OPEN_START:
            years &= Q(end_max__gte=self.first.bounds.start_min)
        if self.last and self.last.bounds.end_max != OPEN_END:
            years &= Q(start_min__lte=self.last.bounds.end_max)
        if years:
            conditions["years"] = years
        if self.tracks:
            conditions["tracks"] = on_any_track(self.tracks)
        if words := searchable(self.q).split():
            conditions["words"] = Q()
            for word in words:
                conditions["words"] &= Q(words__contains=word)
        if self.categories:
            categories = Category.objects.filter(slug__in=self.categories).order_by()
            conditions["categories"] = Q(category__in=categories.values("pk"))
        if self.articles:
            articles = Article.objects.filter(slug__in=self.articles).order_by()
            conditions["articles"] = Q(article__in=articles.values("pk"))
        return conditions

    def condition(self, *, without: Collection[str] = ()) -> Q:
        """All choices as one condition, but for those named in `without`."""
        whole = Q()
        for name, condition in self.conditions.items():
            if name not in without:
                whole &= condition
        return whole

    def matching(
        self, milestones: MilestoneQuerySet, *, without: Collection[str] = ()
    ) -> MilestoneQuerySet:
        """Those of the milestones that the choices let through."""
        condition = self.condition(without=without)
        return milestones.filter(condition) if condition else milestones

    def query(self, *, without: Collection[str] = (), **changes: Any) -> str:
        """The query string of this view, `?…` or ''; `changes` replace parameters by name.

        The order of parameters is always the same, so that one view has one address. `from` is
        given as `from_`.
        """
        values: dict[str, Any] = {
            "from": self.first.edtf if self.first and "years" not in without else "",
            "to": self.last.edtf if self.last and "years" not in without else "",
            "track": self.tracks if "tracks" not in without else (),
            "category": self.categories if "categories" not in without else (),
            "article": self.articles if "articles" not in without else (),
            "q": self.q if "words" not in without else "",
        }
        values |= {name.rstrip("_"): value for name, value in changes.items()}
        text = urlencode({name: value for name, value in values.items() if value}, doseq=True)
        return f"?{text}" if text else ""
