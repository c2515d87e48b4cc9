"""What is kept about somebody can be shown to them, and taken away when they ask."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import management
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from articles import mail, store
from articles.discussion.models import Comment
from articles.models import Article, Revision, User
from tests.articles.bridges import make_article as make_bridges
from tests.factories import make_comment, make_user
from tests.mailing import IN_MEMORY

pytestmark = pytest.mark.django_db

NAME, ADDRESS = "Nora Pont", "nora@example.org"


def run(*arguments: str) -> str:
    out = StringIO()
    management.call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def article(settings: Any) -> Article:
    """An article of Nora's, whose account has left every kind of trace."""
    settings.MAILERS = IN_MEMORY
    article = make_bridges()
    nora = User.objects.get(public_name=NAME)
    nora.email, nora.biography, nora.is_staff, nora.is_active = ADDRESS, "Builds.", True, True
    nora.save()
    Revision.objects.update(author=nora)
    kind = ContentType.objects.get_for_model(Article)
    LogEntry.objects.create(user=nora, content_type=kind, object_repr="It", action_flag=CHANGE)
    Authenticator.objects.create(user=nora, type="totp", data={"secret": "hush"})
    mail.send_later(subject="Your comment", body="Hello", to=[ADDRESS, "other@example.org"])
    return article


def test_everything_of_a_person_is_shown_and_nothing_of_others_or_secret(article: Article) -> None:
    nora = User.objects.get(public_name=NAME)
    make_comment(article, user=nora, name=NAME, body="As a user.")
    make_comment(article, name="Ana", email=ADDRESS, body="As a guest.", person="b1")
    make_comment(article, name="A. N.", body="From the same browser.", person="b1", network="n1")
    make_comment(article, name="Ben", email="ben@example.org", body="Another.", person="b2")

    found = json.loads(run("export_person", ADDRESS.upper()))

    (account,) = found["accounts"]
    assert (account["public_name"], account["email"], account["biography"]) == (
        NAME, ADDRESS, "Builds.",
    )  # fmt: skip
    assert account["articles"] == ["Stone bridges"]
    assert [entry["what"] for entry in account["log"]] == ["It"]
    assert account["revisions"][0]["number"] == 1
    assert len(account["second_factors"]) == 1
    assert [row["text"] for row in found["comments"]] == [
        "As a user.", "As a guest.", "From the same browser.",
    ]  # fmt: skip
    assert [row["to"] for row in found["mails"]] == [ADDRESS]
    assert "hush" not in json.dumps(found)
    assert "password" not in json.dumps(found)


def test_an_account_that_is_found_by_name_is_forgotten_under_its_address_too(
    article: Article,
) -> None:
    make_user("owner")
    username = User.objects.get(public_name=NAME).username
    guest = make_comment(article, name="N.", email=ADDRESS.upper(), body="As a guest.")
    other = make_comment(article, name="Ben", email="ben@example.org", body="Another.")
    assert "As a guest." in run("export_person", username)
    run("forget_person", username, "--yes")
    guest.refresh_from_db()
    other.refresh_from_db()
    assert (guest.email, other.email) == ("", "ben@example.org")


def test_a_dry_run_shows_what_it_would_take_and_takes_nothing(article: Article) -> None:
    make_comment(article, name="Ana", email="ana@example.org", person="b", body="Which source?")
    said = run("forget_person", "ana@example.org", "--dry-run")
    assert "“Stone bridges” by Ana, browser 1: Which source?" in said
    assert f"of {timezone.now():%Y-%m-%d} on" in said
    assert Comment.objects.get().name == "Ana"


def test_of_two_people_with_one_name_the_one_who_wrote_a_comment_is_forgotten(
    article: Article, capsys: pytest.CaptureFixture[str]
) -> None:
    first = make_comment(article, name="Ana", person="b1", email="ana@example.org", body="Mine.")
    make_comment(article, name="A.", person="b1", body="Mine as well.")
    make_comment(article, name="Ana", person="b2", body="Another's.")
    mail.send_later(subject="Yours", body="Hello", to=["ana@example.org"])

    said = run("forget_person", "Ana", "--dry-run")
    assert (said.count("browser 1"), said.count("browser 2")) == (2, 1)
    assert "come from 2 different browsers" in capsys.readouterr().err

    said = run("forget_person", "--comment", str(first.pk), "--yes")
    assert "Backups made until now still hold it" in said
    assert "browser 2" not in said
    assert capsys.readouterr().err == ""
    assert list(Comment.objects.order_by("pk").values_list("name", "person")) == [
        ("", ""), ("", ""), ("Ana", "b2"),
    ]  # fmt: skip
    with pytest.raises(CommandError, match="Nothing is kept"):
        run("forget_person", "--comment", "99999999", "--yes")
    make_comment(article, name="Ben", person="", body="No cookie.")
    alone = make_comment(article, name="Eva", person="", body="None either.")
    assert run("forget_person", "--comment", str(alone.pk), "--dry-run").count("comment ") == 1


