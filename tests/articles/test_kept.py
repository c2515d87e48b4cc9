"""What is kept in a process never shows where something else would be right."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import time_machine
from django.template import Context, Engine, TemplateSyntaxError
from django.test import Client
from django.utils.translation import override

from articles import store
from articles.document import InfoboxRow, RelatedTerm, Section
from articles.kept import Kept
from articles.models import Article, SiteSettings, Term
from tests.articles.bridges import make_article, make_document, make_editor
from timeline.models import Track

ADDRESS = "/articles/stone-bridges/"


def text(client: Client, address: str = ADDRESS) -> str:
    """The page at an address."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# The store ----------------------------------------------------------------------------------------


def test_a_value_is_made_once_for_its_key() -> None:
    kept: Kept[str] = Kept(most=3)
    made = []

    def make() -> str:
        made.append("made")
        return "value"

    assert [kept.get("key", make), kept.get("key", make)] == ["value", "value"]
    assert made == ["made"]


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    kept: Kept[int] = Kept(most=2)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda: 1)

    assert len(kept) == 2
    assert kept.get("a", lambda: 2) == 1
    assert kept.get("b", lambda: 2) == 2


# The tag ------------------------------------------------------------------------------------------


def engine(*, debug: bool = False) -> Engine:
    """A template engine with the tag built in."""
    libraries = {"i18n": "django.templatetags.i18n"}
    return Engine(
        builtins=["articles.templatetags.keeping"],
        libraries=libraries,
        debug=debug,
        autoescape=True,
    )


def test_a_block_is_rendered_again_only_for_other_values() -> None:
    template = engine().from_string("{% keep name %}{{ name }} {{ other }}{% endkeep %}")
    seen = [
        template.render(Context({"name": name, "other": other}))
        for name, other in (("<a>", 1), ("<a>", 2), ("b", 3))
    ]

    assert seen == ["&lt;a&gt; 1", "&lt;a&gt; 1", "b 3"]


def test_two_blocks_of_the_same_values_are_two() -> None:
    template = engine().from_string("{% keep 1 %}one{% endkeep %}{% keep 1 %}two{% endkeep %}")

    assert template.render(Context()) == "onetwo"


def test_a_block_is_another_in_another_language() -> None:
    template = engine().from_string('{% load i18n %}{% keep %}{% translate "Yes" %}{% endkeep %}')
    with override("en"):
        english = template.render(Context())
    with override("fr"):
        french = template.render(Context())

    assert (english, french) == ("Yes", "Oui")


def test_a_block_may_be_kept_with_something_that_is_forgotten() -> None:
    template = engine().from_string("{% keep in store %}{{ n }}{% endkeep %}")
    store_of: Kept[str] = Kept(most=5)
    first = template.render(Context({"n": 1, "store": store_of}))
    again = template.render(Context({"n": 2, "store": store_of}))
    elsewhere = template.render(Context({"n": 3, "store": Kept(most=5)}))

    assert (first, again, elsewhere) == ("1", "1", "3")


def test_whoever_works_on_templates_sees_every_change() -> None:
    template = engine(debug=True).from_string("{% keep %}{{ n }}{% endkeep %}")

    assert [template.render(Context({"n": n})) for n in (1, 2)] == ["1", "2"]


def test_a_block_that_pages_replace_cannot_be_kept() -> None:
    with pytest.raises(TemplateSyntaxError):
        engine().from_string("{% keep %}{% block title %}{% endblock %}{% endkeep %}")


# The page of an article ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_second_view_is_the_same_to_the_letter(client: Client) -> None:
    make_article()

    assert text(client) == text(client)


@pytest.mark.django_db
def test_a_check_becomes_stale_in_a_process_that_goes_on(client: Client) -> None:
    make_article(
        infobox=(
            InfoboxRow(
                anchor="infobox-row-material",
                label="Material",
                value="Stone [@heyman1995]",
                checked="2026-03-01",
            ),
        ),
        facts=(),
        timeline=(),
    )
    SiteSettings(pk=1, stale_after_months=24).save()
    stale = 'class="mark mark-stale"'
    with time_machine.travel("2028-03-01T12:00:00Z"):
        assert stale not in text(client)
    with time_machine.travel("2028-03-02T12:00:00Z"):
        assert stale in text(client)


@pytest.mark.django_db
def test_a_change_of_the_article_shows_at_once(client: Client) -> None:
    article = make_article()
    text(client)
    changed = make_document(
        sections=(Section(anchor="section-overview", heading="Overview", body="Quite another."),)
    )
    store.save(changed, article=article, author=None)

    shown = text(client)
    assert "Quite another." in shown
    assert "An arch stands" not in shown


@pytest.mark.django_db
def test_a_new_meaning_of_a_term_shows_at_once(client: Client) -> None:
    make_article(related_terms=(RelatedTerm(term="Voussoir"),))
    assert "No definition yet." in text(client)
    term = Term.objects.get(name="Voussoir")
    term.definition = "A stone cut as a wedge."
    term.save()

    assert "A stone cut as a wedge." in text(client)


@pytest.mark.django_db
def test_a_link_leads_to_an_article_as_soon_as_there_is_one(client: Client) -> None:
    make_article(related_terms=(), short_answer="It carries its load by [[squinch]] alone.")
    assert 'class="term"' not in text(client)
    make_article(title="Squinch", slug="squinch")

    assert '<a class="term" href="/articles/squinch/">squinch</a>' in text(client)


@pytest.mark.django_db
def test_two_articles_of_the_same_text_lead_each_to_itself(client: Client) -> None:
    make_article()
    make_article(title="Bridges of stone", slug="bridges-of-stone")
    for slug in ("stone-bridges", "bridges-of-stone"):
        address = f"/articles/{slug}/"
        cited = set(re.findall(r'href="(/articles/[^/]+/)cite/\?part=', text(client, address)))
        assert cited == {address}


@pytest.mark.django_db
def test_what_editors_are_told_is_not_told_to_readers(client: Client) -> None:
    make_article(short_answer="It stands [@nobody].")
    browser_of_editor = Client()
    browser_of_editor.force_login(make_editor())
    missing = "source missing: nobody"

    assert missing in text(browser_of_editor)
    assert missing not in text(client)
    assert missing in text(browser_of_editor)


@pytest.mark.django_db
def test_a_revision_is_cited_as_that_revision_whatever_was_seen_before(client: Client) -> None:
    article = make_article()
    store.save(make_document(title="Bridges"), article=Article.objects.get(), author=None)
    text(client)
    shown = text(client, f"/articles/{article.slug}/history/1/")

    assert "cite/?revision=1&amp;part=" in shown
    assert "cite/?part=" not in shown


@pytest.mark.django_db
def test_a_timeline_that_is_kept_follows_its_milestones_and_its_tracks(client: Client) -> None:
    article = make_article()
    document = store.load(article)
    first = document.timeline[0]
    text(client)
    changed = (
        replace(first, title="Another beginning", tracks=("Arches",)),
        *document.timeline[1:],
    )
    store.save(replace(document, timeline=changed), article=article)
    after = text(client)
    Track.objects.filter(name="Arches").update(name="Vaults")
    renamed = text(client)
    store.save(document, article=article)
    back = text(client)

    assert "Another beginning" in after
    assert "Arches" in after
    assert "Arches" not in renamed
    assert "Vaults" in renamed
    assert first.title in back
    assert "Another beginning" not in back
