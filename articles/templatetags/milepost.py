"""What templates need to say things in the reader's words. Nothing here decides anything."""

from __future__ import annotations

import datetime

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.templatetags.static import static
from django.utils.encoding import uri_to_iri
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles import languages
from articles.opening import opening
from timeline import dates

register = template.Library()
register.filter("direction", languages.direction)
register.filter("opening", opening)


@register.simple_tag
def site_scripts() -> SafeString:
    """The `<script>`s of our own: one on a real site, one for each file in development."""
    is_joined = isinstance(staticfiles_storage, ManifestFilesMixin)
    names = ["js/site.js"] if is_joined else settings.SITE_SCRIPTS
    return format_html_join("\n  ", '<script src="{}"></script>', ((static(n),) for n in names))


@register.filter
def own_words(language: str) -> SafeString:
    """The attribute that says so where the site's own words stand in a text of another language.

    '' where both are the same, or `language` is ''.
    """
    own = get_language() or settings.LANGUAGE_CODE
    return format_html(' lang="{}"', own) if language and language != own else SafeString()


@register.filter
def is_section(anchor: str) -> bool:
    """Whether this is a section, whose name is the article's own and not the site's."""
    return anchor.startswith("section-")


@register.filter
def percent(value: float) -> str:
    """A number as a percentage in SVG, whatever the language's decimal point."""
    return f"{value:g}%"


@register.filter
def day(iso: str) -> str:
    """An ISO day in the reader's words, as `22 Nov 2026`; '' stays ''."""
    return date_format(datetime.date.fromisoformat(iso), "SHORT_DATE_FORMAT") if iso else ""


@register.filter
def place(text: str) -> str:
    """Where in a source: `, p. 3`, or nothing."""
    return f", {text}" if text else ""


@register.filter
def edtf(text: str) -> str:
    """An EDTF date in the reader's words."""
    return dates.show(text)


@register.filter
def isbn_text(isbn: str) -> str:
    """`ISBN 0-262-13043-2`."""
    return _("ISBN %(isbn)s") % {"isbn": isbn}


@register.filter
def without_scheme(url: str) -> str:
    """An address as people read it: letters of every script as letters."""
    bare = url.removeprefix("https://").removeprefix("http://").rstrip("/")
    shown = uri_to_iri(bare)
    # Marks that turn the direction of a text could make an address look like another.
    return shown if shown.isprintable() else bare
