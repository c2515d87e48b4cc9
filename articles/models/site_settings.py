"""What the owner of a site sets in the admin."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class SiteSettings(models.Model):
    """One row at most; a site without it has the defaults."""

    class Hold(models.TextChoices):
        """Which comments of guests wait for a moderator."""

        FIRST = "first", _("Until one of the guest's comments was approved")
        EVERY = "every", _("Every comment of a guest")
        NONE = "none", _("None")

    name = models.CharField(_("name of the site"), max_length=80, default="Milepost")
    tagline = models.CharField(
        _("headline of the front page"),
        max_length=120,
        default="Reference articles you can check",
    )
    introduction = models.TextField(
        _("introduction of the front page"),
        max_length=600,
        blank=True,
        default=(
            "Each article answers first and explains after. "
            "Every statement says how it is known: its source, and when somebody last looked, or "
            "that these are still missing."
        ),
    )
    stale_after_months = models.PositiveSmallIntegerField(
        _("months until a check is stale"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(1200)],
        help_text=_("A sourced statement whose last check is older than this counts as stale."),
    )
    discussion_open = models.BooleanField(
        _("comments are open"),
        default=True,
        help_text=_("When they are closed, what was said stays and nobody can add to it."),
    )
    hold_comments = models.CharField(
        _("comments that wait for a moderator"), max_length=10, choices=Hold, default=Hold.FIRST
    )
    longest_comment = models.PositiveIntegerField(
        _("longest comment"),
        default=5000,
        validators=[MinValueValidator(100), MaxValueValidator(50_000)],
        help_text=_("In characters."),
    )
    comments_per_person = models.PositiveSmallIntegerField(
        _("comments of one person in an hour"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    comments_per_network = models.PositiveSmallIntegerField(
        _("comments from one network in an hour"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("All guests of one provider or school may share a network."),
    )
    form_seconds = models.PositiveSmallIntegerField(
        _("seconds before a form can be sent"),
        default=3,
        validators=[MaxValueValidator(60)],
        help_text=_("Programs that send forms do it at once; people cannot."),
    )
    form_hours = models.PositiveSmallIntegerField(
        _("hours that a form can be sent"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
        help_text=_("An older one comes back with its text, to be sent once more."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="articles_sitesettings_single",
                violation_error_message=_("There is one set of site settings."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> SiteSettings:
        """The settings in force; nothing is written when there are none yet."""
        return cls.objects.first() or cls(pk=1)
