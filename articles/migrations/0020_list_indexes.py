"""Let the lists of articles be paged from indexes, however late the page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes alone."""

    dependencies = [
        ("articles", "0019_counting_indexes"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="article",
            name="articles_article_recent",
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["status", "copy_of", "-changed_at", "-id", "published_at", "category"],
                name="articles_article_changed",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["status", "copy_of", "title_folded", "id", "published_at"],
                name="articles_article_title",
            ),
        ),
    ]
