"""What the owner of a site sets in the admin."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class SiteSettings(models.Model):
    """One row at most; a site without it has the defaults."""

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
            "Every statement shows its source, and when somebody last looked."
        ),
    )
    stale_after_months = models.PositiveSmallIntegerField(
        _("months until a check is stale"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(1200)],
        help_text=_("A sourced statement whose last check is older than this counts as stale."),
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
