"""Revisions, and the one derived row that a page view reads."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import document as documents
from articles.models.article import Article
from articles.models.stored_page import StoredPageField


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Revisions of articles."""

    def public(self) -> RevisionQuerySet:
        """What readers may see: revisions that were on the site at some time, of live articles.

        Never among them is a text that was replaced before its article was live, or while it was
        withdrawn or had still to come.
        """
        return self.filter(Article.objects.live().of(), public_from__lte=timezone.now())

    def settle_public(self, article: Article, *, at: datetime.datetime | None = None) -> None:
        """Write down from when readers may see the newest revision of an article, if they may.

        To be called in the transaction of whatever writes a revision, a status or a date of
        publication. `at` is the time of that, now by default; `article` is as it is saved.
        """
        now = at or timezone.now()
        revisions = self.filter(article=article)
        # What had still to come was replaced, withdrawn or put off: it has not been there.
        revisions.filter(public_from__gt=now).update(public_from=None)
        if article.status != Article.Status.PUBLISHED or article.copy_of_id is not None:
            return
        newest = revisions.order_by("-number").values_list("pk", flat=True)[:1]
        revisions.filter(pk__in=list(newest), public_from=None).update(
            public_from=max(now, article.published_at or now)
        )

    def latest_of(self, article: Article) -> Revision | None:
        """The newest revision of an article, or None."""
        return self.filter(article=article).order_by("-number").first()

    def last_seen(self, article: Article) -> Revision | None:
        """The newest revision of an article that was ever public, or None."""
        return self.filter(article=article, public_from__isnull=False).order_by("-number").first()


class Revision(models.Model):
    """A numbered, immutable document of an article."""

    class Kind(models.TextChoices):
        """How the revision came about."""

        EDIT = "edit", _("Edited")
        IMPORT = "import", _("Imported")
        RESTORE = "restore", _("Restored")
        MERGE = "merge", _("Working copy published")

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    document = models.JSONField(_("document"))
    content_hash = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    created_at = models.DateTimeField(_("date"), auto_now_add=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    # Since when readers have been able to see it: null when they never were. See `settle_public`.
    public_from = models.DateTimeField(null=True, editable=False, db_index=True)
    # What it changed of what readers saw before, in sentences: see `articles.summaries`.
    changes = models.JSONField(null=True, editable=False)

    objects: ClassVar[Any] = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                "article",
                "number",
                name="articles_revision_number",
                violation_error_message=_("Somebody saved this article at the same moment."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.article} · {self.number}"

    @property
    def was_made_in_public(self) -> bool:
        """Whether it changed a text that readers saw, so that its summary is about that text."""
        return self.public_from == self.created_at

    def read(self) -> documents.Document:
        """The document, brought to today's format."""
        return documents.from_dict(self.document)


class RenderedArticle(models.Model):
    """What a page view reads of an article: derived from its rows, rebuilt by `manage.py rebuild`.

    `page` holds the parts but the milestones in page order, with sanitised HTML and plain text, the
    numbers of the references and the run of milestones' sources; see `rendering.py` for its shape.
    """

    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, related_name="rendered"
    )
    page = StoredPageField()
    # The version of `rendering` that made it: an older one is renewed after an upgrade.
    renderer = models.PositiveSmallIntegerField(default=0, db_index=True)
    revision_number = models.PositiveIntegerField(default=0)
    summary = models.TextField(blank=True)
    statement_count = models.PositiveIntegerField(default=0)
    sourced_count = models.PositiveIntegerField(default=0)
    last_verified = models.DateField(null=True)
    # The name of its picture for links elsewhere, or '' while none is drawn; see `cards`.
    card = models.CharField(max_length=32, blank=True, default="", db_index=True)

    class Meta:
        verbose_name = _("rendered article")
        verbose_name_plural = _("rendered articles")
        indexes = [
            # Those with most statements that want a source, for the front page.
            models.Index(
                (F("statement_count") - F("sourced_count")).desc(),
                F("article").desc(),
                name="articles_rendered_wanted",
            ),
            # Pages are long: sums are read from here.
            models.Index(
                fields=["article", "statement_count", "sourced_count"],
                name="articles_rendered_counts",
            ),
        ]

    def __str__(self) -> str:
        return str(self.article)
