"""What the owner of a site sets in the admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from articles import accent
from articles.licences import LICENCES, Licence
from articles.models.references import validate_web_address
from articles.own_look import Stylesheet, join, own_css
from articles.prepared import Prepared

# Functions, so that the defaults are in the site's language and the migrations are not.


def first_footer() -> list[list[str]]:
    """Titles and slugs of the pages that every site begins with; see migration 0006."""
    return [[pgettext("page", "About"), "about"], [pgettext("page", "Privacy"), "privacy"]]


def first_tagline() -> str:
    """The headline of the front page until somebody writes another."""
    return gettext("Reference articles you can check")


def first_introduction() -> str:
    """The introduction of the front page until somebody writes another."""
    return gettext(
        "Each article answers first and explains after. Every statement says how it is known: its "
        "source, and when somebody last looked, or that these are still missing."
    )


class SiteSettings(models.Model):
    """One row at most; a site without it has the defaults."""

    class Hold(models.TextChoices):
        """Which comments of guests wait for a moderator."""

        FIRST = "first", _("Until one of the guest's comments was approved")
        EVERY = "every", _("Every comment of a guest")
        NONE = "none", _("None")

    class Terms(models.TextChoices):
        """What others may do with the texts of the site."""

        CC_BY = "cc-by", _("CC BY 4.0: anybody may use them and must name the source")
        CC_BY_SA = "cc-by-sa", _("CC BY-SA 4.0: the same, and what is made of them stays as free")
        CC0 = "cc0", _("CC0 1.0: anybody may use them for anything")
        RESERVED = "reserved", _("All rights reserved")
        OWN = "own", _("Terms of your own")

    name = models.CharField(_("name of the site"), max_length=80, default="Milepost")
    tagline = models.CharField(
        _("headline of the front page"),
        max_length=120,
        default=first_tagline,
    )
    introduction = models.TextField(
        _("introduction of the front page"),
        max_length=600,
        blank=True,
        default=first_introduction,
    )
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        default=accent.DEFAULT,
        validators=[accent.validate],
        help_text=_("What can be followed or pressed. Its lightness is fitted to each page."),
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
    keep_email_days = models.PositiveSmallIntegerField(
        _("days that a guest's e-mail address is kept"),
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Counted from the comment; the comment itself stays."),
    )
    keep_network_days = models.PositiveSmallIntegerField(
        _("days that the hash of a guest's network is kept"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("The limits of an hour need it; longer helps only to look at a flood."),
    )
    keep_refused_days = models.PositiveSmallIntegerField(
        _("days that rejected comments and spam are kept"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Counted from the decision. Then they are deleted for good."),
    )
    keep_log_days = models.PositiveSmallIntegerField(
        _("days that the log of editing is kept"),
        default=365,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Who did what in the admin. The revisions of articles stay."),
    )

    responsible = models.TextField(
        _("who is responsible for this site, and how to reach them"),
        max_length=600,
        blank=True,
        help_text=_(
            "In a few lines, such as a name, a postal address and an e-mail address. Everybody can "
            "read it on the page on privacy, and on each page with a line {{responsible}}."
        ),
    )

    require_second_factor = models.BooleanField(
        _("staff must have a second factor"),
        default=False,
        help_text=_(
            "Whoever has none is led to set one up before they see any page of the admin. Nobody "
            "is locked out by that."
        ),
    )

    shared_cache_seconds = models.PositiveSmallIntegerField(
        _("seconds that caches of others may show a page without asking"),
        default=0,
        validators=[MaxValueValidator(3600)],
        help_text=_(
            "With 0 a network that delivers your pages asks each time, and what you change is seen "
            "at once. More relieves a site with very many readers: some of them then see a page as "
            "it was so many seconds ago, also one that you withdrew."
        ),
    )

    licence = models.CharField(
        _("licence of the texts"),
        max_length=10,
        choices=Terms,
        default=Terms.RESERVED,
        help_text=_("Shown on every page and in the files that others download."),
    )
    own_licence = models.CharField(
        _("your own terms"),
        max_length=200,
        blank=True,
        help_text=_("In a few words, for “Terms of your own”."),
    )
    own_licence_url = models.CharField(
        _("address of your own terms"),
        max_length=2000,
        blank=True,
        validators=[validate_web_address],
        help_text=_("Where they are written down in full; may be left empty."),
    )
    # Titles and slugs of the pages in the footer, in order: kept in step by `Page`, so that the
    # frame of every page costs no query for them.
    footer_pages = models.JSONField(default=first_footer, editable=False)

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

    def clean(self) -> None:
        """Check that terms of one's own are written down."""
        super().clean()
        if self.licence == self.Terms.OWN and not self.own_licence:
            raise ValidationError({"own_licence": _("Say in a few words what others may do.")})

    @property
    def introduction_line(self) -> str:
        """The introduction of the front page as one line, for what shows no paragraphs."""
        return " ".join(self.introduction.split())

    @property
    def licence_name(self) -> str:
        """What the licence is called, such as `CC BY 4.0`; never empty."""
        if self.licence in LICENCES:
            return LICENCES[self.licence].name
        own = self.own_licence if self.licence == self.Terms.OWN else ""
        return own or gettext("All rights reserved")

    @property
    def licence_url(self) -> str:
        """Where the licence is written down; '' when that is nowhere."""
        if self.licence in LICENCES:
            return LICENCES[self.licence].url
        return self.own_licence_url if self.licence == self.Terms.OWN else ""

    @property
    def licence_text(self) -> str:
        """A whole sentence: `The texts may be used under …`."""
        if self.licence in LICENCES:
            return gettext("The texts may be used under %(licence)s.") % {
                "licence": self.licence_name
            }
        return f"{self.licence_name.rstrip('.')}."

    @property
    def frame(self) -> tuple[Any, ...]:
        """Everything of it that the foot of every page shows."""
        pages = tuple(tuple(page) for page in self.footer_pages)
        return self.name, self.licence_text, self.licence_url, pages

    @property
    def terms(self) -> Licence:
        """The licence as one value."""
        return Licence(self.licence_name, self.licence_url, self.licence_spdx)

    @property
    def licence_spdx(self) -> str:
        """The licence's SPDX identifier, such as `CC-BY-4.0`; '' when it has none."""
        return LICENCES[self.licence].spdx if self.licence in LICENCES else ""

    @property
    def accent_stylesheet(self) -> Stylesheet:
        """The rules of the accent colour, also for the admin; empty for the default one."""
        return join("" if self.accent == accent.DEFAULT else accent.derive(self.accent).css)

    @property
    def stylesheet(self) -> Stylesheet:
        """The rules by which readers' pages look other than they come; empty when there are none.

        These are those of the accent colour and the owner's `custom.css`.
        """
        return join(self.accent_stylesheet.css, own_css().css)

    @classmethod
    def current(cls) -> SiteSettings:
        """The settings in force; nothing is written when there are none yet."""
        names = [field.attname for field in cls._meta.concrete_fields]
        row = next(_current.rows(), None)
        return cls.from_db(connection.alias, names, row) if row else cls(pk=1)


_current = Prepared(lambda: SiteSettings.objects.order_by("pk").values_list()[:1])
