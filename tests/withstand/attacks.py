"""Hostile requests to a staged site, drawn with dice: the same seed makes the same ones."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from tests.withstand.forms import Form, forms_in
from tests.withstand.pieces import (
    ACCOUNTS,
    CLIMBING,
    GREEDY,
    KEPT_AS_IS,
    METHODS,
    NAMES,
    PATHS,
    QUERIES,
    body,
    header,
)
from tests.withstand.requests import FORM, Answer, Pairs, Request, encode
from tests.withstand.values import Value, alive, as_bytes, value

ANY_TOKEN = "t" * 32
# How many times a form is sent before it is opened anew.
KEPT = 12


type Ask = Callable[[Request], Answer]


class Attacker:
    """Makes the requests. `ask` sends one that only prepares, such as opening a form."""

    def __init__(self, site: dict[str, Any], dice: random.Random, ask: Ask) -> None:
        self.site, self.dice, self.ask = site, dice, ask
        self.opened: dict[tuple[str, str], tuple[int, list[Form], str]] = {}
        self.families: list[tuple[int, Callable[[], Request]]] = [
            (22, self.query),
            (9, self.path),
            (10, self.header),
            (20, self.comment),
            (30, self.admin_form),
            (6, self.other_form),
            (8, self.body),
            (3, self.token),
        ]

    def next(self) -> Request:
        """The next hostile request."""
        weights = [weight for weight, _family in self.families]
        family = self.dice.choices([family for _weight, family in self.families], weights)[0]
        return family()

    def look(self) -> Request:
        """A plain look at a page on which something of what was sent may stand now."""
        actor = self.dice.choice(["", "", "owner", "Moderator"])
        pages = self.site["public"] if not actor or self.dice.random() < 0.2 else None
        target = self.dice.choice(pages or self.lists() + self.forms())
        return Request("GET", target, self.cookies(actor), actor=actor, about="look")

    # What there is --------------------------------------------------------------------------------

    def lists(self) -> list[str]:
        """Lists of the admin."""
        found: list[str] = self.site["admin"]["lists"]
        return found

    def forms(self) -> list[str]:
        """Pages of the admin with a form."""
        found: list[str] = self.site["admin"]["forms"]
        return found

    def actor(self) -> str:
        """Somebody who is signed in, the owner oftener, to whom most is open."""
        return self.dice.choice(
            ["owner", "owner", "owner", "Editor", "Writer", "Moderator", "reader"]
        )

    def cookies(self, actor: str, token: str = "") -> tuple[tuple[str, str], ...]:
        """The headers of somebody's cookies."""
        found = [f"sessionid={self.site['sessions'][actor]}"] if actor else []
        found += [f"csrftoken={token}"] if token else []
        return (("Cookie", "; ".join(found)),) if found else ()

    def slug(self) -> str:
        """The slug of an article, mostly of the one that everybody reads."""
        return str(self.dice.choice([self.site["slugs"][0]] * 3 + self.site["slugs"]))

    def secret(self) -> str:
        """The path of a secret address."""
        return urlsplit(self.dice.choice(self.site["tokens"])).path

    # Families -------------------------------------------------------------------------------------

    def query(self) -> Request:
        """Hostile parameters of any page."""
        actor = self.actor() if self.dice.random() < 0.4 else ""
        pages = self.lists() + self.forms() if actor else self.site["public"]
        names = self.dice.sample(NAMES, self.dice.choice([1, 1, 2, 4]))
        if self.dice.random() < 0.1:
            names = [names[0]] * self.dice.choice([2, 300])
        query = encode((name, value(self.dice)) for name in names).decode()
        if self.dice.random() < 0.1:
            query = self.dice.choice([*QUERIES, quote(alive(self.dice))])
        headers = self.cookies(actor)
        if self.dice.random() < 0.2:
            headers += (("HX-Request", "true"),)
        return Request(
            "GET",
            f"{self.dice.choice(pages)}?{query[:60_000]}",
            headers,
            actor=actor,
            about="query",
        )

    def path(self) -> Request:
        """Addresses that are none."""
        actor = self.actor() if self.dice.random() < 0.3 else ""
        safe = self.dice.choice(["", "/", "/%.\\"])
        piece = quote(as_bytes(value(self.dice)), safe=safe)[:20_000]
        if self.dice.random() < 0.3:
            piece = self.dice.choice(CLIMBING)
        target = self.dice.choice(PATHS).replace("{}", piece).replace("{slug}", self.slug())
        # What stands in a first line must be one word there.
        target = "".join(target.split())
        return Request("GET", target, self.cookies(actor), actor=actor, about="path")

    def header(self) -> Request:
        """Hostile headers with a plain address."""
        name, text = header(self.dice)
        target = self.dice.choice([*self.site["public"], "/healthz", "/readyz", "/admin/login/"])
        if name == "Cookie" and self.dice.random() < 0.5:
            page = self.dice.choice(["since/", "discussion/new/", ""])
            target = f"/articles/{self.slug()}/{page}"
        return Request("GET", target, ((name, text),), about=f"header {name[:30]}")

    def comment(self) -> Request:
        """The form of a comment with hostile fields; some of it is accepted and then shown."""
        address = f"/articles/{self.slug()}/discussion/new/"
        # One field that is refused refuses all: mostly what is shown to others is hostile.
        honest = self.dice.choice([0.5, 1.0, 1.0])
        request = self.sent(address, "", honest=honest, always=("name", "body"))
        return replace(request, about="comment")

    def admin_form(self) -> Request:
        """A form of the admin, by somebody who may or may not send it."""
        return self.sent(self.dice.choice(self.forms()), self.actor(), honest=0.6)

    def other_form(self) -> Request:
        """Other forms of readers, and those that act on rows of lists."""
        own = f"/articles/{self.slug()}"
        readers = ["since/", "", "timeline/", "discussion/"]
        address = self.dice.choice(
            [
                *(self.dice.choice(ACCOUNTS), self.dice.choice(ACCOUNTS), self.secret()),
                *(f"{own}/{self.dice.choice(readers)}", "/search/", "/timeline/"),
                *("/admin/articles/article/", "/admin/discussion/comment/"),
            ]
        )
        inside = address.startswith(("/admin", "/accounts"))
        return self.sent(address, self.actor() if inside else "", honest=0.3)

    def body(self) -> Request:
        """Bodies that are no form, or a strange one."""
        own = f"/articles/{self.slug()}"
        address = self.dice.choice(
            [
                *(f"{own}/discussion/new/", f"{own}/since/", "/articles/", "/search/"),
                *("/accounts/sign-in/", "/admin/articles/term/add/", self.secret()),
            ]
        )
        actor = self.actor() if address.startswith("/admin/") else ""
        fields: Pairs = [("csrfmiddlewaretoken", ANY_TOKEN), ("body", value(self.dice))]
        start = encode([*fields, ("name", value(self.dice))])
        plain = Request("POST", address, self.cookies(actor, ANY_TOKEN), start, actor, "body")
        kind, text = body(self.dice, start)
        headers = (*plain.headers, ("Content-Type", kind))
        turn = self.dice.random()
        if turn < 0.12:
            method = self.dice.choice(METHODS)
            return replace(plain, method=method, headers=headers, body=text[:2000])
        if turn < 0.2:
            lies = self.dice.choice([0, 1, 10**7, 10**12])
            return replace(plain, headers=headers, body=text[:5000], lies=lies)
        if turn < 0.22:
            return replace(plain, headers=headers, body=text[:200], slow=4)
        return replace(plain, headers=headers, body=text)

    def token(self) -> Request:
        """Secret addresses cut, spliced and made longer."""
        good, other = self.secret(), self.secret()
        place = self.dice.randrange(1, len(good))
        target = self.dice.choice(
            [
                *(good[:place] + "x" + good[place + 1 :], good[:place] + other[place:], good * 20),
                *(
                    good.replace(":", "%3A"),
                    good.replace(":", "::"),
                    good[:-2] + "=/",
                    good.upper(),
                ),
                *(good.rstrip("/") + "%00/", good[: place + 1] + "/"),
            ]
        )
        return Request(self.dice.choice(["GET", "GET", "HEAD"]), target, about="token")

    # Sending a form -------------------------------------------------------------------------------

    def sent(
        self, address: str, actor: str, *, honest: float, always: tuple[str, ...] = ()
    ) -> Request:
        """The form of a page with hostile values; `honest` is the share of fields left as is."""
        forms, token = self.open(address, actor)
        posts = [form for form in forms if form.method == "post"]
        posts = [form for form in posts if not form.action.endswith("out/")]
        if not posts:
            names = ("do", "body", "name", "action", "title")
            fields: Pairs = [(name, value(self.dice)) for name in names]
            form = Form(address, "post", [*fields, ("csrfmiddlewaretoken", token)])
        else:
            form = self.dice.choice(posts)
        pairs = [
            (name, self.spoiled(name, text, 0 if name in always else honest))
            for name, text in form.pairs
        ]
        if self.dice.random() < 0.1:
            pairs.append((self.dice.choice([*GREEDY, alive(self.dice)]), value(self.dice)))
        if self.dice.random() < 0.05:
            pairs = pairs * self.dice.choice([2, 3])
        headers = (*self.cookies(actor, token), ("Content-Type", FORM))
        if self.dice.random() < 0.2:
            headers += (("HX-Request", "true"),)
        target = urljoin(f"http://127.0.0.1{address}", form.action).removeprefix("http://127.0.0.1")
        return Request("POST", target, headers, encode(pairs), actor, "form")

    def spoiled(self, name: str, text: Value, honest: float) -> Value:
        """What is sent in a field: the token as it is, others hostile or as they are."""
        if name == "csrfmiddlewaretoken" or self.dice.random() < honest:
            return text
        if name in {"submission", "opened", "opened_at"} or name.endswith("_FORMS"):
            return value(self.dice) if self.dice.random() < 0.1 else text
        if name in KEPT_AS_IS:
            return text
        if name == "slug" and self.dice.random() < 0.8:
            return text
        if name.endswith("DELETE") and self.dice.random() < 0.9:
            return ""
        return value(self.dice)

    def open(self, address: str, actor: str) -> tuple[list[Form], str]:
        """The forms of a page and the cookie that goes with them; opened anew now and then."""
        uses, forms, token = self.opened.get((address, actor), (0, [], ""))
        if uses % KEPT == 0:
            answer = self.ask(
                Request("GET", address, self.cookies(actor), actor=actor, about="open")
            )
            forms = (
                forms_in(answer.body.decode("utf-8", "replace"))
                if answer.kind == "text/html"
                else []
            )
            cookies = [text for name, text in answer.headers if name.lower() == "set-cookie"]
            tokens = [
                text.partition("=")[2].partition(";")[0] for text in cookies if "csrftoken=" in text
            ]
            token = tokens[0] if tokens else ANY_TOKEN
        self.opened[address, actor] = (uses + 1, forms, token)
        if "discussion/new" in address and self.dice.random() < 0.7:
            # A submission once used leads to the comment that it made: open another form.
            self.opened.pop((address, actor))
        return forms, token
