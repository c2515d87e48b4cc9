"""The pages that every site begins with.

They are made once, here, in the language that the site has then: an edit is never overwritten, and a page that was deleted stays deleted.
Nobody but the owner can write an imprint or name who is to be asked; these two are made without a
text, and so shown to nobody until they have one.
"""

from pathlib import Path

from django.apps import apps as current_apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.utils import translation
from django.utils.translation import pgettext_lazy

from articles.markup import clean_body, render_block

TEXTS = Path(__file__).resolve().parent.parent / "first_pages"
PAGES = [
    (pgettext_lazy("page", "About"), "about"),
    (pgettext_lazy("page", "Privacy"), "privacy"),
    (pgettext_lazy("page", "Imprint"), "imprint"),
    (pgettext_lazy("page", "Contact"), "contact"),
]


def first_text(slug):
    """What such a page says first: English where the site's language has no file, '' without any."""
    names = (f"{slug}.{settings.LANGUAGE_CODE}.md", f"{slug}.md")
    path = next((TEXTS / name for name in names if (TEXTS / name).exists()), None)
    return clean_body(path.read_text(encoding="utf-8")) if path else ""


def make_pages(apps, schema_editor):
    """Make the pages whose slugs are free."""
    # `migrate` itself speaks no language.
    with translation.override(settings.LANGUAGE_CODE):
        make_pages_in_language(apps, schema_editor.connection.alias)


def make_pages_in_language(apps, alias):
    """The same, in the active language."""
    pages = apps.get_model("articles", "Page").objects.using(alias)
    for position, (title, slug) in enumerate(PAGES, start=1):
        body = first_text(slug)
        rendered = render_block(body)
        pages.get_or_create(
            slug=slug,
            defaults={
                "title": str(title),
                "body": body,
                "html": rendered.html,
                "summary": rendered.text[:300],
                "position": 10 * position,
            },
        )


def extend_roles(apps, schema_editor):
    """Let editors write pages, unless the owner deleted that role."""
    alias = schema_editor.connection.alias
    create_permissions(current_apps.get_app_config("articles"), verbosity=0, using=alias)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ours = Permission.objects.using(alias).filter(
        content_type__app_label="articles", content_type__model="page"
    )
    for group in Group.objects.using(alias).filter(name="Editor"):
        group.permissions.add(*ours)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_licence_pages_people"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(make_pages, migrations.RunPython.noop),
        migrations.RunPython(extend_roles, migrations.RunPython.noop),
    ]
