"""What becomes of a document that is saved: rows, revisions, and the same document again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from articles import store
from articles.document import (
    Document,
    Fact,
    InfoboxRow,
    Milestone,
    Question,
    Reference,
    RelatedTerm,
    Section,
    canonical,
)
from articles.markup import fold
from articles.models import (
    Article,
    Category,
    Citation,
    RenderedArticle,
    Revision,
    Source,
    Tag,
    Term,
    TermUse,
    User,
)
from articles.validation import LIMITS, Problem, problems
from tests.articles.bridges import BOOK, NOWHERE, PAPER, make_article, make_document
from tests.articles.document_strategies import documents
from timeline.models import Track

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE")


def writes_of(queries: CaptureQueriesContext) -> list[str]:
    """The statements that wrote something."""
    texts = [query["sql"].lstrip() for query in queries.captured_queries]
    return [text for text in texts if text.startswith(WRITES)]


def saved(document: Document, **options: Any) -> Article:
    """Save and return the article."""
    article = store.save(document, **options).article
    assert article is not None
    return article


def reloaded(article: Article) -> Document:
    """What a fresh look at the rows says."""
    return store.load(Article.objects.get(pk=article.pk))


def pks_of(article: Article, related: str) -> dict[str, int]:
    """Anchor -> primary key of the article's rows of one kind."""
    return dict(getattr(article, related).values_list("anchor", "pk"))


# Save and load ------------------------------------------------------------------------------------


def test_a_saved_document_is_loaded_as_it_was() -> None:
    document = make_document()

    assert reloaded(saved(document)) == document


def savable(document: Document) -> Document:
    """The nearest document that may be saved: what a strategy invents is mostly refused."""
    document = replace(
        document,
        category=document.category[: LIMITS["category"]],
        tags=tuple(tag[: LIMITS["tags"]] for tag in document.tags),
        author=document.author[: LIMITS["author"]],
    )
    keys: set[str] = set()
    anchors: set[str] = set()
    changes: dict[str, Any] = {"title": document.title or "Untitled", "slug": "an-article"}
    terms: set[str] = set()
    for name in ("infobox", "sections", "facts", "timeline", "questions", "related_terms"):
        kept = []
        for part in getattr(document, name):
            term = fold(getattr(part, "term", ""))
            alone = replace(document, **EMPTY | {name: (part,)}, title="x", slug="x")
            if problems(alone) or (part.anchor and part.anchor in anchors) or term in terms - {""}:
                continue
            anchors.add(part.anchor)
            terms.add(term)
            kept.append(part)
        changes[name] = tuple(kept)
    references = []
    for reference in document.references:
        reference = replace(reference, source_kind="book", url="", isbn="")
        alone = replace(document, **EMPTY | {"references": (reference,)}, title="x", slug="x")
        if not problems(alone) and reference.key not in keys:
            keys.add(reference.key)
            references.append(reference)
    changes["references"] = tuple(references)
    return canonical(replace(document, **changes))


EMPTY: dict[str, Any] = {
    "infobox": (), "sections": (), "facts": (), "timeline": (), "related_terms": (),
    "questions": (), "references": (),
}  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents.map(savable))
def test_any_document_is_loaded_as_it_was_saved_and_saved_again_it_writes_nothing(
    document: Document,
) -> None:
    with transaction.atomic():
        article = saved(document)
        first = reloaded(article)
        # Names settle on one spelling and parts get anchors; all else is as it was written.
        assert blank_names(first) == blank_names(document)
        with CaptureQueriesContext(connection) as queries:
            assert store.save(document, article=Article.objects.get(pk=article.pk)).revision is None
            assert store.save(first, article=Article.objects.get(pk=article.pk)).revision is None
        assert writes_of(queries) == []
        transaction.set_rollback(True)


def blank_names(document: Document) -> Document:
    """The document without what the site may spell otherwise, and without anchors."""

    def blank(part: Any) -> Any:
        part = replace(part, anchor="")
        return replace(part, tracks=()) if isinstance(part, Milestone) else part

    parts = {
        name: tuple(blank(part) for part in getattr(document, name))
        for name in EMPTY
        if name not in {"references", "related_terms"}
    }
    related = tuple(RelatedTerm(term=fold(part.term)) for part in document.related_terms)
    return replace(document, tags=(), **parts, related_terms=related)


# Saving again -------------------------------------------------------------------------------------


