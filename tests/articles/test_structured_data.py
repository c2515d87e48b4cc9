"""Pages as linked data: valid by schema.org's definitions, harmless, and what the page says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from articles import store
from articles.discussion.models import Comment
from articles.document import Fact, Milestone, Question, Reference
from articles.models import Article, RenderedArticle, SiteSettings, Term
from articles.schema_org import coverage, fixed_parts, to_json
from tests.articles.bridges import BOOK, PAPER, make_article, make_document, make_long_document
from tests.articles.schema_org import check
from tests.html import parse

pytestmark = pytest.mark.django_db

ROOT = "http://127.0.0.1:8000"
BRIDGES = f"{ROOT}/articles/stone-bridges/"
_SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def graph_of(client: Client, address: str) -> Any:
    """The only graph of a page, as a browser would find it."""
    response = client.get(address)
    assert response.status_code == 200
    (text,) = _SCRIPT.findall(response.content.decode())
    return json.loads(text)


def nodes_of(client: Client, address: str) -> dict[str, Any]:
    """The valid nodes of a page by their ids."""
    return check(graph_of(client, address))


def comment(article: Article, **fields: Any) -> Comment:
    values = {"name": "Ann", "body": "A *good* article.", "status": Comment.Status.APPROVED}
    return Comment.objects.create(article=article, **values | fields)


# The page of an article ---------------------------------------------------------------------------


def test_an_article_says_what_it_is(client: Client) -> None:
    article = make_article()

    node = nodes_of(client, "/articles/stone-bridges/")[f"{BRIDGES}#article"]

    assert node["@type"] == "Article"
    assert node["headline"] == "Stone bridges"
    assert node["description"] == "A stone bridge carries its load by thrust alone."
    assert node["url"] == node["mainEntityOfPage"] == BRIDGES
    assert node["inLanguage"] == "en"
    assert node["articleSection"] == "Building"
    assert node["keywords"] == ["Bridges", "Masonry"]
    assert node["author"]["name"] == "Nora Pont"
    assert node["author"]["url"] == f"{ROOT}/authors/nora-pont/"
    assert node["datePublished"] == article.published_at.isoformat(timespec="seconds")
    assert node["publisher"] == {"@id": f"{ROOT}/#publisher"}
    assert node["image"].startswith(f"{ROOT}/media/cards/")
    assert "license" not in node


def test_the_licence_of_the_site_is_that_of_its_articles(client: Client) -> None:
    make_article()
    SiteSettings.objects.update_or_create(pk=1, defaults={"licence": "cc-by"})

    node = nodes_of(client, "/articles/stone-bridges/")[f"{BRIDGES}#article"]

    assert node["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_an_article_without_an_author_is_the_publishers(client: Client) -> None:
    make_article(author="")

    node = nodes_of(client, "/articles/stone-bridges/")[f"{BRIDGES}#article"]

    assert node["author"] == {"@id": f"{ROOT}/#publisher"}


def test_references_are_works_with_their_identifiers(client: Client) -> None:
    paper = Reference(
        key="krizhevsky2017",
        source_kind="article",
        title="ImageNet classification",
        authors=("Alex Krizhevsky", "Ilya Sutskever", "et al."),
        year="2017-06",
        container="Communications of the ACM",
        volume="60",
        issue="6",
        pages="84–90",
        doi="10.1145/3065386",
        url="https://dl.acm.org/doi/10.1145/3065386",
        archived_url="https://archive.org/x",
    )
    law = Reference(key="act", source_kind="law", title="An Act", authors=("Parliament of X",))
    odd = Reference(
        key="old", source_kind="chapter", title="On arches", year="1675~", isbn=BOOK.isbn
    )
    make_article(references=(BOOK, PAPER, paper, law, odd))

    nodes = nodes_of(client, "/articles/stone-bridges/")

    book = nodes[f"{BRIDGES}#reference-heyman1995"]
    assert (book["@type"], book["isbn"]) == ("Book", "9780521629638")
    assert book["author"] == [{"@type": "Person", "name": "Jacques Heyman"}]
    assert book["publisher"] == {"@type": "Organization", "name": "Cambridge University Press"}
    article = nodes[f"{BRIDGES}#reference-krizhevsky2017"]
    assert article["@type"] == "ScholarlyArticle"
    assert article["identifier"] == "https://doi.org/10.1145/3065386"
    assert article["datePublished"] == "2017-06"
    assert [author["name"] for author in article["author"]] == ["Alex Krizhevsky", "Ilya Sutskever"]
    assert article["isPartOf"]["issueNumber"] == "6"
    assert article["isPartOf"]["isPartOf"]["isPartOf"]["name"] == "Communications of the ACM"
    assert article["archivedAt"] == "https://archive.org/x"
    assert nodes[f"{BRIDGES}#reference-act"]["author"][0]["@type"] == "Organization"
    chapter = nodes[f"{BRIDGES}#reference-old"]
    assert "datePublished" not in chapter, "about 1675 is no date of schema.org"
    assert chapter["identifier"] == f"urn:isbn:{BOOK.isbn}"


def test_the_graph_has_what_the_page_shows(client: Client) -> None:
    article = make_article()
    reply = comment(article, name="Ben", parent=comment(article), body="Indeed <b>so</b> & so.")
    comment(article, body="Held.", status=Comment.Status.HELD)
    body = client.get("/articles/stone-bridges/").content
    tree, nodes = parse(body), nodes_of(client, "/articles/stone-bridges/")

    shown = {f"{BRIDGES}#{e['id']}" for e in tree.all(data_part="reference")}
    assert {i for i in nodes if "#reference-" in i} == shown
    milestones = nodes[f"{BRIDGES}#timeline"]["itemListElement"]
    listed = [item["item"]["@id"].partition("#")[2] for item in milestones]
    assert listed == [e["id"] for e in tree.all(data_part="milestone")]
    questions = nodes[f"{BRIDGES}#faq"]["mainEntity"]
    assert [q["name"] for q in questions] == ["Why do they last?"]
    assert questions[0]["acceptedAnswer"]["text"] == (
        "Stone hardly ever comes near its strength there."
    )
    term = nodes[f"{ROOT}/terms/thrust/"]
    assert term["description"] == "The push of an arch against what it stands on."
    comments = nodes[f"{BRIDGES}#article"]["comment"]
    assert [c["text"] for c in comments] == ["A good article.", "Indeed <b>so</b> & so."]
    assert comments[1]["@id"] == f"{BRIDGES}#comment-{reply.pk}"
    assert comments[1]["parentItem"] == {"@id": comments[0]["@id"]}
    assert nodes[f"{BRIDGES}#article"]["commentCount"] == 2
    assert "Held." not in json.dumps(graph_of(client, "/articles/stone-bridges/"))
    trail = nodes[f"{BRIDGES}#trail"]["itemListElement"]
    assert [(step["name"], step["item"]) for step in trail] == [
        ("Milepost", f"{ROOT}/"),
        ("Building", f"{ROOT}/categories/building/"),
        ("Stone bridges", BRIDGES),
    ]


def test_a_filtered_page_claims_only_the_milestones_that_it_shows(client: Client) -> None:
    make_article()

    nodes = nodes_of(client, "/articles/stone-bridges/?from=1600")

    found = nodes[f"{BRIDGES}?from=1600#timeline"]
    assert found["numberOfItems"] == 1
    assert [e["item"]["name"] for e in found["itemListElement"]] == [
        "Hooke states the law of the arch"
    ]
    assert f"{BRIDGES}#timeline" not in nodes
    # Nothing fits: the page says so, and the graph has an empty list of it.
    empty = nodes_of_empty(client)
    assert empty["numberOfItems"] == 0


def nodes_of_empty(client: Client) -> Any:
    graph = graph_of(client, "/articles/stone-bridges/?from=1999")
    (found,) = [node for node in graph["@graph"] if node["@type"] == "ItemList"]
    assert found["itemListElement"] == []
    return found


def test_a_long_timeline_says_how_long_it_is(client: Client) -> None:
    make_article(document=make_long_document(parts=1, milestones=120, slug="long"))

    found = nodes_of(client, "/articles/long/")[f"{ROOT}/articles/long/#timeline"]

    assert found["numberOfItems"] == 120
    assert len(found["itemListElement"]) == 50


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2012", "2012"),
        ("2017-06-12", "2017-06-12"),
        ("2012/2015", "2012/2015"),
        ("2012/..", "2012/.."),
        ("-0043~", "c. 44 BC"),
        ("0605~", "c. AD 605"),
        ("194X", "1940s"),
        ("Y-300000000", "300 million years ago"),
        ("2001-21", "Spring 2001"),
        ("../2012", "until 2012"),
        ("0000", "1 BC"),
    ],
)
def test_dates_are_those_that_iso_8601_knows_or_words(client: Client, date: str, said: str) -> None:
    make_article(timeline=(Milestone(date=date, title="It happened"),))

    found = nodes_of(client, "/articles/stone-bridges/")[f"{BRIDGES}#timeline"]

    assert found["itemListElement"][0]["item"]["temporalCoverage"] == said
    assert coverage(date) in ("", said)


def test_parts_that_are_not_there_are_not_in_the_graph(client: Client) -> None:
    question = Question(question="Why?", answer="")
    empty: Any = dict.fromkeys(("timeline", "related_terms", "references", "tags"), ())
    make_article(**empty, category="", questions=(question,))

    nodes = nodes_of(client, "/articles/stone-bridges/")

    assert sorted(node["@type"] for node in nodes.values()) == [
        "Article", "BreadcrumbList", "Organization", "Person", "WebSite",
    ]  # fmt: skip


def test_a_draft_has_no_graph_even_for_editors(admin_client: Client) -> None:
    make_article(publish=False)

    assert b"ld+json" not in admin_client.get("/articles/stone-bridges/").content


def test_a_page_of_an_older_renderer_has_none_until_it_is_rebuilt(client: Client) -> None:
    article = make_article()
    page = dict(article.rendered.page)
    del page["graph"]
    RenderedArticle.objects.update(page=page)

    response = client.get("/articles/stone-bridges/")

    assert response.status_code == 200
    assert b"ld+json" not in response.content


# Hostile texts ------------------------------------------------------------------------------------

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]> & < > \" ' \\ \\u0000 {{ 7*7 }}",
    "line\u2028separator\u2029",
    "\\",
    '"}]}',
    "الجسور \u200f 漢字 \U0001f600",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_breaks_out_of_the_graph(client: Client, text: str) -> None:
    article = make_article(
        title=f"T {text}",
        slug="hostile",
        author=f"A {text}",
        category=f"C {text}",
        tags=(f"G {text}",),
        short_answer=text.replace("<", "\\<").replace("[", "\\["),
        facts=(Fact(statement="x"),),
        timeline=(Milestone(date="2012", title=f"M {text}"),),
        questions=(Question(question=f"Q {text}", answer=text.replace("<", "\\<")),),
        references=(replace(BOOK, title=f"R {text}", authors=(f"W {text}",)),),
    )
    comment(article, name=f"N {text}", body=text)
    Term.objects.update(definition=f"D {text}")
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": f"S {text}"[:80]})

    response = client.get(article.get_absolute_url())

    body = response.content.decode()
    (script,) = _SCRIPT.findall(body)
    assert not set("<>&\u2028\u2029") & set(script)
    nodes = check(json.loads(script))
    own = next(node for node in nodes.values() if node["@type"] == "Article")
    assert own["headline"] == article.title
    assert own["comment"][0]["author"]["name"] == f"N {text}"
    # Every script of the page is known: files, and this one.
    scripts = re.findall(r"<script\b[^>]*>", body)
    assert [s for s in scripts if " src=" not in s] == ['<script type="application/ld+json">']


def test_json_is_the_same_after_escaping() -> None:
    value = {"a": "".join(HOSTILE), "b": [1, None, True]}

    assert json.loads(to_json(value)) == value


def test_stored_text_holds_no_address_of_the_site() -> None:
    document = make_document()
    article = make_article(document=document)

    fixed = fixed_parts(store.load(article), article.rendered.page)

    assert ROOT not in json.dumps(article.rendered.page["graph"])
    assert fixed == article.rendered.page["graph"]


# Other pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "types"),
    [
        ("/", {"WebSite", "Organization"}),
        ("/articles/", {"CollectionPage", "BreadcrumbList", "WebSite", "Organization"}),
        ("/categories/building/", {"CollectionPage", "BreadcrumbList", "WebSite", "Organization"}),
        ("/terms/", {"DefinedTermSet", "DefinedTerm", "BreadcrumbList", "WebSite", "Organization"}),
        ("/terms/thrust/", {"DefinedTerm", "BreadcrumbList", "WebSite", "Organization"}),
    ],
)
def test_lists_and_terms_say_what_they_are(client: Client, address: str, types: set[str]) -> None:
    make_article()

    nodes = nodes_of(client, address)

    assert {node["@type"] for node in nodes.values()} == types


def test_a_list_names_the_articles_it_shows(client: Client) -> None:
    make_article()
    make_article(title="Arches & vaults")

    found = nodes_of(client, "/categories/building/")[f"{ROOT}/categories/building/"]

    assert found["name"] == "Building"
    assert {item["name"] for item in found["mainEntity"]["itemListElement"]} == {
        "Arches & vaults",
        "Stone bridges",
    }


def test_the_front_page_says_how_to_search(client: Client) -> None:
    action = nodes_of(client, "/")[f"{ROOT}/#website"]["potentialAction"]

    address = action["target"]["urlTemplate"].replace("{query}", "arch").removeprefix(ROOT)
    assert client.get(address).status_code == 200
    assert address == "/search/?q=arch"
