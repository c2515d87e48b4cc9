"""A site that wants a second factor of its staff leads them there and locks nobody out."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from articles.discussion.guests import user_of
from articles.management.first_start import make_first_admin, owner_to_invite
from articles.models import SiteSettings, User
from articles.sign_in import sign_in_link
from tests.accounts.signing_in import SECRET, code_at, is_signed_in, make_person, send_code, sign_in
from tests.articles.addresses import addresses, make_site
from tests.articles.admin_forms import form_data
from tests.articles.bridges import make_article
from tests.factories import PASSWORD
from tests.html import parse
from tests.mailing import IN_MEMORY, run_what_waits

pytestmark = pytest.mark.django_db

SETTINGS = "/admin/articles/sitesettings/1/change/"


@pytest.fixture
def strict():
    SiteSettings.objects.update_or_create(pk=1, defaults={"require_second_factor": True})


@pytest.mark.parametrize("role", ["Writer", "Editor", "Moderator", "owner"])
def test_staff_without_one_are_led_to_set_one_up(client, strict, role):
    make_person(role, username="edith")
    assert sign_in(client, "edith")["Location"] == "/admin/"
    for address in (
        "/admin/",
        "/admin/articles/article/add/",
        "/admin/articles/user/",
        "/admin/no/",
    ):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/?next=")
    page = parse(client.get("/accounts/").content)
    assert page.one(class_="account-problem").text.startswith("This site wants a second factor")

    secret = parse(client.get("/accounts/app/").content).one(class_="account-key").text
    client.post("/accounts/app/", {"code": code_at(secret=secret)})
    assert client.get("/admin/").status_code == 200
    assert not parse(client.get("/accounts/").content).all(class_="account-problem")


def test_recovery_codes_alone_are_no_second_factor(client, strict):
    person = make_person()
    Authenticator.objects.create(
        user=person, type="recovery_codes", data={"seed": "", "used_mask": 0}
    )
    client.force_login(person)
    assert client.get("/admin/").status_code == 302


def test_nothing_is_sent_where_one_is_missing(client, strict):
    person = make_person("owner")
    client.force_login(person)
    client.post("/admin/auth/group/add/", {"name": "Friends"})
    assert not User.objects.filter(groups__name="Friends").exists()
    assert client.post("/admin/logout/").status_code == 200
    assert not is_signed_in(client)


def test_who_has_one_and_a_site_that_wants_none_notice_nothing(client, strict):
    client.force_login(make_person(app=True))
    assert client.get("/admin/").status_code == 200
    SiteSettings.objects.update(require_second_factor=False)
    client.force_login(make_person())
    assert client.get("/admin/").status_code == 200


def test_an_owner_who_turns_it_on_is_led_on_too_and_gets_back(client):
    owner = make_person("owner", username="olga")
    make_person(username="edith")
    client.force_login(owner)
    page = parse(client.get(SETTINGS).content)
    form = {
        field["name"]: field.get("value") or ""
        for field in page.by_id("sitesettings_form").all("input")
        if field.get("name") and field.get("type") not in {"checkbox", "submit", "radio"}
    }
    for area in page.by_id("sitesettings_form").all("textarea"):
        form[area["name"]] = area.text
    for select in page.by_id("sitesettings_form").all("select"):
        form[select["name"]] = next(
            o["value"] for o in select.all("option") if o.get("selected") == ""
        )
    response = client.post(SETTINGS, {**form, "require_second_factor": "on", "_save": "x"})
    assert response.status_code == 302, response.content.decode()
    assert SiteSettings.current().require_second_factor
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/")
    assert "2 people of the staff have no second factor yet" in response.content.decode()


def test_only_the_owner_says_how_people_sign_in(client):
    client.force_login(make_person("Editor"))
    SiteSettings.objects.get_or_create(pk=1)
    page = client.get(SETTINGS)
    assert page.status_code == 200
    assert not parse(page.content).all("input", name="require_second_factor")


def test_the_first_admins_link_works_on_a_strict_site(client, strict):
    admin, _samples = make_first_admin(with_samples=False)
    assert owner_to_invite() == admin
    assert client.post(sign_in_link(admin, ""))["Location"] == "/accounts/set-password/"
    assert is_signed_in(client)
    assert client.get("/accounts/set-password/").status_code == 200
    assert client.get("/accounts/app/").status_code == 200


def test_a_lost_factor_is_removed_by_a_command(client, strict, capsys, settings, mailoutbox):
    settings.MAILERS = IN_MEMORY
    person = make_person("owner", username="olga", app=True, email="olga@example.org")
    call_command("reset_second_factor", "olga")
    assert capsys.readouterr().out == "“olga” signs in without a second factor now.\n"
    assert not Authenticator.objects.exists()
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (
        str(person.pk), "Second factors removed by manage.py reset_second_factor.",
    )  # fmt: skip
    run_what_waits()
    assert [mail.to for mail in mailoutbox] == [["olga@example.org"]]
    assert "Your second factors were removed" in mailoutbox[0].body

    assert sign_in(client, "olga")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 302, "and sets up another"
    call_command("reset_second_factor", "olga")
    assert capsys.readouterr().out == "“olga” had none.\n"
    assert LogEntry.objects.count() == 1
    with pytest.raises(CommandError, match="There is no user “nobody”"):
        call_command("reset_second_factor", "nobody")


def test_the_owner_removes_a_lost_factor_in_the_list_of_users(client):
    owner = make_person("owner", app=True)
    lost = make_person(username="edith", app=True)
    client.force_login(owner)
    chosen = {"action": "remove_second_factor", "_selected_action": [lost.pk]}
    response = client.post("/admin/articles/user/", chosen, follow=True)
    assert "The second factors of 1 person were removed." in response.content.decode()
    assert set(Authenticator.objects.values_list("user", flat=True)) == {owner.pk}
    entry = LogEntry.objects.get(object_id=str(lost.pk))
    assert (entry.user, entry.change_message) == (owner, "Second factors removed.")


@pytest.mark.parametrize("role", ["Editor", "Moderator", "Writer"])
def test_nobody_else_can_remove_a_factor(client, role):
    lost = make_person(username="lost", app=True)
    client.force_login(make_person(role))
    chosen = {"action": "remove_second_factor", "_selected_action": [lost.pk]}
    client.post("/admin/articles/user/", chosen)
    assert Authenticator.objects.filter(user=lost).count() == 2


def test_the_list_of_users_shows_and_finds_who_has_one(client):
    client.force_login(make_person("owner", username="olga", app=True))
    make_person(username="edith")

    def names(query):
        page = parse(client.get(f"/admin/articles/user/{query}").content)
        return {cell.text for cell in page.all("th", class_="field-username")}

    assert names("") == {"olga", "edith"}
    assert names("?second_factor=yes") == {"olga"}
    assert names("?second_factor=no") == {"edith"}
    page = parse(client.get("/admin/articles/user/").content)
    found = {
        row.one("th").text: row.one("td", class_="field-second_factor").one("img")["alt"]
        for row in page.by_id("result_list").one("tbody").all("tr")
    }
    assert found == {"olga": "True", "edith": "False"}


def test_public_pages_ask_nobody_for_a_second_factor(strict):
    make_site()
    client = Client()
    client.force_login(make_person())
    for address in addresses():
        assert "/accounts/" not in client.get(address).get("Location", "")


def test_deleting_a_person_takes_their_factors_along(client):
    client.force_login(make_person("owner"))
    gone = make_person(username="gone", app=True)
    response = client.post(f"/admin/articles/user/{gone.pk}/delete/", {"post": "yes"})
    assert response.status_code == 302
    assert not Authenticator.objects.exists()


def test_an_app_signs_in_on_a_strict_site(client, strict):
    make_person(username="edith", app=True)
    sign_in(client, "edith")
    send_code(client, code_at())
    assert client.get("/admin/").status_code == 200


def test_no_page_below_the_admin_stands_outside_of_it(client, strict):
    client.force_login(make_person("owner"))
    response = client.get("/admin/condition/")
    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/?next=%2Fadmin%2Fcondition%2F",
    )


def test_drafts_are_shown_after_that_too(client, strict):
    make_article(publish=False)
    person = make_person()
    client.force_login(person)
    assert client.get("/articles/stone-bridges/").status_code == 404
    assert client.get("/articles/stone-bridges.json").status_code == 404
    TOTP.activate(person, SECRET)
    assert client.get("/articles/stone-bridges/").status_code == 200


@pytest.mark.parametrize("box", [{}, {"require_second_factor": "false"}])
def test_to_want_none_any_more_the_owner_shows_who_they_are(client, strict, box):
    owner = make_person("owner", app=True)
    client.force_login(owner)
    data = form_data(client.get(SETTINGS), "sitesettings_form")
    data.pop("require_second_factor")
    session = client.session
    session["confirmed_at"] = time.time() - 11 * 60
    session.save()
    response = client.post(SETTINGS, data | box)
    assert response["Location"].startswith("/accounts/confirm")
    assert SiteSettings.current().require_second_factor
    client.post("/accounts/confirm/", {"password": PASSWORD})
    client.post(SETTINGS, data | box)
    assert not SiteSettings.current().require_second_factor


def test_who_has_yet_to_set_one_up_writes_comments_as_any_reader(client, strict, rf):
    person = make_person(username="edith")
    request = rf.get("/", headers={"cookie": "sessionid=x"})
    request.user = person
    assert user_of(request) is None
    TOTP.activate(person, SECRET)
    assert user_of(request) == person