def test_the_same_document_twice_writes_nothing() -> None:
    document = make_document()
    article = saved(document)

    with CaptureQueriesContext(connection) as queries:
        again = store.save(document)

    assert writes_of(queries) == []
    assert (again.article, again.created, again.revision, again.differs) == (
        article,
        False,
        None,
        False,
    )
    assert {change.action for change in again.changes} == {"kept"}
    assert Revision.objects.count() == 1


def test_a_plan_says_what_saving_would_do_and_writes_nothing() -> None:
    saved(make_document())
    changed = make_document(
        facts=(
            replace(make_document().facts[0], label="Oldest still in use"),
            Fact(label="Colour", statement="Mostly grey."),
        )
    )

    with CaptureQueriesContext(connection) as queries:
        planned = store.plan(changed)
    written = store.save(changed)

    assert writes_of(queries) == []
    assert planned.changes == written.changes
    assert [
        (change.action, change.anchor, change.label)
        for change in planned.changes
        if change.action != "kept"
    ] == [
        ("changed", "fact-oldest", "Oldest still in use"),
        ("added", "fact-colour", "Colour"),
        ("removed", "fact-mortar", "Mortar"),
    ]


def test_a_changed_fact_updates_its_own_row_and_no_other_part() -> None:
    document = make_document()
    article = saved(document)
    kinds = ("infoboxrows", "sections", "facts", "milestones", "questions", "references")
    before = {kind: pks_of(article, kind) for kind in (*kinds, "relatedterms")}
    facts = (replace(document.facts[0], statement="It is older than it looks."), document.facts[1])

    with CaptureQueriesContext(connection) as queries:
        result = store.save(replace(document, facts=facts))

    after = {kind: pks_of(article, kind) for kind in before}
    assert after == before
    updates = [text for text in writes_of(queries) if text.startswith("UPDATE")]
    parts = [text for text in updates if "articles_article" not in text.split("SET")[0]]
    # Beside the part's own row what is derived from the article: since when the revision is public,
    # its rendered page, and what a search finds.
    assert [text.split('"')[1] for text in parts] == [
        "articles_fact",
        "articles_revision",
        "articles_renderedarticle",
        "search_searchdocument",
    ]
    assert "CASE WHEN" in parts[0]
    assert parts[0].count(" THEN ") == 1
    assert [c.anchor for c in result.changes if c.action != "kept"] == ["fact-oldest"]
    assert reloaded(article).facts == facts


def test_a_removed_part_loses_its_row() -> None:
    document = make_document()
    article = saved(document)

    store.save(replace(document, timeline=document.timeline[1:]))

    assert [row.anchor for row in article.milestones.all()] == [
        "milestone-anji",
        "milestone-hooke",
    ]


def test_a_change_is_a_revision_with_its_author_kind_and_summary() -> None:
    document = make_document()
    person = User.objects.create(username="nora")
    article = saved(document)

    result = store.save(
        replace(document, short_answer="Shorter."),
        author=person,
        kind=Revision.Kind.EDIT,
        summary="Say it shorter",
    )

    assert result.revision == Revision.objects.get(article=article, number=2)
    assert [
        (r.number, r.kind, r.author, r.summary, r.read().short_answer)
        for r in article.revisions.all()
    ] == [
        (2, "edit", person, "Say it shorter", "Shorter."),
        (1, "import", None, "", document.short_answer),
    ]


def test_the_date_of_change_moves_with_a_change_only() -> None:
    document = make_document()
    article = saved(document)
    first = Article.objects.get(pk=article.pk).changed_at

    store.save(document)
    assert Article.objects.get(pk=article.pk).changed_at == first

    revision = store.save(replace(document, title="Bridges of stone")).revision
    assert revision is not None
    assert Article.objects.get(pk=article.pk).changed_at == revision.created_at > first


def test_a_renderer_with_the_same_rows_keeps_the_index_of_uses() -> None:
    document = make_document()
    article = saved(document)
    uses = list(Citation.objects.values_list("pk", "part_anchor", "key", "place"))

    store.save(replace(document, title="Bridges of stone"))

    assert list(Citation.objects.values_list("pk", "part_anchor", "key", "place")) == uses
    assert [use[1:] for use in uses] == [
        ("short-answer", "heyman1995", "p. 12"),
        ("infobox-row-material", "heyman1995", ""),
        ("section-overview", "huerta2001", ""),
        ("fact-oldest", "huerta2001", "p. 3"),
        ("fact-mortar", "somewhere", ""),
        ("milestone-alcantara", "heyman1995", "p. 30"),
        ("milestone-hooke", "huerta2001", ""),
        ("question-why-do-they-last", "heyman1995", "p. 14"),
    ]
    assert list(TermUse.objects.values_list("article", "part_anchor", "folded")) == [
        (article.pk, "short-answer", "thrust")
    ]


