"""What the roles of the site may do with comments.

Permissions are usually made after all migrations have run, which is too late to give them to
anybody; so they are made here first.
"""

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

LOOK = ["view_comment"]
MODERATE = ["view_comment", "change_comment", "delete_comment", "moderate_comment"]
ROLES = {"Writer": LOOK, "Editor": MODERATE, "Moderator": MODERATE}


def extend_roles(apps, schema_editor):
    """Give the groups their permissions; one that the owner deleted stays deleted."""
    alias = schema_editor.connection.alias
    create_permissions(current_apps.get_app_config("discussion"), verbosity=0, using=alias)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ours = Permission.objects.using(alias).filter(content_type__app_label="discussion")
    for name, codenames in ROLES.items():
        for group in Group.objects.using(alias).filter(name=name):
            group.permissions.add(*ours.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("discussion", "0001_initial"),
        ("articles", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(extend_roles, migrations.RunPython.noop)]
