"""The form of a comment: everything that a browser may send, read and judged."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.discussion import parts
from articles.discussion.models import NAME_LENGTH, Comment
from articles.markup.comment import clean_comment, clean_name, render_comment
from articles.models import Article, SiteSettings, User

SALT = "articles.discussion.opened"
# Room for what cleaning takes away: a text that is much longer is refused without being cleaned.
SLACK = 2000


class NameField(forms.CharField):
    """A guest's name, cleaned."""

    def to_python(self, value: Any) -> Any:
        """The name as it will stand; '' when nothing of it can be seen."""
        text = super().to_python(value) or ""
        return text if len(text) > NAME_LENGTH + SLACK else clean_name(text)


class BodyField(forms.CharField):
    """The text of a comment, cleaned."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        """The text as it will be stored; one that is far too long comes back as it was typed."""
        text = super().to_python(value) or ""
        return text if len(text) > (self.max_length or 0) + SLACK else clean_comment(text)

    def validate(self, value: Any) -> None:
        """Refuse a text of which nothing can be seen."""
        super().validate(value)
        if len(value) <= (self.max_length or 0) and not render_comment(value).text:
            raise ValidationError(self.error_messages["required"], code="required")


class CommentForm(forms.Form):
    """A comment on an article, by somebody whose name is asked for or known.

    `submission` makes a form that is sent twice one comment, `opened` says when the form was
    made, for which article and submission, and `website` is for programs that fill in everything.
    """

    about = forms.CharField(
        label=gettext_lazy("About"), required=False, widget=forms.Select, max_length=300
    )
    body = BodyField(
        label=gettext_lazy("Your comment"),
        help_text=gettext_lazy(
            "Say what should change and where you found it. Links, *emphasis*, > quotes and "
            "`code` are understood."
        ),
        error_messages={"required": gettext_lazy("Write your comment.")},
        strip=False,
    )
    name = NameField(
        label=gettext_lazy("Name"),
        max_length=NAME_LENGTH,
        error_messages={
            "required": gettext_lazy("Give a name that others can call you by."),
            "max_length": gettext_lazy("Take a name of at most %(limit_value)d characters."),
        },
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail (optional)"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Never shown. Moderators may write to you about your comment."),
        error_messages={"invalid": gettext_lazy("Leave it empty, or give a whole e-mail address.")},
    )
    website = forms.CharField(label=gettext_lazy("Leave this empty"), required=False)
    parent = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    submission = forms.UUIDField(widget=forms.HiddenInput)
    opened = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def __init__(
        self, *args: Any, article: Article, site: SiteSettings, user: User | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        self.site = site
        self.parent_comment: Comment | None = None
        self.part: parts.TalkedAbout | None = None
        # What its writer should know before writing.
        self.notes: list[str] = []
        body: Any = self.fields["body"]
        body.max_length = site.longest_comment
        body.widget.attrs |= {"rows": 7}
        self.fields["name"].widget.attrs |= {"autocomplete": "name"}
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}
        self.fields["website"].widget.attrs |= {"autocomplete": "off", "tabindex": "-1"}
        if user and user.public_name:
            del self.fields["name"]
        if user:
            del self.fields["email"]
        self.user = user
        self.auto_id = f"comment-{self.initial.get('submission') or 'form'}-%s"

    @classmethod
    def fresh(
        cls, article: Article, *, about: str, parent: str, in_place: bool, **who: Any
    ) -> CommentForm:
        """An empty form with a submission of its own; one that comes `in_place` takes the focus."""
        submission = str(uuid.uuid4())
        initial = {"about": about, "parent": parent, "submission": submission}
        initial["opened"] = opened_now(article, submission)
        form = cls(initial=initial, article=article, **who)
        if in_place:
            form.fields["body"].widget.attrs["autofocus"] = True
        return form

    # Reading what came ----------------------------------------------------------------------------

    def sent_submission(self) -> uuid.UUID | None:
        """The submission that came, if this site made it for this article, whenever that was."""
        field = self.fields["submission"]
        try:
            submission = field.clean(self["submission"].data)
            if age_of(str(self["opened"].data), self.article, submission) is None:
                return None
        except ValidationError:
            return None
        return uuid.UUID(str(submission))

    def clean_body(self) -> str:
        """Refuse a text that is too long, saying by how much."""
        body: str = self.cleaned_data["body"]
        most, length = self.site.longest_comment, len(body)
        if length > most:
            message = ngettext(
                "Shorten your comment by %(n)d character; it may have %(most)d.",
                "Shorten your comment by %(n)d characters; it may have %(most)d.",
                length - most,
            )
            raise ValidationError(message % {"n": length - most, "most": most})
        return body

    def clean_name(self) -> str:
        """Refuse the name of somebody who signs in: a guest must not pass for them."""
        name: str = self.cleaned_data["name"]
        if self.user is None and User.objects.filter(public_name__iexact=name, is_active=True):
            raise ValidationError(
                _("Somebody who writes here has this name. Sign in, or take another one.")
            )
        return name

    def clean_parent(self) -> str:
        """Find the comment that is answered; only one that can be read can be."""
        key: str = self.cleaned_data["parent"]
        if not key:
            return ""
        if key.isascii() and key.isdigit():
            found = Comment.objects.approved().filter(article=self.article, pk=int(key))
            self.parent_comment = found.select_related("user").first()
        if self.parent_comment is None:
            raise ValidationError(parent_gone())
        return key

    def clean_about(self) -> str:
        """Find the part that is talked about in what the article says now."""
        anchor: str = self.cleaned_data["about"]
        if not anchor or self["parent"].data:
            return ""
        self.part = parts.find_part(self.article, anchor)
        if self.part is None:
            raise ValidationError(
                _("The article has no such part any more. Choose what your comment is about.")
            )
        return anchor

    def clean(self) -> dict[str, Any]:
        """Judge when the form was made, and find the part that a reply is about."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.parent_comment and self.parent_comment.about:
            self.part = parts.find_part(self.article, self.parent_comment.about)
        submission, opened = cleaned.get("submission"), cleaned.get("opened")
        age = age_of(opened, self.article, submission) if submission and opened else None
        if age is None or age > self.site.form_hours * 3600:
            self.add_error(None, ValidationError(is_stale(), code="stale"))
        elif age < self.site.form_seconds:
            message = _(
                "That was very quick. Please read your comment once more and send it again."
            )
            self.add_error(None, ValidationError(message, code="quick"))
        return cleaned

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled in what no person sees."""
        return bool(self.cleaned_data.get("website"))

    # Showing it again -----------------------------------------------------------------------------

    def sent_back(self) -> CommentForm:
        """The form for another try, with its errors and everything that was typed.

        What cannot be sent again as it is, is made anew: a form that is too old gets a new
        submission, and one whose parent or part is gone is about the article as a whole.
        """
        data: Any = self.data
        data = data.copy()
        submission = self["submission"].data
        if self.has_error(NON_FIELD_ERRORS, "stale") or not self.sent_submission():
            submission = str(uuid.uuid4())
            data["submission"], data["opened"] = submission, opened_now(self.article, submission)
        for name in ("parent", "about"):
            if self.has_error(name):
                data[name] = ""
        self.data = data
        self.auto_id = f"comment-{submission}-%s"
        return self

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What must be mended: the id of the field it is about, or '', and a sentence."""
        found = [("", str(error)) for error in self.non_field_errors()]
        for name, errors in self.errors.items():
            if name in self.fields and name not in {"submission", "opened"}:
                field = self[name]
                target = "" if field.is_hidden else field.id_for_label
                found += [(target, str(error)) for error in errors]
        return found

    def offer_parts(self) -> None:
        """Fill the list of what a comment may be about; only a form that is shown needs it."""
        about: Any = self.fields["about"]
        chosen = self["about"].value()
        # A list has no length to keep to.
        about.widget.attrs.pop("maxlength", None)
        about.widget.choices = parts.choices(self.article, chosen or "")


def parent_gone() -> str:
    """Why a reply cannot be one."""
    return _(
        "The comment that you answer was removed. Send yours again to begin a new thread with it."
    )


def is_stale() -> str:
    """Why a form must be sent once more."""
    return _("This form was open for too long. Your text is still here: please send it again.")


def opened_now(article: Article, submission: str) -> str:
    """A signed note that a form was made now, for this article and submission."""
    now = int(timezone.now().timestamp())
    return signing.Signer(salt=SALT).sign_object([article.pk, submission, now])


def age_of(opened: str, article: Article, submission: Any) -> int | None:
    """Seconds since a form was made; None when it was not made here, or for something else."""
    try:
        *made_for, made_at = signing.Signer(salt=SALT).unsign_object(opened)
    except signing.BadSignature:
        return None
    if made_for != [article.pk, str(submission)]:
        return None
    return int(timezone.now().timestamp()) - int(made_at)
