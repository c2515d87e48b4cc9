"""Articles, and the site-wide names that group them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import batched
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.addresses import address_of
from articles.languages import site_language
from articles.markup import clean_line, fold
from articles.models.named import Named, validate_slug
from articles.slugs import RESERVED, make_slug
from articles.validation import LIMITS


class Category(Named):
    """The one subject an article is filed under."""

    description = models.TextField(_("description"), blank=True, max_length=600)

    class Meta(Named.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def get_absolute_url(self) -> str:
        """The list of its articles."""
        return address_of("articles:category", self.slug)


class Tag(Named):
    """A subject that an article touches."""

    class Meta(Named.Meta):
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def get_absolute_url(self) -> str:
        """The list of its articles."""
        return address_of("articles:tag", self.slug)


# Milestones carry when their article is live and its category: see `timeline.models`.
MILESTONES_REPEAT = frozenset(
    {"status", "published_at", "copy_of", "copy_of_id", "category", "category_id"}
)


def public_from(
    status: str | None, published_at: datetime.datetime | None, copy_of: int | None
) -> datetime.datetime | None:
    """Since when readers see an article of which these columns are known; None for never."""
    return published_at if status == Article.Status.PUBLISHED and copy_of is None else None


class ArticleQuerySet(models.QuerySet["Article"]):
    """Who may see what, written once."""

    def live(self, now: datetime.datetime | None = None) -> ArticleQuerySet:
        """What readers may see: published, due, not withdrawn, not a working copy."""
        return self.filter(
            status=Article.Status.PUBLISHED,
            published_at__lte=now or timezone.now(),
            copy_of=None,
        )

    def next_due(self, after: datetime.datetime) -> datetime.datetime | None:
        """When the next article becomes live by itself, if nobody changes anything."""
        scheduled = self.filter(
            status=Article.Status.PUBLISHED, published_at__gt=after, copy_of=None
        ).order_by("published_at")
        found: datetime.datetime | None = scheduled.values_list("published_at", flat=True).first()
        return found

    def of(self, field: str = "article") -> Exists:
        """The condition on other rows that `field` names one of these articles.

        Asked of each row by itself, which costs what is looked at; `field__in` with these would
        first make a list of all of them.
        """
        return Exists(self.filter(pk=OuterRef(field)))

    def named(self, slugs: Iterable[str]) -> ArticleQuerySet:
        """Those whose slug, today's or an old one, is one of these."""
        today = Article.objects.filter(slug__in=slugs, copy_of=None).order_by().values("pk")
        once = OldSlug.objects.filter(slug__in=slugs).order_by().values("article")
        # One condition with "or" would read all articles.
        return self.filter(pk__in=today.union(once))

    def originals(self) -> ArticleQuerySet:
        """Every article but the working copies."""
        return self.filter(copy_of=None)

    def update(self, **values: Any) -> int:
        """As Django does, and what milestones repeat of their articles follows."""
        if not MILESTONES_REPEAT & values.keys():
            return super().update(**values)
        with transaction.atomic(using=self.db):
            # Those that are meant may be others once they are changed.
            keys = list(self.values_list("pk", flat=True))
            number = super().update(**values)
            for some in batched(keys, 500, strict=False):
                for article in Article.objects.filter(pk__in=some):
                    article.milestones.follow(article)
        return number

    update.alters_data = True  # type: ignore[attr-defined]

    def for_list(self) -> ArticleQuerySet:
        """With what an entry of a list shows and no more, newest change first."""
        entries = self.select_related("rendered").defer(
            "rendered__page", "short_answer", "retired_anchors"
        )
        return entries.order_by("-changed_at", "-pk")


