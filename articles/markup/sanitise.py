"""What HTML may leave this package: the allow list, applied after rendering.

The parser lets no raw HTML through, so this is the second lock. It also holds if a rule of the
parser, ours or the library's, is one day wrong.
"""

import re
from html import escape

import nh3

from .characters import scrub

_TAGS = {
    *("p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "mp-cite", "mp-term"),
}
_ALIGNMENTS = {"align-center", "align-end"}

# An address that works wherever the text is shown: a web or mail address, a path of this site, or
# a place on this page. "//host" is left out: it is another site that looks like a path.
_LINK = re.compile(r"https?://[^/?#]|mailto:.|/(?!/)|#", re.IGNORECASE)

_articles = nh3.Cleaner(
    tags=_TAGS,
    attributes={
        "a": {"href", "title"},
        "ol": {"start"},
        "mp-cite": {"data-key", "data-place"},
        "mp-term": {"data-name"},
    },
    tag_attribute_values={"a": {"rel": {"noopener"}}, "th": {"scope": {"col"}}},
    allowed_classes={"th": _ALIGNMENTS, "td": _ALIGNMENTS},
    url_schemes={"http", "https", "mailto"},
    # Links of an article are its editors' own: the parser sets `rel` where it is due.
    link_rel=None,
)


def sanitise(html: str) -> str:
    """Return the rendered HTML of an article's text with only what the allow list holds.

    The result has balanced tags, attributes in double quotes with `& < > "` escaped, and none of
    the characters that `scrub` removes, which entities could have brought back.
    """
    return scrub(_articles.clean(html))


def may_link(address: str) -> bool:
    """Tell whether the sanitiser keeps a link to this address; one that is broken it does not."""
    if not _LINK.match(address):
        return False
    return "href=" in _articles.clean(f'<a href="{escape(address)}"></a>')
