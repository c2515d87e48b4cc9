"""`export_site`: a copy that a plain file server gives, whole, without what only a server does."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse

from articles import store
from articles.discussion.models import Comment
from articles.document import Milestone, Section
from articles.exporting.addresses import Addresses
from articles.exporting.folder import ExportError
from articles.exporting.frontier import Frontier
from articles.exporting.reading import Answer, Reader
from articles.exporting.site import export
from articles.models import Article, Page, Revision
from articles.upkeep import static_files
from tests.articles.addresses import make_site
from tests.articles.bridges import make_article, make_document
from tests.exported import one_connection, walk
from tests.factories import make_comment

pytestmark = pytest.mark.django_db

URL = "http://127.0.0.1:8000"
# What nobody may read begins like this.
SECRET = "zyxw"


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: Any) -> Path:
    from django.conf import settings

    root: Path = tmp_path_factory.mktemp("static") / "root"
    return Path(shutil.copytree(settings.BASE_DIR / "static", root))


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path, static_root: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = str(static_root)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    with one_connection():
        yield


@pytest.fixture
def site(db: None, monkeypatch: Any) -> Article:
    """One of everything that has an address, and something hidden of every kind.

    Lists are cut into short pages.
    """
    monkeypatch.setattr("articles.views.lists.PAGE_SIZE", 2)
    monkeypatch.setattr("articles.discussion.thread.PAGE_SIZE", 4)
    monkeypatch.setattr("timeline.pages.MILESTONES_SHOWN", 5)
    monkeypatch.setattr("timeline.pages.MOST_SHOWN", 7)
    article = make_site(
        document=replace(
            make_document(),
            sections=(
                Section(
                    heading="Links",
                    body="See [nothing](/articles/never-was/), [how](/search/?q=x), "
                    "[all](/articles/?page=1) and [[Thrust]].",
                ),
            ),
        )
    )
    store.rename(article, "steinbrücken-über-flüsse")
    timeline = tuple(Milestone(date=str(1000 + n), title=f"Bridge {n}") for n in range(9))
    make_article(title="Long", slug="long", timeline=timeline)
    for number in range(2):
        make_article(title=f"Many {number}", slug=f"many-{number}", timeline=(), facts=())
    article.refresh_from_db()
    for number in range(6):
        make_comment(article, body=f"Comment {number}")
    make_comment(article, body=f"{SECRET} held", status=Comment.Status.HELD)
    draft = store.save(
        replace(make_document(), title=f"{SECRET} draft", slug=f"{SECRET}-draft")
    ).article
    Article.objects.filter(pk=draft.pk).update(status="draft", published_at=None)
    Page.objects.create(title=SECRET, slug=f"{SECRET}-page", body=SECRET, is_published=False)
    hidden = Revision.objects.filter(article=article).order_by("number").first()
    Revision.objects.filter(pk=hidden.pk).update(public_from=None, summary=f"{SECRET} summary")
    return article


def files_of(folder: Path) -> dict[str, bytes]:
    """All files that a copy has, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".milepost-export" not in path.parts
    }


@pytest.mark.parametrize(
    "addresses",
    [
        Addresses(URL),
        Addresses("https://copy.example/some/where", history=True),
        Addresses(URL, relative=True),
    ],
    ids=["plain", "below a path", "relative"],
)
def test_every_link_of_a_copy_leads_to_a_file_and_nothing_that_is_hidden_is_in_it(
    site: Article, tmp_path: Path, addresses: Addresses
) -> None:
    made = export(tmp_path / "copy", addresses)
    files = files_of(tmp_path / "copy")
    found = walk(tmp_path / "copy", addresses.url)

    assert found.broken == []
    assert found.without_place == []
    assert found.links > 2000
    assert made.counts.total == made.counts.written == len(files)
    # What scripts ask for, and what only the world outside leads to.
    unlinked = {name for name in files if name.endswith(".html")} - found.seen.keys()
    beside = ("/preview/", "/timeline/", "/discussion/", "articles/stone-bridges/")
    assert [name for name in unlinked if not any(part in name for part in beside)] == []
    assert made.missing == [("/articles/never-was/", "/articles/steinbrücken-über-flüsse/")]
    for name in (
        *("index.html", "404.html", "sitemap.xml", "robots.txt", "llms.txt"),
        *("articles/page/2/index.html", "terms/thrust/index.html", "timeline/index.html"),
        *("articles/steinbrücken-über-flüsse/index.html", "articles/steinbrücken-über-flüsse.md"),
        "articles/steinbrücken-über-flüsse/discussion/page/2/index.html",
        *("articles/steinbrücken-über-flüsse/feed.atom", "feeds/articles.atom"),
        *("articles/long/timeline.csv", "articles/long/timeline.ics", "articles/long.json"),
        *("articles/long/cite/index.html", "articles/long/cite.bib", "pages/about/index.html"),
    ):
        assert name in files, name
    assert any(name.startswith("media/cards/") for name in files)
    assert any(name.startswith("articles/long/at/milestone-") for name in files)
    assert ("articles/long/history/index.html" in files) is addresses.history
    assert [
        name for name, content in files.items() if SECRET in name or SECRET.encode() in content
    ] == []
    whole = b"".join(files.values())
    if addresses.url != URL:
        assert URL.encode() not in whole
    if addresses.relative:
        return
    check_redirects(tmp_path / "copy", addresses.prefix)


