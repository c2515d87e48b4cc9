"""Milestones of articles, and the tracks they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, Q, Subquery, Value
from django.db.models.functions import Cast, Concat, StrIndex
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.named import Named, NamedQuerySet
from articles.models.parts import Part, checked_field, part_constraints
from articles.validation import LIMITS
from timeline.dates import DateError, HistoricalDate, parse, parse_edtf, year_of

if TYPE_CHECKING:
    from articles.models import Article


class TrackQuerySet(NamedQuerySet["Track"]):
    """Tracks by name."""

    def named(self, name: str) -> Track:
        """The track with this name; a new one comes last, so that it has a mark of its own."""
        found = self.filter(name=name).first()
        found = found or self.filter(name__iexact=name).order_by("pk").first()
        if found:
            return found
        last = self.aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        return self.create(name=name, slug=self.free_slug(name), position=position)


class Track(Named):
    """A line of the timeline, such as Research or Law; site-wide, in the order of `position`."""

    position = models.PositiveIntegerField(_("position"), default=0, db_default=0)

    objects: ClassVar[Any] = TrackQuerySet.as_manager()

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["position", "pk"]


def write_track_list(tracks: Iterable[int]) -> str:
    """The keys of tracks as `Milestone.track_list` has them: " 3 17 ", or ''."""
    return "".join(f" {track}" for track in sorted(tracks)) + " " * bool(tracks)


def read_track_list(text: str) -> frozenset[int]:
    """The keys in such a list."""
    return frozenset(map(int, text.split()))


def on_any_track(slugs: Iterable[str]) -> Q:
    """The condition that a milestone is on one of these tracks, whose keys are looked up once."""
    condition = Q()
    between = Value(" ", models.TextField())
    for slug in slugs:
        # All of the text is made in the subquery, which is asked once; and it is looked for by its
        # place: either that or a pattern would be made anew for each row.
        text = Concat(between, Cast("pk", models.TextField()), between)
        one = Track.objects.filter(slug=slug).order_by().values_list(text)
        found = StrIndex("track_list", Subquery(one))
        condition |= Q(GreaterThan(found, 0))
    return condition


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    """Milestones in time."""

    def live(self) -> MilestoneQuerySet:
        """Those of live articles: `Article.objects.live()` says the same with a join."""
        return self.filter(live_from__lte=timezone.now())

    def follow(self, article: Article) -> None:
        """Write down what an article's milestones repeat of it, where it is another."""
        wanted = {"live_from": article.live_from, "category": article.category_id}
        behind = self.filter(article=article).exclude(**wanted)
        # Mostly none is, and then nothing is written.
        if behind.exists():
            behind.update(**wanted)

    def in_order(self) -> MilestoneQuerySet:
        """By the first possible day; those of one day as the editor ordered them."""
        return self.order_by("start_min", "position", "pk")


class Milestone(Part):
    """Something that happened: an EDTF date, a title, an optional body, any number of tracks."""

    kind = "milestone"
    content = ("date", "title", "body", "checked")

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="milestones")
    date = models.CharField(
        _("date"),
        max_length=LIMITS["date"],
        help_text=_("Such as 2012, June 2017, 12 June 2017, 1940s, c. 44 BC, 1914–1918, 2012/.."),
    )
    title = models.CharField(_("title"), max_length=LIMITS["title"])
    body = models.TextField(_("text"), blank=True, max_length=LIMITS["body"])
    tracks = models.ManyToManyField(
        Track, blank=True, related_name="milestones", verbose_name=_("tracks")
    )
    checked = checked_field()

    # The columns that follow from the date: day numbers (see timeline.dates) and years.
    derived_from_date = (
        "start_min", "start_max", "end_min", "end_max", "first_year", "last_year",
    )  # fmt: skip
    start_min = models.BigIntegerField(editable=False)
    start_max = models.BigIntegerField(editable=False)
    end_min = models.BigIntegerField(editable=False)
    end_max = models.BigIntegerField(editable=False)
    first_year = models.BigIntegerField(editable=False)
    last_year = models.BigIntegerField(editable=False)
    # The body as sanitised HTML with tokens, and whether a real source is cited. Derived.
    html = models.TextField(editable=False, blank=True, default="")
    sourced = models.BooleanField(editable=False, default=False)
    # Title and body as plain folded text, to search in. Derived.
    words = models.TextField(editable=False, blank=True, default="")

    # What counting asks of the article and of the tracks, so that it need not read other tables:
    # since when readers see the article, its category, and the keys of the tracks. Derived.
    live_from = models.DateTimeField(null=True, editable=False)
    category = models.ForeignKey(
        "articles.Category",
        models.DO_NOTHING,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    track_list = models.TextField(editable=False, blank=True, default="")

    objects: ClassVar[Any] = MilestoneQuerySet.as_manager()

    class Meta(Part.Meta):
        verbose_name = _("milestone")
        verbose_name_plural = _("timeline")
        ordering = ["start_min", "position", "pk"]
        indexes = [
            models.Index(
                fields=["article", "start_min", "position", "id"], name="timeline_milestone_order"
            ),
            # All that counting by years reads: texts are wide, and this is not.
            models.Index(
                fields=[
                    "article",
                    "first_year",
                    "last_year",
                    "start_min",
                    "end_max",
                    "track_list",
                    "category",
                    "live_from",
                ],
                name="timeline_milestone_counts",
            ),
            # The same of all articles, in the order in which their pages show them.
            models.Index(
                fields=[
                    "start_min",
                    "id",
                    "end_max",
                    "first_year",
                    "last_year",
                    "live_from",
                    "track_list",
                    "category",
                    "article",
                ],
                name="timeline_milestone_everything",
            ),
        ]
        constraints = [
            *part_constraints("milestone", "title", "date"),
            models.CheckConstraint(
                condition=Q(start_min__lte=F("start_max"))
                & Q(end_min__lte=F("end_max"))
                & Q(start_min__lte=F("end_min"))
                & Q(start_max__lte=F("end_max")),
                name="timeline_milestone_bounds",
                violation_error_message=_("A milestone cannot end before it starts."),
            ),
        ]

    def name_text(self) -> str:
        """The title."""
        return self.title

    def clean(self) -> None:
        """Read the date in the form the editor typed and store it as EDTF."""
        super().clean()
        if self.date:
            try:
                self.date = parse(self.date).edtf
            except DateError as error:
                raise ValidationError({"date": str(error)}) from error
            # A form may have been sent with an article that is none; `save` fills it in again.
            if self.article_id is not None:
                self.fill_derived()

    def fill_derived(self) -> None:
        """Set what follows from date and article. Raises DateError when it is not EDTF."""
        bounds = self.historical_date.bounds
        self.start_min, self.start_max = bounds.start_min, bounds.start_max
        self.end_min, self.end_max = bounds.end_min, bounds.end_max
        self.first_year, self.last_year = year_of(bounds.start_min), year_of(bounds.end_max)
        self.live_from, self.category_id = self.article.live_from, self.article.category_id

    @property
    def historical_date(self) -> HistoricalDate:
        """The date as a value."""
        return parse_edtf(self.date)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the bounds that follow from the date."""
        self.fill_derived()
        super().save(*args, **kwargs)
