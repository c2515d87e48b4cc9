"""Years to count by and words to search in, for the filter of the timeline."""

from django.db import migrations, models


def fill(apps, schema_editor):
    """Give milestones that are there already their years, and the title as words.

    `manage.py rebuild` adds the words of the text.
    """
    from articles.markup import searchable
    from timeline.day_numbers import year_of

    milestones = apps.get_model("timeline", "Milestone").objects.using(
        schema_editor.connection.alias
    )
    batch = []
    for milestone in milestones.only("start_min", "end_max", "title").iterator(500):
        milestone.first_year = year_of(milestone.start_min)
        milestone.last_year = year_of(milestone.end_max)
        milestone.words = searchable(milestone.title)
        batch.append(milestone)
        if len(batch) == 500:
            milestones.bulk_update(batch, ["first_year", "last_year", "words"])
            batch.clear()
    milestones.bulk_update(batch, ["first_year", "last_year", "words"])


class Migration(migrations.Migration):
    dependencies = [("timeline", "0001_initial")]

    operations = [
        migrations.AddField(
            "milestone",
            "first_year",
            models.BigIntegerField(default=0, editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            "milestone",
            "last_year",
            models.BigIntegerField(default=0, editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            "milestone",
            "words",
            models.TextField(blank=True, default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            "milestone",
            models.Index(fields=["start_min", "id"], name="timeline_milestone_all"),
        ),
        migrations.AddIndex(
            "milestone",
            models.Index(
                fields=["article", "first_year", "last_year", "start_min", "end_max"],
                name="timeline_milestone_counts",
            ),
        ),
    ]
