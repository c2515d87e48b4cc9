"""What somebody sent that could not be saved, given back by the page that says so.

As texts to read and copy, each with the name of its field, and as a form that sends all of it once
more. Nothing here asks the database: it may be what is away.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import models
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.urls import Resolver404, resolve
from django.utils.text import capfirst

logger = logging.getLogger(__name__)

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
# What a page must not say again, whatever else it gives back.
SECRET = "password"  # noqa: S105 - a part of names of fields
# Where people show who they are.
ACCOUNTS = "/accounts/"
# The row that new rows are made from.
TEMPLATE_ROW = "-__prefix__-"
# A field of a row of a formset: its kind, the number of the row, the field.
IN_ROW = re.compile(r"(\w+)-(\d{1,6})-(\w+)", re.ASCII)
# What pages without a model send besides texts.
MECHANICS = {TOKEN, "action", "confirmed", "index", "replaces", "select_across", "state"}
TEXTS = (models.CharField, models.TextField, models.JSONField, models.DateField)
NUMBERS = (models.IntegerField, models.DecimalField, models.FloatField)

# What browsers do not send: broken, endless or cut off forms, in a nonsense encoding, to no host.
UNREADABLE = (
    *(BadRequest, MultiPartParserError, RawPostDataException, SuspiciousOperation),
    *(LookupError, OSError, ValueError),
)


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What was sent: `text` to be read, and the `fields` of a form that sends it again.

    There are no fields for what must not be sent again like this: a password is typed again, and
    of a form that may come from another site nothing is made.
    """

    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.fields)


type MakeToken = Callable[[HttpRequest], str]


def give_back(request: HttpRequest, *, new_token: MakeToken | None = None) -> GivenBack:
    """What the request sent. `new_token` makes a token, where that which was sent is of no use.

    Nothing of a form from another site: whoever made it would have our page say their words, and
    our reader send them. Browsers name the origin of every form; for what does not, there are the
    texts alone.
    """
    origin = request.headers.get("Origin", "")
    if request.method != "POST" or request.path.startswith(ACCOUNTS):
        return GivenBack()
    try:
        if origin and not _is_ours(request, origin):
            return GivenBack()
        _ = request.POST
    except UNREADABLE as error:
        # What is broken is what was sent, or where to: nothing that we could mend.
        logger.info("A form could not be read: %r", error)
        return GivenBack()
    try:
        return _give_back(request, may_send=bool(origin), new_token=new_token)
    except Exception:
        # The page that says what is wrong is shown whatever happens here.
        logger.exception("A form could not be given back")
        return GivenBack()


def _is_ours(request: HttpRequest, origin: str) -> bool:
    here = f"{request.scheme}://{request.get_host()}"
    return origin == here or origin in settings.CSRF_TRUSTED_ORIGINS


def _give_back(request: HttpRequest, *, may_send: bool, new_token: MakeToken | None) -> GivenBack:
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if TEMPLATE_ROW not in name
        for value in values
    ]
    fields = []
    if may_send and not any(SECRET in name and value for name, value in sent):
        fields = sent
        if new_token:
            fields = [(n, value) for n, value in sent if n != TOKEN]
            # With it comes a cookie, if there is none yet.
            fields.append((TOKEN, new_token(request)))
    texts = [(n, value.strip()) for n, value in sent if value.strip() and SECRET not in n]
    return GivenBack(
        text="\n\n".join(_named(request, texts)),
        fields=tuple(fields),
    )


def _named(request: HttpRequest, texts: list[tuple[str, str]]) -> Iterator[str]:
    """The texts that were typed, each after the name of its field as the form shows it."""
    if not request.path.startswith("/admin/"):
        # A comment: its writer knows which field it was.
        yield from (value for name, value in texts if name == "body")
        return
    try:
        page = getattr(resolve(request.path_info).func, "model_admin", None)
    except Resolver404:
        page = None
    for name, value in texts:
        label = _label(page, name) if page else _words(name)
        if label:
            yield f"{label}: {value}"


def _words(name: str) -> str:
    """A field's name in words; '' for one that no person fills in."""
    is_text = name not in MECHANICS and not name.startswith("_") and "-" not in name
    return capfirst(name.replace("_", " ")) if is_text else ""


def _label(page: Any, name: str) -> str:
    """What the page of a model calls a field in which people type; '' for any other."""
    if not (row := IN_ROW.fullmatch(name)):
        return _label_of(page.model, (page.form, getattr(page, "add_form", None)), name)
    kind, number, field = row.groups()
    for inline in page.inlines:
        opts = inline.model._meta
        if kind == f"{opts.model_name}s":
            label = _label_of(inline.model, (inline.form,), field)
            place = f"{capfirst(str(opts.verbose_name))} {int(number) + 1}"
            return f"{place}, {label}" if label else ""
    return ""


def _label_of(model: type[models.Model], own: tuple[Any, ...], name: str) -> str:
    for form in own:
        field = getattr(form, "declared_fields", {}).get(name)
        if isinstance(field, forms.CharField):
            return str(field.label or _words(name))
    for column in model._meta.fields:
        if column.name == name and not column.choices and not column.primary_key:
            is_typed = isinstance(column, (*TEXTS, *NUMBERS))
            return capfirst(str(column.verbose_name)) if is_typed else ""
    return ""
