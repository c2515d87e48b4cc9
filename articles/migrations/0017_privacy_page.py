"""The page on privacy says how long what is kept, in a list that follows the settings.

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
    "a95306fd2a0b90b623e358ecaafa5ef29be4342b338841e6b225688281ece2fa": "privacy.md",
    "aa9a67a8a8aaebec4d950247272d1e694e47ad2ca2246f245c239e597cf3254b": "privacy.de.md",
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
        ("articles", "0016_shared_cache_seconds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="page",
            name="body",
            field=models.TextField(
                blank=True,
                help_text="In Markdown. While it is empty nobody sees the page and nothing leads to it. A paragraph {{kept}} becomes the list of what is kept about people for how long, and {{cookies}} that of all cookies.",
                max_length=200000,
                verbose_name="text",
            ),
        ),
        migrations.RunPython(renew_page, migrations.RunPython.noop),
    ]
