"""Which articles belong together, and why."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, Tag
from articles.models.terms import Term


class RelatedArticleQuerySet(models.QuerySet["RelatedArticle"]):
    """Related articles."""

    def shown_below(self, article: int, now: datetime.datetime) -> RelatedArticleQuerySet:
        """Those related to the article of this key that are live now, the nearest first."""
        live = Article.objects.live(now).filter(pk=OuterRef("other"))
        return self.filter(Exists(live), article=article).order_by("-score", "other")


class RelatedArticle(models.Model):
    """That an article has something in common with another one. Derived; see `related.relate`.

    Each pair has a row for either side.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="relations")
    other = models.ForeignKey(Article, models.CASCADE, related_name="+")
    score = models.PositiveIntegerField()
    links_there = models.BooleanField(default=False)
    links_here = models.BooleanField(default=False)
    # How many of each both have, and the least common of them.
    sources = models.PositiveIntegerField(default=0)
    terms = models.PositiveIntegerField(default=0)
    tags = models.PositiveIntegerField(default=0)
    term = models.ForeignKey(Term, models.SET_NULL, null=True, related_name="+")
    tag = models.ForeignKey(Tag, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[Any] = RelatedArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("related article")
        verbose_name_plural = _("related articles")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "other"], name="articles_relatedarticle_pair"
            )
        ]
        indexes = [
            models.Index(fields=["article", "-score", "other"], name="articles_relatedarticle_near")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} → {self.other_id}"
