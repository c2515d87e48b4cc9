"""The roles that come with the site: Writer, Editor and Moderator.

Permissions are usually made after all migrations have run, which is too late to give them to
anybody; so they are made here first. A role that exists already only gains what it lacks.
"""

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

PARTS = (
    "articles.infoboxrow",
    "articles.section",
    "articles.fact",
    "timeline.milestone",
    "articles.relatedterm",
    "articles.question",
    "articles.reference",
)
NAMES = ("articles.tag", "articles.term")
LOOK = ("articles.category", "timeline.track", "articles.source", "articles.revision")
FOUR = ("add", "change", "delete", "view")


def every(models, *actions):
    """`app.action_model` for each model and action."""
    return {
        f"{app}.{action}_{name}"
        for app, name in (model.split(".") for model in models)
        for action in actions
    }


def roles():
    """Name of a role -> its permissions."""
    # Who writes an article also takes parts out of it: the revisions keep them.
    writer = (
        every(["articles.article"], "add", "change", "view")
        | every(PARTS, *FOUR)
        | every(NAMES, "add", "change", "view")
        | every(LOOK, "view")
    )
    # Adding a revision is what bringing an old one back does. People and their rights are left to
    # the owner: who may change users may make himself one.
    editor = (
        writer
        | every(["articles.article", "articles.category", "timeline.track", *NAMES], *FOUR)
        | every(["articles.sitesettings"], "change", "view")
        | every(["articles.user"], "view")
        | {"articles.publish_article", "articles.add_revision"}
    )
    moderator = every(["articles.article", *PARTS, *NAMES, *LOOK], "view")
    return {"Writer": writer, "Editor": editor, "Moderator": moderator}


def create_roles(apps, schema_editor):
    """Make the groups and give them their permissions."""
    alias = schema_editor.connection.alias
    for label in ("articles", "timeline"):
        config = current_apps.get_app_config(label)
        create_permissions(config, verbosity=0, using=alias)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ours = Permission.objects.using(alias).filter(
        content_type__app_label__in=["articles", "timeline"]
    )
    known = {
        f"{app}.{codename}": pk
        for app, codename, pk in ours.values_list("content_type__app_label", "codename", "pk")
    }
    for name, permissions in roles().items():
        group, _created = Group.objects.using(alias).get_or_create(name=name)
        group.permissions.add(*(known[permission] for permission in sorted(permissions)))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0001_initial"),
        ("timeline", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create_roles, migrations.RunPython.noop)]
