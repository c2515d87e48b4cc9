"""What schema.org says about the types and properties that this site uses, and a check against it.

From the published definitions (https://schema.org, version 29): a type's parents, and for each
property the types it may be used on and the types of its value. Only what is used is here, so
that a new word has to be looked up before it is written.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

PARENTS = {
    "Action": "Thing",
    "Answer": "Comment",
    "Article": "CreativeWork",
    "Book": "CreativeWork",
    "BreadcrumbList": "ItemList",
    "Chapter": "CreativeWork",
    "CollectionPage": "WebPage",
    "Comment": "CreativeWork",
    "CreativeWork": "Thing",
    "DefinedTerm": "Intangible",
    "DefinedTermSet": "CreativeWork",
    "EntryPoint": "Intangible",
    "FAQPage": "WebPage",
    "Intangible": "Thing",
    "ItemList": "Intangible",
    "Legislation": "CreativeWork",
    "ListItem": "Intangible",
    "NewsArticle": "Article",
    "Organization": "Thing",
    "Periodical": "CreativeWork",
    "Person": "Thing",
    "PublicationIssue": "CreativeWork",
    "PublicationVolume": "CreativeWork",
    "Question": "Comment",
    "Report": "Article",
    "ScholarlyArticle": "Article",
    "SearchAction": "Action",
    "Thesis": "CreativeWork",
    "WebPage": "CreativeWork",
    "WebSite": "CreativeWork",
}

# Property -> the types it belongs to, and what its value may be: types, or a kind of text.
PROPERTIES: dict[str, tuple[set[str], set[str]]] = {
    "acceptedAnswer": ({"Question"}, {"Answer", "ItemList"}),
    "alternateName": ({"Thing"}, {"text"}),
    "archivedAt": ({"CreativeWork"}, {"url", "WebPage"}),
    "articleSection": ({"Article"}, {"text"}),
    "author": ({"CreativeWork"}, {"Organization", "Person"}),
    "citation": ({"CreativeWork"}, {"CreativeWork", "text"}),
    "comment": ({"CreativeWork"}, {"Comment"}),
    "commentCount": ({"CreativeWork"}, {"number"}),
    "dateCreated": ({"CreativeWork"}, {"date"}),
    "dateModified": ({"CreativeWork"}, {"date"}),
    "datePublished": ({"CreativeWork"}, {"date"}),
    "description": ({"Thing"}, {"text"}),
    "hasDefinedTerm": ({"DefinedTermSet"}, {"DefinedTerm"}),
    "headline": ({"CreativeWork"}, {"text"}),
    "identifier": ({"Thing"}, {"text", "url"}),
    "image": ({"Thing"}, {"url"}),
    "inDefinedTermSet": ({"DefinedTerm"}, {"DefinedTermSet", "url"}),
    "inLanguage": ({"CreativeWork"}, {"text"}),
    "isPartOf": ({"CreativeWork"}, {"CreativeWork", "url"}),
    "isbn": ({"Book"}, {"text"}),
    "issueNumber": ({"PublicationIssue"}, {"text", "number"}),
    "item": ({"ListItem"}, {"Thing", "url"}),
    "itemListElement": ({"ItemList"}, {"ListItem", "Thing", "text"}),
    "itemListOrder": ({"ItemList"}, {"text", "url"}),
    "keywords": ({"CreativeWork"}, {"text"}),
    "license": ({"CreativeWork"}, {"CreativeWork", "url"}),
    "mainEntity": ({"CreativeWork"}, {"Thing"}),
    "mainEntityOfPage": ({"Thing"}, {"CreativeWork", "url"}),
    "mentions": ({"CreativeWork"}, {"Thing"}),
    "name": ({"Thing"}, {"text"}),
    "numberOfItems": ({"ItemList"}, {"number"}),
    "pagination": ({"Article", "Chapter", "PublicationIssue", "PublicationVolume"}, {"text"}),
    "parentItem": ({"Comment"}, {"Comment", "CreativeWork"}),
    "position": ({"ListItem", "CreativeWork"}, {"number", "text"}),
    "potentialAction": ({"Thing"}, {"Action"}),
    "publisher": ({"CreativeWork"}, {"Organization", "Person"}),
    "target": ({"Action"}, {"EntryPoint", "url"}),
    "temporalCoverage": ({"CreativeWork"}, {"text", "date", "url"}),
    "text": ({"CreativeWork"}, {"text"}),
    "url": ({"Thing"}, {"url"}),
    "urlTemplate": ({"EntryPoint"}, {"text"}),
    "volumeNumber": ({"PublicationVolume"}, {"text", "number"}),
}

_URL = re.compile(r"https?://[^\s<>\"]+")
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def kinds_of(name: str) -> set[str]:
    """The type and all above it."""
    kinds = {name}
    while name in PARENTS:
        name = PARENTS[name]
        kinds.add(name)
    return kinds


def check(graph: Any) -> dict[str, Any]:
    """Fail where a graph breaks a rule; the nodes with a type by their `@id`.

    Each thing with properties must be described once, and each `@id` alone must lead to a thing of
    a type that belongs there.
    """
    assert set(graph) == {"@context", "@graph"}
    assert graph["@context"] == "https://schema.org"
    found: dict[str, Any] = {}
    references: list[tuple[str, set[str]]] = []
    for node in graph["@graph"]:
        _check_node(node, {"Thing"}, found, references)
    for target, allowed in references:
        assert target in found, f"{target} is described nowhere"
        assert kinds_of(found[target]["@type"]) & allowed, (target, allowed)
    return found


def _check_node(node: Any, allowed: set[str], found: dict[str, Any], references: Any) -> None:
    if set(node) == {"@id"}:
        references.append((node["@id"], allowed))
        return
    kinds = kinds_of(node["@type"])
    assert node["@type"] in PARENTS, f"{node['@type']} is no type we know"
    assert kinds & allowed, (node["@type"], allowed)
    if "@id" in node:
        assert _URL.fullmatch(node["@id"]), node["@id"]
        assert node["@id"] not in found, f"{node['@id']} is described twice"
        found[node["@id"]] = node
    for name, value in node.items():
        if name.startswith("@"):
            continue
        domain, values = PROPERTIES[name]
        assert kinds & domain, f"{node['@type']} has no {name}"
        for each in value if isinstance(value, list) else [value]:
            _check_value(name, each, values, found, references)


def _check_value(name: str, value: Any, allowed: set[str], found: Any, references: Any) -> None:
    assert value not in ("", None, [], {}), f"{name} is empty"
    if isinstance(value, dict):
        _check_node(value, allowed, found, references)
    elif isinstance(value, int):
        assert "number" in allowed, (name, value)
    else:
        assert isinstance(value, str)
        assert (
            "text" in allowed
            or ("url" in allowed and _URL.fullmatch(value))
            or ("date" in allowed and _is_date(value))
        ), (name, value)


def _is_date(text: str) -> bool:
    if _DAY.fullmatch(text):
        return True
    return datetime.datetime.fromisoformat(text).tzinfo is not None
