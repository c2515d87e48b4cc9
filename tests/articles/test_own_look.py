"""The owner's stylesheet and templates in the data folder."""

import os

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client

from articles import own_look, stamp
from articles.models import SiteSettings
from tests.html import parse

pytestmark = pytest.mark.django_db
OLD, NEW = ":root { --accent: #123456 }", ":root { --accent: #654321 }"


@pytest.fixture
def folder(settings, tmp_path):
    """An empty data folder."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def own_stylesheet(client, address="/"):
    """The address of the page's last stylesheet when it is the site's own, else None."""
    links = parse(client.get(address).content).all("link")
    last = [str(link["href"]) for link in links if link.get("rel") == "stylesheet"][-1]
    return last if last.startswith("/site-") else None


def test_a_site_without_a_stylesheet_of_its_own_links_to_none(client, folder):
    assert own_stylesheet(client) is None


def test_the_owners_stylesheet_comes_last_as_css_and_may_be_kept(client, folder):
    (folder / "custom.css").write_text(OLD)

    answer = client.get(own_stylesheet(client))

    assert answer.content.decode() == f"{OLD}\n"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_changed_stylesheet_shows_at_once_under_another_name(client, folder):
    file = folder / "custom.css"
    file.write_text(OLD)
    before = own_stylesheet(client)
    mark = own_look.mark()
    # Of the same length, and in the same second.
    file.write_text(NEW)

    assert own_look.mark() != mark
    assert own_stylesheet(client) != before
    assert client.get(own_stylesheet(client)).content.decode() == f"{NEW}\n"
    kept = client.get(before)
    assert kept.content.decode() == f"{NEW}\n"
    assert kept.headers["Cache-Control"] == "no-cache"

    file.unlink()
    assert own_stylesheet(client) is None
    assert client.get(before).content == b""


def test_the_accent_is_in_a_layer_beside_the_owners_rules_and_alone_in_the_admin(
    client, admin_client, folder
):
    site = SiteSettings.objects.create(pk=1, accent="#7a1fa2")
    (folder / "custom.css").write_text(OLD)

    css = client.get(own_stylesheet(client)).content.decode()
    assert css == f"@layer accent {{\n{site.accent_stylesheet.css}}}\n{OLD}\n"
    admin = admin_client.get(own_stylesheet(admin_client, "/admin/"))
    assert admin.content.decode() == site.accent_stylesheet.css
    assert admin.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_the_admin_does_not_wear_the_owners_stylesheet(admin_client, folder):
    (folder / "custom.css").write_text("* { display: none }")
    assert own_stylesheet(admin_client, "/admin/") is None


def test_the_stamp_by_which_pages_are_kept_changes_with_the_stylesheet(folder, monkeypatch):
    monkeypatch.setattr(stamp, "SECONDS_BETWEEN_CHECKS", 0)
    kept = stamp.SiteStamp(stamp.FileStamp(folder / "stamp"), None)
    seen = [kept.current()]
    for text in (OLD, NEW, NEW):
        (folder / "custom.css").write_text(text)
        seen.append(kept.current())
    (folder / "custom.css").unlink()
    assert kept.before_making() == kept.current() == seen[0]
    assert len(set(seen[:3])) == 3


def make_a_folder(path):
    path.mkdir()


def make_a_pipe(path):
    os.mkfifo(path)


def make_it_large(path):
    path.write_bytes(b"a" * (own_look.LARGEST_CSS + 1))


def make_it_latin(path):
    path.write_bytes("/* Größe */".encode("latin-1"))


def make_a_circle(path):
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (make_a_folder, "is no file."),
        (make_a_pipe, "is no file."),
        (make_it_large, "is larger than 256 KB."),
        (make_it_latin, "is not in UTF-8."),
        (make_a_circle, "cannot be looked at (Too many levels of symbolic links)."),
    ],
    ids=["folder", "pipe", "large", "other letters", "circle"],
)
def test_a_stylesheet_that_cannot_be_used_is_left_out_and_told(client, folder, make, problem):
    path = folder / "custom.css"
    make(path)

    assert own_stylesheet(client) is None
    assert list(own_look.problems()) == [f"{path} {problem}"]


def test_what_is_wrong_with_a_stylesheet_is_logged_once(client, folder, caplog):
    make_it_latin(folder / "custom.css")
    client.get("/")
    client.get("/")
    assert len([record for record in caplog.records if record.name == own_look.__name__]) == 1


def test_the_largest_stylesheet_and_one_with_a_byte_order_mark_are_read(client, folder):
    filler = b"/*" + b"x" * (own_look.LARGEST_CSS - 4) + b"*/"
    (folder / "custom.css").write_bytes(filler)
    assert client.get(own_stylesheet(client)).content == filler + b"\n"
    (folder / "custom.css").write_bytes(b"\xef\xbb\xbf" + OLD.encode())
    assert client.get(own_stylesheet(client)).content.decode() == f"{OLD}\n"


# Templates ----------------------------------------------------------------------------------------


@pytest.fixture
def templates(settings):
    """The folder for the owner's templates of the running site, emptied afterwards."""
    folder = settings.DATA_DIR / "templates"
    assert engines["django"].dirs[0] == folder
    folder.mkdir()

    def write(name, text):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        forget()

    yield write
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
    forget()


def forget():
    """What a restart does."""
    for loader in engines["django"].engine.template_loaders:
        loader.reset()


def test_a_template_of_the_owner_stands_before_the_sites_own(client: Client, templates):
    templates("includes/footer.html", "<footer>Ours, {{ site.name }}</footer>")
    page = client.get("/").content.decode()
    assert "<footer>Ours, Milepost</footer>" in page
    assert page.count("<footer") == 1


def test_a_template_may_extend_the_one_it_stands_before(client: Client, templates):
    templates(
        "base.html",
        '{% extends "base.html" %}{% block links %}<meta name="owner" content="us">{% endblock %}',
    )
    page = parse(client.get("/").content)
    assert [meta["content"] for meta in page.all("meta") if meta.get("name") == "owner"] == ["us"]
    assert page.one("main", id="main")


def test_a_template_that_cannot_be_read_as_one_is_told(templates, settings):
    templates("includes/footer.html", "{% if %}")
    templates("errors/404.html", "{% load i18n %}{% translate 'Nothing' %}")
    assert render_to_string("errors/404.html") == "Nothing"
    path = settings.DATA_DIR / "templates" / "includes" / "footer.html"
    [problem] = own_look.problems()
    assert problem.startswith(f"The template {path} is wrong: Unexpected end of expression")
