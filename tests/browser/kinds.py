"""Every kind of page that people see, and how a site comes to have one.

A kind that is added to `KINDS` is looked at by every test of `test_every_page.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from articles import store
from articles.document import (
    Document,
    Fact,
    InfoboxRow,
    Milestone,
    Question,
    Reference,
    RelatedTerm,
    Section,
)
from articles.formats import markdown_file
from articles.models import SiteSettings, Source, User
from articles.sign_in import sign_in_link
from tests.articles.admin_forms import change_url
from tests.articles.bridges import BOOK, PAPER, make_article, make_document, make_long_document
from tests.factories import make_first_pages, make_user

SAMPLE = Path(__file__).parents[2] / "articles" / "samples" / "deep-learning.md"


def sample() -> str:
    """The article that is shipped, whole."""
    document = markdown_file.parse(SAMPLE.read_text(encoding="utf-8"))
    saved = store.save(document, publish=True).article
    assert saved is not None
    return saved.get_absolute_url()


def lists() -> None:
    """Two articles, for pages that list some."""
    make_article()
    make_article(document=arabic())


def with_lists(address: str) -> str:
    """The address on a site that has something to list."""
    lists()
    return address


def long_words() -> Document:
    """An article whose words are longer than a narrow screen is wide."""
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    code = "`" + "x" * 120 + "`"
    table = "| " + " | ".join(f"Column {n}" for n in range(12)) + " |\n" + "|---" * 12 + "|\n"
    address = "https://example.org/" + "a" * 150
    return make_document(
        title=word,
        slug="long-words",
        category=word,
        tags=(word,),
        author=word,
        short_answer=f"{word} {code} [@heyman1995].",
        infobox=(InfoboxRow(label=word, value=f"{word} [@heyman1995]"),),
        sections=(
            Section(heading=word, body=f"{code}\n\n{table}\n    {'y' * 200}\n\n<{address}>"),
            Section(heading=word + "s", level=3, body=f"- {word}\n\n> {word}"),
        ),
        facts=(Fact(label=word, statement=word),),
        timeline=(Milestone(date="1900/1950", title=word, body=address, tracks=(word,)),),
        related_terms=(RelatedTerm(term=word, definition=word),),
        questions=(Question(question=word, answer=word),),
        references=(Reference(key="heyman1995", title=word, url=address, publisher=word),),
    )


def arabic() -> Document:
    """An article that is written from right to left."""
    return Document(
        title="الجسور الحجرية",
        slug="الجسور-الحجرية",
        language="ar",
        short_answer="يحمل الجسر الحجري ثقله بالدفع وحده [@heyman1995, p. 12].",
        category="Building",
        tags=("Bridges",),
        author="نورا",
        infobox=(
            InfoboxRow(label="المادة", value="حجر منحوت [@heyman1995]", checked="2026-03-01"),
        ),
        sections=(
            Section(heading="نظرة عامة", body="يقف القوس حين يمر خط [[الدفع]] فيه [@huerta2001]."),
            Section(heading="القالب", level=3, body="إطار من خشب يحمل الحجارة."),
        ),
        facts=(Fact(label="الأقدم", statement="جسر قرب إزمير [@huerta2001, p. 3]."),),
        timeline=(
            Milestone(date="0106", title="جسر القنطرة", body="بني لتراجان.", tracks=("Practice",)),
            Milestone(date="1990/..", title="منذ ذلك الحين", tracks=("Theory",)),
        ),
        related_terms=(RelatedTerm(term="الدفع", definition="ما يدفع به القوس."),),
        questions=(Question(question="لماذا تدوم؟", answer="الحجر قوي [@heyman1995]."),),
        references=(BOOK, PAPER),
    )


def address_of(document: Document) -> str:
    """The address of the article, once it is live."""
    return make_article(document=document).get_absolute_url()


def history(document: Document | None = None) -> str:
    """The history of an article that was changed once."""
    article = make_article(document=document or make_document())
    before = store.load(article)
    section = before.sections[0]
    new = Section(anchor="section-new", heading="A new section", body="It is new.")
    changed = replace(section, body=f"{section.body[:-4]} {section.body[:20]}.")
    after = replace(before, sections=(changed, new), facts=before.facts[1:], tags=())
    store.save(after, article=article, summary="A new section")
    return f"{article.get_absolute_url()}history/"


def listed(address: str) -> Callable[[], str]:
    """This address, on a site with some articles."""

    def make() -> str:
        lists()
        return address

    return make


def source_page() -> str:
    """A source that two articles lean on."""
    lists()
    address: str = Source.objects.get(identity=f"isbn:{BOOK.isbn}").get_absolute_url()
    return address


def linked_article() -> str:
    """The links to an article that has one, and a related article below them."""
    make_article()
    make_article(title="Arches", short_answer="Not yet [[stone bridges]].")
    return "/articles/stone-bridges/links/"


def site_page() -> str:
    """A page of the site itself."""
    make_first_pages()
    return "/pages/about/"


def privacy_page() -> str:
    """The page that says what is stored, in its two tables, and who is responsible."""
    make_first_pages()
    lines = (
        "Nora Pont\nBridge Street 1, 12345 Oldtown\nnora@example.org, https://example.org/contact"
    )
    SiteSettings.objects.update_or_create(pk=1, defaults={"responsible": lines})
    return "/pages/privacy/"


def sign_in_page() -> str:
    """A one-time link."""
    return sign_in_link(make_user("Editor", username="edith"), "")


def with_factors() -> str:
    """The page of somebody, signed in, who has an app, a passkey and recovery codes."""
    person = User.objects.get()
    TOTP.activate(person, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    RecoveryCodes.activate(person)
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "A long-lived phone"})
    return "/accounts/"


def passkey_name() -> str:
    """The rest of the address at which the passkey of `with_factors` is renamed."""
    return f"passkeys/{Authenticator.objects.get(type='webauthn').pk}/name/"


def change_form() -> str:
    """The form of an article that has parts of every kind."""
    return change_url(make_article())


def person_form() -> str:
    """The form of an editor, seen by the owner; its fold holds Django's two lists."""
    return f"/admin/articles/user/{make_user('Editor', username='edith').pk}/change/"


