from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0007_accent"),
    ]

    operations = [
        migrations.AddField(
            model_name="renderedarticle",
            name="card",
            field=models.CharField(blank=True, db_index=True, default="", max_length=32),
        ),
    ]
