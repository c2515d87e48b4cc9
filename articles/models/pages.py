"""Pages that are no articles: about, privacy, imprint, contact."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from articles.addresses import address_of
from articles.markup import clean_body, clean_line, render_block
from articles.models.named import validate_slug
from articles.models.site_settings import SiteSettings


class PageQuerySet(models.QuerySet["Page"]):
    """Who may see which page, written once."""

    def public(self) -> PageQuerySet:
        """What readers may see: pages that say something and are not held back."""
        return self.filter(is_published=True).exclude(body="")

    def footer(self) -> list[list[str]]:
        """Titles and slugs of the public pages that stand in the footer, in order."""
        rows = self.public().filter(in_footer=True).order_by("position", "title", "pk")
        return [list(row) for row in rows.values_list("title", "slug")]

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete, and take the pages out of the footer."""
        with transaction.atomic():
            deleted = super().delete()
            renew_footer()
        return deleted

    # As Django's own: not for templates, and never of all rows by `Page.objects.delete()`.
    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class Page(models.Model):
    """A page of the site itself. One without a text is shown to nobody."""

    title = models.CharField(_("title"), max_length=100)
    slug = models.CharField(
        _("slug"),
        max_length=160,
        unique=True,
        validators=[validate_slug],
        help_text=_("Its place in addresses: /pages/…/"),
    )
    body = models.TextField(
        _("text"),
        max_length=200_000,
        blank=True,
        help_text=_(
            "In Markdown. While it is empty nobody sees the page and nothing leads to it. A "
            "paragraph {{kept}} becomes the list of what is kept about people for how long, "
            "{{cookies}} that of all cookies, and {{responsible}} who is responsible for the site."
        ),
    )
    # Rendered and made safe when the page is saved.
    html = models.TextField(editable=False, blank=True)
    summary = models.TextField(editable=False, blank=True)
    in_footer = models.BooleanField(_("in the footer"), default=True)
    is_published = models.BooleanField(
        _("published"), default=True, help_text=_("Without it only editors see the page.")
    )
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Low numbers stand first in the footer.")
    )
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects: ClassVar[Any] = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["position", "title", "pk"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with what follows from the text, and bring the footer of the site in step."""
        self.title = clean_line(self.title)
        self.body = clean_body(self.body)
        self.render()
        with transaction.atomic():
            super().save(*args, **kwargs)
            renew_footer()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and take the page out of the footer."""
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            renew_footer()
        return deleted

    def render(self) -> None:
        """Set what follows from the text."""
        rendered = render_block(self.body)
        self.html, self.summary = rendered.html, rendered.text[:300]

    @property
    def is_public(self) -> bool:
        """Whether readers may see it; the same rule as `public()`."""
        return self.is_published and bool(self.body)

    def get_absolute_url(self) -> str:
        """The reader's page."""
        return address_of("articles:page", self.slug)


def renew_footer() -> None:
    """Write the footer's list of pages into the site's settings when it differs."""
    site, _created = SiteSettings.objects.select_for_update().get_or_create(pk=1)
    footer = Page.objects.footer()
    if site.footer_pages != footer:
        site.footer_pages = footer
        site.save(update_fields=["footer_pages"])
