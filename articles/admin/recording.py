"""Saving through a form so that nobody's work is overwritten unseen and every change is a revision.

A form carries the state of the article it was opened at. When the article has moved on, saving is
refused with the name of who moved it, and everything typed stays on the page; a box then lets the
editor replace exactly the state that was named.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import store
from articles.admin.base import BaseAdmin
from articles.admin.fields import LineField
from articles.admin.saved_notes import tell_gaps
from articles.models import Article, Revision, User
from articles.validation import Problem, problems

# The error of a form that was overtaken.
CONFLICT = "conflict"


def state_of(article: Article) -> str:
    """A short text that changes whenever anything that the article's form shows is changed."""
    numbers = Revision.objects.filter(article=article).order_by("-number")
    number = numbers.values_list("number", flat=True).first() or 0
    shown = f"{article.status}|{article.published_at}|{article.slug}"
    return f"{number}-{zlib.crc32(shown.encode()):08x}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else saved the article: what to say, where to look, and the state they left."""

    message: str
    url: str
    state: str


def conflict_with(article: Article, opened: str) -> Conflict:
    """The conflict between a form opened at the state `opened` and the article as it is."""
    latest = Revision.objects.filter(article=article).select_related("author").first()
    state = state_of(article)
    if latest and opened.partition("-")[0] != str(latest.number):
        who = str(latest.author) if latest.author else _("An import")
        summary = f" ({latest.summary})" if latest.summary else ""
        values = {"who": who, "when": _moment(latest.created_at), "summary": summary}
        message = _("%(who)s changed this article on %(when)s, after you opened it%(summary)s.")
        url = reverse("admin:articles_article_revision", args=[article.pk, latest.number])
        return Conflict(message % values, url, state)
    content_type = ContentType.objects.get_for_model(Article)
    entries = LogEntry.objects.filter(content_type=content_type, object_id=str(article.pk))
    entry = entries.select_related("user").order_by("-action_time", "-pk").first()
    if entry:
        values = {"who": str(entry.user), "when": _moment(entry.action_time)}
        message = _("%(who)s changed the status or the address of this article on %(when)s.")
        return Conflict(message % values, "", state)
    message = _("The status or the address of this article was changed after you opened it.")
    return Conflict(message, "", state)


def _moment(moment: Any) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")


class RecordedForm(forms.ModelForm):
    """A form that changes what an article says: see this module's text."""

    summary = LineField(
        label=gettext_lazy("What changed, in a few words"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Shown in the history of the article."),
    )
    # What the database or the document's rules refused when this form was saved a moment ago.
    refused: list[Problem] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        article = self.get_article()
        self.state = state_of(article) if article else ""
        self.opened = self.data.get("opened_at", "") if self.is_bound else self.state
        self.conflict: Conflict | None = None

    def get_article(self) -> Article | None:
        """The article that this form changes; None while it does not exist."""
        raise NotImplementedError

    def non_field_errors(self) -> Any:
        """What is wrong with no single field, but for a conflict: the page has a box for that."""
        found = super().non_field_errors()
        errors = [error for error in found.as_data() if error.code != CONFLICT]
        return (
            found
            if len(errors) == len(found)
            else self.error_class(errors, error_class="nonfield", renderer=self.renderer)
        )

    def clean(self) -> dict[str, Any]:
        """Refuse to save over somebody else's work, and say what was refused a moment ago."""
        cleaned = super().clean() or self.cleaned_data
        article = self.get_article()
        known = {self.opened, self.data.get("replaces", "")}
        if article and article.pk and self.state not in known:
            saved = Article.objects.get(pk=article.pk)
            self.conflict = conflict_with(saved, self.opened)
            raise ValidationError(self.conflict.message, code=CONFLICT)
        for problem in self.refused:
            where, message = problem.path, problem.message
            if where in self.fields:
                self.add_error(where, message)
            else:
                self.add_error(None, f"{where}: {message}" if where else message)
        return cleaned


class RecordingAdmin(BaseAdmin):
    """A page whose form is a RecordedForm."""

    change_form_template = "admin/milepost/change_form.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form. What is refused while it is saved is undone and shown as errors of the form."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except store.Refused as refused:
            found = refused.problems
        except IntegrityError:
            message = _("Somebody saved the same thing at the same moment. Look, and save again.")
            found = [Problem("", message)]
        request.refused = found  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """The form's class, which knows what was refused in this request."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refused = getattr(request, "refused", [])  # type: ignore[attr-defined]
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page. Of a conflict alone it does not say that there is an error to be corrected."""
        form, errors = context["adminform"].form, context.get("errors")
        if form.conflict and len(errors or ()) == 1 and not form.non_field_errors():
            context["errors"] = None
        return super().render_change_form(request, context, *args, **kwargs)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        """What the log says: also the summary, which no revision keeps when no text was changed."""
        message = super().construct_change_message(request, form, formsets, add)
        if not add and "summary" in form.changed_data:
            place = form.changed_data.index("summary")
            message[0]["changed"]["fields"][place] += f": {form.cleaned_data['summary']}"
        return message

    def record(
        self, request: HttpRequest, article: Article, summary: str, *, is_published: bool = False
    ) -> Revision | None:
        """Keep what the article says now as a revision, and name what it lacks.

        That is named too when the same text `is_published` by this. A summary without a revision
        is in no history, and whoever wrote it is told.
        """
        revision = record_edit(article, author=request.user, summary=summary)
        if revision or is_published:
            tell_gaps(request, article)
        if summary and not revision:
            text = _(
                "No text was changed, so there is no new revision: “%s” is kept in the log alone."
            )
            self.message_user(request, text % summary, messages.WARNING)
        return revision


def lock(article: Article) -> None:
    """Hold the article's row until the transaction ends, so that states compared here stay true."""
    if connection.in_atomic_block:
        Article.objects.select_for_update().filter(pk=article.pk).first()


@transaction.atomic
def record_edit(article: Article, *, author: Any, summary: str) -> Revision | None:
    """Keep what the rows say as a revision. Raises Refused when they are no sound document."""
    editor = author if isinstance(author, User) else None
    revision = store.record(article, author=editor, kind=Revision.Kind.EDIT, summary=summary)
    if revision and (found := problems(revision.read())):
        raise store.Refused(found)
    return revision
