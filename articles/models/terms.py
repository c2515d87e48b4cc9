"""The site's glossary, and where its terms are used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from articles.addresses import address_of
from articles.alphabet import OTHER, letter_of
from articles.markup import clean_line, fold, searchable
from articles.models.article import Article
from articles.models.named import Named, NamedQuerySet
from articles.models.parts import RelatedTerm
from articles.slugs import MAX_LENGTH, make_slug
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

    def defined(self) -> TermQuerySet:
        """Those with a definition or an article about them, live or not.

        Their names mean them even where an article has such a name as its title. Others are there
        only because some article, a draft perhaps, lists them: they take no links from an article.
        """
        return self.exclude(definition="", article=None)

    def public(self) -> TermQuerySet:
        """What readers may see.

        Terms that a live article is about, names as related or links to, and defined ones that no
        article has named as related: those that only drafts have brought along stay hidden.
        """
        live = Article.objects.live()
        # Asked of each by itself: a list of all live articles would be made for every question.
        is_live = Exists(live.filter(pk=OuterRef("article")))
        related = RelatedTerm.objects.filter(term=OuterRef("pk"))
        names = TermName.objects.filter(term=OuterRef(OuterRef("pk"))).values("folded")
        return self.filter(
            Exists(live.filter(pk=OuterRef("article")))
            | Exists(related.filter(is_live))
            | Exists(TermUse.objects.filter(is_live, folded__in=names))
            | (~Q(definition="") & ~Exists(related))
        )

    def glossary(self) -> TermQuerySet:
        """What the glossary lists: public terms with a definition, or a live article about them."""
        about = Article.objects.live().filter(pk=OuterRef("article"))
        return self.public().filter(~Q(definition="") | Exists(about))

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
        wanted = {row.folded: row for row in self._index()}
        self.names.exclude(folded__in=wanted).delete()
        for row in self.names.all():
            fresh = wanted.pop(row.folded)
            if any(getattr(row, column) != getattr(fresh, column) for column in row.columns):
                fresh.pk = row.pk
                fresh.save(update_fields=row.columns)
        TermName.objects.bulk_create(wanted.values(), ignore_conflicts=True)
        # `articles.search.models`, which stands above this module, names it by the foreign key.
        documents: Any = self.search_documents
        documents.keep_term(self)

    def folded_names(self) -> list[str]:
        """Its name and aliases as `[[links]]` are compared with them."""
        return [row.folded for row in self._index()]

    def _index(self) -> list[TermName]:
        """The rows of its names; a name that folds to an earlier one is left out."""
        rows: dict[str, TermName] = {}
        for name in map(clean_line, [self.name, *self.aliases]):
            if folded := folded_name(name):
                rows.setdefault(folded, TermName.of(self, name, is_alias=bool(rows)))
        return list(rows.values())

    def get_absolute_url(self) -> str:
        """The term's page."""
        return address_of("articles:term", self.slug)


class TermNameQuerySet(models.QuerySet["TermName"]):
    """Entries of the glossary."""

    def glossary(self) -> TermNameQuerySet:
        """The names and aliases that readers find in the glossary, in its order."""
        shown = Term.objects.glossary().filter(pk=OuterRef("term"))
        return self.filter(Exists(shown)).order_by("letter", "order", "pk")

    def before(self, entry: TermName) -> TermNameQuerySet:
        """The entries before this one, the nearest first."""
        same = Q(letter=entry.letter)
        # The first says where in the index to begin, and follows from the others.
        return self.filter(
            Q(letter__lte=entry.letter),
            Q(letter__lt=entry.letter)
            | (same & Q(order__lt=entry.order))
            | (same & Q(order=entry.order, pk__lt=entry.pk)),
        ).order_by("-letter", "-order", "-pk")

    def behind(self, entry: TermName) -> TermNameQuerySet:
        """The entries behind this one, the nearest first."""
        same = Q(letter=entry.letter)
        return self.filter(
            Q(letter__gte=entry.letter),
            Q(letter__gt=entry.letter)
            | (same & Q(order__gt=entry.order))
            | (same & Q(order=entry.order, pk__gt=entry.pk)),
        ).order_by("letter", "order", "pk")


class TermName(models.Model):
    """A name or alias of a term: what links are looked up by, and an entry of the glossary."""

    # What follows from the name, beside `folded`.
    columns: ClassVar[tuple[str, ...]] = ("name", "is_alias", "slug", "letter", "order")

    term = models.ForeignKey(Term, models.CASCADE, related_name="names")
    folded = models.CharField(max_length=2 * LIMITS["term"], unique=True)
    name = models.CharField(max_length=LIMITS["term"], default="")
    is_alias = models.BooleanField(default=False)
    slug = models.CharField(max_length=MAX_LENGTH, default="", db_index=True)
    # Its place in the glossary: the letter it stands under, and among the names of that letter.
    letter = models.CharField(max_length=4, default=OTHER)
    order = models.CharField(max_length=4 * LIMITS["term"], default="")

    objects: ClassVar[Any] = TermNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("name of a term")
        verbose_name_plural = _("names of terms")
        indexes = [models.Index(fields=["letter", "order", "id"], name="articles_termname_order")]

    def __str__(self) -> str:
        return self.folded

    @classmethod
    def of(cls, term: Term, name: str, *, is_alias: bool) -> TermName:
        """The row of a clean name, not saved."""
        return cls(
            term=term,
            folded=folded_name(name),
            name=name[: LIMITS["term"]],
            is_alias=is_alias,
            slug=make_slug(name),
            letter=letter_of(name),
            order=searchable(name)[: 4 * LIMITS["term"]],
        )


class TermUse(models.Model):
    """A `[[link]]` in a part's text by folded name, known or not, for 'what links here'."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="term_uses")
    part_anchor = models.CharField(max_length=120)
    name = models.CharField(max_length=LIMITS["term"])
    folded = models.CharField(max_length=2 * LIMITS["term"], db_index=True)
    # What a list of uses shows of the part: what it is called, and the sentence with the link.
    label = models.CharField(max_length=LIMITS["question"], blank=True, default="")
    excerpt = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("use of a term")
        verbose_name_plural = _("uses of terms")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.part_anchor} → {self.name}"
