"""What a data folder is called: a name that stays when a container is made anew around it.

Made once there is a database, so that it also says that there should be one.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from django.conf import settings

from articles.upkeep.small_files import write_whole

FILE = "data_id"


def path() -> Path:
    """Where the name is kept."""
    return Path(settings.DATA_DIR) / FILE


def known() -> str:
    """The name, '' when there is none yet or nobody may look."""
    try:
        return path().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def data_id() -> str:
    """The name, made when there is none yet. Raises OSError when it cannot be read or written."""
    if not path().exists():
        # Of two processes that make one at the same time, both go by the first.
        draft = path().with_name(f".{FILE}.{secrets.token_hex(4)}.new")
        write_whole(draft, f"data-{secrets.token_hex(8)}")
        try:
            with contextlib.suppress(FileExistsError):
                os.link(draft, path())
        finally:
            draft.unlink(missing_ok=True)
    return path().read_text(encoding="utf-8").strip()
