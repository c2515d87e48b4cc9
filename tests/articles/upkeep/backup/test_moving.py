"""A site moves from one database to the other and back, as it does when it grows to PostgreSQL."""

import pytest
from django.core.serializers import serialize
from django.db import connections

from articles.models import Article
from articles.upkeep.backup.backups import make_backup
from articles.upkeep.backup.databases import SITE, copied_models, last_keys
from articles.upkeep.backup.restoring import restore
from tests.factories import make_comment


def rows():
    """Every row of every table that is copied, as text."""
    return {
        model._meta.label: serialize("json", model._default_manager.order_by("pk"))
        for model in copied_models()
    }


def keys():
    """The last key that each table gave; how often a database was migrated is its own affair."""
    found = last_keys(connections[SITE], copied_models())
    return {table: key for table, key in found.items() if table != "django_migrations"}


def test_a_site_moves_from_one_database_to_the_other_and_back_byte_for_byte(new_site, client):
    if connections[SITE].vendor == "sqlite":
        pytest.skip("needs PostgreSQL as well, with which the tests are run too")
    with new_site("first") as first:
        (first.media / "ünïcode name.txt").write_text("an upload")
        article = Article.objects.get(slug="antikythera-mechanism")
        comment = make_comment(article, body="Gears, *not* wheels: “ünïcode” \U0001f3db")
        make_comment(article, parent=comment, status="held")
        # Its key is not given again.
        make_comment(article).delete()
        documents, before, last = first.documents(), rows(), keys()
        found = client.get("/search/", {"q": "gear"}).content
        made = make_backup()
    with new_site("second", empty=True, vendor="sqlite") as second:
        restore(made.path)
        assert connections[SITE].vendor == "sqlite"
        assert second.documents() == documents
        assert rows() == before
        assert keys() == last
        assert client.get("/search/", {"q": "gear"}).content == found
        assert client.login(username="owner", password="correct horse battery")
        # Signing in says when that was.
        before = rows()
        again = make_backup()
    with new_site("third", empty=True) as third:
        restore(again.path)
        assert connections[SITE].vendor == "postgresql"
        assert third.documents() == documents
        assert rows() == before
        assert keys() == last
        assert [path.read_text() for path in third.media.iterdir() if path.is_file()] == [
            "an upload"
        ]
        client.logout()
        assert client.get("/search/", {"q": "gear"}).content == found
        assert client.login(username="owner", password="correct horse battery")
        assert make_comment(Article.objects.get(pk=article.pk)).pk == comment.pk + 3
