"""Related articles, why they are related, and what links to an article."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from articles import related, store
from articles.document import Document, Reference, RelatedTerm
from articles.models import Article, RelatedArticle, Tag, Term
from articles.renewal import renew, whole
from tests.articles.bridges import make_article
from tests.factories import make_user
from tests.html import parse
from tests.mailing import run_what_waits

pytestmark = pytest.mark.django_db

PLAIN: dict[str, Any] = {
    "short_answer": "", "category": "", "tags": (), "author": "", "infobox": (), "sections": (),
    "facts": (), "timeline": (), "related_terms": (), "questions": (), "references": (),
}  # fmt: skip


def make(title: str, **values: Any) -> Article:
    """A live article that has nothing but these fields."""
    return make_article(title=title, **PLAIN | values)


def below(client: Client, slug: str) -> list[tuple[str, str]]:
    """The related articles on the page of an article, with their reasons."""
    tree = parse(client.get(f"/articles/{slug}/").content)
    return [
        (li.one("a").text, li.one(class_="evidence").text)
        for box in tree.all("section", id="related-articles")
        for li in box.all("li")
    ]


def source(number: int) -> Reference:
    return Reference(key=f"s{number}", title=f"Source {number}", doi=f"10.1000/{number}")


def test_reasons_are_said_in_words_and_the_best_comes_first(client: Client) -> None:
    make("Arch", tags=("Masonry",), references=(source(1), source(2)))
    make("Links", short_answer="See [[arch]].")
    make("Shares sources", references=(source(1), source(2)))
    make("Same subject", tags=("Masonry",))
    make("Nothing in common", tags=("Wood",), references=(source(3),))

    assert below(client, "arch") == [
        ("Shares sources", "Shares 2 sources"),
        ("Links", "Links to this article"),
        ("Same subject", "Both about Masonry"),
    ]
    assert below(client, "links") == [("Arch", "Linked to above")]
    assert below(client, "nothing-in-common") == []


def test_terms_bind_articles_whether_linked_to_or_listed_under_any_name(client: Client) -> None:
    Term.objects.create(name="Voussoir", aliases=["wedge"])
    make("Arch", related_terms=(RelatedTerm(term="Voussoir"),))
    make("Vault", short_answer="Made of [[wedge|wedges]].")

    assert below(client, "arch") == [("Vault", "Both use the term “Voussoir”")]
    assert below(client, "vault") == [("Arch", "Both use the term “Voussoir”")]


def test_a_link_leads_to_the_article_about_a_term(client: Client) -> None:
    arch = make("On arches")
    Term.objects.create(name="Arch", article=arch)
    make("Vault", short_answer="A long [[arch]].")

    assert below(client, "on-arches") == [("Vault", "Links to this article")]
    assert below(client, "vault") == [("On arches", "Linked to above")]


def test_rows_follow_every_save_on_both_sides(client: Client) -> None:
    arch = make("Arch", tags=("Masonry", "Stone"))
    make("Vault", tags=("Masonry",))
    assert below(client, "vault") == [("Arch", "Both about Masonry")]

    store.save(Document(title="Arch", slug="arch", tags=("Stone",)), article=arch)

    assert below(client, "vault") == []
    assert RelatedArticle.objects.count() == 0


def test_saving_in_any_order_gives_the_same_rows() -> None:
    values = {"a": ("x", "y"), "b": ("y", "z"), "c": ("x", "z"), "d": ("x",)}
    for title, tags in values.items():
        make(title, tags=tags)
    first = set(RelatedArticle.objects.values_list("article__slug", "other__slug", "tags"))

    for article in whole(Article.objects.order_by("-pk")):
        renew(article)

    again = set(RelatedArticle.objects.values_list("article__slug", "other__slug", "tags"))
    assert again == first
    # Each pair has something in common but b and d, and a row for either side.
    assert len(first) == 10


def test_only_live_articles_are_named_and_at_most_six(client: Client) -> None:
    make("Arch", tags=("Masonry",))
    for number in range(8):
        make(f"Other {number}", tags=("Masonry",))
    hidden = Article.objects.filter(title__in=["Other 0", "Other 1"])
    hidden.update(status="withdrawn")
    make_article(title="Draft", publish=False, **PLAIN | {"tags": ("Masonry",)})

    titles = [title for title, _reason in below(client, "arch")]

    assert titles == [f"Other {number}" for number in range(2, 8)]


def test_drafts_take_no_place_of_live_articles(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(related, "KEPT", 2)
    make("Vault", tags=("Masonry",))
    for number in range(3):
        tags = ("Masonry", "Stone")
        make_article(title=f"Draft {number}", publish=False, **PLAIN | {"tags": tags})
    make("Arch", tags=("Masonry", "Stone"))

    assert below(client, "arch") == [("Vault", "Both about Masonry")]
    assert RelatedArticle.objects.filter(article__slug="arch").count() == 3


def test_what_very_many_articles_have_in_common_says_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(related, "COMMON", 2)
    for title in ("A", "B", "C", "D"):
        make(title, tags=("Everything",), references=(source(ord(title) // 2),))
    # The first of them knew no others; a rebuild counts anew.
    for article in whole(Article.objects.order_by("pk")):
        renew(article)

    # A: 32, B and C: 33, D: 34.
    assert below(client, "b") == [("C", "Shares 1 source")]
    assert below(client, "d") == []


def test_a_working_copy_is_related_to_nothing() -> None:
    arch = make("Arch", tags=("Masonry",))
    make("Vault", tags=("Masonry",))
    copy = make_article(title="Copy", publish=False, **PLAIN)
    Article.objects.filter(pk=copy.pk).update(copy_of=arch, slug="arch")
    copy.refresh_from_db()
    Article.tags.through.objects.create(article_id=copy.pk, tag_id=arch.tags.get().pk)

    related.relate(copy)

    assert not RelatedArticle.objects.filter(article=copy).exists()
    assert RelatedArticle.objects.count() == 2


def test_what_links_here_names_the_parts_of_live_articles_only(client: Client) -> None:
    arch = make("Arch")
    Term.objects.create(name="Bow", article=arch)
    make(
        "Vault",
        short_answer="First. A long [[arch]]. Last.",
        related_terms=(RelatedTerm(term="Bow"),),
    )
    make("Itself", short_answer="[[Itself]]")
    make_article(title="Draft", publish=False, **PLAIN | {"short_answer": "Secret [[arch]]"})

    main = parse(client.get("/articles/arch/links/").content).by_id("main")

    (uses,) = main.all("section", class_="uses")
    assert uses.one("h3").text == "Vault"
    assert [a["href"] for a in uses.one("ul").all("a")] == [
        "/articles/vault/#short-answer",
        "/articles/vault/#related-term-bow",
    ]
    assert uses.one("span", class_="use-text").text == "A long arch."
    assert "2 links" in main.text
    assert "Secret" not in main.text
    assert "No other article links here yet" in client.get("/articles/itself/links/").text


def test_what_links_to_an_old_address_or_a_hidden_article(client: Client) -> None:
    arch = make("Arch")
    store.rename(arch, "arches")

    assert client.get("/articles/arch/links/")["Location"] == "/articles/arches/links/"
    Article.objects.filter(pk=arch.pk).update(status="withdrawn")
    assert client.get("/articles/arches/links/").status_code == 410


def test_a_term_that_gets_an_article_by_the_admin_binds_it_at_once(client: Client) -> None:
    make("Vault", short_answer="A long [[bow]].")
    arch = make("Arch")
    term = Term.objects.create(name="Bow")
    client.force_login(make_user("Editor"))
    data = {"name": "Bow", "slug": "bow", "definition": "", "aliases": "", "article": arch.pk}

    client.post(f"/admin/articles/term/{term.pk}/change/", data)

    assert below(Client(), "arch") == [("Vault", "Links to this article")]

    client.post(f"/admin/articles/term/{term.pk}/change/", data | {"article": ""})
    assert below(Client(), "arch") == []


# When a name changes its meaning ------------------------------------------------------------------


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("Editor"))
    return client


def change_term(editor: Client, term: Term, aliases: str) -> None:
    data = {"name": term.name, "slug": term.slug, "definition": "", "article": ""}
    response = editor.post(f"/admin/articles/term/{term.pk}/change/", data | {"aliases": aliases})
    assert response.status_code == 302
    run_what_waits()


def test_another_name_of_a_term_binds_those_who_use_it_as_long_as_it_is_one(
    editor: Client,
) -> None:
    term = Term.objects.create(name="Voussoir")
    make("Arch", short_answer="[[voussoir]]")
    make("Vault", short_answer="[[wedge]]")
    assert below(Client(), "arch") == []

    change_term(editor, term, "wedge")
    assert below(Client(), "arch") == [("Vault", "Both use the term “Voussoir”")]
    assert below(Client(), "vault") == [("Arch", "Both use the term “Voussoir”")]

    change_term(editor, term, "")
    assert below(Client(), "arch") == []
    assert below(Client(), "vault") == []


def test_a_term_that_takes_the_title_of_an_article_takes_its_links_too(editor: Client) -> None:
    make("Arch")
    make("Vault", short_answer="[[arch]]")
    data = {"name": "Arch", "slug": "", "definition": "A curve.", "aliases": "", "article": ""}

    editor.post("/admin/articles/term/add/", data)
    run_what_waits()

    assert below(Client(), "arch") == []
    assert below(Client(), "vault") == []


def test_a_term_that_somebody_only_lists_takes_no_links_from_an_article_until_it_is_defined(
    client: Client, editor: Client
) -> None:
    make("Arch")
    make("Vault", short_answer="A long [[arch]].")
    make_article(
        title="Draft", publish=False, **PLAIN | {"related_terms": (RelatedTerm(term="Arch"),)}
    )
    arch = Article.objects.get(slug="arch")
    renew(whole(Article.objects.filter(pk=arch.pk)).get())

    def target() -> str:
        tree = parse(Client().get("/articles/vault/").content)
        return tree.by_id("short-answer").one("a", class_="term")["href"]

    assert target() == "/articles/arch/"
    assert below(Client(), "arch") == [("Vault", "Links to this article")]
    assert "1 link" in Client().get("/articles/arch/links/").text

    data = {"name": "Arch", "slug": "arch", "definition": "A curve.", "aliases": "", "article": ""}
    editor.post(f"/admin/articles/term/{Term.objects.get(name='Arch').pk}/change/", data)
    run_what_waits()

    assert target() == "/terms/arch/"
    assert below(Client(), "arch") == []
    assert "0 links" in Client().get("/articles/arch/links/").text


@pytest.mark.parametrize("by_action", [False, True])
def test_a_term_that_is_deleted_binds_nobody(editor: Client, by_action: bool) -> None:
    term = Term.objects.create(name="Bow", article=make("Arch"))
    make("Vault", short_answer="[[bow]]")
    make("Wall", short_answer="[[bow]]")
    assert len(below(Client(), "vault")) == 2

    delete(editor, term, by_action)

    assert below(Client(), "vault") == []
    assert below(Client(), "arch") == []
    assert not RelatedArticle.objects.exists()


@pytest.mark.parametrize("by_action", [False, True])
def test_a_tag_that_is_deleted_binds_nobody(editor: Client, by_action: bool) -> None:
    make("Arch", tags=("Masonry", "Stone"))
    make("Vault", tags=("Masonry",))
    make("Wall", tags=("Masonry", "Stone"))

    delete(editor, Tag.objects.get(name="Masonry"), by_action)

    assert below(Client(), "arch") == [("Wall", "Both about Stone")]
    assert below(Client(), "vault") == []


def test_many_articles_are_related_anew_a_few_at_a_time(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(related, "AT_ONCE", 2)
    for title in ("A", "B", "C", "D", "E"):
        make(title, tags=("Masonry",))

    delete(editor, Tag.objects.get(name="Masonry"), by_action=False)

    assert not RelatedArticle.objects.exists()
    assert DBTaskResult.objects.filter(task_path=related.relate_again.module_path).count() == 3


def delete(editor: Client, row: Term | Tag, by_action: bool) -> None:
    address = f"/admin/articles/{row._meta.model_name}/"
    if by_action:
        data = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
        editor.post(address, data)
    else:
        editor.post(f"{address}{row.pk}/delete/", {"post": "yes"})
    assert not type(row).objects.filter(pk=row.pk).exists()
    run_what_waits()
