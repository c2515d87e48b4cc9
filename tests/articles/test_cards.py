"""Cards: pictures of articles for links elsewhere, drawn by the worker and given away safely."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image

from articles import cards, publishing, store
from articles.card_drawing import CardText, draw, drawable
from articles.models import Article, RenderedArticle, SiteSettings
from tests.articles.bridges import make_article, make_document
from tests.html import parse
from tests.mailing import run_what_waits


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any, db: None) -> Any:
    """A folder for the pictures of this test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media" / "cards"


def picture_of(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def dark_rows(content: bytes, top: int, bottom: int) -> int:
    """How many rows of points between these hold something that is not paper."""
    picture = picture_of(content).convert("L").crop((60, top, 1140, bottom))
    return sum(
        min(picture.crop((0, y, picture.width, y + 1)).tobytes()) < 200
        for y in range(picture.height)
    )


def card_address(client: Client, address: str) -> str:
    tree = parse(client.get(address).content)
    return tree.one("meta", property="og:image")["content"]


# Drawing ------------------------------------------------------------------------------------------


def test_a_card_is_1200_by_630_and_light() -> None:
    content = draw(CardText("Milepost", "Stone bridges", "They stand.", ((10.0, "sourced"),)))

    assert picture_of(content).size == (1200, 630)
    assert picture_of(content).format == "PNG"
    assert len(content) < 40_000


@pytest.mark.parametrize(
    "text", ["الجسور الحجرية", "深度学习", "Глубокое обучение", "Deep 学习", "\U0001f600"]
)
def test_what_the_fonts_lack_is_left_out_rather_than_drawn_as_boxes(text: str) -> None:
    assert not drawable(text)
    words = dark_rows(draw(CardText("Milepost", "Bridges", "They stand.")), 130, 520)
    assert words > 40
    title = draw(CardText("Milepost", text, text))
    assert title == draw(CardText("Milepost", "\U0010fffd", "\U0010fffd")), "the post alone"
    assert draw(CardText(text, "Bridges")) != draw(CardText("Milepost", "Bridges"))


@pytest.mark.parametrize("text", ["Łódź", "Ångström", "“Quoted” – 1914…", "Dvořák", "naïve"])
def test_latin_letters_are_all_there(text: str) -> None:
    assert drawable(text)


@pytest.mark.parametrize("length", [1, 200, 5000])
def test_texts_of_any_length_fit(length: int) -> None:
    for letter in ("x", "word "):
        text = letter * length
        content = draw(CardText(text, text, text, tuple((i / 2, "stale") for i in range(150))))
        picture = picture_of(content).convert("L")
        right = picture.crop((1140, 0, 1200, 630)).tobytes()
        assert min(right) > 200, "nothing reaches the edge"


def test_what_nobody_sees_takes_no_text_off_a_card() -> None:
    plain = CardText("The site", "A non-breaking title !", "One line. Another.")
    typed = CardText(
        "The\u00a0site\u200e", "A non\u2011break\u00ading title\u202f!", "One line.\n\nAnother."
    )

    assert draw(typed) == draw(plain)


@pytest.mark.parametrize("nothing", ["", " ", "\u200b\u200e"])
def test_a_text_of_nothing_to_be_seen_is_no_text(nothing: str) -> None:
    assert draw(CardText(nothing, nothing, nothing)) == draw(CardText("石", "", ""))


def test_the_name_says_what_is_drawn() -> None:
    one = CardText("Milepost", "Bridges", "They stand.", ((1.0, "sourced"),))

    assert one.name == CardText("Milepost", "Bridges", "They stand.", ((1.0, "sourced"),)).name
    others = [
        CardText("Other", "Bridges", "They stand.", ((1.0, "sourced"),)),
        CardText("Milepost", "Arches", "They stand.", ((1.0, "sourced"),)),
        CardText("Milepost", "Bridges", "They fall.", ((1.0, "sourced"),)),
        CardText("Milepost", "Bridges", "They stand.", ((1.0, "stale"),)),
    ]
    assert len({one.name, *(other.name for other in others)}) == 5


# By the worker ------------------------------------------------------------------------------------


def test_an_article_has_the_sites_card_until_its_own_is_drawn(client: Client, media: Any) -> None:
    make_article()
    site = card_address(client, "/")
    assert card_address(client, "/articles/stone-bridges/") == site

    run_what_waits()

    own = card_address(client, "/articles/stone-bridges/")
    assert own != site
    assert [path.name for path in media.iterdir()] == [own.rpartition("/")[2]]
    response = client.get(own)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert picture_of(response.content).size == (1200, 630)


def test_a_save_draws_anew_and_the_card_before_goes(
    client: Client, media: Any, django_capture_on_commit_callbacks: Any
) -> None:
    article = make_article()
    run_what_waits()
    before = card_address(client, "/articles/stone-bridges/")

    store.save(make_document(short_answer="It stands."), article=article)
    with django_capture_on_commit_callbacks(execute=True):
        run_what_waits()

    after = card_address(client, "/articles/stone-bridges/")
    assert after != before
    assert client.get(before).status_code == 404
    assert [path.stem for path in media.iterdir()] == [after.rpartition("/")[2][:-4]]


def test_nothing_waits_for_what_nobody_will_see_or_what_was_rolled_back() -> None:
    draft = make_article(publish=False)
    with transaction.atomic():
        publishing.publish(article=draft)
        transaction.set_rollback(True)
    assert DBTaskResult.objects.count() == 0

    publishing.publish(article=draft, at=timezone.now() + timedelta(days=1))

    assert DBTaskResult.objects.count() == 1
    run_what_waits()
    assert RenderedArticle.objects.get().card


def test_a_draft_that_is_published_as_it_stands_gets_its_card(media: Any) -> None:
    article = make_article(publish=False)
    run_what_waits()
    assert not media.exists()

    with transaction.atomic():
        article.status, article.published_at = Article.Status.PUBLISHED, timezone.now()
        article.save()
        assert store.record(article, kind="edit") is None
    run_what_waits()

    assert len(list(media.iterdir())) == 1


def test_a_card_that_is_right_is_not_drawn_again(media: Any) -> None:
    article = make_article()
    run_what_waits()
    (path,) = media.iterdir()
    path.write_bytes(b"as it was")

    cards.draw_later(article)
    run_what_waits()

    assert path.read_bytes() == b"as it was"


def test_a_task_for_an_article_that_is_gone_does_nothing(media: Any) -> None:
    make_article().delete()

    run_what_waits()

    assert not media.exists()
    assert not DBTaskResult.objects.failed().exists()


# Given away ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["draft", "withdrawn", "scheduled", "copy"])
def test_the_card_of_what_is_not_live_is_not_found(client: Client, change: str) -> None:
    article = make_article()
    run_what_waits()
    address = card_address(client, "/articles/stone-bridges/")
    assert client.get(address).status_code == 200
    fields: dict[str, Any] = {
        "draft": {"status": "draft"},
        "withdrawn": {"status": "withdrawn"},
        "scheduled": {"published_at": timezone.now() + timedelta(days=1)},
        "copy": {"status": "draft", "copy_of": make_article(title="Other")},
    }[change]

    Article.objects.filter(pk=article.pk).update(**fields)

    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/media/cards/..%2F..%2Fdb.png",
        "/media/cards/.png",
        "/media/cards/" + "0" * 32 + ".png",
        "/media/cards/" + "x" * 32 + ".png",
        "/media/cards/" + "a" * 5000 + ".png",
        "/media/cards/%00.png",
        "/media/cards/",
        "/media/secret_key",
        "/media/cards/../../secret_key",
    ],
)
def test_nothing_else_is_given_away(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_card_that_was_lost_is_drawn_when_somebody_asks(client: Client, media: Any) -> None:
    make_article()
    run_what_waits()
    address = card_address(client, "/articles/stone-bridges/")
    content = client.get(address).content
    (path,) = media.iterdir()
    path.unlink()

    assert client.get(address).content == content
    assert path.read_bytes() == content


def test_the_site_has_a_card_with_its_name(client: Client, media: Any) -> None:
    address = card_address(client, "/")
    assert picture_of(client.get(address).content).size == (1200, 630)

    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "Bridges of the world"})

    assert card_address(client, "/") != address
    assert client.get(address).status_code == 404
    assert client.get(card_address(client, "/")).status_code == 200


