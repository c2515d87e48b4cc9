"""A whole site of its own for a test: data folder, key, files, and a database like the tests' own.

Everything runs as in a real command, with transactions that are committed, and is thrown away.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from articles.management.samples import load_samples
from articles.models import User
from articles.upkeep import read_only
from articles.upkeep.backup import databases, quiet
from articles.upkeep.backup.databases import SITE, known_as, sqlite_file
from config.database_setting import read_database

KEY = "a-key-of-a-site-that-is-long-enough-to-be-one"


@dataclass
class Site:
    """Where a site has its things, and what it says."""

    data: Path

    @property
    def media(self):
        return self.data / "media"

    @property
    def backups(self):
        return self.data / "backups"

    def documents(self):
        """Every article as a file, by name."""
        folder = self.data / "exported"
        shutil.rmtree(folder, ignore_errors=True)
        call_command("export_articles", str(folder), verbosity=0, stdout=Nowhere())
        return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.md"))}


class Nowhere:
    def write(self, text):
        pass

    def flush(self):
        pass


class Databases:
    """Makes databases of the kind that the tests run with, as copies of one with the samples."""

    def __init__(self, folder):
        self.folder = folder
        self.vendor = connections[SITE].vendor
        self.own = dict(connections[SITE].settings_dict)
        self.number = 0
        self.made = []
        self.older = {}
        self.full = self.copy(self.own["NAME"])
        with self.site(self.full):
            load_samples()
            User.objects.create_superuser("owner", password="correct horse battery")

    @property
    def name(self):
        self.number += 1
        # Beside the tests of another run on the same server.
        name = f"{Path(self.own['NAME']).name}_{self.number}"
        return str(self.folder / f"{name}.sqlite3") if self.vendor == "sqlite" else name

    def copy(self, source):
        """A new database with all that another has."""
        target = self.name
        if self.vendor == "sqlite":
            with known_as("plain", sqlite_file(Path(source), "plain")) as plain:
                plain.cursor().execute("VACUUM INTO %s", [target])
            return target
        connections[SITE].close()
        self.run(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        self.made.append(target)
        return target

    def old(self, migration):
        """A new database with the samples, as it was after this migration of the articles."""
        if migration not in self.older:
            self.older[migration] = self.copy(self.full)
            with self.site(self.older[migration]):
                call_command("migrate", "articles", migration, verbosity=0)
        return self.copy(self.older[migration])

    def empty(self, vendor):
        """A new database without a table, of either kind where the tests have PostgreSQL."""
        if vendor != self.vendor:
            return read_database(f"sqlite:///{self.folder / 'other.sqlite3'}")
        target = self.name
        if self.vendor == "postgresql":
            self.run(f'CREATE DATABASE "{target}"')
            self.made.append(target)
        return target

    def run(self, statement):
        with connections[SITE]._nodb_cursor() as cursor:
            cursor.execute(statement)

    @contextmanager
    def site(self, name):
        """Work on this database, by its name or its settings, for the block."""
        settings = name if isinstance(name, dict) else {**self.own, "NAME": name}
        wrapper = databases._connection(settings, SITE)
        with known_as(SITE, wrapper):
            yield

    def drop(self):
        for name in self.made:
            self.run(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True)
def as_a_command_without_a_server():
    """No server runs whose requests a restore would wait for; nor is this one, which may not write.

    A test before may have loaded what answers requests. Tests take back what they changed
    themselves, and not this with it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quiet, "SECONDS_TO_SETTLE", 0)
        patch.setattr(read_only, "_enforced", False)
        yield


@pytest.fixture(scope="session")
def site_databases(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        made = Databases(tmp_path_factory.mktemp("databases"))
        yield made
        made.drop()


@pytest.fixture
def key_is(settings):
    """A function that says where the site has its secret key from, as `Setting.origin` does."""

    def saying(origin):
        settings.ENVIRONMENT = tuple(
            replace(each, origin=origin) if each.name == "SECRET_KEY" else each
            for each in settings.ENVIRONMENT
        )

    return saying


@pytest.fixture
def new_site(site_databases, db, settings, tmp_path, key_is):
    """A function that makes a site, empty or with the samples, and goes over to it for a block."""

    @contextmanager
    def making(name="site", *, empty=False, database=None, key=KEY, vendor=site_databases.vendor):
        data = tmp_path / name
        (data / "media" / "cards").mkdir(parents=True)
        (data / "secret_key").write_text(key)
        names = ("DATA_DIR", "MEDIA_ROOT", "SECRET_KEY", "ENVIRONMENT")
        before = {name: getattr(settings, name) for name in names}
        settings.DATA_DIR, settings.MEDIA_ROOT, settings.SECRET_KEY = data, data / "media", key
        key_is("made")
        if database is None:
            database = (
                site_databases.empty(vendor) if empty else site_databases.copy(site_databases.full)
            )
        with site_databases.site(database):
            yield Site(data)
        for each, value in before.items():
            setattr(settings, each, value)

    return making


@pytest.fixture
def site(new_site):
    """A site with the samples, one picture and one upload."""
    with new_site() as made:
        add_files(made)
        yield made


@pytest.fixture
def old(new_site, site_databases):
    """The same, whose tables are those before backups were written down."""
    with new_site(database=site_databases.old("0013")) as made:
        add_files(made)
        assert "articles_backup" not in databases.table_names(connections[SITE])
        yield made


def add_files(site):
    (site.media / "cards" / "a.png").write_bytes(b"a picture")
    (site.media / "ünïcode name.txt").write_text("an upload")