class Article(models.Model):
    """One reference page. Its parts are rows of their own; see `store` for how they are written."""

    class Status(models.TextChoices):
        """What the editors decided; `live()` also looks at the date."""

        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    title = models.CharField(_("title"), max_length=LIMITS["title"])
    title_folded = models.CharField(max_length=2 * LIMITS["title"], editable=False, db_index=True)
    slug = models.CharField(
        _("slug"),
        max_length=LIMITS["slug"],
        blank=True,
        validators=[validate_slug],
        help_text=_("Its place in addresses. After a change the old one leads to the new one."),
    )
    short_answer = models.TextField(
        _("short answer"),
        blank=True,
        max_length=LIMITS["short_answer"],
        help_text=_("What a reader wants to know first, in one to three sentences."),
    )
    language = models.CharField(
        _("language"),
        max_length=LIMITS["language"],
        default=site_language,
        help_text=_("The code of the language the article is written in, such as en or ar."),
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("category"),
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="articles", verbose_name=_("tags"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("author"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, db_default=Status.DRAFT
    )
    published_at = models.DateTimeField(
        _("published"),
        null=True,
        blank=True,
        help_text=_("A time still to come schedules the article for then."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    copy_of = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="working_copies",
        verbose_name=_("working copy of"),
    )
    # Anchors of parts that are gone: never given to another part.
    retired_anchors = models.JSONField(default=list, editable=False)

    objects: ClassVar[Any] = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["title", "pk"]
        permissions = [("publish_article", _("Can publish and withdraw articles"))]
        indexes = [
            # What lists are ordered by, with all that decides whether readers see an article. For
            # PostgreSQL a column that is null is no constant, and what comes after it in an index
            # is in no order: so that working copies are none of these is a condition, and the last
            # column only for SQLite, which reads it all the same.
            models.Index(
                fields=["status", "-changed_at", "-id", "published_at", "category", "copy_of"],
                condition=Q(copy_of=None),
                name="articles_article_changed",
            ),
            models.Index(
                fields=["status", "title_folded", "id", "published_at", "copy_of"],
                condition=Q(copy_of=None),
                name="articles_article_title",
            ),
            # All that counting live articles reads: their texts are long, and this is not.
            models.Index(
                fields=["status", "published_at", "category", "copy_of"],
                condition=Q(copy_of=None),
                name="articles_article_live",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "slug",
                condition=Q(copy_of=None),
                name="articles_article_slug",
                violation_error_message=_("Another article has this slug."),
            ),
            models.UniqueConstraint(
                "copy_of",
                name="articles_article_one_copy",
                violation_error_message=_("This article has a working copy already."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "withdrawn"]),
                name="articles_article_status",
                violation_error_message=_("A status is draft, published or withdrawn."),
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="articles_article_published_at",
                violation_error_message=_("A published article has a date of publication."),
            ),
            models.CheckConstraint(
                condition=~Q(slug="") & ~Q(title=""),
                name="articles_article_named",
                violation_error_message=_("An article needs a title and a slug."),
            ),
            models.CheckConstraint(
                condition=Q(copy_of=None) | ~Q(status="published"),
                name="articles_article_copy_unpublished",
                violation_error_message=_("A working copy is never published itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with what follows from the title: its folded form, and a slug when there is none."""
        self.title = clean_line(self.title)
        self.title_folded = fold(self.title)[: 2 * LIMITS["title"]]
        self.slug = self.slug or make_slug(self.title)
        fields = kwargs.get("update_fields")
        if self._state.adding or (fields is not None and not MILESTONES_REPEAT & {*fields}):
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            super().save(*args, **kwargs)
            milestones: Any = self.milestones
            milestones.follow(self)

    def clean(self) -> None:
        """Check what the database cannot say in one row."""
        super().clean()
        self.slug = self.slug or make_slug(self.title)
        if not self.slug:
            raise ValidationError({"slug": _("Give this article a slug of letters or digits.")})
        if self.slug in RESERVED:
            raise ValidationError(
                {"slug": _("This word has a meaning in addresses; take another.")}
            )
        own = self.copy_of_id or self.pk
        if OldSlug.objects.filter(slug=self.slug).exclude(article_id=own).exists():
            message = _("This slug belonged to another article and still leads there.")
            raise ValidationError({"slug": message})
        if self.status == self.Status.PUBLISHED and not self.published_at:
            self.published_at = timezone.now()

    @property
    def live_from(self) -> datetime.datetime | None:
        """Since when readers see it, a time to come when it is scheduled; None for never."""
        return public_from(self.status, self.published_at, self.copy_of_id)

    @property
    def is_live(self) -> bool:
        """Whether readers may see it now; the same rule as `live()`."""
        return self.live_from is not None and self.live_from <= timezone.now()

    def get_absolute_url(self) -> str:
        """The reader's page."""
        return address_of("articles:article", self.slug)


class OldSlug(models.Model):
    """A slug that an article had; it stays reserved and redirects."""

    slug = models.CharField(max_length=LIMITS["slug"], unique=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="old_slugs")

    class Meta:
        verbose_name = _("old slug")
        verbose_name_plural = _("old slugs")

    def __str__(self) -> str:
        return self.slug
