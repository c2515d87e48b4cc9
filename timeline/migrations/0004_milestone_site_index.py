"""Let one index serve the timeline of the site: its counts, and its pages in their order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index in place of two."""

    dependencies = [
        ("articles", "0019_counting_indexes"),
        ("timeline", "0003_milestone_counted_alone"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="milestone",
            name="timeline_milestone_all",
        ),
        migrations.RemoveIndex(
            model_name="milestone",
            name="timeline_milestone_site",
        ),
        migrations.AddIndex(
            model_name="milestone",
            index=models.Index(
                fields=[
                    "start_min",
                    "id",
                    "end_max",
                    "first_year",
                    "last_year",
                    "live_from",
                    "track_list",
                    "category",
                    "article",
                ],
                name="timeline_milestone_everything",
            ),
        ),
    ]
