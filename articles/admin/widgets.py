"""Drawing the fields of a form that has a thousand of them.

Django renders each field through a template of its own, which takes two thirds of the time of a
page with sixty milestones and forty references. The plain ones are written here directly, with the
same HTML; all others go the usual way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


def attributes(values: Mapping[str, Any]) -> SafeString:
    """HTML attributes: without a value for True, not at all for False."""
    return mark_safe(  # noqa: S308 - each value is escaped here, names are the program's own
        "".join(
            f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
            for name, value in values.items()
            if value is not False
        )
    )


def draw_input(widget: Mapping[str, Any]) -> SafeString:
    """An input of any type."""
    given = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        given["value"] = widget["value"]
    return format_html("<input{}>", attributes({**given, **widget["attrs"]}))


def draw_textarea(widget: Mapping[str, Any]) -> SafeString:
    """A text field of several lines; the first line end is dropped by browsers, so it is ours."""
    given = attributes({"name": widget["name"], **widget["attrs"]})
    text = widget["value"] if widget["value"] is not None else ""
    return format_html("<textarea{}>\n{}</textarea>", given, text)


def draw_select(widget: Mapping[str, Any]) -> SafeString:
    """A list without groups to choose one from."""
    options = format_html_join(
        "",
        "<option{}>{}</option>",
        (
            (attributes({"value": option["value"], **option["attrs"]}), option["label"])
            for _name, members, _index in widget["optgroups"]
            for option in members
        ),
    )
    given = attributes({"name": widget["name"], **widget["attrs"]})
    return format_html("<select{}>{}</select>", given, options)


def draw_boxes(widget: Mapping[str, Any]) -> SafeString:
    """Boxes without groups to choose any number from."""
    options = format_html_join(
        "",
        "<div><label{}>{} {}</label></div>",
        (
            (
                attributes({"for": option["attrs"]["id"]} if "id" in option["attrs"] else {}),
                draw_input(option),
                option["label"],
            )
            for _name, members, _index in widget["optgroups"]
            for option in members
        ),
    )
    given = attributes({"id": widget["attrs"]["id"]} if "id" in widget["attrs"] else {})
    return format_html("<div{}>{}</div>", given, options)


DRAWN: dict[str, Callable[[Mapping[str, Any]], SafeString]] = {
    **{
        f"django/forms/widgets/{name}.html": draw_input
        for name in ("text", "hidden", "number", "date", "checkbox")
    },
    "django/forms/widgets/textarea.html": draw_textarea,
    "django/forms/widgets/select.html": draw_select,
    "django/forms/widgets/checkbox_select.html": draw_boxes,
}


class QuickRenderer(DjangoTemplates):
    """Django's renderer of forms, with shortcuts for plain fields."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The HTML of a field, label or list of errors."""
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)
