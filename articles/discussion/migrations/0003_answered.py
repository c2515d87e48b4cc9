from django.db import migrations, models


def mark_answered(apps, schema_editor):
    """Say of the comments that are there whether an approved one is below them."""
    from articles.discussion.models import steps

    Comment = apps.get_model("discussion", "Comment")
    rows = Comment.objects.using(schema_editor.connection.alias)
    answered = set()
    for path in rows.filter(status="approved").values_list("path", flat=True).iterator():
        answered.update(steps(path)[:-1])
    for pk in sorted(answered):
        rows.filter(pk=pk).update(answered=True)


class Migration(migrations.Migration):
    dependencies = [("discussion", "0002_roles")]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="answered",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(mark_answered, migrations.RunPython.noop),
    ]
