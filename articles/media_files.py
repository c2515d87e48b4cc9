"""The files that people uploaded or the site drew, in the data folder.

With MEDIA_STORE they lie in a store elsewhere (`config/media_setting.py`); what uses them goes
through Django's `default_storage` and does not know.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage

# A file that is being written; it gets its name when it is whole.
UNFINISHED = ".part"


class WholeFiles(FileSystemStorage):
    """Files that are there whole or not at all; one of the same name takes the other's place."""

    @property
    def base_location(self) -> str:
        """The folder, as the settings have it now."""
        return str(settings.MEDIA_ROOT)

    @property
    def location(self) -> str:
        """The folder, as the system names it."""
        return os.path.abspath(self.base_location)  # noqa: PTH100 - as Django's own does

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself."""
        return name

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, suffix=UNFINISHED)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
            Path(draft).chmod(0o644)
            Path(draft).replace(path)
        except OSError:
            Path(draft).unlink(missing_ok=True)
            raise
        return name


def is_local() -> bool:
    """Whether the files lie in a folder of this machine."""
    return isinstance(default_storage, FileSystemStorage)
