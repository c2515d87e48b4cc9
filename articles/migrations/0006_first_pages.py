"""The pages that every site begins with.

They are made once, here: an edit is never overwritten, and a page that was deleted stays deleted.
Nobody but the owner can write an imprint or name who is to be asked; these two are made without a
text, and so shown to nobody until they have one.
"""

from pathlib import Path

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

from articles.markup import clean_body, render_block

TEXTS = Path(__file__).resolve().parent.parent / "first_pages"
PAGES = [("About", "about"), ("Privacy", "privacy"), ("Imprint", "imprint"), ("Contact", "contact")]


def make_pages(apps, schema_editor):
    """Make the pages whose slugs are free."""
    Page = apps.get_model("articles", "Page")
    pages = Page.objects.using(schema_editor.connection.alias)
    for position, (title, slug) in enumerate(PAGES, start=1):
        path = TEXTS / f"{slug}.md"
        body = clean_body(path.read_text(encoding="utf-8")) if path.exists() else ""
        rendered = render_block(body)
        pages.get_or_create(
            slug=slug,
            defaults={
                "title": title,
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
