"""Timelines as files: CSV, JSON and iCalendar say the same as the page."""

from __future__ import annotations

import csv
import datetime
import io
import json
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from articles.document import Milestone
from tests.articles.bridges import make_article, make_editor, make_long_document
from tests.html import parse
from timeline import exchange

pytestmark = pytest.mark.django_db

BASE = "/articles/stone-bridges/timeline"


def table_of(client: Client, query: str = "") -> list[dict[str, str]]:
    text = client.get(f"{BASE}.csv{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def calendar_of(client: Client, query: str = "") -> Any:
    return Calendar.from_ical(client.get(f"{BASE}.ics{query}").content)


def test_a_table_has_every_milestone_with_all_that_is_known(client: Client) -> None:
    make_article()

    rows = table_of(client)

    assert [row["anchor"] for row in rows] == [
        "milestone-alcantara",
        "milestone-anji",
        "milestone-hooke",
    ]
    assert rows[0] == {
        "anchor": "milestone-alcantara",
        "date": "0106",
        "date_in_words": "AD 106",
        "earliest": "0106-01-01",
        "latest": "0106-12-31",
        "title": "Alcántara bridge finished",
        "text": "Built for Trajan.",
        "tracks": "Practice",
        "sources": "heyman1995, p. 30",
        "checked": "2026-02-01",
        "url": "http://127.0.0.1:8000/articles/stone-bridges/?at=milestone-alcantara"
        "#milestone-alcantara",
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(client: Client, start: str) -> None:
    make_article(
        timeline=(
            Milestone(date="-0043", title=f'{start}HYPERLINK("x")', body=f"\\{start}1+1"),
            Milestone(date="2012", title="T", tracks=(f"{start}cmd",)),
        )
    )

    for row in table_of(client):
        for name, cell in row.items():
            # Dates are digits and a few signs, and are there for programs.
            if name not in {"date", "earliest", "latest"}:
                assert not cell.startswith(exchange._FORMULA), (name, cell)
    assert table_of(client)[0]["date"] == "-0043"
    assert table_of(client)[0]["title"] == f'\'{start}HYPERLINK("x")'


def test_addresses_in_files_are_ascii_whatever_script_names_a_milestone(client: Client) -> None:
    make_article(timeline=(Milestone(date="2012", title="石橋"),))
    address = (
        "http://127.0.0.1:8000/articles/stone-bridges/"
        "?at=milestone-%E7%9F%B3%E6%A9%8B#milestone-%E7%9F%B3%E6%A9%8B"
    )

    assert table_of(client)[0]["url"] == address
    assert str(calendar_of(client).events[0]["url"]) == address


def test_json_has_dates_as_edtf_and_their_bounds(client: Client) -> None:
    make_article(
        timeline=(
            Milestone(date="-0043~", title="A"),
            Milestone(date="194X", title="B"),
            Milestone(date="2012/..", title="C"),
        )
    )

    data = json.loads(client.get(f"{BASE}.json").content)

    assert (data["format"], data["title"], data["view"]) == (1, "Stone bridges", "")
    dates = {m["date"]: (m["date_in_words"], m["bounds"]) for m in data["milestones"]}
    words, bounds = dates["-0043~"]
    assert (words, bounds["start_min"]) == ("c. 44 BC", "-0043-01-01")
    words, bounds = dates["194X"]
    assert (bounds["start_min"], bounds["start_max"]) == ("1940-01-01", "1949-12-31")
    words, bounds = dates["2012/.."]
    assert (bounds["end_min"], bounds["end_max"]) == (None, None)


def test_a_calendar_holds_what_calendars_can_and_says_what_not(client: Client) -> None:
    make_article(
        timeline=(
            Milestone(date="-0043", title="Caesar"),
            Milestone(date="../1200", title="Somewhen"),
            Milestone(date="2017-06-12", title="A day; with, signs", tracks=("Law, old",)),
            Milestone(date="2012", title="A year"),
            Milestone(date="2020/..", title="Still"),
            Milestone(date="9999-12-31", title="The last day"),
        )
    )

    calendar = calendar_of(client)

    events = {str(event["summary"]): event for event in calendar.walk("VEVENT")}
    assert list(events) == [
        "2012: A year",
        "12 June 2017: A day; with, signs",
        "since 2020: Still",
        "31 December 9999: The last day",
    ]
    year = events["2012: A year"]
    assert year["dtstart"].dt == datetime.date(2012, 1, 1)
    assert year["dtend"].dt == datetime.date(2013, 1, 1)
    assert "dtend" not in events["since 2020: Still"]
    assert [str(c) for c in events["12 June 2017: A day; with, signs"]["categories"].cats] == [
        "Law, old"
    ]
    words = str(calendar["description"])
    assert words.startswith("2 milestones are left out: calendars have no years before 1")
    assert len({str(event["uid"]) for event in events.values()}) == 4


def test_a_long_calendar_is_cut_and_says_so(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(exchange, "MOST_EVENTS", 2)
    make_article()

    calendar = calendar_of(client)

    assert len(calendar.walk("VEVENT")) == 2
    assert "the first 2 of 3 events" in str(calendar["description"])


@pytest.mark.parametrize("query", ["?from=1600", "?track=theory", "?q=hooke", "?to=500&track=x"])
def test_a_file_holds_what_the_page_shows(client: Client, query: str) -> None:
    make_article()
    shown = parse(client.get(f"/articles/stone-bridges/{query}").content)
    anchors = [e["id"] for e in shown.all(data_part="milestone")]
    response = client.get(f"{BASE}.csv{query}")

    if "track=x" in query:
        assert (response.status_code, response["Content-Type"]) == (
            400,
            "text/plain; charset=utf-8",
        )
        assert response.content.decode() == "Tracks: There is no such choice here.\n"
        assert shown.all("p", class_="files") == []
        return
    assert [row["anchor"] for row in table_of(client, query)] == anchors
    assert len(calendar_of(client, query).walk("VEVENT")) == len(anchors)
    data = json.loads(client.get(f"{BASE}.json{query}").content)
    assert [m["anchor"] for m in data["milestones"]] == anchors
    assert data["view"].startswith("1 of 3 milestones")
    links = [a["href"] for a in shown.one("p", class_="files").all("a")]
    assert links == [f"{BASE}.{ending}{query}" for ending in ("csv", "json", "ics")]
    for link in links:
        assert client.get(link).status_code == 200


def test_a_file_holds_all_pages_in_the_same_number_of_queries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for count in (60, 600):
        make_article(document=make_long_document(parts=2, milestones=count, slug=f"n{count}"))
        with django_assert_max_num_queries(8):
            response = client.get(f"/articles/n{count}/timeline.csv")
        assert response.content.count(b"\r\n") == count + 1


def test_a_file_has_a_name(client: Client) -> None:
    make_article(title="الجسور", slug="الجسور")

    response = client.get("/articles/الجسور/timeline.csv")

    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D8%A7")
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_what_is_not_live_is_given_to_editors_alone(client: Client) -> None:
    make_article(publish=False)
    for ending in ("csv", "json", "ics"):
        assert client.get(f"{BASE}.{ending}").status_code == 404
    client.force_login(make_editor())
    for ending in ("csv", "json", "ics"):
        response = client.get(f"{BASE}.{ending}")
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
