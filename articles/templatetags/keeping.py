"""`{% keep %}`: blocks of templates that are rendered once for all pages that show the same."""

from __future__ import annotations

from django import template
from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.template.loader_tags import BlockNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from articles.kept import Kept

register = template.Library()

# The frame of the pages, in the few forms that it has.
frame: Kept[SafeString] = Kept(most=100)


class KeepNode(Node):
    """A block, with what it depends on and where it is kept."""

    def __init__(
        self, nodelist: NodeList, values: list[FilterExpression], store: FilterExpression | None
    ) -> None:
        self.nodelist = nodelist
        self.values = values
        self.store = store

    def render(self, context: Context) -> SafeString:
        """The block as it was rendered for the same values and language before, or else now."""
        # Whoever works on templates wants to see them change.
        if context.template is None or context.template.engine.debug:
            return self.nodelist.render(context)
        store = self.store.resolve(context) if self.store else frame
        # A page that has no such store, such as one of a revision, is not asked for often.
        if not isinstance(store, Kept):
            return self.nodelist.render(context)
        key = (self, get_language(), *(value.resolve(context) for value in self.values))
        return store.get(key, lambda: self.nodelist.render(context))


@register.tag
def keep(parser: Parser, token: Token) -> KeepNode:
    """`{% keep value … in store %} … {% endkeep %}`: what the same values gave before, if they did.

    The values are everything that the block depends on but the language of the interface, which is
    always among them; they are hashable and never change. `in store` names the `Kept` of something
    that it depends on as well, with which it is forgotten; where there is none, nothing is kept.
    Without `in` it is a piece of the frame of all pages. A `{% block %}` in it would be that of the
    page which came first: it is refused.
    """
    words = token.split_contents()[1:]
    store = None
    if len(words) > 1 and words[-2] == "in":
        store = parser.compile_filter(words[-1])
        words = words[:-2]
    values = [parser.compile_filter(word) for word in words]
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        message = "What {% keep %} keeps cannot hold a {% block %}, which differs from page to page"
        raise TemplateSyntaxError(message)
    return KeepNode(nodelist, values, store)
