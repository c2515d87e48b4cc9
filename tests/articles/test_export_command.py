"""`manage.py export_articles`."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import store
from articles.document import Document, Fact, Milestone, Question, Reference, RelatedTerm, Section
from articles.formats import json_file, markdown_file
from articles.management.commands.export_articles import file_stem
from articles.models import Article

pytestmark = pytest.mark.django_db


def make_article(title: str, **fields: object) -> Article:
    """An article with one part of almost every kind."""
    document = Document(
        title=title,
        category="Measurement",
        tags=("Units",),
        author="An Author",
        sections=(Section(heading="Origin", body="Text [@a]."),),
        facts=(Fact(label="L", statement="S"),),
        timeline=(Milestone(date="1791", title="M", tracks=("Law", "Research")),),
        related_terms=(RelatedTerm(term="SI"),),
        questions=(Question(question="Q?", answer="A."),),
        references=(Reference(key="a", url="https://example.org/a"),),
    )
    article = store.save(document).article
    assert article is not None
    Article.objects.filter(pk=article.pk).update(**fields)
    article.refresh_from_db()
    return article


def export(folder: Path, *arguments: str) -> str:
    """Run the command; what it printed."""
    out = StringIO()
    call_command("export_articles", str(folder), *arguments, stdout=out)
    return out.getvalue()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_article_becomes_a_markdown_file_that_says_what_the_article_says(
    tmp_path: Path,
) -> None:
    metre, litre = make_article("The metre"), make_article("The litre")
    folder = tmp_path / "new" / "folder"
    assert export(folder) == (
        f"{folder}/the-litre.md written\n{folder}/the-metre.md written\n2 written, 0 unchanged\n"
    )
    assert names(folder) == ["the-litre.md", "the-metre.md"]
    for article in (metre, litre):
        text = (folder / f"{article.slug}.md").read_text(encoding="utf-8")
        assert text == markdown_file.write(store.load(article))
        assert markdown_file.parse(text) == store.load(article)


def test_json_is_written_on_demand(tmp_path: Path) -> None:
    article = make_article("The metre")
    export(tmp_path, "--format", "json")
    assert names(tmp_path) == ["the-metre.json"]
    text = (tmp_path / "the-metre.json").read_text(encoding="utf-8")
    assert json_file.parse(text) == store.load(article)


def test_importing_an_exported_file_again_changes_nothing(tmp_path: Path) -> None:
    make_article("The metre")
    export(tmp_path)
    text = (tmp_path / "the-metre.md").read_text(encoding="utf-8")
    assert store.save(markdown_file.parse(text)).revision is None


def test_drafts_and_withdrawn_articles_are_exported_and_working_copies_are_not(
    tmp_path: Path,
) -> None:
    metre = make_article("The metre")
    make_article("The litre", status=Article.Status.WITHDRAWN)
    make_article("Another metre", copy_of=metre)
    export(tmp_path)
    assert names(tmp_path) == ["the-litre.md", "the-metre.md"]


def test_only_the_named_articles_are_exported_by_new_or_old_slug(tmp_path: Path) -> None:
    for title in ("The metre", "The litre", "The second"):
        make_article(title)
    store.rename(Article.objects.get(slug="the-second"), "second")
    export(tmp_path, "the-metre", "the-second")
    assert names(tmp_path) == ["second.md", "the-metre.md"]


def test_slugs_may_stand_before_and_after_the_format(tmp_path: Path) -> None:
    for title in ("The metre", "The litre"):
        make_article(title)
    export(tmp_path / "a", "--format", "json", "the-metre")
    export(tmp_path / "b", "the-metre", "--format", "json")
    assert names(tmp_path / "a") == names(tmp_path / "b") == ["the-metre.json"]


def test_an_unknown_slug_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    make_article("The metre")
    with pytest.raises(CommandError, match=r"There is no article the-mitre, x\."):
        export(tmp_path / "new", "the-mitre", "the-metre", "x")
    assert names(tmp_path) == []


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    make_article("The metre")
    path = tmp_path / "file"
    path.write_text("mine")
    with pytest.raises(CommandError, match="is not a folder"):
        export(path)
    assert path.read_text() == "mine"


def test_unchanged_files_are_not_touched(tmp_path: Path) -> None:
    make_article("The metre")
    litre = make_article("The litre")
    export(tmp_path)
    for path in tmp_path.iterdir():
        os.utime(path, (1_000_000, 1_000_000))
    changed = markdown_file.parse((tmp_path / "the-litre.md").read_text(encoding="utf-8"))
    store.save(Document(title=changed.title, short_answer="New."), article=litre)
    assert export(tmp_path) == (f"{tmp_path}/the-litre.md written\n1 written, 1 unchanged\n")
    assert (tmp_path / "the-metre.md").stat().st_mtime == 1_000_000
    assert (tmp_path / "the-litre.md").stat().st_mtime > 1_000_000
    assert names(tmp_path) == ["the-litre.md", "the-metre.md"]


def test_one_file_that_cannot_be_written_stops_no_other(tmp_path: Path) -> None:
    for title in ("The metre", "The litre"):
        make_article(title)
    (tmp_path / "the-litre.md").mkdir()
    with pytest.raises(CommandError, match="1 could not be written"):
        export(tmp_path)
    assert names(tmp_path) == ["the-litre.md", "the-metre.md"]
    assert (tmp_path / "the-metre.md").is_file()


def test_an_empty_site_gives_an_empty_folder(tmp_path: Path) -> None:
    assert export(tmp_path / "new") == "0 written, 0 unchanged\n"
    assert names(tmp_path / "new") == []


def test_more_articles_need_no_more_queries(tmp_path: Path) -> None:
    counts = []
    for titles in (["One"], ["Two", "Three"]):
        for title in titles:
            make_article(title)
        with CaptureQueriesContext(connection) as queries:
            export(tmp_path)
        counts.append(len(queries))
    assert counts == [12, 12]


def test_a_slug_is_the_name_of_its_file() -> None:
    assert file_stem("the-metre") == "the-metre"
    assert file_stem("größe-名") == "größe-名"


@pytest.mark.parametrize("slug", ["../../etc/passwd", "a/b", "..", ".hidden", "a\x00b", "名" * 160])
def test_no_slug_leads_out_of_the_folder_or_over_the_length_of_a_name(slug: str) -> None:
    stem = file_stem(slug)
    assert stem == Path(stem).name
    assert not stem.startswith(".")
    assert "\x00" not in stem
    assert len(f"{stem}.json".encode()) <= 255
    assert stem != file_stem(slug + "x")
