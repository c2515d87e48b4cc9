"""Whatever changes, pages that show it are new in every process; and nothing is made twice."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from articles import publishing, store
from articles.discussion import moderation
from articles.discussion.models import Comment
from articles.models import Article, Category, Page, SiteSettings, Tag, Term, User
from articles.privacy.retention import forget_due
from tests.config.processes import Process
from tests.factories import make_article, make_comment, make_document, make_first_pages
from timeline.models import Track

pytestmark = pytest.mark.django_db(transaction=True)

ARTICLE = "/articles/road-signs/"
NOON = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)


def make_road_signs() -> Article:
    """The article of `make_document`, live."""
    found = store.save(make_document(), publish=True).article
    assert found is not None
    return found


@pytest.fixture
def article() -> Article:
    make_first_pages()
    return make_road_signs()


@pytest.fixture
def clock(monkeypatch: Any) -> Iterator[Any]:
    """Noon; the clock that pages are kept by goes with it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        monkeypatch.setattr(time, "monotonic", time.time)
        yield traveller


def rewrite(found: Article) -> None:
    document = replace(store.load(found), short_answer="Something else.")
    store.save(document, article=found)


def rename_through_model(model: Any, **changes: str) -> Callable[[Article], None]:
    def change(_article: Article) -> None:
        row = model._default_manager.order_by("pk").first()
        for name, value in changes.items():
            setattr(row, name, value)
        row.save()

    return change


def approve(found: Article) -> None:
    held = make_comment(found, body="A useful note.", status=Comment.Status.HELD)
    moderation.decide(comments=[held.pk], status=Comment.Status.APPROVED)


def rename_site(_article: Article) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "The Stone Book"})


CHANGES: dict[str, tuple[str, Callable[[Article], Any], str]] = {
    "article": (ARTICLE, rewrite, "Something else."),
    "article in a list": (
        "/articles/",
        lambda found: store.save(replace(store.load(found), title="Signposts"), article=found),
        "Signposts",
    ),
    "comment approved": (ARTICLE, approve, "A useful note."),
    "comment in its feed": ("/feeds/comments.atom", approve, "A useful note."),
    "site settings": ("/", rename_site, "The Stone Book"),
    "term": (
        "/terms/milestone/",
        rename_through_model(Term, definition="What tells you how far it is."),
        "What tells you how far it is.",
    ),
    "track": ("/timeline/", rename_through_model(Track, name="Statutes"), "Statutes"),
    "tag": ("/tags/history/", rename_through_model(Tag, name="Chronicle"), "Chronicle"),
    "category": (ARTICLE, rename_through_model(Category, name="Traffic"), "Traffic"),
    "page": ("/pages/about/", rename_through_model(Page, title="Who we are"), "Who we are"),
    "author": (
        ARTICLE,
        lambda _found: User.objects.update(public_name="Ada Lovelace"),
        "Ada Lovelace",
    ),
    "file": (
        "/articles/road-signs.md",
        rewrite,
        "Something else.",
    ),
    "raw statement": (
        ARTICLE,
        lambda _found: _by_hand("UPDATE articles_sitesettings SET name = 'By hand'"),
        "By hand",
    ),
}


def _by_hand(sql: str) -> None:
    from django.db import connection

    SiteSettings.objects.get_or_create(pk=1)
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_is_seen_at_once_in_every_process(article: Article, name: str) -> None:
    address, change, new = CHANGES[name]
    if name == "author":
        Article.objects.update(author=get_user_model().objects.create_user("ada", public_name="X"))
        store.save(replace(store.load(article), author="X"), article=article)
    processes = [Process(), Process()]
    for process in processes:
        assert new not in process.get(address).text
        assert process.get(address).status == 200
        assert process.made == [address]

    change(Article.objects.get(pk=article.pk))

    for process in processes:
        assert new in process.get(address).text
        assert process.keeps(address)


def test_what_was_withdrawn_is_gone_at_once(article: Article) -> None:
    process = Process()
    assert process.get(ARTICLE).status == 200
    publishing.withdraw(article=article)
    assert process.get(ARTICLE).status == 410
    assert not process.keeps(ARTICLE)
    publishing.publish(article=Article.objects.get(pk=article.pk))
    assert process.get(ARTICLE).status == 200


def test_a_comment_that_was_taken_back_is_gone_at_once(article: Article) -> None:
    comment = make_comment(article, body="I regret this.", status=Comment.Status.APPROVED)
    process = Process()
    assert "I regret this." in process.get(ARTICLE).text
    moderation.delete(comments=[comment.pk])
    assert "I regret this." not in process.get(ARTICLE).text


