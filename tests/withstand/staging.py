"""The site that is attacked: something of everything, and somebody signed in for each role."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import models
from django.urls import reverse

from articles import publishing
from articles.discussion.views import manage_address
from articles.models import Article, SiteSettings, Term, User
from articles.sign_in import sign_in_link
from tests.articles.addresses import addresses, make_site
from tests.factories import make_article, make_comment, make_user

ROLES = ("owner", "Editor", "Writer", "Moderator", "reader")


def prepare() -> dict[str, Any]:
    """Fill the site; what an attacker needs to know of it, as values that JSON has."""
    site, _made = SiteSettings.objects.get_or_create(pk=1)
    site.comments_per_person, site.comments_per_network = 1000, 10_000
    site.form_seconds, site.hold_comments = 0, SiteSettings.Hold.NONE
    site.save()
    article = make_site()
    draft = make_article(title="Not yet said")
    long = make_article(title="Long", slug="long", live=True)
    copy = publishing.start_working_copy(article=article, author=None)
    Term.objects.filter(name="Thrust").update(definition="A push along a line.")
    comments = _comments(article)
    people = {role: make_user("" if role == "reader" else role) for role in ROLES}
    public = [*addresses(), "/comments/manage/x/", "/timeline/on/03-01/"]
    return {
        "sessions": {role: session_of(user) for role, user in people.items()},
        "public": public,
        "slugs": [article.slug, long.slug, draft.slug, copy.slug],
        "tokens": [
            *(manage_address(comment) for comment in comments),
            sign_in_link(make_user(), "http://127.0.0.1"),
        ],
        "comments": [comment.pk for comment in comments],
        "admin": admin_addresses(article, copy),
    }


def _comments(article: Article) -> list[Any]:
    first = make_comment(article, about="section-overview", about_name="Overview", email="a@b.test")
    reply = make_comment(article, parent=first)
    others = [make_comment(article, status=status) for status in ("held", "rejected", "spam")]
    return [first, reply, *others]


def session_of(user: User) -> str:
    """The key of a session in which this person is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def admin_addresses(article: Article, copy: Article) -> dict[str, list[str]]:
    """Addresses of lists and of forms; those of people are of one who is attacked by nobody."""
    victim = make_user("Writer")
    lists, forms = [reverse("admin:index"), reverse("admin:autocomplete")], []
    registered: dict[type[models.Model], Any] = admin.site._registry
    for model in registered:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        lists.append(reverse(f"{name}_changelist"))
        forms.append(reverse(f"{name}_add"))
        rows: list[Any] = list(model._default_manager.order_by("pk")[:2])
        if model is User:
            rows = [victim]
        elif model is Article:
            rows = [article, copy]
        for row in rows:
            forms.append(reverse(f"{name}_change", args=[row.pk]))
            lists.append(reverse(f"{name}_history", args=[row.pk]))
    own = f"/admin/articles/article/{article.pk}"
    forms += [f"{own}/history/1/restore/", f"{own}/working-copy/"]
    forms += [f"/admin/articles/user/{victim.pk}/password/"]
    lists += [f"{own}/preview/", f"{own}/history/1/"]
    return {"lists": lists, "forms": forms}


def main() -> None:
    """For a real site, in `manage.py shell -c`: fill it, and print what an attacker knows."""
    sys.stdout.write(f"STAGED {json.dumps(prepare())}\n")