# Anchors ------------------------------------------------------------------------------------------


def without_anchors(document: Document) -> Document:
    """The document as a plain text would give it."""
    names = ("infobox", "sections", "facts", "timeline", "related_terms", "questions")
    return replace(
        document,
        **{n: tuple(replace(part, anchor="") for part in getattr(document, n)) for n in names},
    )


def test_parts_without_anchors_keep_theirs_when_reworded_and_reordered() -> None:
    document = make_document()
    article = saved(document)
    pks = pks_of(article, "facts")
    plain = without_anchors(document)
    oldest, mortar = plain.facts

    store.save(
        replace(
            plain,
            facts=(
                mortar,
                replace(oldest, label="The oldest", statement=oldest.statement + " It is in use."),
            ),
        )
    )

    assert pks_of(article, "facts") == pks
    assert [(fact.anchor, fact.label) for fact in reloaded(article).facts] == [
        ("fact-mortar", "Mortar"),
        ("fact-oldest", "The oldest"),
    ]


def test_a_plain_text_of_the_same_words_writes_nothing() -> None:
    document = make_document()
    saved(document)
    plain = replace(without_anchors(document), category="", tags=(), author="")
    plain = replace(plain, facts=tuple(replace(fact, checked="") for fact in plain.facts))

    with CaptureQueriesContext(connection) as queries:
        assert store.save(plain).differs is False

    assert writes_of(queries) == []


def test_a_retired_anchor_is_not_given_to_another_part() -> None:
    document = make_document()
    article = saved(document)
    saved(replace(document, facts=()))

    store.save(replace(document, facts=(Fact(label="Oldest", statement="Quite another thing."),)))

    assert [fact.anchor for fact in reloaded(article).facts] == ["fact-oldest-2"]
    article.refresh_from_db()
    assert article.retired_anchors == ["fact-mortar", "fact-oldest"]


def test_a_retired_anchor_returns_when_a_document_names_it() -> None:
    document = make_document()
    article = saved(document)
    saved(replace(document, facts=()))

    store.save(document)

    assert reloaded(article) == document


# Names --------------------------------------------------------------------------------------------


def test_names_settle_on_the_spelling_the_site_has() -> None:
    saved(make_document())
    article = saved(
        make_document(
            title="Arches",
            slug="arches",
            category="BUILDING",
            tags=("masonry", "bridges"),
            author="nora pont",
            timeline=(Milestone(date="1675", title="Hooke", tracks=("THEORY",)),),
            related_terms=(RelatedTerm(term="thrust"),),
        )
    )

    document = reloaded(article)
    assert (document.category, document.tags, document.author) == (
        "Building",
        ("Bridges", "Masonry"),
        "Nora Pont",
    )
    assert document.timeline[0].tracks == ("Theory",)
    assert document.related_terms[0].term == "Thrust"
    assert (Category.objects.count(), Tag.objects.count(), Track.objects.count()) == (1, 2, 2)
    assert (Term.objects.count(), User.objects.count()) == (1, 1)


def test_two_spellings_of_a_name_in_one_document_are_one() -> None:
    document = make_document(tags=("Bridges", "bridges"))

    assert reloaded(saved(document)).tags == ("Bridges",)
    assert store.save(document).differs is False


def test_a_name_with_letters_beyond_ascii_is_found_in_any_case() -> None:
    saved(make_document(tags=("Élan",), category="Über"))

    article = saved(make_document(title="B", slug="b", tags=("élan",), category="ÜBER"))

    assert (reloaded(article).tags, reloaded(article).category) == (("Élan",), "Über")
    assert (Tag.objects.count(), Category.objects.count()) == (1, 1)


def test_a_document_may_have_more_names_than_one_condition_of_a_query() -> None:
    saved(make_document(tags=("Tag 7",)))
    tags = tuple(sorted(f"TAG {number}" for number in range(1100)))

    assert store.plan(make_document(title="B", slug="b", tags=tags)).created is True
    assert saved(make_document(title="B", slug="b", tags=tags[760:770])).tags.get(name="Tag 7")


def test_a_definition_fills_an_empty_one_and_never_replaces_one() -> None:
    Term.objects.create(name="Voussoir")
    Term.objects.create(name="Keystone", definition="The last stone.")
    article = saved(
        make_document(
            related_terms=(
                RelatedTerm(term="Voussoir", definition="A stone of an arch."),
                RelatedTerm(term="Keystone", definition="Something else."),
            )
        )
    )

    assert [(part.term, part.definition) for part in reloaded(article).related_terms] == [
        ("Voussoir", "A stone of an arch."),
        ("Keystone", "The last stone."),
    ]


