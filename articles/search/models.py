"""What can be found, one row for each thing, and the words that a mistyped one may have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.search.entries import INDEX_VERSION, Entry, Kind, term_entry
from articles.search.words import fold_text, fold_word, language_of, marks_of, other_forms, split
from articles.validation import LIMITS

if TYPE_CHECKING:
    from articles.models import Term

LONGEST_KEY = 200
# A loose index scan: DISTINCT would read every row.
LANGUAGES = """
    WITH RECURSIVE step (language) AS (
        SELECT min(language) FROM search_searchdocument
        UNION ALL
        SELECT (
            SELECT min(language) FROM search_searchdocument AS d WHERE d.language > step.language
        )
        FROM step WHERE step.language IS NOT NULL
    )
    SELECT language FROM step WHERE language IS NOT NULL LIMIT 40
"""
KIND_NAMES = {
    Kind.ARTICLE.value: _("Articles"),
    Kind.SECTION.value: _("Sections"),
    Kind.FACT.value: _("Facts"),
    Kind.MILESTONE.value: _("Milestones"),
    Kind.QUESTION.value: _("Questions"),
    Kind.TERM.value: _("Terms"),
}


class SearchDocumentQuerySet(models.QuerySet["SearchDocument"]):
    """Documents of articles and of terms."""

    def languages(self) -> list[str]:
        """The languages that texts are written in, at most 40, each read from the index once."""
        with connection.cursor() as cursor:
            cursor.execute(LANGUAGES)
            return [language for (language,) in cursor.fetchall()]

    def keep_term(self, term: Term) -> None:
        """Make the index say what the term says; nothing is written when it does."""
        wanted = self.model.of(term_entry(term), language=settings.LANGUAGE_CODE, term=term)
        found = self.filter(term=term).first()
        if found is None:
            wanted.save()
        elif found.take(wanted):
            found.save()
        Word.objects.learn([wanted])


class SearchDocument(models.Model):
    """One thing that a search can find: an article, one of its parts, or a term.

    The first columns are small and come first, so that SQLite reads them without the texts. The
    four columns of words are what both databases index, made by `words.py`: SQLite in tables of
    its own, PostgreSQL in the column `vector`; see `tables.py`. Whether readers may see
    what is found is asked of the article or term at every search, never kept here.
    """

    article = models.ForeignKey(
        "articles.Article", models.CASCADE, null=True, related_name="search_documents"
    )
    term = models.ForeignKey(
        "articles.Term", models.CASCADE, null=True, related_name="search_documents"
    )
    category = models.ForeignKey(
        "articles.Category", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=KIND_NAMES)
    language = models.CharField(max_length=LIMITS["language"])
    version = models.PositiveSmallIntegerField()
    # The folded title of an article or term, to be compared as a whole; '' for parts.
    key = models.CharField(max_length=LONGEST_KEY, blank=True)
    title_words = models.TextField(blank=True)
    words = models.TextField(blank=True)
    # Stems and joined compounds, so far as they are no words of the texts themselves.
    other_forms = models.TextField(blank=True)
    # What filters look for (`_kfact`, `_kfact_c12_len`), and the words of the title (`_tword`).
    marks = models.TextField(blank=True)

    anchor = models.CharField(max_length=120, blank=True)
    # Where the part stands among those of its kind, and whether its page is the article's first.
    position = models.PositiveIntegerField(default=0)
    on_first_page = models.BooleanField(default=True)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    date = models.CharField(max_length=LIMITS["date"], blank=True)
    sourced = models.BooleanField(null=True)
    checked = models.DateField(null=True)

    objects: ClassVar[Any] = SearchDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        indexes = [
            models.Index(
                fields=["key"],
                name="search_document_key",
                condition=~Q(key=""),
                opclasses=["varchar_pattern_ops"],
            ),
            models.Index(fields=["language"], name="search_document_language"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "kind", "anchor"], name="search_document_part"
            ),
            models.UniqueConstraint(fields=["term"], name="search_document_term"),
            models.CheckConstraint(
                condition=Q(article__isnull=False, term__isnull=True)
                | Q(article__isnull=True, term__isnull=False),
                name="search_document_owner",
                violation_error_message=_("A document belongs to an article or to a term."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"

    @classmethod
    def of(
        cls, entry: Entry, *, language: str, category_id: int | None = None, **owner: Any
    ) -> Any:
        """A document, not saved, that says what the entry says; `owner`: `article=` or `term=`."""
        title_words = split(entry.title)
        names = [word for name in entry.names for word in split(name)]
        whole = "\n".join((entry.title, *entry.names, entry.text, entry.hidden))
        forms = other_forms(whole, language)
        in_title = other_forms("\n".join((entry.title, *entry.names)), language)
        marks = marks_of(entry.kind, category_id, fold_word(language_of(language)))
        marks += sorted({f"_t{word}" for word in (*title_words, *names, *in_title)})
        is_named = entry.kind in {Kind.ARTICLE, Kind.TERM}
        return cls(
            category_id=category_id,
            kind=entry.kind,
            language=language,
            version=INDEX_VERSION,
            key=fold_text(entry.title)[:LONGEST_KEY] if is_named else "",
            title_words=" ".join([*title_words, *names]),
            words=" ".join(split(f"{entry.text}\n{entry.hidden}")),
            other_forms=" ".join(forms),
            marks=" ".join(marks),
            anchor=entry.anchor,
            position=entry.position,
            on_first_page=entry.on_first_page,
            title=entry.title,
            text=entry.text,
            date=entry.date,
            sourced=entry.sourced,
            checked=entry.checked,
            **owner,
        )

    def take(self, other: SearchDocument) -> bool:
        """Say what `other` says; whether that changes anything. Saves nothing."""
        changed = False
        for name in DERIVED:
            if getattr(self, name) != getattr(other, name):
                setattr(self, name, getattr(other, name))
                changed = True
        return changed


# All columns but the keys: what `take` takes and a renewal writes.
DERIVED = tuple(
    field.attname
    for field in SearchDocument._meta.concrete_fields
    if field.name not in {"id", "article", "term"}
)


class WordQuerySet(models.QuerySet["Word"]):
    """The words of all texts."""

    def learn(self, documents: list[SearchDocument]) -> None:
        """Add the words of these documents that are not there yet."""
        words = {
            word
            for document in documents
            for word in f"{document.title_words} {document.words}".split()
            if SHORTEST_WORD <= len(word) <= LONGEST_WORD and word.isalpha()
        }
        missing = words.difference(
            self.filter(text__in=sorted(words)).values_list("text", flat=True) if words else ()
        )
        # In one order, so that two editors at once wait for each other instead of forever.
        rows = [Word(text=word) for word in sorted(missing)]
        Word.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


SHORTEST_WORD, LONGEST_WORD = 4, 40


class Word(models.Model):
    """A folded word of some text, live or not, to find what a mistyped one may have meant.

    A suggestion is made only after a search for it has found something that readers may see.
    """

    text = models.CharField(max_length=LONGEST_WORD, unique=True)

    objects: ClassVar[Any] = WordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")

    def __str__(self) -> str:
        return self.text