def check_words(pages: dict[str, str]) -> None:
    """A copy says what it cannot do, and keeps the words of what leads nowhere in it."""
    page = pages["articles/steinbrücken-über-flüsse/index.html"]
    assert "no comments can be written" in page
    assert "the timeline cannot be filtered" in pages["timeline/index.html"]
    assert "See nothing, how, " in page
    assert 'href="/articles/">all</a>' in page
    for gone in ("(history)", "()", "What changed since"):
        assert gone not in page
    for text in pages.values():
        assert "copy of the site as files" in text or "<footer" not in text
        for gone in ("<li></li>", "<dd></dd>", "<form", "data-hx-", "/admin/", "potentialAction"):
            assert gone not in text


def check_redirects(folder: Path, prefix: str) -> None:
    """Old addresses and those of comments lead on."""
    old = (folder / "articles/stone-bridges/index.html").read_text()
    last = Comment.objects.visible().order_by("pk").last()
    comment = (folder / f"comments/{last.pk}/index.html").read_text()
    quoted = "steinbr%C3%BCcken-%C3%BCber-fl%C3%BCsse"
    assert f'content="0; url={prefix}/articles/{quoted}/"' in old
    assert f"{prefix}/articles/{quoted}/discussion/page/" in comment
    assert f"#comment-{last.pk}" in comment


