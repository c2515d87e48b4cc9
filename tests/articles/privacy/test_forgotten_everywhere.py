"""A person is forgotten also where they stand under a former name, and in tasks that wait."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import management
from django.test import Client
from django_tasks_db.models import DBTaskResult

from articles import mail, store
from articles.accounts.notices import send_reset_link
from articles.discussion.notices import tell_moderators
from articles.models import Article, Page, Revision, User
from tests.articles.bridges import make_article as make_bridges
from tests.factories import make_comment, make_user
from tests.mailing import IN_MEMORY

pytestmark = pytest.mark.django_db

FORMER, NAME, ADDRESS = "Nora Pont", "Nora Brück", "nora@example.org"


def run(*arguments: str) -> str:
    out = StringIO()
    management.call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()


def everything() -> str:
    """All texts of the tables in which a person stands."""
    tables = (Revision, LogEntry, DBTaskResult, User)
    return json.dumps([list(table.objects.values()) for table in tables], default=str)


@pytest.fixture
def article(settings: Any) -> Article:
    """An article of Nora's under the name that she had, and one revision under today's."""
    settings.MAILERS = IN_MEMORY
    make_user("owner", username="olga", email="olga@example.org")
    article = make_bridges()
    User.objects.filter(public_name=FORMER).update(public_name=NAME, email=ADDRESS, username="nb")
    article.refresh_from_db()
    store.save(replace(store.load(article), title="Bridges of stone"), article=article)
    authors = [revision.document["author"] for revision in Revision.objects.order_by("pk")]
    assert authors == [FORMER, NAME]
    DBTaskResult.objects.all().delete()
    return article


def log_about(pk: int, name: str) -> LogEntry:
    kind = ContentType.objects.get_for_model(User)
    entry: LogEntry = LogEntry.objects.create(
        user=User.objects.get(username="olga"), content_type=kind, object_id=str(pk),
        object_repr=name, action_flag=CHANGE,
    )  # fmt: skip
    return entry


def test_a_former_name_is_known_from_the_log(article: Article) -> None:
    log_about(User.objects.get(public_name=NAME).pk, FORMER)
    assert "author of 2 revisions" in run("forget_person", ADDRESS, "--dry-run")
    run("forget_person", ADDRESS, "--yes")
    assert FORMER not in everything()
    assert NAME not in everything()
    for address in ("history/", "history/1/", "history/1..2/"):
        response = Client().get(f"/articles/stone-bridges/{address}")
        assert response.status_code == 200
        assert "Nora" not in response.text


def test_a_former_name_that_nothing_tells_of_is_asked_for(article: Article) -> None:
    said = run("forget_person", ADDRESS, "--dry-run")
    assert f"name “{FORMER}”, whom nobody here is called" in said
    assert "author of 1 revisions" in said
    assert "whom nobody here" not in run("forget_person", ADDRESS, FORMER, "--dry-run")
    exported = json.loads(run("export_person", ADDRESS, FORMER))
    assert [row["number"] for row in exported["author_of_revisions"]] == [1, 2]
    run("forget_person", ADDRESS, FORMER, "--yes")
    assert "Nora" not in everything()


def test_another_author_of_the_former_name_stays_named(article: Article) -> None:
    other = make_user("Writer", username="other", public_name=FORMER)
    theirs = make_bridges(slug="iron-bridges", title="Iron bridges")
    Article.objects.filter(pk=theirs.pk).update(author=other)
    log_about(User.objects.get(public_name=NAME).pk, FORMER)
    run("forget_person", ADDRESS, "--yes")
    named = Revision.objects.filter(document__author=FORMER)
    assert [revision.article_id for revision in named] == [theirs.pk]


def test_an_author_who_is_called_like_the_user_name_stays_named(article: Article) -> None:
    """Readers see no user names; in the person's own articles it is one that they had before."""
    person = User.objects.get(public_name=NAME)
    theirs = make_bridges(slug="iron-bridges", title="Iron bridges")
    User.objects.filter(pk=person.pk).update(username=FORMER)
    User.objects.filter(public_name=FORMER).update(public_name="Ben")
    log_about(person.pk, FORMER)
    said = run("forget_person", FORMER, "--dry-run")
    assert f"author of 2 revisions: 1 × “{NAME}”, 1 × “{FORMER}”\n" in said
    run("forget_person", FORMER, "--yes")
    assert Revision.objects.get(document__has_key="author").article_id == theirs.pk


def test_a_former_name_like_the_user_name_is_known_by_its_capitals(article: Article) -> None:
    person = User.objects.get(public_name=NAME)
    make_bridges(slug="iron-bridges", title="Iron bridges")
    User.objects.filter(pk=person.pk).update(username=FORMER.lower())
    log_about(person.pk, FORMER)
    User.objects.filter(public_name=FORMER).update(public_name="Ben")
    assert f"2 × “{FORMER}”" in run("forget_person", FORMER.lower(), "--dry-run")


def test_a_user_name_that_is_the_public_name_too_is_an_authors(article: Article) -> None:
    User.objects.filter(public_name=NAME).update(username="nora brück")
    assert "author of 1 revisions" in run("forget_person", NAME, "--dry-run")
    make_user("Writer", username="other", public_name=NAME)
    assert "these are 2 accounts" in run("forget_person", NAME, "--dry-run")


