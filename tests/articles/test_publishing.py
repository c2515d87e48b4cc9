"""Publishing, withdrawing, restoring, and working copies that stand beside what readers see."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from articles import publishing, store
from articles.document import PART_TYPES, Fact, Milestone, RelatedTerm
from articles.models import Article, Revision
from tests.factories import make_article, make_document, make_user

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
LATER = NOON + datetime.timedelta(days=3)


def fresh(article: Article) -> Article:
    """The article as the database has it."""
    return Article.objects.get(pk=article.pk)


def edit(article: Article, **changes: object) -> None:
    """Change what the article says."""
    store.save(replace(store.load(fresh(article)), **changes), article=fresh(article))


class TestPublishing:
    def test_a_draft_goes_live_now(self):
        article = make_article()
        with time_machine.travel(NOON, tick=False):
            assert publishing.publish(article=article)
            assert fresh(article).is_live
        assert fresh(article).published_at == NOON

    def test_publishing_a_live_article_again_keeps_its_date(self):
        article = make_article(live=True)
        date = fresh(article).published_at
        assert not publishing.publish(article=article)
        assert fresh(article).published_at == date

    def test_an_article_can_be_scheduled(self):
        article = make_article()
        with time_machine.travel(NOON, tick=False):
            publishing.publish(article=article, at=LATER)
            assert not fresh(article).is_live
            assert list(Article.objects.live()) == []
        with time_machine.travel(LATER, tick=False):
            assert list(Article.objects.live()) == [article]

    def test_publishing_a_scheduled_article_puts_it_live_at_once(self):
        article = make_article()
        with time_machine.travel(NOON, tick=False):
            publishing.publish(article=article, at=LATER)
            publishing.publish(article=article)
        assert fresh(article).published_at == NOON

    def test_a_withdrawn_article_comes_back_with_the_date_it_had(self):
        article = make_article(live=True)
        date = fresh(article).published_at
        assert publishing.withdraw(article=article)
        assert not fresh(article).is_live
        publishing.publish(article=article)
        assert (fresh(article).is_live, fresh(article).published_at) == (True, date)

    def test_a_draft_is_not_withdrawn(self):
        article = make_article()
        assert not publishing.withdraw(article=article)
        assert fresh(article).status == "draft"

    def test_neither_makes_a_revision(self):
        article = make_article()
        publishing.publish(article=article)
        publishing.withdraw(article=article)
        assert article.revisions.count() == 1

    @pytest.mark.parametrize("write", [publishing.publish, publishing.withdraw])
    def test_a_working_copy_has_no_status_of_its_own(self, write):
        copy = publishing.start_working_copy(article=make_article(live=True), author=None)
        with pytest.raises(publishing.IsWorkingCopy):
            write(article=copy)


class TestRestoring:
    def test_an_old_text_comes_back_with_its_anchors_as_a_new_revision(self):
        article = make_article()
        before = store.load(article)
        edit(article, title="Changed", facts=(Fact(statement="Only this."),), timeline=())
        editor = make_user("Editor")
        first = article.revisions.get(number=1)
        saved = publishing.restore(revision=first, author=editor)
        assert store.load(fresh(article)) == before
        assert (saved.revision.number, saved.revision.kind) == (3, "restore")
        assert (saved.revision.author, saved.revision.summary) == (editor, "As in revision 1")

    def test_restoring_what_the_article_says_writes_nothing(self):
        article = make_article()
        saved = publishing.restore(revision=article.revisions.get(), author=None)
        assert saved.revision is None
        assert article.revisions.count() == 1

    def test_the_slug_and_the_status_stay(self):
        article = make_article(slug="old", live=True)
        edit(article, title="Changed")
        publishing.rename(article=fresh(article), slug="new-slug")
        publishing.restore(revision=article.revisions.get(number=1), author=None)
        assert (fresh(article).slug, fresh(article).status) == ("new-slug", "published")

    def test_a_restore_that_fails_leaves_everything_as_it_was(self):
        article = make_article()
        edit(article, title="Changed")
        first = article.revisions.get(number=1)
        first.document["references"][0]["isbn"] = "978-0-19-853453-1"
        with pytest.raises(store.Refused, match="check digit"):
            publishing.restore(revision=first, author=None)
        assert fresh(article).title == "Changed"
        assert article.revisions.count() == 2


class TestWorkingCopies:
    def test_a_copy_says_what_the_article_says_under_the_same_anchors(self):
        article = make_article(live=True)
        copy = publishing.start_working_copy(article=article, author=make_user("Writer"))
        assert store.load(copy) == store.load(article)
        assert (copy.copy_of, copy.slug, copy.status) == (article, article.slug, "draft")

    def test_there_is_one_copy_of_an_article(self):
        article = make_article(live=True)
        copy = publishing.start_working_copy(article=article, author=None)
        assert publishing.start_working_copy(article=article, author=None) == copy
        with pytest.raises(publishing.IsWorkingCopy):
            publishing.start_working_copy(article=copy, author=None)

    def test_merging_makes_the_article_say_what_the_copy_says_in_one_revision(self):
        article = make_article(live=True)
        editor = make_user("Editor")
        copy = publishing.start_working_copy(article=article, author=editor)
        edit(copy, title="Better title", timeline=(Milestone(date="1066", title="New"),))
        edit(copy, short_answer="Shorter.")
        wanted = store.load(fresh(copy))
        saved = publishing.merge_working_copy(copy=copy, author=editor, summary="Spring edition")
        assert store.load(fresh(article)) == wanted
        assert list(article.revisions.values_list("number", "kind", "summary")) == [
            (2, "merge", "Spring edition"),
            (1, "import", "Imported"),
        ]
        assert saved.revision == Revision.objects.latest_of(article)
        assert not Article.objects.filter(pk=copy.pk).exists()
        assert fresh(article).is_live

    def test_a_fresh_anchor_in_a_copy_is_none_that_the_article_retired(self):
        article = make_article(facts=(Fact(label="One", statement="1."),))
        edit(article, facts=())
        copy = publishing.start_working_copy(article=article, author=None)
        edit(copy, facts=(Fact(label="One", statement="Another."),))
        publishing.merge_working_copy(copy=copy, author=None)
        assert [fact.anchor for fact in store.load(fresh(article)).facts] == ["fact-one-2"]

    def test_changes_of_the_article_meanwhile_are_not_overwritten_unseen(self):
        article = make_article(live=True)
        copy = publishing.start_working_copy(article=article, author=None)
        edit(copy, title="From the copy")
        edit(article, title="From the article")
        with pytest.raises(publishing.MovedOn) as moved:
            publishing.merge_working_copy(copy=copy, author=None)
        assert moved.value.revision.number == 2
        assert fresh(article).title == "From the article"
        publishing.merge_working_copy(copy=fresh(copy), author=None, replacing=2)
        assert fresh(article).title == "From the copy"

    def test_an_article_itself_cannot_be_merged(self):
        with pytest.raises(ValueError, match=r"This is not a working copy\."):
            publishing.merge_working_copy(copy=make_article(), author=None)

    def test_the_slug_of_a_copy_follows_its_article(self):
        article = make_article(slug="old", live=True)
        copy = publishing.start_working_copy(article=article, author=None)
        publishing.rename(article=article, slug="new-slug")
        assert fresh(copy).slug == "new-slug"
        publishing.merge_working_copy(copy=fresh(copy), author=None)
        assert fresh(article).slug == "new-slug"

    def test_an_article_of_a_title_alone_can_be_copied_and_merged(self):
        empty: dict[str, Any] = dict.fromkeys([*PART_TYPES, "tags"], ())
        article = make_article(**empty, short_answer="", category="", author="")
        copy = publishing.start_working_copy(article=article, author=None)
        assert copy.rendered.statement_count == 0
        saved = publishing.merge_working_copy(copy=copy, author=None)
        assert saved.revision is None

    def test_of_two_people_with_one_name_the_right_one_stays_the_author(self):
        make_user("Writer", public_name="Ada Byron")
        second = make_user("Writer", public_name="Ada Byron")
        article = make_article(live=True)
        Article.objects.filter(pk=article.pk).update(author=second)
        copy = publishing.start_working_copy(article=fresh(article), author=None)
        assert fresh(copy).author == second
        publishing.merge_working_copy(copy=fresh(copy), author=None)
        assert fresh(article).author == second


SECRET = "Xylophone"


@pytest.mark.parametrize(
    "address",
    [
        "/", "/articles/", "/articles/road-signs/", "/articles/road-signs.json",
        "/articles/road-signs.md", "/categories/transport/", "/tags/history/",
        "/authors/ada-byron/", "/terms/", "/terms/milestone/",
    ],
)  # fmt: skip
def test_nothing_of_a_working_copy_is_seen_by_readers(client, address):
    document = make_document()
    article = store.save(document, publish=True).article
    copy = publishing.start_working_copy(article=article, author=None)
    edit(
        copy,
        title=f"{SECRET} title",
        short_answer=f"{SECRET} answer",
        facts=(Fact(statement=f"{SECRET} fact with [[Milestone]]"),),
        related_terms=(*document.related_terms, RelatedTerm(term=SECRET)),
    )
    response = client.get(address)
    assert response.status_code == 200
    assert (b"Road signs" if address != "/terms/" else b"A stone beside") in response.content
    assert SECRET.encode() not in response.content


def test_a_copy_whose_article_is_withdrawn_is_no_way_to_it(client):
    article = make_article(slug="road-signs", live=True)
    publishing.start_working_copy(article=article, author=None)
    publishing.withdraw(article=article)
    assert client.get("/articles/road-signs/").status_code == 410
