"""What a soak sends: the site it is sent to, lists of addresses for wrk, and people who write."""

from __future__ import annotations

import http.client
import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from tests.serving import PATIENCE
from tests.withstand.forms import Form, forms_in

SCRIPT = Path(__file__).with_name("soak.lua")
ARTICLES = 80
# The three that are large, whose forms need the most memory of all that is asked for, and another.
SAVED = 4
# Most readers' browsers say the first; programs the others.
ENCODINGS = ("gzip, deflate, br", "gzip, deflate, br, zstd", "gzip", "")
# Of one article, which the page cache may keep.
PAGES = ("", "discussion/", "history/", "cite/", "timeline/")


def prepare() -> dict[str, Any]:
    """Fill the site, in its own shell; what is written later needs, as values that JSON has."""
    from django.db.models import Count

    from articles.models import Article, SiteSettings
    from tests.articles.bridges import make_article
    from tests.factories import make_user
    from tests.withstand.staging import session_of

    SiteSettings.objects.update_or_create(
        pk=1,
        defaults={
            "hold_comments": "none",
            "form_seconds": 0,
            "comments_per_person": 1000,
            "comments_per_network": 10_000,
        },
    )
    for number in range(ARTICLES):
        make_article(title=f"Bridges {number:03}", slug=f"bridges-{number:03}")
    largest_first = Article.objects.live().annotate(parts=Count("milestones")).order_by("-parts")
    found = largest_first.values_list("slug", "pk")
    return {"articles": dict(found), "session": session_of(make_user("owner"))}


def main() -> None:
    """For `manage.py shell -c`: fill it, and print what `Load` wants."""
    sys.stdout.write(f"STAGED {json.dumps(prepare())}\n")


@dataclass(frozen=True, slots=True)
class Line:
    """One request for wrk."""

    path: str
    encoding: str = ENCODINGS[0]
    htmx: bool = False

    def __str__(self) -> str:
        return f"{self.path}\t{self.encoding}\t{int(self.htmx)}"