def test_somebody_whose_account_was_deleted_is_forgotten_by_name(article: Article) -> None:
    person = User.objects.get(public_name=NAME)
    entry = log_about(person.pk, NAME)
    other = make_user("Writer", username="other", public_name=NAME)
    about_other = log_about(other.pk, NAME)
    key = person.pk
    Article.objects.update(author=None)
    person.delete()
    User.objects.filter(pk=other.pk).update(public_name="Ben")
    run("forget_person", NAME.upper().replace("Ü", "ü"), FORMER, "--yes")
    assert not Revision.objects.filter(document__has_key="author").exists()
    entry.refresh_from_db()
    about_other.refresh_from_db()
    assert (entry.object_repr, about_other.object_repr) == (f"gone-{key}", NAME)


def test_what_tasks_were_given_goes_too(article: Article) -> None:
    mine = make_comment(
        article, name="Ana Li", email="ana@example.org", body="Is this right?", status="held"
    )
    other = make_comment(article, name="Ana Lima", body="As Ana Li says.", status="held")
    for comment in (mine, other):
        mail.send_later(subject="-", body="-", to=["olga@example.org"])
        assert tell_moderators(comment) is (comment is mine), "once an hour"
    send_reset_link.enqueue(email="ANA@example.org")
    mail.send_later(subject="Over", body="Dear Ana\nLi, hello", to=["olga@example.org"])
    over = DBTaskResult.objects.filter(args_kwargs__kwargs__subject="Over")
    over.update(status="SUCCESSFUL")
    # What waits and names them is for somebody else; and this is another address.
    mail.send_later(subject="Waits", body="As Ana Li says.", to=["olga@example.org"])
    mail.send_later(subject="Another", body="-", to=["diana@example.org", "ana@example.org.uk"])

    found = json.loads(run("export_person", "Ana Li"))
    assert sorted(row["task"] for row in found["mails"]) == ["send", "send_reset_link"]
    assert "Is this right?" in json.dumps(found["mails"])
    assert "olga@" not in json.dumps(found), "the address of a moderator is not theirs to know"
    assert "Dear Ana" not in json.dumps(found), "nor a mail to another that only names somebody"
    shown = run("forget_person", "Ana Li", "--dry-run")
    assert "to olga@example.org: Over\n" in shown
    assert "from ANA@example.org: a link to a new password\n" in shown
    assert "send_reset_link" not in shown

    run("forget_person", "ana@example.org", "Ana Li", "--yes")
    left = [row.args_kwargs["kwargs"]["subject"] for row in DBTaskResult.objects.all()]
    assert sorted(left) == ["-", "-", "Another", "Another", "Waits"]
    assert "Is this right?" not in everything()


def test_what_only_quotes_an_address_is_of_somebody_else(article: Article) -> None:
    """A moderators' notice holds the text of a comment that readers do not see yet."""
    own = make_comment(article, name="Ana", email="ana@example.org", body="Mine.")
    link = f"https://milepost.example/admin/discussion/comment/{own.pk}/change/"
    other = make_comment(
        article, name="Ben", body=f"Unpublished, of ana@example.org.\n{link}", status="held"
    )
    assert tell_moderators(other)
    notice = DBTaskResult.objects.get()

    for whom in (["ana@example.org"], ["--comment", str(own.pk)]):
        shown = run("forget_person", *whom, "--dry-run")
        assert "olga@example.org" not in shown
    assert "Unpublished" not in run("export_person", "ana@example.org")
    DBTaskResult.objects.update(status="SUCCESSFUL")
    assert "Unpublished" not in run("export_person", "ana@example.org")
    assert "olga@example.org" in run("forget_person", "--comment", str(own.pk), "--dry-run")
    DBTaskResult.objects.update(status="READY")

    run("forget_person", "ana@example.org", "--yes")
    assert DBTaskResult.objects.get() == notice, "moderators are still told"


def test_what_is_over_and_quotes_an_address_goes(article: Article) -> None:
    make_comment(article, name="Ana", email="ana@example.org", body="Mine.")
    mail.send_later(subject="-", body="Of ana@example.org.", to=["olga@example.org"])
    DBTaskResult.objects.update(status="SUCCESSFUL")
    run("forget_person", "ana@example.org", "--yes")
    assert not DBTaskResult.objects.exists()


def test_a_mail_that_is_being_sent_stays_and_the_command_says_so(article: Article) -> None:
    mail.send_later(subject="Now", body="-", to=[ADDRESS])
    DBTaskResult.objects.get().claim("a worker")
    assert "1 mails are being sent at this moment" in run("forget_person", ADDRESS, "--yes")
    DBTaskResult.objects.update(status="SUCCESSFUL")
    assert "being sent" not in run("forget_person", ADDRESS, "--yes")
    assert not DBTaskResult.objects.exists()


def test_texts_of_others_that_name_the_person_are_counted_and_stay(article: Article) -> None:
    make_comment(article, name="Ben", body=f"Thanks to {NAME}.")
    Page.objects.create(title="Contact", slug="contact-us", body=f"Write to {ADDRESS}.")
    said = run("forget_person", ADDRESS, "--dry-run")
    assert "stays: 1 × in comments of others" in said
    assert "stays: 1 × in pages" in said
    run("forget_person", ADDRESS, "--yes")
    assert Page.objects.get(slug="contact-us").body == f"Write to {ADDRESS}."
