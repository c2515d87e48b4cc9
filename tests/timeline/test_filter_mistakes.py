"""A mistake in one field of the timeline's filter costs a reader nothing in the others."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.articles.bridges import make_article, make_document
from tests.html import parse

pytestmark = pytest.mark.django_db

ADDRESSES = ["/articles/arches/", "/articles/arches/timeline/", "/timeline/"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("wrong", [{"from": "abc"}, {"track": ["nothing"]}])
def test_what_is_wrong_takes_no_other_choice_away(
    client: Client, address: str, wrong: dict[str, Any]
) -> None:
    document = make_document(title="Arches", slug="arches")
    (track, *_), *_ = [milestone.tracks for milestone in document.timeline if milestone.tracks]
    make_article(document=document)
    slug = track.lower()
    query = {"track": [slug, *wrong.get("track", [])], "q": "arch"}

    tree = parse(client.get(address, wrong | query).content)

    boxes = tree.all("input", type="checkbox")
    assert tree.by_id("timeline-errors").text
    assert [box["value"] for box in boxes if "checked" in box.attributes] == [slug]
    assert tree.by_id("timeline-q")["value"] == "arch"
    assert tree.by_id("timeline-status").text == f"{len(document.timeline)} milestones"
