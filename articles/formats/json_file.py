"""One article as JSON: the document's own values, for machines and for reuse.

`format` comes first; fields at their default are left out, the others stand in the order of
`articles/document.py`. The same text stands at an article's public `.json` address.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from articles.document import Document, DocumentError, from_dict, to_dict
from articles.formats.errors import FileError
from articles.licences import Licence
from articles.markup import clean_line


def write(document: Document, *, licence: Licence | None = None) -> str:
    """The JSON of a canonical document, indented by two spaces, with a final newline.

    `licence` says what others may do with the text. It is no part of the article: whoever reads the
    file has terms of their own.
    """
    values = to_dict(document)
    if licence:
        terms = {"name": licence.name} | ({"url": licence.url} if licence.url else {})
        values = {"format": values.pop("format"), "licence": terms, **values}
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def parse(text: str) -> Document:
    """Read JSON of any known format as a canonical document; a `licence` in it is left out.

    Raises FileError with the line of a syntax error; a value of the wrong shape is named by its
    path, such as `facts[2].label`, and has line 0.
    """
    try:
        values = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_object)
        if isinstance(values, dict):
            values.pop("licence", None)
        return from_dict(values)
    except json.JSONDecodeError as error:
        reason = _("This is not JSON: %(problem)s.") % {"problem": error.msg}
        raise FileError(error.lineno, reason) from error
    except DocumentError as error:
        # A name of a field may hold anything; what is shown on a terminal may not.
        raise FileError(0, clean_line(str(error))) from error
    except RecursionError as error:
        raise FileError(0, _("These lists stand too deep inside each other.")) from error
    except ValueError as error:
        # Python reads no whole number of more than 4,300 digits.
        raise FileError(0, _("This is not JSON: %(problem)s.") % {"problem": error}) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different; JSON itself would let the last one win."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            raise DocumentError(name, _("stands twice in one object"))
        values[name] = value
    return values
