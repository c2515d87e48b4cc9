"""The order of a discussion, its depth, its pages, placeholders, and addresses that stay."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.discussion import moderation, thread
from articles.discussion.models import Comment, step, steps
from articles.discussion.thread import discussion_page, place_of
from articles.models import Article
from tests.articles.bridges import make_article
from tests.discussion.talk import HTMX
from tests.factories import make_comment, make_user
from tests.html import Element, parse

ADDRESS = "/articles/stone-bridges/discussion/"
REMOVED = "This comment was removed. Its replies stay."


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def shown(article: Article, page: int = 1) -> list[tuple[int, str]]:
    """Level and name of each comment of a page; a placeholder has no name."""
    return [(entry.level, entry.name) for entry in discussion_page(article, page=page).entries]


def ids(tree: Element) -> list[str]:
    return [element["id"] for element in tree.walk() if element.get("data-comment")]


# Order and depth ----------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 10**18), min_size=2, max_size=2, unique=True))
def test_steps_sort_as_their_numbers_and_none_begins_another(numbers: list[int]) -> None:
    small, large = sorted(numbers)

    assert step(small) < step(large)
    assert steps(step(large) + step(small)) == [large, small]
    assert not step(large).startswith(step(small))


def test_the_oldest_thread_comes_first_and_replies_stand_below_what_they_answer(
    article: Article,
) -> None:
    first = make_comment(article, name="first")
    second = make_comment(article, name="second")
    answer = make_comment(article, name="answer", parent=first)
    make_comment(article, name="third")
    make_comment(article, name="another answer", parent=first)
    make_comment(article, name="answer to answer", parent=answer)
    make_comment(article, name="answer to second", parent=second)

    assert shown(article) == [
        (0, "first"),
        (1, "answer"),
        (2, "answer to answer"),
        (1, "another answer"),
        (0, "second"),
        (1, "answer to second"),
        (0, "third"),
    ]


def test_replies_of_one_comment_keep_their_order_beyond_nine(article: Article) -> None:
    first = make_comment(article)
    numbers = [make_comment(article, parent=first).pk for _ in range(120)]

    found = list(Comment.objects.in_order().values_list("pk", flat=True))

    assert found == [first.pk, *numbers]


def test_replies_never_run_out_of_depth_only_of_indent(client: Client, article: Article) -> None:
    parent = None
    for number in range(12):
        parent = make_comment(article, name=f"level {number}", parent=parent)
    assert parent is not None

    assert parent.depth == 11
    assert shown(article) == [(min(number, 6), f"level {number}") for number in range(12)]
    tree = parse(client.get(ADDRESS).content)
    # Where a comment is set in no further, it says what it answers.
    said = [a.text for a in tree.all("a", class_="reply-to")]
    assert said == [f"in reply to level {number}" for number in range(6, 11)]
    last = tree.by_id(f"comment-{parent.pk}")
    assert last.one("p", class_="comment-foot").one("a")["href"].endswith(f"?parent={parent.pk}")


def test_replies_are_lists_inside_what_they_answer(client: Client, article: Article) -> None:
    first = make_comment(article)
    reply = make_comment(article, parent=first)
    last = make_comment(article)

    tree = parse(client.get(ADDRESS).content)

    items = [child for child in tree.one("ol", class_="threads").children if child]
    assert [ids(item) for item in items if isinstance(item, Element)] == [
        [f"comment-{first.pk}", f"comment-{reply.pk}"],
        [f"comment-{last.pk}"],
    ]
    assert ids(tree.one("ol", class_="replies")) == [f"comment-{reply.pk}"]


def test_a_thread_of_a_thousand_levels_is_kept_and_shown(client: Client, article: Article) -> None:
    parent = None
    for _ in range(1000):
        parent = make_comment(article, parent=parent)

    response = client.get(f"{ADDRESS}?page=20")

    assert ids(parse(response.content))[-1] == f"comment-{parent.pk}"
    assert parent.depth == 999


# Pages --------------------------------------------------------------------------------------------


def test_a_long_discussion_has_pages_that_name_each_other(client: Client, article: Article) -> None:
    numbers = [make_comment(article).pk for _ in range(120)]

    trees = [parse(client.get(f"{ADDRESS}?page={page}").content) for page in (1, 2, 3)]

    assert [ids(tree) for tree in trees] == [
        [f"comment-{number}" for number in numbers[start : start + 50]] for start in (0, 50, 100)
    ]
    around = [
        {a["rel"]: a["href"] for a in tree.one("nav", class_="pages").all("a")} for tree in trees
    ]
    assert around == [
        {"next": f"{ADDRESS}?page=2"},
        {"prev": ADDRESS, "next": f"{ADDRESS}?page=3"},
        {"prev": f"{ADDRESS}?page=2"},
    ]
    assert [tree.one("p", class_="discussion-count").text for tree in trees] == [
        f"120 comments, page {page} of 3" for page in (1, 2, 3)
    ]


def test_a_reply_whose_thread_began_on_an_earlier_page_says_so(
    client: Client, article: Article
) -> None:
    first = make_comment(article)
    for _ in range(50):
        make_comment(article, parent=first)

    tree = parse(client.get(f"{ADDRESS}?page=2").content)

    link = tree.one("a", class_="reply-to")
    assert (link.text, link["href"]) == ("in reply to an earlier comment", f"/comments/{first.pk}/")


@pytest.mark.parametrize("page", ["0", "-1", "abc", "", "1e3", "9" * 5000, "²", "%00"])
def test_a_page_that_makes_no_sense_is_the_first(
    client: Client, article: Article, page: str
) -> None:
    make_comment(article)

    assert client.get(f"{ADDRESS}?page={page}").content == client.get(ADDRESS).content


def test_a_page_behind_the_last_is_not_found(client: Client, article: Article) -> None:
    make_comment(article)

    assert client.get(f"{ADDRESS}?page=2").status_code == 404
    assert client.get(f"{ADDRESS}?page=999999").status_code == 404


def test_htmx_gets_the_list_alone_and_a_whole_page_for_its_history(
    client: Client, article: Article
) -> None:
    make_comment(article)

    piece = client.get(ADDRESS, headers=HTMX)
    whole = client.get(ADDRESS, headers=HTMX | {"HX-History-Restore-Request": "true"})

    (element,) = [child for child in parse(piece.content).children if not isinstance(child, str)]
    assert (element["id"], element["tabindex"]) == ("discussion-list", "-1")
    assert whole.content == client.get(ADDRESS).content
    for response in (piece, whole, client.get(ADDRESS)):
        assert "HX-Request" in response["Vary"]
        assert "Cookie" not in response["Vary"]


def test_an_empty_discussion_says_what_to_do(client: Client, article: Article) -> None:
    tree = parse(client.get(ADDRESS).content)

    assert tree.one("p", class_="quiet").text == (
        "No comments yet. Start the discussion with a useful note."
    )
    assert tree.one("p", class_="comment-new").one("a")["href"] == f"{ADDRESS}new/"


def test_an_old_slug_leads_to_the_discussion(client: Client, article: Article) -> None:
    article.old_slugs.create(slug="arches")

    for ending in ("?page=2", "new/?about=fact-oldest"):
        response = client.get(f"/articles/arches/discussion/{ending}")
        assert (response.status_code, response["Location"]) == (301, f"{ADDRESS}{ending}")


# Placeholders -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["held", "rejected", "spam", "deleted"])
def test_a_comment_that_is_gone_leaves_a_placeholder_while_it_has_replies(
    client: Client, article: Article, status: str
) -> None:
    first = make_comment(article, name="Eve", body="Bad words.")
    reply = make_comment(article, name="Ana", parent=make_comment(article, parent=first))
    if status == "deleted":
        moderation.delete(comments=[first.pk])
    else:
        Comment.objects.filter(pk=first.pk).update(status=status)

    response = client.get(ADDRESS)

    tree = parse(response.content)
    assert ids(tree) == [f"comment-{pk}" for pk in (first.pk, reply.parent_id, reply.pk)]
    assert tree.by_id(f"comment-{first.pk}").text == REMOVED
    for word in ("Eve", "Bad words"):
        assert word not in response.content.decode()


@pytest.mark.parametrize("status", ["held", "rejected", "spam"])
def test_what_has_only_replies_that_cannot_be_read_leaves_nothing(
    client: Client, article: Article, status: str
) -> None:
    first = make_comment(article, status=status)
    make_comment(article, parent=first, status="held")

    assert ids(parse(client.get(ADDRESS).content)) == []


def test_deleting_keeps_nothing_of_what_somebody_wrote(article: Article) -> None:
    first = make_comment(
        article, email="eve@example.org", about="fact-oldest", about_text="Text.", user=make_user(),
        person="a" * 32, network="b" * 32,
    )  # fmt: skip
    make_comment(article, parent=first)

    moderation.delete(comments=[first.pk])

    first.refresh_from_db()
    kept = (
        first.name, first.email, first.body, first.html, first.about_text, first.user,
        first.person, first.network,
    )  # fmt: skip
    assert kept == ("", "", "", "", "", None, "", "")


def test_a_comment_without_replies_is_deleted_as_a_row_and_takes_bare_rows_above_along(
    article: Article,
) -> None:
    first = make_comment(article)
    second = make_comment(article, parent=first)
    third = make_comment(article, parent=second)
    beside = make_comment(article, parent=first)

    moderation.delete(comments=[second.pk])
    assert Comment.objects.count() == 4
    moderation.delete(comments=[third.pk])
    assert set(Comment.objects.all()) == {first, beside}
    moderation.delete(comments=[first.pk])
    assert Comment.objects.count() == 2
    moderation.delete(comments=[beside.pk])
    assert Comment.objects.count() == 0


def test_a_whole_thread_deleted_at_once_leaves_nothing(article: Article) -> None:
    first = make_comment(article)
    second = make_comment(article, parent=first)

    assert moderation.delete(comments=[first.pk, second.pk]) == 2
    assert not Comment.objects.exists()


def test_an_article_is_deleted_with_its_discussion(article: Article) -> None:
    first = make_comment(article)
    make_comment(article, parent=first)

    article.delete()

    assert not Comment.objects.exists()


@given(st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_decided_each_comment_knows_whether_it_is_answered(
    article: Article, data: st.DataObject
) -> None:
    Comment.objects.all().delete()
    comments: list[Comment] = []
    for _ in range(data.draw(st.integers(1, 8))):
        parent = data.draw(st.sampled_from([None, *comments]))
        status = data.draw(st.sampled_from(["held", "approved"]))
        comments.append(make_comment(article, parent=parent, status=status))
    for _ in range(data.draw(st.integers(0, 6))):
        keys = data.draw(st.sets(st.sampled_from([comment.pk for comment in comments])))
        status = data.draw(st.sampled_from(["approved", "rejected", "spam", "deleted"]))
        if status == "deleted":
            moderation.delete(comments=keys)
        else:
            moderation.decide(comments=keys, status=status)

    rows = list(Comment.objects.all())
    for row in rows:
        below = [other for other in rows if row.pk in steps(other.path)[:-1]]
        assert row.answered is any(other.is_approved for other in below)
        # Nothing bare is left that holds nothing up.
        assert row.status != "deleted" or below


# Permanent addresses ------------------------------------------------------------------------------


def test_the_address_of_a_comment_leads_to_its_place(client: Client, article: Article) -> None:
    numbers = [make_comment(article).pk for _ in range(51)]

    first = client.get(f"/comments/{numbers[0]}/")
    last = client.get(f"/comments/{numbers[50]}/")

    assert (first.status_code, first["Location"]) == (
        302, f"/articles/stone-bridges/#comment-{numbers[0]}",
    )  # fmt: skip
    assert last["Location"] == f"{ADDRESS}?page=2#comment-{numbers[50]}"


def test_the_address_survives_moderation_other_page_sizes_and_another_slug(
    client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [make_comment(article).pk for _ in range(4)]
    address = f"/comments/{numbers[3]}/"
    monkeypatch.setattr(thread, "PAGE_SIZE", 2)
    assert client.get(address)["Location"] == f"{ADDRESS}?page=2#comment-{numbers[3]}"

    moderation.decide(comments=numbers[:2], status="rejected")
    assert client.get(address)["Location"] == f"/articles/stone-bridges/#comment-{numbers[3]}"

    Article.objects.update(slug="arches")
    assert client.get(address)["Location"] == f"/articles/arches/#comment-{numbers[3]}"


def test_every_place_holds_its_comment(client: Client, article: Article) -> None:
    parents = [None, *[make_comment(article) for _ in range(3)]]
    for number in range(70):
        parents.append(make_comment(article, parent=parents[number * 7 % len(parents)]))

    for comment in Comment.objects.select_related("article"):
        address, _hash, fragment = place_of(comment).partition("#")
        assert fragment in ids(parse(client.get(address or ADDRESS).content))


@pytest.mark.parametrize("status", ["held", "rejected", "spam"])
def test_the_address_of_what_nobody_may_read_is_not_found(
    client: Client, article: Article, status: str
) -> None:
    comment = make_comment(article, status=status)

    assert client.get(f"/comments/{comment.pk}/").status_code == 404


def test_the_address_of_a_placeholder_leads_to_it(client: Client, article: Article) -> None:
    first = make_comment(article)
    reply = make_comment(article, parent=first)
    moderation.delete(comments=[first.pk])

    address = f"/articles/stone-bridges/#comment-{first.pk}"
    assert client.get(f"/comments/{first.pk}/")["Location"] == address
    moderation.delete(comments=[reply.pk])
    assert client.get(f"/comments/{first.pk}/").status_code == 404


@pytest.mark.parametrize("key", ["0", "9" * 18, "9" * 19, "9" * 40, "9" * 5000])
def test_a_number_that_no_comment_has_is_not_found(
    client: Client, article: Article, key: str
) -> None:
    assert client.get(f"/comments/{key}/").status_code == 404
