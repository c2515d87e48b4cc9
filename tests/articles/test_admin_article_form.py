"""The form that edits a whole article: it opens, it saves, it says what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from articles import store
from articles.document import Fact, Reference, RelatedTerm, Section
from articles.models import Article, Revision, Term, User
from articles.models.references import Source
from tests.articles.admin_forms import (
    add_row,
    change_url,
    errors_in,
    form_data,
    open_form,
    row_of,
)
from tests.factories import make_article, make_user, milestones, references

pytestmark = pytest.mark.django_db

CHECK_DIGIT = "The check digit of this ISBN does not fit; compare it with the book."
NO_CHOICE = "Select a valid choice. rumour is not one of the available choices."


@pytest.fixture
def editor(client: Client) -> User:
    """An editor who is signed in."""
    user = make_user("Editor", public_name="Edith Clarke")
    client.force_login(user)
    return user


def save(client: Client, article: Article, data: dict[str, Any]) -> None:
    """Send the form; it must be accepted."""
    response = client.post(change_url(article), data)
    assert (errors_in(response), response.status_code) == ([], 302)


def refused(client: Client, article: Article, data: dict[str, Any]) -> list[str]:
    """Send the form; it must be refused and change nothing. What the page says is wrong."""
    before = store.load(Article.objects.get(pk=article.pk))
    response = client.post(change_url(article), data)
    assert response.status_code == 200
    assert store.load(Article.objects.get(pk=article.pk)) == before
    return errors_in(response)


def loaded(article: Article) -> Any:
    """What the article says now."""
    return store.load(Article.objects.get(pk=article.pk))


class TestOpeningAndSaving:
    @pytest.mark.parametrize(("events", "sources"), [(10, 5), (60, 40)], ids=["small", "large"])
    def test_the_form_opens_with_as_many_queries_for_many_parts_as_for_few(
        self, client, editor, django_assert_num_queries, events, sources
    ):
        article = make_article(timeline=milestones(events), references=references(sources))
        open_form(client, article)  # The kinds of content are read once a process.
        with django_assert_num_queries(24):
            response = client.get(change_url(article))
        assert form_data(response)["milestones-TOTAL_FORMS"] == str(events)
        assert form_data(response)["references-TOTAL_FORMS"] == str(sources)

    @pytest.mark.parametrize(("events", "sources"), [(10, 5), (60, 40)], ids=["small", "large"])
    def test_saving_one_changed_milestone_costs_the_same_among_many(
        self, client, editor, django_assert_num_queries, events, sources
    ):
        article = make_article(timeline=milestones(events), references=references(sources))
        data = open_form(client, article) | {"milestones-3-title": "Another event"}
        with django_assert_num_queries(102):
            client.post(change_url(article), data)
        assert [part.title for part in loaded(article).timeline][3] == "Another event"

    def test_saving_an_untouched_form_writes_no_revision_and_changes_nothing(self, client, editor):
        article = make_article(timeline=milestones(60), references=references(40))
        before = loaded(article)
        rows = list(article.milestones.values())
        save(client, article, open_form(client, article))
        assert loaded(article) == before
        assert list(article.milestones.values()) == rows
        assert article.revisions.count() == 1

    def test_every_kind_of_part_is_changed_and_added_in_one_save(self, client, editor):
        article = make_article()
        before = loaded(article)
        data = open_form(client, article)
        data["title"] = "Stones and signs"
        data["infoboxrows-0-value"] = "Roads"
        data["sections-1-body"] = "New text.\r\n\r\n- one\r\n- two"
        data[row_of(data, "facts", "label", "Oldest") + "checked"] = "2026-02-03"
        data["questions-0-answer"] = "The state."
        data["milestones-1-tracks"] = [data["milestones-0-tracks"]]
        add_row(data, "infoboxrows", label="Length", value="Miles")
        add_row(data, "sections", heading="Metal", level="2", body="Iron followed.")
        add_row(data, "facts", statement="A third fact.")
        add_row(data, "milestones", date="1940s", title="Signs removed")
        add_row(data, "relatedterms", term_name="Via Appia", definition="A road of Rome.")
        add_row(data, "questions", question="Why stone?", answer="It lasts.")
        add_row(
            data, "references", key="ray2020", source_kind="web", title="Signs",
            authors="Ray, A.\r\nRay, B.", year="2020", doi="https://doi.org/10.1000/ABC",
        )  # fmt: skip
        save(client, article, data | {"summary": "Much  new"})

        document = loaded(article)
        assert document.title == "Stones and signs"
        assert [row.value for row in document.infobox] == ["Roads", "Antiquity", "Miles"]
        assert document.sections[1].body == "New text.\n\n- one\n- two"
        assert document.sections[2] == Section(
            anchor="section-metal", heading="Metal", body="Iron followed."
        )
        assert document.facts[0].checked == "2026-02-03"
        assert document.facts[2] == Fact(anchor="fact-a-third-fact", statement="A third fact.")
        assert [(part.date, part.title, part.tracks) for part in document.timeline] == [
            ("-0299", "First milestones", ("Law",)),
            ("1908", "Signs agreed in Paris", ("Law",)),
            ("194X", "Signs removed", ()),
            ("1968-11-08", "Vienna convention", ()),
        ]
        assert document.related_terms[1] == RelatedTerm(
            anchor="related-term-via-appia", term="Via Appia", definition="A road of Rome."
        )
        assert [part.answer for part in document.questions] == ["The state.", "It lasts."]
        assert document.references[2] == Reference(
            key="ray2020", source_kind="web", title="Signs", authors=("Ray, A.", "Ray, B."),
            year="2020", doi="10.1000/abc",
        )  # fmt: skip
        old = {part.anchor for part in before.parts()}
        assert old <= {part.anchor for part in document.parts()}

    def test_a_save_is_kept_as_a_revision_of_exactly_what_the_rows_say(self, client, editor):
        article = make_article()
        data = open_form(client, article) | {"title": "Signs", "summary": "Shorter title"}
        save(client, article, data)
        revision = Revision.objects.latest_of(article)
        assert revision.read() == loaded(article)
        assert (revision.number, revision.kind, revision.author, revision.summary) == (
            2, "edit", editor, "Shorter title",
        )  # fmt: skip
        assert Article.objects.get(pk=article.pk).changed_at == revision.created_at
        assert article.rendered.revision_number == 2

    def test_a_summary_of_a_save_that_makes_no_revision_is_in_the_log(self, client, editor):
        article = make_article()
        data = open_form(client, article) | {"status": "withdrawn", "summary": "Too early"}
        save(client, article, data)
        assert article.revisions.count() == 1
        assert LogEntry.objects.latest("pk").get_change_message() == (
            "Changed Status and What changed, in a few words: Too early."
        )

    def test_a_new_article_is_a_draft_with_its_parts_and_a_first_revision(self, client, editor):
        address = "/admin/articles/article/add/"
        data = form_data(client.get(address)) | {"title": "Mile  zero"}
        add_row(data, "facts", statement="Where roads begin.")
        response = client.post(address, data)
        assert (errors_in(response), response.status_code) == ([], 302)
        article = Article.objects.get(slug="mile-zero")
        assert (article.title, article.status) == ("Mile zero", "draft")
        assert article.author == editor
        assert [fact.anchor for fact in article.facts.all()] == ["fact-where-roads-begin"]
        assert Revision.objects.latest_of(article).number == 1

    def test_texts_are_cleaned_as_the_document_cleans_them(self, client, editor):
        article = make_article()
        data = open_form(client, article)
        data["title"] = "  Road\x00 \tsigns\u202e  "
        data["facts-0-statement"] = "One\r\nline\x1b."
        data["sections-0-body"] = "\r\n\r\nOne.   \r\n\r\n\r\n\r\nTwo.\r\n"
        save(client, article, data)
        document = loaded(article)
        assert document.title == "Road signs"
        assert document.facts[0].statement == "One line."
        assert document.sections[0].body == "One.\n\nTwo."
        assert article.sections.first().body == "One.\n\nTwo."

    def test_tags_and_category_are_kept_in_the_revision(self, client, editor):
        article = make_article()
        other = make_article(title="Other", category="Geography", tags=("maps",))
        data = open_form(client, article)
        data["category"] = str(other.category_id)
        data["tags"] = [str(other.tags.get().pk)]
        save(client, article, data)
        document = Revision.objects.latest_of(article).read()
        assert (document.category, document.tags) == ("Geography", ("maps",))


class TestDates:
    @pytest.mark.parametrize(
        ("typed", "stored", "shown"),
        [
            ("12 June 2017", "2017-06-12", "12 June 2017"),
            ("c. 44 BC", "-0043~", "c. 44 BC"),
            ("1940s", "194X", "1940s"),
            ("1914–1918", "1914/1918", "1914–1918"),
            ("since 2012", "2012/..", "since 2012"),
        ],
        ids=["day", "circa", "decade", "range", "open"],
    )
    def test_a_typed_date_is_stored_as_edtf_and_said_back_in_words(
        self, client, editor, typed, stored, shown
    ):
        article = make_article(timeline=())
        data = open_form(client, article)
        add_row(data, "milestones", date=typed, title="Something")
        save(client, article, data)
        assert article.milestones.get().date == stored
        page = client.get(change_url(article)).content.decode()
        assert f'<span class="understood">understood as {shown}</span>' in page

    def test_a_date_that_is_none_is_refused_at_its_field_and_stays_typed(self, client, editor):
        article = make_article()
        data = open_form(client, article) | {"milestones-1-date": "03/04/2017"}
        assert refused(client, article, data) == [
            "“03/04/2017” could be two different days: write it like 12 June 2017 or 2017-06-12."
        ]
        response = client.post(change_url(article), data)
        assert form_data(response)["milestones-1-date"] == "03/04/2017"


class TestOrderAndAnchors:
    def test_a_position_between_two_others_puts_the_part_there(self, client, editor):
        article = make_article(facts=tuple(Fact(statement=letter) for letter in "abcd"))
        data = open_form(client, article)
        assert [data[f"facts-{n}-place"] for n in range(4)] == ["10", "20", "30", "40"]
        save(client, article, data | {"facts-3-place": "15"})
        assert [fact.statement for fact in loaded(article).facts] == ["a", "d", "b", "c"]

    def test_a_part_without_a_position_comes_last(self, client, editor):
        article = make_article(facts=tuple(Fact(statement=letter) for letter in "ab"))
        data = open_form(client, article)
        add_row(data, "facts", statement="c")
        save(client, article, data | {"facts-0-place": ""})
        assert [fact.statement for fact in loaded(article).facts] == ["b", "a", "c"]

    def test_rewording_keeps_the_anchor(self, client, editor):
        article = make_article()
        data = open_form(client, article)
        data |= {"facts-0-label": "Eldest", "sections-0-heading": "At a glance"}
        save(client, article, data)
        document = loaded(article)
        assert (document.facts[0].anchor, document.facts[0].label) == ("fact-oldest", "Eldest")
        assert document.sections[0].anchor == "section-overview"

    def test_a_deleted_anchor_goes_to_no_new_part(self, client, editor):
        article = make_article()
        data = open_form(client, article) | {"facts-0-DELETE": "on"}
        add_row(data, "facts", label="Oldest", statement="Another one.")
        save(client, article, data)
        assert [fact.anchor for fact in loaded(article).facts] == [
            "fact-nobody-has-counted-them", "fact-oldest-2",
        ]  # fmt: skip
        assert Article.objects.get(pk=article.pk).retired_anchors == ["fact-oldest"]
        data = open_form(client, article)
        add_row(data, "facts", label="Oldest", statement="A third.")
        save(client, article, data)
        assert loaded(article).facts[-1].anchor == "fact-oldest-3"


class TestReferences:
    def test_a_changed_key_makes_the_anchor_anew(self, client, editor):
        article = make_article()
        save(client, article, open_form(client, article) | {"references-1-key": "leaflet1990"})
        assert list(article.references.values_list("key", "anchor")) == [
            ("cowper2001", "reference-cowper2001"),
            ("leaflet1990", "reference-leaflet1990"),
        ]

    def test_two_references_can_swap_their_keys(self, client, editor):
        article = make_article()
        data = open_form(client, article)
        data |= {"references-0-key": "unclear", "references-1-key": "cowper2001"}
        save(client, article, data)
        assert list(article.references.values_list("key", "title")) == [
            ("unclear", "Roads and Stones"),
            ("cowper2001", "A leaflet"),
        ]

    def test_a_key_that_is_freed_can_be_used_in_the_same_save(self, client, editor):
        article = make_article()
        data = open_form(client, article)
        data |= {"references-0-DELETE": "on", "references-1-key": "cowper2001"}
        save(client, article, data)
        assert list(article.references.values_list("key", "title")) == [("cowper2001", "A leaflet")]

    def test_a_key_twice_is_refused_at_the_second(self, client, editor):
        article = make_article()
        data = open_form(client, article) | {"references-1-key": "cowper2001"}
        assert refused(client, article, data) == ["This stands in the list twice."]

    def test_a_reference_finds_the_source_that_another_article_has(self, client, editor):
        shared = (Reference(key="a", doi="10.1000/1"),)
        first = make_article(title="First", references=shared)
        article = make_article(title="Second")
        data = open_form(client, article)
        data |= {"references-1-doi": "doi:10.1000/1"}
        save(client, article, data)
        source = first.references.get().source
        assert article.references.get(key="unclear").source == source
        assert Source.objects.filter(identity="doi:10.1000/1").count() == 1

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("doi", "11.1000", "This is not a DOI: it should look like 10.1038/nature14539."),
            ("isbn", "978-0-19-853453-1", CHECK_DIGIT),
            ("url", "javascript:alert(1)", "A web address begins with https:// or http://."),
            ("key", "two words", "Use letters, digits and - _ . or :"),
            ("key", "", "This field is required."),
            ("source_kind", "rumour", NO_CHOICE),
            ("accessed", "yesterday", "Enter a valid date."),
            ("authors", "x" * 201, "A line is longer than 200 characters."),
        ],
        ids=["doi", "isbn", "url", "key", "no key", "kind", "accessed", "authors"],
    )  # fmt: skip
    def test_a_wrong_value_is_refused_with_a_sentence(self, client, editor, field, value, message):
        article = make_article()
        data = open_form(client, article) | {f"references-1-{field}": value}
        assert refused(client, article, data) == [message]


class TestRelatedTerms:
    def test_an_alias_means_the_term_it_belongs_to(self, client, editor):
        term = Term.objects.create(name="Global Positioning System", aliases=["GPS"])
        article = make_article()
        data = open_form(client, article)
        add_row(data, "relatedterms", term_name="gps")
        save(client, article, data)
        assert article.relatedterms.last().term == term
        assert Term.objects.count() == 2

    def test_two_names_of_one_term_are_refused(self, client, editor):
        Term.objects.create(name="Global Positioning System", aliases=["GPS"])
        article = make_article()
        data = open_form(client, article)
        add_row(data, "relatedterms", term_name="GPS")
        add_row(data, "relatedterms", term_name="global positioning system")
        assert refused(client, article, data) == ["This stands in the list twice."]

    def test_two_related_terms_can_change_places(self, client, editor):
        terms = (RelatedTerm(term="Road"), RelatedTerm(term="Stone"))
        article = make_article(related_terms=terms)
        data = open_form(client, article)
        data |= {"relatedterms-0-term_name": "Stone", "relatedterms-1-term_name": "Road"}
        save(client, article, data)
        assert [part.term for part in loaded(article).related_terms] == ["Stone", "Road"]

    def test_a_definition_that_the_term_has_is_not_overwritten(self, client, editor):
        term = Term.objects.create(name="Verge", definition="The edge.")
        article = make_article()
        data = open_form(client, article)
        add_row(data, "relatedterms", term_name="verge", definition="Another meaning.")
        assert refused(client, article, data) == [
            "“Verge” has a definition already; change it on the page of the term."
        ]
        term.refresh_from_db()
        assert term.definition == "The edge."

    def test_an_empty_definition_is_filled(self, client, editor):
        term = Term.objects.create(name="Verge")
        article = make_article(related_terms=(RelatedTerm(term="Verge"),))
        data = open_form(client, article) | {"relatedterms-0-definition": "The edge."}
        save(client, article, data)
        term.refresh_from_db()
        assert term.definition == "The edge."


class TestSlugs:
    def test_a_changed_slug_leaves_the_old_one_as_a_way_to_the_new(self, client, editor):
        article = make_article(title="Road signs", live=True)
        save(client, article, open_form(client, article) | {"slug": "signs"})
        client.logout()
        response = client.get("/articles/road-signs/")
        assert (response.status_code, response["Location"]) == (301, "/articles/signs/")
        assert Article.objects.get(pk=article.pk).slug == "signs"
        assert Revision.objects.latest_of(article).read().slug == "signs"

    def test_a_slug_can_be_taken_back(self, client, editor):
        article = make_article(title="Road signs")
        save(client, article, open_form(client, article) | {"slug": "signs"})
        save(client, article, open_form(client, article) | {"slug": "road-signs"})
        assert list(article.old_slugs.values_list("slug", flat=True)) == ["signs"]

    @pytest.mark.parametrize(
        ("slug", "message"),
        [
            ("taken", "Another article has this slug. Other"),
            ("once-taken", "This slug belonged to another article and still leads there."),
            ("new", "This word has a meaning in addresses; take another."),
            ("two words", "Use letters, digits, hyphens and underscores only."),
        ],
        ids=["taken", "past", "reserved", "letters"],
    )
    def test_a_slug_that_cannot_be_is_refused_with_the_reason(self, client, editor, slug, message):
        other = make_article(slug="once-taken", title="Other")
        store.rename(other, "taken")
        article = make_article()
        data = open_form(client, article) | {"slug": slug}
        assert refused(client, article, data) == [message]

    @pytest.mark.parametrize("title", ["Taken", "!!!"], ids=["another's", "no letters"])
    def test_a_new_article_whose_title_gives_no_free_slug_is_told_so(self, client, editor, title):
        make_article(title="Taken")
        address = "/admin/articles/article/add/"
        response = client.post(address, form_data(client.get(address)) | {"title": title})
        assert errors_in(response) == [
            {
                "Taken": "There is an article with this title, or one much like it, already. Taken",
                "!!!": "Give this article a slug of letters or digits.",
            }[title]
        ]


class TestManyParts:
    def test_a_kind_with_more_than_a_hundred_rows_has_a_list_of_its_own(self, client, editor):
        article = make_article(timeline=milestones(101))
        page = client.get(change_url(article)).content.decode()
        assert "milestones-TOTAL_FORMS" not in page
        address = f"/admin/timeline/milestone/?article__id__exact={article.pk}"
        assert f'<a href="{address}">All 101 in a list</a>' in page
        assert client.get(address).context["cl"].result_count == 101

    def test_saving_such_an_article_leaves_those_rows_alone(self, client, editor):
        article = make_article(timeline=milestones(101))
        before = loaded(article).timeline
        save(client, article, open_form(client, article) | {"title": "Changed"})
        assert loaded(article).timeline == before
        assert loaded(article).title == "Changed"

    def test_a_row_that_is_sent_is_saved_even_when_the_list_has_grown_too_long(
        self, client, editor
    ):
        article = make_article(timeline=milestones(100))
        data = open_form(client, article)
        add_row(data, "milestones", date="2020", title="The 101st")
        add_row(data, "milestones", date="2021", title="The 102nd")
        save(client, article, data)
        assert [part.title for part in loaded(article).timeline][100:] == ["The 101st", "The 102nd"]

    def test_without_javascript_empty_rows_can_be_asked_for(self, client, editor):
        article = make_article()
        data = form_data(client.get(change_url(article) + "?blank=5"))
        assert (data["facts-TOTAL_FORMS"], data["facts-INITIAL_FORMS"]) == ("7", "2")
