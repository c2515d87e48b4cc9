"""Words that were kept, removed and added, as HTML: read aloud and seen without colour, too."""

from __future__ import annotations

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.change_sentences import part_words
from articles.changes import FieldChange, PartChange
from articles.word_differences import Run

register = template.Library()

# Of a text that was kept, so many characters show where the change next to it stands.
MOST_KEPT = 300


@register.simple_tag
def words(change: FieldChange) -> SafeString:
    """The text of a field with what changed in it; long passages that were kept are left out."""
    runs = change.runs
    if len(runs) == 1:
        # All of it is new or gone, which stands above it already.
        return mark_safe(escape(runs[0].text))  # noqa: S308 - escaped
    last = len(runs) - 1
    return mark_safe(  # noqa: S308 - escaped
        "".join(
            _kept(run.text, is_first=index == 0, is_last=index == last)
            if run.kind == "kept"
            else _changed(run)
            for index, run in enumerate(runs)
        )
    )


def _changed(run: Run) -> str:
    is_added = run.kind == "added"
    tag, word = ("ins", _("added")) if is_added else ("del", _("removed"))
    # A paragraph that was parted or joined has no words to show.
    text = escape(run.text) if run.text.strip() else "¶" if "\n" in run.text else "␣"
    return (
        f'<{tag}><span class="visually-hidden"> [{escape(word)}: </span>{text}'
        f'<span class="visually-hidden">] </span></{tag}>'
    ) + (escape(run.text) if is_added and not run.text.strip() else "")


def _kept(text: str, *, is_first: bool, is_last: bool) -> str:
    """A kept passage: its beginning and end where something changed beside it, if it is long."""
    most = MOST_KEPT if is_first or is_last else 2 * MOST_KEPT
    if len(text) <= most:
        return escape(text)
    head = "" if is_first else text[:MOST_KEPT].rpartition(" ")[0]
    tail = "" if is_last else text[-MOST_KEPT:].partition(" ")[2]
    words = escape(_("unchanged text left out"))
    gap = f'<span class="gap"><span class="visually-hidden">{words}'
    return f"{escape(head)}{gap}</span></span>{escape(tail)}"


@register.simple_tag
def part_title(change: PartChange) -> str:
    """A part by its kind and name, as a heading."""
    return part_words(change)
