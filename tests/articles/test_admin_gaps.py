"""What an article cites or links to and nobody wrote is named to whoever saves or imports it."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import WARNING, get_messages
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from articles import publishing
from articles.document import Section
from articles.gaps import Gaps, find_gaps
from articles.models import Article, Term
from tests.articles.admin_forms import change_url, form_data, open_form
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

TEXT = "[[Zzz Unknown]] and [[zzz unknown]] [@nokey; @cowper2001; @nokey, p. 3] with [[Cairns]]."
CITED = "Cited, but not among the references: nokey."
LINKED = "Linked, but neither a term nor an article: Zzz Unknown, Cairns."


@pytest.fixture
def editor(client: Client) -> Client:
    """The browser of an editor."""
    client.force_login(make_user("Editor", public_name="Edith Clarke"))
    return client


def warnings(response: Any) -> list[str]:
    """The warnings that the next page will show."""
    return [str(m) for m in get_messages(response.wsgi_request) if m.level == WARNING]


def make_gappy() -> Article:
    """An article whose text names what there is not."""
    return make_article(sections=(Section(heading="Overview", body=TEXT),))


class TestFinding:
    def test_each_name_is_found_once_in_reading_order(self, django_assert_num_queries):
        article = make_gappy()
        with django_assert_num_queries(4):
            gaps = find_gaps(article)
        assert gaps == Gaps(citations=("nokey",), links=("Zzz Unknown", "Cairns"))

    def test_an_article_that_has_all_it_names_lacks_nothing(self):
        assert find_gaps(make_article()) == Gaps(citations=(), links=())

    def test_a_term_by_any_of_its_names_and_a_live_title_are_known(self):
        article = make_gappy()
        Term.objects.create(name="Nothing", aliases=["ZZZ unknown"])
        cairns = make_article(title="Cairns", slug="cairns")
        assert find_gaps(article).links == ("Cairns",)
        publishing.publish(article=cairns)
        assert find_gaps(article).links == ()

    def test_of_many_names_ten_are_told(self):
        gaps = Gaps(citations=tuple(f"k{n}" for n in range(13)), links=())
        [sentence] = gaps.sentences()
        assert sentence.endswith("references: k0, k1, k2, k3, k4, k5, k6, k7, k8, k9 and 3 more.")


class TestSaving:
    def test_saving_an_article_names_what_it_lacks(self, editor):
        article = make_article()
        data = open_form(editor, article) | {"sections-0-body": TEXT}
        response = editor.post(change_url(article), data)
        assert warnings(response) == [f"{CITED} {LINKED}"]

    def test_saving_nothing_or_an_article_without_gaps_warns_of_nothing(self, editor):
        gappy = make_gappy()
        assert warnings(editor.post(change_url(gappy), open_form(editor, gappy))) == []
        article = make_article(slug="whole")
        data = open_form(editor, article) | {"title": "Signs"}
        assert warnings(editor.post(change_url(article), data)) == []

    def test_a_part_on_its_own_page_warns_as_well(self, editor):
        section = make_article().sections.first()
        address = reverse("admin:articles_section_change", args=[section.pk])
        data = form_data(editor.get(address), "section_form") | {"body": TEXT}
        assert warnings(editor.post(address, data)) == [f"{CITED} {LINKED}"]

    def test_publishing_the_same_text_names_it_and_says_where_the_summary_is(self, editor):
        article = make_gappy()
        data = open_form(editor, article) | {"status": "published", "summary": "Goes live"}
        gaps, no_revision = warnings(editor.post(change_url(article), data))
        assert gaps == f"{CITED} {LINKED}"
        assert no_revision.endswith("no new revision: “Goes live” is kept in the log alone.")
        assert article.revisions.count() == 1

    def test_publishing_from_the_list_names_the_article_as_well(self, editor):
        article = make_gappy()
        sent = {"action": "publish_selected", "_selected_action": [article.pk]}
        response = editor.post(reverse("admin:articles_article_changelist"), sent)
        assert warnings(response) == [f"{article.title}: {CITED} {LINKED}"]

    def test_restoring_a_text_names_what_it_lacks(self, editor):
        article = make_gappy()
        editor.post(change_url(article), open_form(editor, article) | {"sections-0-body": "No."})
        address = reverse("admin:articles_article_restore", args=[article.pk, 1])
        state = form_data(editor.get(address), "")["state"]
        assert warnings(editor.post(address, {"state": state})) == [f"{CITED} {LINKED}"]

    def test_publishing_a_working_copy_names_what_the_article_lacks_now(self, editor):
        article = make_article()
        publishing.publish(article=article)
        copy = publishing.start_working_copy(article=article, author=None)
        editor.post(change_url(copy), open_form(editor, copy) | {"sections-0-body": TEXT})
        address = reverse("admin:articles_article_merge", args=[copy.pk])
        response = editor.post(address, form_data(editor.get(address), ""))
        assert warnings(response) == [f"{CITED} {LINKED}"]


def test_an_import_prints_what_each_article_lacks(tmp_path: Path):
    path = tmp_path / "signs.md"
    path.write_text(f"---\ntitle: Signs\n---\n\n## Overview\n\n{TEXT}\n", encoding="utf-8")
    out = StringIO()
    call_command("import_articles", path, stdout=out)
    cited = CITED.replace("nokey", "nokey, cowper2001")
    assert out.getvalue().splitlines()[1:] == [f"  {cited} {LINKED}"]
