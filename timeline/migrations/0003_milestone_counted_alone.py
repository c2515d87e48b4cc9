"""Let milestones carry what counting asks: their article's day and category, and their tracks."""

from __future__ import annotations

from collections import defaultdict
from itertools import batched, groupby
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Case, F, OuterRef, Subquery, When

# Milestones that are read at once.
CHUNK = 10_000


def fill(apps: Any, schema_editor: Any) -> None:
    """Write the new columns, a chunk of milestones at a time."""
    article = apps.get_model("articles", "Article")
    milestone = apps.get_model("timeline", "Milestone")
    through = milestone.tracks.through
    own = article.objects.filter(pk=OuterRef("article"))
    public = Case(When(status="published", copy_of=None, then=F("published_at")))
    last = milestone.objects.aggregate(last=models.Max("pk"))["last"] or 0
    for first in range(0, last + 1, CHUNK):
        keys = {"pk__gte": first, "pk__lt": first + CHUNK}
        milestone.objects.filter(**keys).update(
            live_from=Subquery(own.annotate(public=public).values("public")),
            category=Subquery(own.values("category")),
        )
        pairs = through.objects.filter(milestone__gte=first, milestone__lt=first + CHUNK).order_by(
            "milestone", "track"
        )
        lists = defaultdict(list)
        for key, group in groupby(pairs.values_list("milestone", "track"), lambda pair: pair[0]):
            lists["".join(f" {track}" for _key, track in group) + " "].append(key)
        for text, found in lists.items():
            for some in batched(found, 500, strict=False):
                milestone.objects.filter(pk__in=some).update(track_list=text)
    if schema_editor.connection.vendor == "postgresql":
        # A row that is written twice in one transaction has its foreign keys checked at the end of
        # it, and until then PostgreSQL makes no index.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    """The columns, what stands in them, and the indexes that counting reads."""

    dependencies = [
        ("articles", "0012_site_language"),
        ("timeline", "0002_milestone_words_years"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="milestone", name="timeline_milestone_counts"),
        migrations.AddField(
            model_name="milestone",
            name="category",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="articles.category",
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="live_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="milestone",
            name="track_list",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="milestone",
            index=models.Index(
                fields=[
                    "article", "first_year", "last_year", "start_min", "end_max", "track_list",
                    "category", "live_from",
                ],
                name="timeline_milestone_counts",
            ),
        ),
        migrations.AddIndex(
            model_name="milestone",
            index=models.Index(
                fields=[
                    "live_from", "first_year", "last_year", "start_min", "end_max", "track_list",
                    "category", "article",
                ],
                name="timeline_milestone_site",
            ),
        ),
    ]  # fmt: skip
