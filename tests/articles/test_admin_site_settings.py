"""What the owner types into the settings of the site keeps its lines and paragraphs."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from articles.models import Page, SiteSettings
from tests.accounts.signing_in import SECRET
from tests.articles.admin_forms import form_data
from tests.html import parse

pytestmark = pytest.mark.django_db

SETTINGS = "/admin/articles/sitesettings/1/change/"


def save(client, **changes):
    response = client.post(SETTINGS, form_data(client.get(SETTINGS), "sitesettings_form") | changes)
    assert response.status_code == 302


def test_lines_of_who_is_responsible_stay_lines(admin_client, client):
    Page.objects.update_or_create(
        slug="privacy",
        defaults={"title": "Privacy", "body": "{{responsible}}", "is_published": True},
    )
    save(admin_client, responsible="Bridge Society\r\n1 Arch Street\r\nBath")
    assert SiteSettings.current().responsible == "Bridge Society\n1 Arch Street\nBath"
    page = parse(client.get("/pages/privacy/").content)
    assert len(page.one("address").all("br")) == 2


def test_titles_of_the_admin_end_in_the_name_of_the_site(admin_client):
    save(admin_client, name="Bridge Book")
    for address in (SETTINGS, "/admin/", "/admin/articles/article/add/"):
        title = parse(admin_client.get(address).content).one("title").text
        assert title.endswith(" | Bridge Book")


def test_of_no_people_without_a_second_factor_nothing_is_said(admin_client, admin_user):
    TOTP.activate(admin_user, SECRET)
    save(admin_client, require_second_factor="on")
    assert SiteSettings.current().require_second_factor
    page = admin_client.get("/admin/")
    assert page.status_code == 200
    assert "no second factor yet" not in page.text


def test_paragraphs_of_the_introduction_stay_paragraphs(admin_client, client):
    save(admin_client, introduction="About <b>arches</b>.\r\n\r\nAnd vaults.")
    page = parse(client.get("/").content)
    paragraphs = page.one(class_="lead-line").all("p")
    assert [each.text for each in paragraphs] == ["About <b>arches</b>.", "And vaults."]
    assert page.one("meta", name="description")["content"] == "About <b>arches</b>. And vaults."