def test_an_author_is_known_by_the_public_name_and_not_by_the_user_name() -> None:
    person = User.objects.create(username="secret-login")
    article = saved(make_document(author="secret-login"))

    assert article.author != person
    assert reloaded(article).author == "secret-login"


def test_an_author_without_a_public_name_stays_unnamed_and_stays_the_author() -> None:
    person = User.objects.create(username="secret-login")
    article = saved(make_document(author=""))
    Article.objects.filter(pk=article.pk).update(author=person)

    assert reloaded(article).author == ""
    store.save(make_document(author="", title="Bridges"))

    assert Article.objects.get(pk=article.pk).author == person


def test_of_two_people_with_one_name_the_author_stays_the_author() -> None:
    User.objects.create(username="first", public_name="Nora Pont")
    second = User.objects.create(username="second", public_name="Nora Pont")
    article = saved(make_document())
    Article.objects.filter(pk=article.pk).update(author=second)

    store.save(make_document(title="Bridges"))

    assert Article.objects.get(pk=article.pk).author == second


# Slugs --------------------------------------------------------------------------------------------


def test_a_document_without_slug_gets_one_from_its_title() -> None:
    assert saved(make_document(title="Brücken aus Stein!", slug="")).slug == "brücken-aus-stein"


def test_an_old_slug_finds_the_article() -> None:
    article = saved(make_document())
    store.rename(article, "bridges-of-stone")

    assert store.find("stone-bridges") == store.find("bridges-of-stone") == article
    result = store.save(make_document(short_answer="By its old name."))

    assert (result.article, result.created) == (article, False)
    assert reloaded(article).slug == "bridges-of-stone"
    assert reloaded(article).short_answer == "By its old name."


def test_an_article_can_have_its_old_slug_back() -> None:
    article = saved(make_document())
    store.rename(article, "bridges-of-stone")
    store.rename(article, "stone-bridges")

    assert article.slug == "stone-bridges"
    assert [old.slug for old in article.old_slugs.all()] == ["bridges-of-stone"]


def test_a_working_copy_is_never_found_by_its_slug() -> None:
    article = saved(make_document())
    Article.objects.create(title="Copy", slug="copy-of-it", copy_of=article)

    assert store.find("copy-of-it") is None


# Swaps, ties and many -----------------------------------------------------------------------------


def test_two_related_terms_can_change_places() -> None:
    one, two = RelatedTerm(anchor="related-term-a", term="Pier"), RelatedTerm(term="Abutment")
    two = replace(two, anchor="related-term-b")
    document = make_document(related_terms=(one, two))
    article = saved(document)

    swapped = replace(
        document, related_terms=(replace(one, term="Abutment"), replace(two, term="Pier"))
    )
    store.save(swapped)
    assert reloaded(article) == swapped

    store.save(replace(swapped, related_terms=swapped.related_terms[::-1]))
    assert [part.term for part in reloaded(article).related_terms] == ["Pier", "Abutment"]


def test_two_references_can_change_keys() -> None:
    document = make_document(references=(BOOK, PAPER, NOWHERE))
    article = saved(document)

    swapped = replace(
        document,
        references=(replace(BOOK, key=PAPER.key), replace(PAPER, key=BOOK.key), NOWHERE),
    )
    store.save(swapped)

    assert reloaded(article) == swapped
    assert dict(article.references.values_list("key", "source__identity")) == {
        "heyman1995": "url:https://example.org/vaults",
        "huerta2001": "isbn:9780521629638",
        "somewhere": None,
    }


def test_three_hundred_references_are_saved_with_their_sources() -> None:
    references = tuple(
        Reference(key=f"k{n:03}", title=f"Source {n}", url=f"https://example.org/{n}")
        for n in range(300)
    )
    article = saved(make_document(references=references))

    assert reloaded(article).references == references
    assert Source.objects.count() == 300
    assert store.save(make_document(references=references)).differs is False


def test_two_articles_lean_on_one_source() -> None:
    saved(make_document())
    saved(make_document(title="Arches", slug="arches"))

    assert [
        (source.identity, source.references.count()) for source in Source.objects.order_by("pk")
    ] == [("isbn:9780521629638", 2), ("url:https://example.org/vaults", 2)]


