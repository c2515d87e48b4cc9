"""From when readers may see a revision.

Of what stands already only the newest revision of an article is known to be, or to become, public:
nobody wrote down when an article was withdrawn.
"""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def settle(apps: Any, schema_editor: Any) -> None:
    """Let the texts that stand on the site be public since the later of their two dates."""
    article_model = apps.get_model("articles", "Article")
    revision_model = apps.get_model("articles", "Revision")
    database = schema_editor.connection.alias
    newest = (
        revision_model.objects.using(database)
        .filter(article=OuterRef("pk"))
        .order_by("-number")
        .values("pk")[:1]
    )
    published = (
        article_model.objects.using(database)
        .filter(status="published", copy_of=None, published_at__isnull=False)
        .annotate(newest=Subquery(newest))
        .values_list("newest", "published_at")
    )
    for pk, published_at in published.iterator():
        revision = revision_model.objects.using(database).filter(pk=pk)
        for created_at in revision.values_list("created_at", flat=True):
            revision.update(public_from=max(created_at, published_at))


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_card")]

    operations = [
        migrations.AddField(
            "revision",
            "public_from",
            models.DateTimeField(db_index=True, editable=False, null=True),
        ),
        migrations.RunPython(settle, migrations.RunPython.noop),
    ]