@dataclass(frozen=True)
class Kind:
    """A kind of page; `make` fills the site and gives the address.

    `role` is whoever must be signed in to see it.
    """

    name: str
    make: Callable[[], str]
    role: str = ""


KINDS = [
    Kind("front page", listed("/")),
    Kind("empty front page", lambda: "/"),
    Kind("list of articles", listed("/articles/")),
    Kind("category", listed("/categories/building/")),
    Kind("tag", listed("/tags/bridges/")),
    Kind("author", listed("/authors/nora-pont/")),
    Kind("article", sample),
    Kind("article with missing sources", lambda: address_of(make_document())),
    Kind("empty article", lambda: address_of(Document(title="Nothing yet", slug="nothing"))),
    Kind("article with long words", lambda: address_of(long_words())),
    Kind(
        "middle of a long timeline",
        lambda: (
            address_of(make_long_document(parts=3, milestones=170, slug="long"))
            + "?at=milestone-60"
        ),
    ),
    Kind("article from right to left", lambda: address_of(arabic())),
    Kind("facts alone", listed("/articles/stone-bridges/?view=facts")),
    Kind("citing an article", listed("/articles/stone-bridges/cite/")),
    Kind("citing a statement", listed("/articles/stone-bridges/cite/?part=fact-oldest")),
    Kind("timeline of all articles", listed("/timeline/")),
    Kind("timeline alone", listed("/articles/stone-bridges/timeline/")),
    Kind("discussion alone", listed("/articles/stone-bridges/discussion/")),
    Kind("comment form", listed("/articles/stone-bridges/discussion/new/")),
    Kind("history", history),
    Kind("revision", lambda: f"{history()}1/"),
    Kind("differences", lambda: f"{history()}1..2/"),
    Kind("what changed since", listed("/articles/stone-bridges/since/")),
    Kind("differences from right to left", lambda: f"{history(arabic())}1..2/"),
    Kind("glossary", listed("/terms/")),
    Kind("term", listed("/terms/thrust/")),
    Kind("list of sources", listed("/sources/")),
    Kind("source", source_page),
    Kind("what links to an article", linked_article),
    Kind("page of the site", site_page),
    Kind("page on privacy", privacy_page),
    Kind("nothing at this address", lambda: "/no-such-page/"),
    Kind("sign-in link", sign_in_page),
    Kind("spent sign-in link", lambda: "/accounts/sign-in/nonsense/"),
    Kind("search", lambda: with_lists("/search/?q=bridges")),
    Kind("search without a result", lambda: with_lists("/search/?q=zzzz")),
    Kind("first password", lambda: "/accounts/set-password/", role="newcomer"),
    Kind("sign-in", lambda: "/accounts/sign-in/"),
    Kind("how somebody signs in", with_factors, role="Editor"),
    Kind("setting up an app", lambda: "/accounts/app/", role="Editor"),
    Kind("adding a passkey", lambda: "/accounts/passkeys/new/", role="Editor"),
    Kind("new password", lambda: "/accounts/password/", role="Editor"),
    Kind("recovery codes", lambda: f"{with_factors()}recovery-codes/", role="Editor"),
    Kind("where somebody is signed in", lambda: "/accounts/sessions/", role="Editor"),
    Kind("renaming a passkey", lambda: f"{with_factors()}{passkey_name()}", role="Editor"),
    Kind("confirming who one is", lambda: "/accounts/confirm/?next=/accounts/", role="Editor"),
    Kind("form of an article in the admin", change_form, role="owner"),
    Kind("condition of the site", lambda: "/admin/condition/", role="owner"),
    Kind("adding a person in the admin", lambda: "/admin/articles/user/add/", role="owner"),
    Kind("person in the admin", person_form, role="owner"),
    Kind("settings in the admin", lambda: "/admin/articles/sitesettings/1/change/", role="owner"),
]


def sign_in(context: Any, base_url: str, user: User) -> None:
    """Give the browser the session of this person."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": base_url}])


def enter(kind: Kind, page: Any, base_url: str) -> None:
    """Fill the site and open the page."""
    if kind.role == "newcomer":
        user = make_user("Editor")
        user.set_unusable_password()
        user.save()
        sign_in(page.context, base_url, user)
    elif kind.role:
        sign_in(page.context, base_url, make_user(kind.role))
    page.goto(kind.make())
