"""The page on privacy says who is responsible, and has its lists first.

A page that still says what it said when it came with the site gets the new text; one that somebody
has edited, or that is not there, is left alone.
"""

import hashlib
from pathlib import Path

from django.db import migrations, models

from articles.markup import clean_body, render_block

TEXTS = Path(__file__).resolve().parent.parent / "first_pages"
# SHA-256 of what the page said until now -> the file with what it says instead.
BEFORE = {
    "d961e46d23d9054250f0c9925413ecf0b0591874e81eb876ca67dc32a27981af": "privacy.md",
    "3d5bf366dfa7d98477e02dd80cb4d65509971223970f94a02f72a4bade701789": "privacy.de.md",
}


def renew_page(apps, schema_editor):
    """Bring the page up to date where nobody has touched it."""
    pages = apps.get_model("articles", "Page").objects.using(schema_editor.connection.alias)
    page = pages.filter(slug="privacy").first()
    if page is None:
        return
    name = BEFORE.get(hashlib.sha256(page.body.encode()).hexdigest())
    if name is None:
        return
    page.body = clean_body((TEXTS / name).read_text(encoding="utf-8"))
    rendered = render_block(page.body)
    page.html, page.summary = rendered.html, rendered.text[:300]
    page.save()


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0020_list_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="responsible",
            field=models.TextField(
                blank=True,
                help_text="In a few lines, such as a name, a postal address and an e-mail address. Everybody can read it on the page on privacy, and on each page with a line {{responsible}}.",
                max_length=600,
                verbose_name="who is responsible for this site, and how to reach them",
            ),
        ),
        migrations.AlterField(
            model_name="page",
            name="body",
            field=models.TextField(
                blank=True,
                help_text="In Markdown. While it is empty nobody sees the page and nothing leads to it. A paragraph {{kept}} becomes the list of what is kept about people for how long, {{cookies}} that of all cookies, and {{responsible}} who is responsible for the site.",
                max_length=200000,
                verbose_name="text",
            ),
        ),
        migrations.RunPython(renew_page, migrations.RunPython.noop),
    ]
