"""The site's glossary, and where its terms are used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.markup import clean_line, fold
from articles.models.article import Article
from articles.models.named import Named, NamedQuerySet
from articles.models.parts import RelatedTerm
from articles.validation import LIMITS


def folded_name(name: str) -> str:
    """The name as it is compared and stored: folding can make a text longer than its column."""
    return fold(name)[: 2 * LIMITS["term"]]


class TermQuerySet(NamedQuerySet["Term"]):
    """Terms by their names."""

    def named(self, name: str) -> Term:
        """The term that has this name or alias, in any case of letters; made when there is none."""
        found = self.filter(names__folded=folded_name(name)).first()
        return found or self.create(name=clean_line(name), slug=self.free_slug(name))

    def public(self) -> TermQuerySet:
        """What readers may see.

        Terms that a live article is about, names as related or links to, and defined ones that no
        article has named as related: those that only drafts have brought along stay hidden.
        """
        live = Article.objects.live()
        related = RelatedTerm.objects.filter(term=OuterRef("pk"))
        names = TermName.objects.filter(term=OuterRef(OuterRef("pk"))).values("folded")
        return self.filter(
            Exists(live.filter(pk=OuterRef("article")))
            | Exists(related.filter(article__in=live))
            | Exists(TermUse.objects.filter(folded__in=names, article__in=live))
            | (~Q(definition="") & ~Exists(related))
        )

    def used_by(self, folded: Iterable[str]) -> TermQuerySet:
        """The terms that have one of these folded names."""
        return self.filter(names__folded__in=folded).distinct()


class Term(Named):
    """A term of the glossary with its definition; an article may be about it."""

    name = models.CharField(_("term"), max_length=LIMITS["term"], unique=True)
    definition = models.TextField(_("definition"), blank=True, max_length=LIMITS["definition"])
    aliases = models.JSONField(
        _("other names"),
        default=list,
        blank=True,
        help_text=_("Plural forms, abbreviations and other names that mean the same."),
    )
    article = models.ForeignKey(
        "articles.Article",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="terms",
        verbose_name=_("article"),
        help_text=_("An article about this term; links lead there once it is live."),
    )

    objects: ClassVar[Any] = TermQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("term")
        verbose_name_plural = _("terms")

    def clean(self) -> None:
        """Check that no other term has one of the names."""
        super().clean()
        if not isinstance(self.aliases, list) or any(not isinstance(a, str) for a in self.aliases):
            raise ValidationError({"aliases": _("Other names are a list of texts.")})
        others = TermName.objects.filter(folded__in=self.folded_names()).exclude(term=self.pk)
        if clash := others.select_related("term").first():
            message = _("“%(name)s” already names the term “%(term)s”.")
            raise ValidationError(message % {"name": clash.folded, "term": clash.term.name})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep the index of names in step. A name that another term has stays there."""
        self.name = clean_line(self.name)
        super().save(*args, **kwargs)
        wanted = self.folded_names()
        self.names.exclude(folded__in=wanted).delete()
        have = set(self.names.values_list("folded", flat=True))
        missing = [TermName(term=self, folded=name) for name in wanted if name not in have]
        TermName.objects.bulk_create(missing, ignore_conflicts=True)
        # `articles.search.models`, which stands above this module, names it by the foreign key.
        documents: Any = self.search_documents
        documents.keep_term(self)

    def folded_names(self) -> list[str]:
        """Its name and aliases as `[[links]]` are compared with them."""
        names = (folded_name(name) for name in [self.name, *self.aliases])
        return list(dict.fromkeys(name for name in names if name))

    def get_absolute_url(self) -> str:
        """The term's page."""
        return reverse("articles:term", args=[self.slug])


class TermName(models.Model):
    """A folded name or alias of a term: what links are looked up by."""

    term = models.ForeignKey(Term, models.CASCADE, related_name="names")
    folded = models.CharField(max_length=2 * LIMITS["term"], unique=True)

    class Meta:
        verbose_name = _("name of a term")
        verbose_name_plural = _("names of terms")

    def __str__(self) -> str:
        return self.folded


class TermUse(models.Model):
    """A `[[link]]` in a part's text by folded name, known or not, for 'what links here'."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="term_uses")
    part_anchor = models.CharField(max_length=120)
    name = models.CharField(max_length=LIMITS["term"])
    folded = models.CharField(max_length=2 * LIMITS["term"], db_index=True)

    class Meta:
        verbose_name = _("use of a term")
        verbose_name_plural = _("uses of terms")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.part_anchor} → {self.name}"
