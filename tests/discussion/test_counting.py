"""The number above a discussion is that of the comments one can read."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.discussion import moderation
from tests.articles.bridges import make_article
from tests.factories import make_comment
from tests.html import parse

pytestmark = pytest.mark.django_db


def test_a_placeholder_is_shown_but_not_counted(client: Client) -> None:
    article = make_article()
    first = make_comment(article=article)
    make_comment(article=article, parent=first)
    make_comment(article=article)
    moderation.delete(comments=[first.pk])

    discussion = parse(client.get(article.get_absolute_url()).content).by_id("discussion")

    assert len([part for part in discussion.walk() if "data-comment" in part.attributes]) == 3
    assert discussion.one("p", class_="discussion-count").text == "2 comments"