def test_a_second_export_touches_only_what_changed(site: Article, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    export(folder, Addresses(URL))
    before = files_of(folder)
    check_words({n: each.decode() for n, each in before.items() if n.endswith(".html")})
    for name in before:
        os.utime(folder / name, (1, 1))

    again = export(folder, Addresses(URL))
    assert (again.counts.written, again.counts.removed) == (0, 0)
    assert files_of(folder) == before

    gone = Article.objects.get(slug="many-0")
    Article.objects.filter(pk=gone.pk).update(status="withdrawn")
    (folder / ".well-known").mkdir()
    (folder / ".well-known/mine.txt").write_text("not the export's")
    third = export(folder, Addresses(URL))
    after = files_of(folder)

    assert third.counts.removed >= 10
    assert not (folder / "articles/many-0").exists()
    assert after[".well-known/mine.txt"] == b"not the export's"
    changed = {name for name in after if name in before and after[name] != before[name]}
    touched = {name for name in before if name in after and (folder / name).stat().st_mtime != 1}
    assert touched == changed
    assert "articles/index.html" in changed
    assert "pages/about/index.html" not in touched
    assert walk(folder, URL).broken == []


def test_a_page_that_fails_leaves_the_copy_as_it_was(tmp_path: Path, monkeypatch: Any) -> None:
    site = make_site()
    folder = tmp_path / "copy"
    export(folder, Addresses(URL))
    before = files_of(folder)
    store.save(replace(store.load(site), short_answer="Another."), article=site)
    monkeypatch.setattr(
        "articles.views.glossary.render", lambda *_args, **_kwargs: HttpResponse(status=500)
    )

    with pytest.raises(ExportError, match="/terms/ answers 500"):
        export(folder, Addresses(URL))

    assert files_of(folder) == before
    assert sorted(path.name for path in (folder / ".milepost-export").iterdir()) == [
        "files",
        "lock",
    ]


def test_a_copy_under_http_of_a_site_under_https_is_whole(settings: Any, tmp_path: Path) -> None:
    make_site()
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://example.org", ["example.org"]
    settings.SECURE_SSL_REDIRECT = True
    made = export(tmp_path / "copy", Addresses("http://copy.example"))

    assert made.counts.pages > 10
    assert walk(tmp_path / "copy", "http://copy.example").broken == []
    assert settings.SECURE_SSL_REDIRECT is True


def test_a_site_that_cannot_be_read_leaves_the_copy_as_it_was(
    tmp_path: Path, monkeypatch: Any
) -> None:
    make_site()
    export(tmp_path, Addresses(URL))
    before = files_of(tmp_path)
    monkeypatch.setattr(Reader, "get", lambda _self, _address: Answer(301, "", "//other/", b""))

    with pytest.raises(ExportError, match="front page"):
        export(tmp_path, Addresses(URL))

    assert files_of(tmp_path) == before


def test_an_old_address_that_leads_to_nothing_is_not_in_the_copy(
    tmp_path: Path, monkeypatch: Any
) -> None:
    article = make_article()
    old = tmp_path / "articles" / article.slug / "index.html"
    store.rename(article, "gone")
    get = Reader.get
    monkeypatch.setattr(
        Reader,
        "get",
        lambda reader, address: (
            Answer(404, "", "", b"") if address == "/articles/gone/" else get(reader, address)
        ),
    )
    export(tmp_path, Addresses(URL))
    assert not old.exists()

    monkeypatch.setattr(Reader, "get", get)
    export(tmp_path, Addresses(URL))
    assert "/articles/gone/" in old.read_text()

    # Not there for a moment is another thing.
    monkeypatch.setattr(
        Reader,
        "get",
        lambda reader, address: (
            Answer(503, "", "", b"") if address == "/articles/gone/" else get(reader, address)
        ),
    )
    with pytest.raises(ExportError, match="/articles/gone/ answers 503"):
        export(tmp_path, Addresses(URL))
    assert old.exists()


def test_what_an_owner_put_in_the_place_of_a_former_file_stays(tmp_path: Path) -> None:
    article = make_article()
    export(tmp_path, Addresses(URL))
    file = tmp_path / "articles" / f"{article.slug}.md"
    file.unlink()
    (file / "own").mkdir(parents=True)
    article.delete()
    export(tmp_path, Addresses(URL))

    assert (file / "own").is_dir()


@pytest.mark.parametrize("error", [OSError("No space left"), sqlite3.OperationalError("disk full")])
def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: Any, error: Exception) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(Frontier, "add", fail)

    with pytest.raises(ExportError, match=f"cannot be written: {error}"):
        export(tmp_path / "copy", Addresses(URL))


def test_a_folder_of_others_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x")

    with pytest.raises(ExportError, match="holds files that no export made"):
        export(tmp_path, Addresses(URL))
    with pytest.raises(ExportError, match="is not a folder"):
        export(tmp_path / "precious", Addresses(URL))
    with pytest.raises(ExportError, match=r"is not a folder|cannot be written"):
        export(tmp_path / "precious" / "below", Addresses(URL))

    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_the_command_prints_what_it_did_and_refuses_an_address_that_is_none(
    tmp_path: Path, capsys: Any
) -> None:
    make_site()
    static_files.note_collected()
    call_command("export_site", str(tmp_path / "copy"), base_url="https://example.org/x/")
    said = capsys.readouterr().out

    assert f"{tmp_path / 'copy'}: " in said
    assert " written, 0 unchanged, 0 removed; " in said
    for wrong in ("example.org", "ftp://example.org", "https://a@b/", "https://e.org/?x=1"):
        with pytest.raises(CommandError, match="--base-url"):
            call_command("export_site", str(tmp_path / "other"), base_url=wrong)
    assert not (tmp_path / "other").exists()


def test_the_site_has_its_own_address_again_afterwards(settings: Any, tmp_path: Path) -> None:
    make_site()
    hosts = list(settings.ALLOWED_HOSTS)
    export(tmp_path / "copy", Addresses("https://example.org/sub"))

    assert (URL, hosts) == (settings.SITE_URL, settings.ALLOWED_HOSTS)
