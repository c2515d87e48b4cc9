from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0010_uses_and_relations"),
    ]

    operations = [
        migrations.AddField(
            model_name="renderedarticle",
            name="renderer",
            field=models.PositiveSmallIntegerField(db_index=True, default=0),
        ),
    ]