def test_a_guest_is_forgotten_and_the_thread_can_still_be_read(article: Article) -> None:
    first = make_comment(article, name="Ana", email="ana@example.org", person="b", body="First.")
    make_comment(article, parent=first, name="Ben", body="An answer.")

    run("forget_person", "ana@example.org", "--yes")

    first.refresh_from_db()
    assert (first.name, first.email, first.person, first.body) == ("", "", "", "First.")
    page = Client().get("/articles/stone-bridges/discussion/").content.decode()
    assert "First." in page
    assert "An answer." in page
    assert "Ana" not in page
    with pytest.raises(CommandError, match="Nothing is kept"):
        run("export_person", "ana@example.org")


def test_with_texts_a_note_is_left_where_others_answered(article: Article) -> None:
    first = make_comment(article, name="Ana", body="First.")
    make_comment(article, parent=first, name="Ben", body="An answer.")
    make_comment(article, name="Ana", body="Unanswered.")

    run("forget_person", "Ana", "--texts", "--yes")

    left = Comment.objects.values_list("status", "name", "body").order_by("pk")
    assert list(left) == [("deleted", "", ""), ("approved", "Ben", "An answer.")]


def test_an_author_is_forgotten_in_every_page_file_and_revision(article: Article) -> None:
    make_user("owner")
    client = Client()
    before = Revision.objects.count()
    assert NAME in client.get("/articles/stone-bridges.json").content.decode()

    run("forget_person", NAME, "--yes")

    for address in ("", "history/", "history/1/", "cite/", "feed.atom"):
        response = client.get(f"/articles/stone-bridges/{address}")
        assert response.status_code == 200
        assert NAME not in response.content.decode(), address
    assert NAME not in client.get("/articles/stone-bridges.json").content.decode()
    assert client.get("/authors/nora-pont/").status_code == 404
    assert Revision.objects.count() == before
    assert all(NAME not in json.dumps(revision.document) for revision in Revision.objects.all())


def test_what_a_revision_changed_does_not_name_a_forgotten_author(article: Article) -> None:
    make_user("owner")
    document = store.load(article)
    store.save(replace(document, author="Ben Ford"), article=article)
    store.save(document, article=article)
    history = "/articles/stone-bridges/history/"
    assert NAME in Client().get(history).content.decode()

    run("forget_person", NAME, "--yes")

    shown = Client().get(history).content.decode()
    assert NAME not in shown
    assert "Ben Ford" in shown
    assert all(NAME not in json.dumps(said) for said in Revision.objects.values_list("changes"))


def test_another_author_of_the_same_name_stays_named(article: Article) -> None:
    make_user("owner")
    other = make_user(username="other", public_name=NAME)
    theirs = make_bridges(slug="iron-bridges", title="Iron bridges")
    Article.objects.filter(pk=theirs.pk).update(author=other)

    run("forget_person", ADDRESS, "--yes")

    assert "author" not in article.revisions.get().document
    assert theirs.revisions.get().document["author"] == NAME


def test_the_log_of_others_does_not_name_them_either(article: Article) -> None:
    owner = make_user("owner")
    nora = User.objects.get(public_name=NAME)
    kind = ContentType.objects.get_for_model(User)
    about = {"user": owner, "content_type": kind, "action_flag": CHANGE}
    entry = LogEntry.objects.create(object_id=str(nora.pk), object_repr=NAME, **about)
    mine = LogEntry.objects.create(object_id=str(owner.pk), object_repr="The boss", **about)

    run("forget_person", ADDRESS, "--yes")

    entry.refresh_from_db()
    mine.refresh_from_db()
    assert (entry.object_repr, mine.object_repr) == (f"gone-{nora.pk}", "The boss")


def test_an_account_becomes_a_bare_one_that_nobody_can_use(article: Article) -> None:
    make_user("owner")
    nora = User.objects.get(public_name=NAME)
    client = Client()
    client.force_login(nora)
    run("forget_person", ADDRESS, "--yes")
    nora.refresh_from_db()
    assert (nora.username, nora.email, nora.public_name, nora.biography) == (
        f"gone-{nora.pk}", "", "", "",
    )  # fmt: skip
    assert (nora.is_active, nora.is_staff, nora.has_usable_password()) == (False, False, False)
    assert (LogEntry.objects.count(), Authenticator.objects.count()) == (0, 0)
    assert client.get("/admin/").status_code == 302
    assert client.session.session_key is None or "_auth_user_id" not in client.session


def test_the_only_owner_is_not_forgotten(
    article: Article, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = make_user("owner", email="boss@example.org")
    assert "Nothing was changed." in run("forget_person", "boss@example.org", "--dry-run")
    assert (
        "only owner: make another one first. With --yes this is refused." in capsys.readouterr().err
    )
    with pytest.raises(CommandError, match="only owner"):
        run("forget_person", "boss@example.org", "--yes")
    owner.refresh_from_db()
    assert owner.email == "boss@example.org"


@pytest.mark.parametrize("text", ["", " ", "nobody@example.org", "%", "'"])
def test_an_empty_or_unknown_name_finds_nothing(article: Article, text: str) -> None:
    make_comment(article, name="", email="", person="")
    with pytest.raises(CommandError, match="Nothing is kept"):
        run("forget_person", text, "--yes")
