"""Comments, who may see them, and when the moderators were last told."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.anchors import MAX_LENGTH as ANCHOR_LENGTH
from articles.markup.comment import render_comment
from articles.models import Article

NAME_LENGTH = 80


def step(pk: int) -> str:
    """A comment's step in the paths of its thread: the number of its digits, then its digits.

    Steps sort as their numbers do, and none begins another, so that the path of a comment begins
    exactly the paths of what is said below it. Digits, and letters that never stand together, are
    in the same order in every language's collation.
    """
    digits = str(pk)
    return f"{'0123456789abcdefghijk'[len(digits)]}{digits}"


def steps(path: str) -> list[int]:
    """The numbers of the comments that a path leads through."""
    found, at = [], 0
    while at < len(path):
        end = at + 1 + int(path[at], 36)
        found.append(int(path[at + 1 : end]))
        at = end
    return found


class CommentQuerySet(models.QuerySet["Comment"]):
    """Who may see what, written once."""

    def approved(self) -> CommentQuerySet:
        """Comments that can be read and answered."""
        return self.filter(status=Comment.Status.APPROVED)

    def held(self) -> CommentQuerySet:
        """Comments that wait for a moderator."""
        return self.filter(status=Comment.Status.HELD)

    def visible(self) -> CommentQuerySet:
        """What stands in a discussion: approved comments, and placeholders for others.

        A comment that is not approved leaves a placeholder when somebody's approved reply is
        anywhere below it; only an approved one may be shown with its text.
        """
        return self.filter(Q(status=Comment.Status.APPROVED) | Q(answered=True))

    def above(self, comments: Iterable[Comment]) -> CommentQuerySet:
        """Everything that these comments answer, up to the first ones of their threads."""
        return self.filter(pk__in={pk for comment in comments for pk in steps(comment.path)[:-1]})

    def on_live_articles(self) -> CommentQuerySet:
        """Comments on what readers can see."""
        return self.filter(Article.objects.live().of())

    def in_order(self) -> CommentQuerySet:
        """The oldest thread first, each reply below what it answers."""
        # `root` alone would mean the default order of the comments it leads to.
        return self.order_by("root_id", "path")

    def before(self, comment: Comment) -> CommentQuerySet:
        """Those that stand before this comment in the order of `in_order`."""
        return self.filter(
            Q(root__lt=comment.root_id) | Q(root=comment.root_id, path__lt=comment.path)
        )


class Comment(models.Model):
    """One contribution to the discussion, about an article or about one part of it."""

    class Status(models.TextChoices):
        """What was decided about it."""

        HELD = "held", _("Held")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        SPAM = "spam", _("Spam")
        DELETED = "deleted", _("Deleted")

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="comments", verbose_name=_("article")
    )
    # A reply goes with its whole article, never with what it answers.
    parent = models.ForeignKey(
        "self",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("in reply to"),
    )
    # The first comment of the thread, which is its own root; and the steps from there to here.
    root = models.ForeignKey(
        "self",
        models.RESTRICT,
        null=True,
        editable=False,
        related_name="thread",
    )
    path = models.TextField(editable=False, default="")
    depth = models.PositiveIntegerField(editable=False, default=0)
    # Whether an approved comment is anywhere below; `moderation` keeps it true.
    answered = models.BooleanField(editable=False, default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("user"),
    )
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    body = models.TextField(_("text"), blank=True)
    html = models.TextField(editable=False, blank=True)
    about = models.CharField(_("about"), max_length=ANCHOR_LENGTH, blank=True)
    about_name = models.CharField(_("name of the part"), max_length=300, blank=True)
    about_text = models.TextField(_("the part as it was"), blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.HELD)
    created_at = models.DateTimeField(_("date"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    submission = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.CharField(max_length=32, blank=True, editable=False)
    network = models.CharField(max_length=32, blank=True, editable=False)
    imported = models.BooleanField(_("imported"), default=False, editable=False)

    objects: ClassVar[Any] = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["-created_at", "-pk"]
        permissions = [("moderate_comment", _("Can approve and reject comments"))]
        indexes = [
            models.Index(fields=["article", "root"], name="discussion_comment_thread"),
            models.Index(fields=["status", "-created_at"], name="discussion_comment_status"),
            models.Index(
                fields=["person", "-created_at"],
                condition=~Q(person=""),
                name="discussion_comment_person",
            ),
            models.Index(
                fields=["network", "-created_at"],
                condition=~Q(network=""),
                name="discussion_comment_network",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["held", "approved", "rejected", "spam", "deleted"]),
                name="discussion_comment_status_known",
                violation_error_message=_("This is no status of a comment."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="discussion_comment_parent",
                violation_error_message=_("A comment cannot answer itself."),
            ),
            models.CheckConstraint(
                condition=~Q(status="deleted") | Q(name="", email="", body="", html=""),
                name="discussion_comment_deleted",
                violation_error_message=_("A deleted comment keeps nothing of its writer."),
            ),
        ]

    def __str__(self) -> str:
        return _("Comment %(number)d") % {"number": self.pk or 0}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with what follows from the text; a new one also gets its place in its thread.

        The place needs the key that the database gives, so a new comment is written twice: call it
        inside a transaction.
        """
        fields = kwargs.get("update_fields")
        if fields is None or "body" in fields:
            self.html = render_comment(self.body).html if self.body else ""
            kwargs |= {"update_fields": {*fields, "html"}} if fields is not None else {}
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if is_new:
            parent = self.parent
            self.root_id = parent.root_id if parent else self.pk
            self.path = (parent.path if parent else "") + step(self.pk)
            self.depth = parent.depth + 1 if parent else 0
            super().save(update_fields=["root", "path", "depth"])
            if parent and self.is_approved:
                Comment.objects.above([self]).filter(answered=False).update(answered=True)

    @property
    def is_approved(self) -> bool:
        """Whether its text may be shown."""
        return self.status == self.Status.APPROVED

    @property
    def writer(self) -> str:
        """The name that readers see."""
        public_name = self.user.public_name if self.user else ""
        return public_name or self.name

    def get_absolute_url(self) -> str:
        """Its permanent address, which leads to its place whatever page that is on."""
        return reverse("articles:comment", args=[self.pk])


class ModeratorNotice(models.Model):
    """When the moderators were last told that comments wait; one row at most."""

    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("notice to moderators")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="discussion_moderatornotice_single")
        ]

    def __str__(self) -> str:
        return str(self.sent_at)
