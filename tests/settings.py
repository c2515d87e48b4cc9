"""The settings that tests run with: the real ones in a data folder that is thrown away.

Only `DATABASE_URL` is taken from the outside, so that the same tests run on PostgreSQL; whatever
else is set in the shell must neither change a test nor be written to by one.
"""

# ruff: noqa: E402, F403, F405 - the environment must be right before the settings are read.

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.known_settings import variables

for name in set(variables()) - {"DATABASE_URL"}:
    os.environ.pop(name, None)
_scratch = tempfile.mkdtemp(prefix="milepost-tests-")
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
os.environ["DATA_DIR"] = _scratch
os.environ["SECRET_KEY"] = "only-for-tests-and-long-enough-to-be-accepted"

from config.database_setting import SQLITE_OPTIONS
from config.settings import *

# Argon2 is slow on purpose, and so are the fsyncs that keep what was acknowledged.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in a real site, because a live server and its test are two connections.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = str(SQLITE_OPTIONS["init_command"]).replace(
        "synchronous=FULL", "synchronous=OFF"
    )

# No `collectstatic` before a test; the storage of a real site has tests of its own.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
Path(STATIC_ROOT).mkdir(exist_ok=True)
