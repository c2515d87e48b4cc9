"""The pages that help to cite an article, a revision or a statement, and what they keep to."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import store
from articles.models import Article, Revision, SiteSettings
from tests.articles.bridges import make_article, make_document, make_editor, make_long_document
from tests.html import parse

pytestmark = pytest.mark.django_db

CITE = "/articles/stone-bridges/cite/"
FILES = ["cite.bib", "cite.ris", "cite.json"]
ARTICLE = f"{settings.SITE_URL}/articles/stone-bridges/"


def fields(client: Client, query: str = "") -> dict[str, str]:
    """The text of each field of the page, by its label."""
    page = parse(client.get(f"{CITE}{query}").content)
    labels = {label.get("for"): label.text for label in page.all("label")}
    return {labels[str(area.get("id"))]: area.text for area in page.all("textarea")}


def item(client: Client, query: str = "") -> dict[str, Any]:
    (found,) = json.loads(client.get(f"/articles/stone-bridges/cite.json{query}").content)
    return dict(found)


def change(article: Article, **changes: Any) -> Article:
    """Save the article with changes, as the next revision."""
    saved = store.save(make_document(**changes), article=article).article
    assert saved is not None
    return saved


def test_an_article_is_cited_in_words_and_for_reference_managers(client: Client) -> None:
    make_article()
    today = timezone.localdate()

    found = fields(client)

    assert list(found) == ["APA", "MLA", "Chicago", "BibTeX", "RIS", "CSL-JSON"]
    assert found["APA"] == (
        f"Pont, N. ({today:%Y, %B} {today.day}). Stone bridges. In Milepost. {ARTICLE}"
    )
    for name, file in zip(["BibTeX", "RIS", "CSL-JSON"], FILES, strict=True):
        content = client.get(f"/articles/stone-bridges/{file}").content.decode()
        assert found[name].split() == content.split()


@pytest.mark.parametrize(
    ("file", "content_type"),
    [
        ("cite.bib", "application/x-bibtex; charset=utf-8"),
        ("cite.ris", "application/x-research-info-systems; charset=utf-8"),
        ("cite.json", "application/vnd.citationstyles.csl+json; charset=utf-8"),
    ],
)
def test_a_file_is_a_download_of_its_type(client: Client, file: str, content_type: str) -> None:
    make_article()

    response = client.get(f"/articles/stone-bridges/{file}")

    ending = file.removeprefix("cite")
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="stone-bridges-1{ending}"'
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Link"] == f'<{ARTICLE}>; rel="canonical"'


@pytest.mark.parametrize("file", ["cite/", *FILES])
def test_what_a_reader_has_already_is_not_sent_again(client: Client, file: str) -> None:
    make_article()
    address = f"/articles/stone-bridges/{file}"
    etag = client.get(address)["ETag"]

    response = client.get(address, headers={"if-none-match": etag})

    assert (response.status_code, response.content) == (304, b"")


def test_the_page_is_no_page_of_its_own_for_search_engines(client: Client) -> None:
    make_article()

    page = parse(client.get(f"{CITE}?revision=1").content)

    assert page.one("meta", name="robots").get("content") == "noindex"
    assert page.one("link", rel="canonical").get("href") == f"{settings.SITE_URL}{CITE}"


def test_the_licence_of_the_site_is_cited(client: Client) -> None:
    make_article()
    SiteSettings.objects.update_or_create(pk=1, defaults={"licence": "cc-by-sa"})

    assert item(client)["license"] == "CC BY-SA 4.0"
    assert "may be used under CC BY-SA 4.0" in client.get(CITE).content.decode()


# Revisions ----------------------------------------------------------------------------------------


def test_a_revision_is_cited_as_it_was_and_where_it_stays(client: Client) -> None:
    article = change(make_article(), title="Arches of stone")

    old, new = item(client, "?revision=1"), item(client)

    assert (article.title, new["title"], new["URL"]) == ("Arches of stone",) * 2 + (ARTICLE,)
    assert (old["title"], old["version"]) == ("Stone bridges", "1")
    assert old["URL"] == f"{ARTICLE}history/1/"
    assert client.get(old["URL"].removeprefix(settings.SITE_URL)).status_code == 200
    page = parse(client.get(f"{CITE}?revision=1").content)
    links = {str(link.get("href")) for link in page.all("a")}
    assert {f"/articles/stone-bridges/{file}?revision=1" for file in FILES} <= links


@pytest.mark.parametrize("file", ["cite/", *FILES])
def test_a_revision_that_was_never_public_is_not_cited(client: Client, file: str) -> None:
    draft = make_article(publish=False, short_answer="A secret.")
    store.save(make_document(), article=draft, publish=True)
    address = f"/articles/stone-bridges/{file}"

    assert client.get(f"{address}?revision=2").status_code == 200
    assert client.get(f"{address}?revision=1").status_code == 404
    client.force_login(make_editor())
    assert client.get(f"{address}?revision=1").status_code == 200


@pytest.mark.parametrize("number", ["0", "99", "-1", "1.0", "x", "٣", "9" * 400, "1&part=nothing"])
def test_a_revision_or_part_that_is_none_is_not_there(client: Client, number: str) -> None:
    make_article()

    for file in ["cite/", *FILES]:
        assert client.get(f"/articles/stone-bridges/{file}?revision={number}").status_code == 404


def test_a_draft_is_cited_by_editors_alone(client: Client) -> None:
    make_article(publish=False)
    assert client.get(CITE).status_code == 404

    client.force_login(make_editor())

    assert client.get(CITE).status_code == 200


def test_an_old_slug_leads_on_with_what_was_asked(client: Client) -> None:
    store.rename(make_article(), "arches")

    for file in ["cite/", *FILES]:
        response = client.get(f"/articles/stone-bridges/{file}?part=fact-oldest")
        assert (response.status_code, response["Location"]) == (
            301,
            f"/articles/arches/{file}?part=fact-oldest",
        )


# Statements ---------------------------------------------------------------------------------------


def test_a_statement_is_shared_with_its_source_and_its_last_check(client: Client) -> None:
    make_article()

    found = fields(client, "?part=fact-oldest")

    day = timezone.localdate()
    assert found["Statement with its source"] == (
        "“One bridge near Izmir has stood for 2,800 years.” Stone bridges, Milepost, "
        f"{day.day} {day:%B %Y}. Source: Huerta 2001, p. 3. Last checked 1 February 2026. "
        f"{ARTICLE}#fact-oldest"
    )
    assert found["Address of the statement"] == f"{ARTICLE}#fact-oldest"
    assert "Stone bridges: Oldest in use." in found["APA"]


@pytest.mark.parametrize(
    ("anchor", "said"),
    [
        # It cites a placeholder only.
        ("fact-mortar", "“Many stand without any mortar.”"),
        ("infobox-row-span", "“Span: Up to 90 metres”"),
        (
            "section-centring",
            "“A frame of wood holds the stones until the keystone is set.”",
        ),
    ],
)
def test_a_statement_without_a_source_is_not_shared_as_if_it_had_one(
    client: Client, anchor: str, said: str
) -> None:
    make_article()

    found = fields(client, f"?part={anchor}")

    day = timezone.localdate()
    assert found["Statement without a source"] == (
        f"{said} Stone bridges, Milepost, {day.day} {day:%B %Y}. No source is given. "
        f"{ARTICLE}#{anchor}"
    )
    page = parse(client.get(f"{CITE}?part={anchor}").content)
    assert page.one(class_="mark").text == "No source is given."


def test_a_statement_that_nobody_checked_is_shared_as_such(client: Client) -> None:
    make_article()

    said = fields(client, "?part=milestone-hooke")["Statement with its source"]

    assert " Source: Huerta 2001. Not checked yet. " in said


@pytest.mark.parametrize("anchor", ["reference-heyman1995", "related-term-thrust"])
def test_of_what_needs_no_source_none_is_missed(client: Client, anchor: str) -> None:
    make_article()

    assert "No source" not in client.get(f"{CITE}?part={anchor}").content.decode()


@pytest.mark.parametrize(
    ("anchor", "title"),
    [
        ("infobox-row-material", "Stone bridges: Material"),
        ("section-centring", "Stone bridges: Centring"),
        ("fact-mortar", "Stone bridges: Mortar"),
        ("milestone-anji", "Stone bridges: Anji bridge opened (c. AD 605)"),
        ("related-term-thrust", "Stone bridges: Thrust"),
        ("question-why-do-they-last", "Stone bridges: Why do they last?"),
        ("reference-heyman1995", "Stone bridges: Heyman 1995"),
    ],
)
def test_every_kind_of_part_can_be_cited(client: Client, anchor: str, title: str) -> None:
    make_article()

    found = item(client, f"?part={anchor}")

    assert found["title"] == title
    assert found["URL"].endswith(f"#{anchor}")


def test_the_address_of_a_milestone_leads_to_its_page_of_a_long_timeline(client: Client) -> None:
    make_article(document=make_long_document(parts=2, milestones=120, slug="stone-bridges"))

    url = item(client, "?part=milestone-110")["URL"]

    assert url == f"{ARTICLE}?at=milestone-110#milestone-110"
    page = parse(client.get(url.removeprefix(settings.SITE_URL).partition("#")[0]).content)
    assert page.one("li", id="milestone-110")


def test_markup_and_hostile_text_are_quoted_as_they_read(client: Client) -> None:
    fact = make_document().facts[0]
    label = "<b>Bold & *plain*</b>"
    statement = "*So* says </textarea><script>alert(1)</script> [@heyman1995]."
    document = make_document(facts=(replace(fact, label=label, statement=statement),))
    make_article(document=document)

    found = fields(client, "?part=fact-oldest")

    assert "“So says </textarea><script>alert(1)</script>.”" in found["Statement with its source"]
    assert "<b>Bold & *plain*</b>" in found["APA"]


def test_citing_costs_the_same_for_all_of_a_long_article_and_for_a_part(client: Client) -> None:
    make_article(document=make_long_document(parts=40, milestones=300, slug="stone-bridges"))

    for query in ("", "?part=milestone-200", "?revision=1&part=fact-3"):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{CITE}{query}").status_code == 200
        # The article with its rendered page, the settings, the revision; pages in the footer.
        assert len(captured) <= 4


def test_an_article_in_another_script_gives_a_file_of_its_name(client: Client) -> None:
    make_article(title="الجسور", slug="الجسور", language="ar")

    response = client.get(f"/articles/{quote('الجسور')}/cite.bib")

    assert f"filename*=utf-8''{quote('الجسور-1.bib')}" in response["Content-Disposition"]
    assert response.content.decode().isascii() is False


def test_what_a_newer_version_of_the_site_wrote_is_not_found(client: Client) -> None:
    make_article()
    revision = Revision.objects.get()
    Revision.objects.update(document=revision.document | {"format": 999})

    for name in ["cite/", *FILES]:
        for query in ("", "?revision=1"):
            response = client.get(f"/articles/stone-bridges/{name}{query}")
            assert response.status_code == 404, name