def test_milestones_of_one_day_stay_in_the_order_of_the_document() -> None:
    titles = ["Delta", "Alpha", "Charlie", "Bravo"]
    timeline = tuple(Milestone(date="1900", title=title) for title in titles)
    earlier = Milestone(date="1899-12-31", title="Before")
    article = saved(make_document(timeline=(*timeline, earlier)))

    assert [m.title for m in reloaded(article).timeline] == ["Before", *titles]
    assert [m.title for m in article.milestones.in_order()] == ["Before", *titles]


def test_milestones_of_one_day_can_change_places() -> None:
    first, second = Milestone(date="1900", title="One"), Milestone(date="1900", title="Two")
    article = saved(make_document(timeline=(first, second)))

    store.save(make_document(timeline=(second, first)))

    assert [m.title for m in reloaded(article).timeline] == ["Two", "One"]
    assert [m.anchor for m in reloaded(article).timeline] == ["milestone-two", "milestone-one"]


# Refused, and broken ------------------------------------------------------------------------------


def test_a_document_that_cannot_be_saved_is_refused_with_every_problem() -> None:
    broken = make_document(
        title="",
        facts=(Fact(statement=""),),
        timeline=(Milestone(date="someday", title="Then"),),
    )

    with pytest.raises(store.Refused) as refused:
        store.save(broken)

    assert [problem.path for problem in refused.value.problems] == [
        "title",
        "facts[0].statement",
        "timeline[0].date",
    ]
    assert refused.value.problems[0] == Problem("title", "An article needs a title.")
    assert not Article.objects.exists()


def snapshot(article: Article) -> dict[str, Any]:
    """Every row of the article, its revisions and its rendered page."""
    rows: dict[str, Any] = {"article": list(Article.objects.filter(pk=article.pk).values())}
    for related in (
        "infoboxrows", "sections", "facts", "milestones", "relatedterms", "questions",
        "references", "citations", "term_uses", "revisions",
    ):  # fmt: skip
        rows[related] = list(getattr(article, related).order_by("pk").values())
    rows["page"] = list(RenderedArticle.objects.filter(article=article).values())
    rows["names"] = [
        list(model._default_manager.order_by("pk").values())
        for model in (Category, Tag, Track, Term, Source, User)
    ]
    return rows


@pytest.mark.django_db(transaction=True)
def test_a_crash_in_the_middle_of_a_save_leaves_the_article_as_it_was() -> None:
    document = make_document()
    article = saved(document, publish=True)
    before = snapshot(article)
    # With this index the second revision is one too many, when all the parts are written.
    table = Revision._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE UNIQUE INDEX one_revision_only ON {table} (article_id)")
    try:
        with pytest.raises(DatabaseError):
            store.save(
                make_document(
                    title="Bridges, changed",
                    category="New category",
                    tags=("New tag",),
                    author="New author",
                    infobox=(InfoboxRow(label="New", value="row"),),
                    sections=(Section(heading="New", body="section"),),
                    facts=(),
                    timeline=(Milestone(date="2000", title="New", tracks=("New track",)),),
                    related_terms=(RelatedTerm(term="New term"),),
                    questions=(Question(question="New?"),),
                    references=(Reference(key="new", url="https://example.org/new"),),
                )
            )
        assert snapshot(article) == before
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX one_revision_only")
    assert reloaded(article) == document


def test_a_title_whose_folded_form_is_longer_than_its_column_is_saved() -> None:
    title = "\ufb03" * 300
    article = saved(
        make_document(title=title, slug="x", related_terms=(RelatedTerm(term="\ufb03" * 200),))
    )

    assert reloaded(article).title == title
    assert store.save(reloaded(article)).differs is False


# Publishing ---------------------------------------------------------------------------------------


def test_a_new_article_is_a_draft_until_it_is_published() -> None:
    document = make_document()
    article = saved(document)
    assert (article.status, article.published_at, article.is_live) == ("draft", None, False)

    result = store.save(document, publish=True)

    assert (result.revision, result.published) == (None, True)
    assert Article.objects.live().get() == article
    assert store.save(document, publish=True).published is False


def test_loading_many_articles_takes_as_many_queries_as_loading_one() -> None:
    for number in range(3):
        make_article(title=f"Number {number}")

    counts = []
    for articles in (Article.objects.filter(slug="number-0"), Article.objects.all()):
        with CaptureQueriesContext(connection) as queries:
            loaded = [store.load(article) for article in store.prefetched(articles)]
        counts.append(len(queries))
        assert [document.slug for document in loaded] == [a.slug for a in articles]

    assert counts[0] == counts[1]
