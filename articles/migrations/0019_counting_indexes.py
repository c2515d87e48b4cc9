"""Indexes that counting and the front page read in place of long rows."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    """Indexes alone."""

    dependencies = [("articles", "0018_revision_changes")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["status", "copy_of", "published_at", "category"],
                name="articles_article_live",
            ),
        ),
        migrations.AddIndex(
            model_name="renderedarticle",
            index=models.Index(
                (F("statement_count") - F("sourced_count")).desc(),
                F("article").desc(),
                name="articles_rendered_wanted",
            ),
        ),
        migrations.AddIndex(
            model_name="renderedarticle",
            index=models.Index(
                fields=["article", "statement_count", "sourced_count"],
                name="articles_rendered_counts",
            ),
        ),
    ]