class Load:
    """Sends to one site. The same seed gives the same addresses."""

    def __init__(self, port: int, folder: Path, staged: dict[str, Any], seed: int) -> None:
        self.port, self.folder, self.seed = port, folder, seed
        self.articles: dict[str, int] = staged["articles"]
        self.session: str = staged["session"]
        self.random = random.Random(seed)
        self.slugs = sorted(self.articles)
        self.statuses: Counter[str] = Counter()
        self.writes = 0
        self._waiting: list[str] = []

    def cached(self, count: int) -> list[Line]:
        """So many pages that the cache keeps, each in every encoding; all of them by and by."""
        lines: list[Line] = []
        while len(lines) < count * len(ENCODINGS):
            if not self._waiting:
                self._waiting = [
                    *("/", "/articles/", "/terms/", "/timeline/", "/feeds/articles.atom"),
                    *(f"/articles/{slug}/{page}" for slug in self.slugs for page in PAGES),
                    *(f"/articles/{slug}.{end}" for slug in self.slugs for end in ("md", "json")),
                ]
                self.random.shuffle(self._waiting)
            path = quote(self._waiting.pop())
            lines += [Line(path, encoding) for encoding in ENCODINGS]
        return lines

    def uncached(self, count: int) -> list[Line]:
        """So many requests that no cache answers, no two alike."""
        kinds = list(self._kinds())
        return [self.random.choice(kinds)() for _number in range(count)]

    def _kinds(self) -> Iterator[Any]:
        def word() -> str:
            letters = "abcdefghilmnoprstuöéжß"
            return "".join(self.random.choices(letters, k=self.random.randint(3, 12)))

        def article() -> str:
            return f"/articles/{quote(self.random.choice(self.slugs))}/"

        def years() -> str:
            begin = self.random.randint(-500, 2020)
            return urlencode({"from": begin, "to": begin + self.random.randint(0, 90)})

        yield lambda: Line(f"{article()}?{urlencode({word(): word()})}")
        yield lambda: Line(f"{article()}?{years()}")
        yield lambda: Line(f"{article()}timeline/?{years()}&q={quote(word())}", htmx=True)
        yield lambda: Line(f"{article()}discussion/", htmx=True)
        yield lambda: Line(f"/search/?{urlencode({'q': f'{word()} {word()}'})}")
        yield lambda: Line("/search/?q=network&page=2", htmx=True)
        yield lambda: Line(f"/timeline/?{years()}")
        yield lambda: Line(f"/{quote(word())}/{quote(word())}/")
        yield lambda: Line(f"/articles/{quote(word())}/")
        yield lambda: Line(f"{article()}discussion/new/")
        yield lambda: Line(f"/accounts/sign-in/?next=/{quote(word())}")
        yield lambda: Line(f"/admin/?{quote(word())}")
        yield lambda: Line(self.random.choice(["/readyz", "/healthz"]))
        yield lambda: Line(f"/static/{quote(word())}.css")
        yield lambda: Line(f"{article()}?page={self.random.randint(-5, 10**9)}", word())

    @contextmanager
    def wrk(self, lines: list[Line], count: int, connections: int) -> Iterator[None]:
        """Have wrk ask for these until `count` answers came, beside what the block does."""
        self.seed += 1
        path = self.folder / f"lines-{self.seed}"
        path.write_text("\n".join(map(str, lines)) + "\n", encoding="utf-8")
        command = ["wrk", "-t", "1", "-c", str(connections), "-d", "3600s", "--timeout", "60s"]
        command += ["-s", str(SCRIPT), f"http://127.0.0.1:{self.port}", "--"]
        command += [str(path), str(count), str(self.seed)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield
                output, _errors = process.communicate(timeout=3600)
            finally:
                process.kill()
        path.unlink()
        found = re.findall(r"^(\d+)=(\d+)$", output, re.MULTILINE)
        if process.returncode or sum(int(number) for _status, number in found) != count:
            raise RuntimeError(f"wrk ended before its time: {output}")
        for status, number in found:
            self.statuses[status] += int(number)

    # Who writes ----------------------------------------------------------------------------------

    def comment(self) -> None:
        """Write one on an article, as a guest whose browser is new."""
        slug = self.slugs[self.writes % len(self.slugs)]
        path = f"/articles/{quote(slug)}/discussion/new/"
        text = f"A remark of some length, number {self.writes}, on what stands above."
        self._send_form(path, {"body": text, "name": "Reader"}, "")

    def save(self) -> None:
        """Change a word of an article in the admin: of the largest, in turn."""
        slug = list(self.articles)[self.writes // 2 % SAVED]
        path = f"/admin/articles/article/{self.articles[slug]}/change/"
        answer = f"What was said {self.writes} times."
        self._send_form(path, {"short_answer": answer}, f"sessionid={self.session}")

    def _send_form(self, path: str, values: dict[str, str], cookie: str) -> None:
        status, headers, html = self._ask("GET", path, cookie)
        assert status == 200, (path, status)
        form = next(form for form in forms_in(html) if values.keys() <= dict(form.pairs).keys())
        given = "; ".join(value.split(";")[0] for value in headers.get_all("Set-Cookie") or ())
        cookies = "; ".join(filter(None, (cookie, given)))
        status, _headers, html = self._ask("POST", form.action or path, cookies, sent(form, values))
        assert status in {200, 302, 303}, (path, status, html[:2000])
        self.writes += 1

    def _ask(
        self, method: str, path: str, cookie: str, body: str | None = None
    ) -> tuple[int, http.client.HTTPMessage, str]:
        headers = {"Cookie": cookie} if cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE * 2)
        with closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            self.statuses[str(answer.status)] += 1
            return answer.status, answer.headers, answer.read().decode()


def sent(form: Form, values: dict[str, str]) -> str:
    """What a browser sends of the form with these values in it; one button is pressed."""
    buttons = {"_addanother", "_continue", "_saveasnew", "_delete"}
    pairs = [(name, values.get(name, text)) for name, text in form.pairs if name not in buttons]
    return urlencode(pairs)
