"""What the owner of a site lays into the data folder, so that it looks other than it comes.

`custom.css` is served after the site's own stylesheet. `templates/` stands before the site's own
templates (`TEMPLATES` in the settings). Both may be missing, and neither can break a page by being
unreadable: `problems` says what is wrong with them.
"""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

CSS = "custom.css"
TEMPLATES = "templates"
# The site's own stylesheet has 90 KB before compression; every reader loads this one as well.
LARGEST_CSS = 256 * 1024


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """Rules, and the name they are served under: another one for each content, '' for none."""

    css: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class OwnCss:
    """What `custom.css` holds, or in one sentence why it is left out."""

    css: str = ""
    problem: str = ""


def own_css() -> OwnCss:
    """The content of `custom.css` as it is now; empty when there is none.

    A look at the file's status at each call, and a look inside only after a change.
    """
    path = settings.DATA_DIR / CSS
    try:
        status = path.stat()
    except FileNotFoundError:
        return OwnCss()
    except OSError as error:
        return OwnCss(problem=f"{path} cannot be looked at ({error.strerror}).")
    return _read(path, mark(), regular=stat.S_ISREG(status.st_mode), size=status.st_size)


def mark() -> str:
    """What changes whenever `custom.css` does; '' when there is none. Costs no look inside."""
    try:
        status = (settings.DATA_DIR / CSS).stat()
    except OSError:
        return ""
    return f"{status.st_ino}-{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}"


@lru_cache(maxsize=4)
def _read(path: Path, mark: str, *, regular: bool, size: int) -> OwnCss:
    found = _read_now(path, regular=regular, size=size)
    if found.problem:
        # Once for each change: what is read is kept by its mark.
        logger.warning("%s The site goes on without it.", found.problem)
    return found


def _read_now(path: Path, *, regular: bool, size: int) -> OwnCss:
    # A pipe would be read for ever.
    if not regular:
        return OwnCss(problem=f"{path} is no file.")
    if size > LARGEST_CSS:
        return OwnCss(problem=f"{path} is larger than {LARGEST_CSS // 1024} KB.")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_CSS)
        return OwnCss(content.decode("utf-8-sig").strip())
    except OSError as error:
        return OwnCss(problem=f"{path} cannot be read ({error.strerror}).")
    except UnicodeDecodeError:
        return OwnCss(problem=f"{path} is not in UTF-8.")


@lru_cache(maxsize=16)
def join(accent_css: str, own: str = "") -> Stylesheet:
    """The stylesheet of the accent's rules and the owner's, of which either may be ''.

    All rules of the site are in layers, and what is in none wins over them. The accent's are in
    none either, for the admin's sake; beside the owner's they get one, so that `:root` suffices to
    set a colour.
    """
    if own and accent_css:
        css = f"@layer accent {{\n{accent_css}}}\n{own}\n"
    else:
        css = accent_css or (own and f"{own}\n")
    return Stylesheet(css, sha256(css.encode()).hexdigest()[:12] if css else "")


def problems() -> Iterator[str]:
    """One sentence for everything that is wrong with the owner's stylesheet and templates."""
    from django.template import TemplateSyntaxError, engines

    if problem := own_css().problem:
        yield problem
    folder = settings.DATA_DIR / TEMPLATES
    try:
        if not folder.exists():
            return
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
    except OSError as error:
        yield f"{folder} cannot be looked at ({error.strerror})."
        return
    for path in paths:
        try:
            engines["django"].from_string(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            yield f"The template {path} cannot be read."
        except TemplateSyntaxError as error:
            yield f"The template {path} is wrong: {' '.join(str(error).split())}"
