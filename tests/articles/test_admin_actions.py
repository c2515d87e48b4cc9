"""What is done with several articles at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from articles.admin import actions
from articles.models import Article
from tests.articles.admin_forms import form_data
from tests.factories import make_article, make_user
from tests.html import parse

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


def test_all_that_a_list_finds_is_withdrawn_not_only_what_its_first_page_shows(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_NAMED", 2)
    articles = [make_article(live=True, title=f"Bridge {number}") for number in range(4)]
    other = make_article(live=True, title="Road")
    client.force_login(make_user("Editor"))
    chosen: dict[str, Any] = {
        "action": "withdraw_selected",
        "_selected_action": [str(article.pk) for article in articles[:3]],
        "select_across": "1",
    }

    question = client.post(f"{LIST}?q=bridge", chosen)
    told = parse(question.content).by_id("content-main")
    assert "these 4 articles" in told.text
    assert len(told.all("li")) == 3
    assert told.all("li")[-1].text == "and 2 more"
    client.post(f"{LIST}?q=bridge", form_data(question, ""))

    assert [article.pk for article in Article.objects.live()] == [other.pk]