def test_what_is_deleted_after_its_days_makes_pages_new(article: Article) -> None:
    old = timezone.now() - datetime.timedelta(days=1000)
    make_comment(
        article, status=Comment.Status.SPAM, created_at=old, decided_at=old, email="a@example.org"
    )
    process = Process()
    process.get(ARTICLE)
    assert any(forget_due().values())
    assert not process.keeps(ARTICLE)


def test_a_scheduled_article_appears_when_it_is_due(clock: Any) -> None:
    make_road_signs()
    coming = make_article(title="Milestones of Rome", slug="milestones-of-rome")
    due = NOON + datetime.timedelta(seconds=90)
    publishing.publish(article=coming, at=due)
    processes = [Process(), Process()]
    for process in processes:
        assert "Milestones of Rome" not in process.get("/articles/").text
    clock.move_to(due - datetime.timedelta(seconds=1))
    assert all(process.keeps("/articles/") for process in processes)
    clock.move_to(due)
    for process in processes:
        assert "Milestones of Rome" in process.get("/articles/").text


def test_a_page_that_was_begun_before_an_article_was_due_is_not_kept_beyond(clock: Any) -> None:
    make_road_signs()
    coming = make_article(title="Milestones of Rome", slug="milestones-of-rome")
    due = NOON + datetime.timedelta(seconds=90)
    publishing.publish(article=coming, at=due)
    process = Process()
    site = process.site

    def slow(environ: Any, start_response: Any) -> Any:
        made = site(environ, start_response)
        if environ["PATH_INFO"] == "/articles/":
            # Another page is begun and made meanwhile, after that moment.
            clock.move_to(due + datetime.timedelta(seconds=1))
            process.get("/terms/")
        return made

    clock.move_to(due - datetime.timedelta(seconds=1))
    process.site = slow
    assert "Milestones of Rome" not in process.get("/articles/").text
    process.site = site
    assert "Milestones of Rome" in process.get("/articles/").text


def test_a_page_is_made_anew_after_five_minutes(clock: Any, article: Article) -> None:
    process = Process()
    process.get(ARTICLE)
    clock.shift(299)
    assert process.keeps(ARTICLE)
    clock.shift(1)
    assert not process.keeps(ARTICLE)


def test_a_page_is_made_anew_at_midnight_where_the_site_is(
    clock: Any, article: Article, settings: Any
) -> None:
    settings.TIME_ZONE = "Asia/Kolkata"
    clock.move_to(datetime.datetime(2026, 5, 4, 18, 29, 30, tzinfo=datetime.UTC))
    process = Process()
    process.get(ARTICLE)
    clock.shift(29)
    assert process.keeps(ARTICLE)
    clock.shift(1)
    assert not process.keeps(ARTICLE)


def test_what_is_private_does_not_make_pages_new(article: Article, client: Any) -> None:
    user = get_user_model().objects.create_user("reader")
    process = Process()
    process.get(ARTICLE)
    client.force_login(user)
    client.logout()
    assert process.keeps(ARTICLE)


def test_a_transaction_that_is_given_up_changes_nothing(article: Article) -> None:
    process = Process()
    process.get(ARTICLE)
    with transaction.atomic():
        rename_site(article)
        transaction.set_rollback(True)
    assert process.keeps(ARTICLE)


def test_a_page_made_while_somebody_writes_is_not_what_comes_after(article: Article) -> None:
    """Another process makes the page from the rows as they are until the commit."""
    process = Process()
    with transaction.atomic():
        SiteSettings.objects.update_or_create(pk=1, defaults={"name": "The Stone Book"})
        in_between = process.stamp.before_making()
    assert in_between is not None
    assert in_between != process.stamp.current()


def test_reading_pages_writes_nothing(article: Article) -> None:
    process = Process()
    before = process.stamp.current()
    for path in (ARTICLE, "/", "/timeline/", "/search/", "/terms/", "/nowhere/", "/sitemap.xml"):
        process.get(path)
        assert process.stamp.current() == before, path


def test_many_changes_in_one_transaction_change_the_stamp_at_its_end_alone() -> None:
    process = Process()
    begun = process.stamp.current()
    with transaction.atomic():
        for number in range(3):
            store.save(make_document(title=f"Article {number}", slug=f"article-{number}"))
        assert process.stamp.before_making() == begun
    assert process.stamp.current() != begun