def test_a_new_name_of_the_site_is_drawn_on_every_card(
    client: Client, admin_client: Client, media: Any
) -> None:
    make_article()
    run_what_waits()
    before = card_address(client, "/articles/stone-bridges/")
    page = admin_client.get("/admin/articles/sitesettings/1/change/")
    values = {
        field.html_name: "on" if field.value() is True else field.value()
        for field in page.context["adminform"].form
        if field.value() is not False
    }

    response = admin_client.post(
        "/admin/articles/sitesettings/1/change/", values | {"name": "Bridges"}
    )

    assert response.status_code == 302
    run_what_waits()
    assert card_address(client, "/articles/stone-bridges/") != before


def test_rebuild_draws_what_is_missing_and_sweeps_what_is_of_nothing(
    client: Client, media: Any, capsys: Any
) -> None:
    make_article()
    make_article(title="A draft", publish=False)
    media.mkdir(parents=True)
    (media / f"{'0' * 32}.png").write_bytes(b"of an article that is gone")

    call_command("rebuild")

    assert "1 cards drawn" in capsys.readouterr().out
    own = card_address(client, "/articles/stone-bridges/")
    assert [path.stem for path in media.iterdir()] == [own.rpartition("/")[2][:-4]]
    call_command("rebuild")
    assert "cards" not in capsys.readouterr().out


def test_a_page_names_the_size_and_says_what_the_picture_shows(client: Client) -> None:
    make_article()
    run_what_waits()

    tree = parse(client.get("/articles/stone-bridges/").content)

    named = {m["property"]: m["content"] for m in tree.all("meta") if m.get("property")}
    assert re.fullmatch(
        r"http://127\.0\.0\.1:8000/media/cards/[0-9a-f]{32}\.png", named["og:image"]
    )
    assert (named["og:image:width"], named["og:image:height"]) == ("1200", "630")
    assert named["og:image:alt"] == "Stone bridges"
