"""References of articles, the sources behind them, and where they are cited."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from articles import identifiers
from articles.addresses import address_of
from articles.models.parts import Part, part_constraints
from articles.validation import KEY, LIMITS, web_address
from timeline.dates import DateError, parse


def _checked_by(function: Any, value: str) -> None:
    try:
        function(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def validate_doi(value: str) -> None:
    """Raise ValidationError unless this is a DOI."""
    _checked_by(identifiers.normalise_doi, value)


def validate_isbn(value: str) -> None:
    """Raise ValidationError unless this is an ISBN with a fitting check digit."""
    _checked_by(identifiers.normalise_isbn, value)


def validate_web_address(value: str) -> None:
    """Raise ValidationError unless a browser may follow this address."""
    _checked_by(web_address, value)


class SourceQuerySet(models.QuerySet["Source"]):
    """Finding and making sources by identity."""

    def for_identities(self, identities: Iterable[str]) -> dict[str, Source]:
        """The sources of these identities by identity; those that are missing are made."""
        wanted = {source_digest(identity): identity for identity in identities if identity}
        found = {source.digest: source for source in self.filter(digest__in=wanted)}
        missing = [Source(identity=wanted[key], digest=key) for key in wanted if key not in found]
        if missing:
            Source.objects.bulk_create(missing, ignore_conflicts=True)
            found = {source.digest: source for source in self.filter(digest__in=wanted)}
        return {wanted[digest]: source for digest, source in found.items()}


def source_digest(identity: str) -> str:
    """A short unique key for an identity: addresses can be too long for an index of PostgreSQL."""
    return hashlib.sha256(identity.encode()).hexdigest()


class Source(models.Model):
    """The site-wide identity behind references: a normalised DOI, ISBN or URL."""

    identity = models.TextField(_("identity"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["identity"]

    def __str__(self) -> str:
        return self.identity

    def get_absolute_url(self) -> str:
        """The page of all that leans on it."""
        return address_of("articles:source", self.pk)


class ReferenceQuerySet(models.QuerySet["Reference"]):
    """References of articles."""

    def fullest_first(self) -> ReferenceQuerySet:
        """Those that say most about their source first: the best entry for it."""
        fields = ("title", "year", "container", "publisher", "volume", "pages", "url", "doi")
        filled = sum(
            (Case(When(**{field: ""}, then=0), default=1) for field in fields),
            start=Case(When(authors=[], then=0), default=1),
        )
        return self.annotate(filled=filled).order_by("-filled", "pk")


class Reference(Part):
    """An article's entry for a source."""

    kind = "reference"
    content = (
        "key", "source_kind", "title", "authors", "year", "container", "volume", "issue", "pages",
        "publisher", "url", "doi", "isbn", "accessed", "archived_url",
    )  # fmt: skip

    class Kind(models.TextChoices):
        """What a source is."""

        ARTICLE = "article", _("Journal article")
        CONFERENCE = "conference", _("Conference paper")
        BOOK = "book", _("Book")
        CHAPTER = "chapter", _("Chapter")
        THESIS = "thesis", _("Thesis")
        REPORT = "report", _("Report")
        LAW = "law", _("Law")
        WEB = "web", _("Web page")
        DATASET = "dataset", _("Data set")
        STANDARD = "standard", _("Standard")
        NEWS = "news", _("News")
        OTHER = "other", _("Other")

    key = models.CharField(
        _("key"),
        max_length=LIMITS["key"],
        validators=[RegexValidator(rf"^{KEY.pattern}\Z", _("Use letters, digits and - _ . or :"))],
        help_text=_("What citations name, as in [@krizhevsky2012]."),
    )
    source_kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OTHER)
    title = models.CharField(_("title"), max_length=LIMITS["title"], blank=True)
    authors = models.JSONField(_("authors"), default=list, blank=True)
    year = models.CharField(_("year"), max_length=LIMITS["year"], blank=True)
    container = models.CharField(_("published in"), max_length=LIMITS["container"], blank=True)
    volume = models.CharField(_("volume"), max_length=LIMITS["volume"], blank=True)
    issue = models.CharField(_("issue"), max_length=LIMITS["issue"], blank=True)
    pages = models.CharField(_("pages"), max_length=LIMITS["pages"], blank=True)
    publisher = models.CharField(_("publisher"), max_length=LIMITS["publisher"], blank=True)
    url = models.CharField(
        _("web address"), max_length=LIMITS["url"], blank=True, validators=[validate_web_address]
    )
    doi = models.CharField(
        _("DOI"), max_length=LIMITS["doi"], blank=True, validators=[validate_doi]
    )
    isbn = models.CharField(
        _("ISBN"), max_length=LIMITS["isbn"], blank=True, validators=[validate_isbn]
    )
    accessed = models.DateField(_("accessed"), null=True, blank=True)
    archived_url = models.CharField(
        _("archived at"), max_length=LIMITS["url"], blank=True, validators=[validate_web_address]
    )
    source = models.ForeignKey(
        Source, models.SET_NULL, null=True, blank=True, editable=False, related_name="references"
    )

    objects: ClassVar[Any] = ReferenceQuerySet.as_manager()

    class Meta(Part.Meta):
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        constraints = [
            *part_constraints("reference"),
            models.UniqueConstraint(
                "article",
                "key",
                name="articles_reference_key",
                violation_error_message=_("Two references have the same key."),
            ),
            models.CheckConstraint(
                condition=~Q(key=""),
                name="articles_reference_has_key",
                violation_error_message=_("A reference needs a key."),
            ),
        ]

    def name_text(self) -> str:
        """The key."""
        return self.key

    def clean(self) -> None:
        """Check the year and store it as EDTF."""
        super().clean()
        if self.year:
            try:
                self.year = parse(self.year).edtf
            except DateError as error:
                raise ValidationError({"year": str(error)}) from error

    def give_anchor(self, taken: set[str]) -> None:
        """A reference's anchor always is its key, with the prefix."""
        self.anchor = f"{self.kind}-{self.key}"
        taken.add(self.anchor)

    @property
    def identity(self) -> str:
        """The identity of its source; '' for a placeholder or a source without address."""
        return identifiers.source_identity(doi=self.doi, isbn=self.isbn, url=self.url)


class Citation(models.Model):
    """A use of a reference in a part's text: the index behind 'what leans on this source'."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="citations")
    part_anchor = models.CharField(max_length=120)
    key = models.CharField(max_length=LIMITS["key"])
    place = models.CharField(max_length=200, blank=True)
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="citations")
    # What a list of all that leans on the source shows of the part: what it is called, the sentence
    # that cites, and when somebody last compared the two.
    label = models.CharField(max_length=LIMITS["question"], blank=True, default="")
    excerpt = models.TextField(blank=True, default="")
    checked = models.DateField(null=True)

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.part_anchor} → {self.key}"
