"""Which requests the page cache answers, what it keeps of the answers, and in which forms."""

from __future__ import annotations

from typing import Any

import pytest

from articles.public import PUBLIC
from config import keepable, kept_pages
from tests.config.processes import Plain, Process


class TestWhoIsAnswered:
    @pytest.mark.parametrize(
        "headers",
        [
            {"cookie": "sessionid=x"},
            {"cookie": "a=b;csrftoken=x"},
            {"cookie": "a=b; milepost_guest = x"},
            {"authorization": "Basic eDp4"},
            {"range": "bytes=0-10"},
            {"hx_request": "true"},
            {"if_match": '"x"'},
            {"host": "TESTSERVER"},
            {"host": "testserver:81"},
            {"host": "evil.example"},
            {"host": ""},
        ],
        ids=str,
    )
    def test_a_special_request_is_djangos_and_is_not_kept(
        self, process: Process, headers: dict[str, str]
    ) -> None:
        process.get("/a/", **headers)
        assert not process.cache.kept.pages
        process.get("/a/")
        process.get("/a/", **headers)
        assert len(process.made) == 3

    @pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "PURGE"])
    def test_only_reading_is_answered(self, process: Process, method: str) -> None:
        process.get("/a/")
        process.get("/a/", method=method)
        assert process.made == ["/a/", "/a/"]

    def test_a_query_is_a_page_of_its_own(self, process: Process) -> None:
        process.get("/a/")
        process.get("/a/?x=1")
        assert process.made == ["/a/", "/a/"]

    def test_cookies_of_others_do_not_matter_and_are_not_shown_to_the_site(
        self, process: Process, plain: Plain
    ) -> None:
        process.get("/a/", cookie="_ga=1; theme=dark", if_none_match='"x"')
        process.get("/a/", cookie="_ga=2")
        assert len(plain.seen) == 1
        assert plain.seen[0].keys().isdisjoint({"HTTP_COOKIE", "HTTP_IF_NONE_MATCH"})

    def test_schemes_are_apart_and_a_proxy_is_believed_as_django_believes_it(
        self, process: Process, settings: Any
    ) -> None:
        settings.SECURE_PROXY_SSL_HEADER = None
        process.get("/a/", x_forwarded_proto="https")
        assert {key[0] for key in process.cache.kept.pages} == {"http"}
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        process.get("/a/", x_forwarded_proto="https, http")
        process.get("/a/", x_forwarded_proto="http")
        assert {key[0] for key in process.cache.kept.pages} == {"http", "https"}
        assert len(process.made) == 2


class TestWhatIsKept:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Cache-Control": "max-age=60"},
            {"Cache-Control": "private, public"},
            {"Cache-Control": "public, no-store"},
            {"Vary": "Cookie"},
            {"Vary": "Accept-Encoding, Accept-Language"},
            {"Vary": "*"},
            {"Content-Encoding": "gzip"},
            {"Content-Length": str(keepable.LARGEST + 1)},
            {"Content-Length": ""},
        ],
        ids=str,
    )
    def test_what_does_not_say_that_it_is_public_is_not(
        self, process: Process, plain: Plain, headers: dict[str, str]
    ) -> None:
        plain.headers |= headers
        for _ in range(2):
            assert process.get("/a/", accept_encoding="").body == plain.content
        assert len(process.made) == 2

    def test_what_nobody_marked_is_not(self, process: Process, plain: Plain) -> None:
        del plain.headers["Cache-Control"]
        assert not any(process.keeps("/a/") for _ in range(2))

    def test_what_gives_a_cookie_is_not(self, process: Process, plain: Plain) -> None:
        plain.cookies = {"seen": "1"}
        for _ in range(2):
            assert "seen=1" in process.get("/a/").headers["set-cookie"]
        assert len(process.made) == 2

    @pytest.mark.parametrize("status", [201, 206, 301, 404, 500])
    def test_only_what_was_found_is(self, process: Process, plain: Plain, status: int) -> None:
        plain.status = status
        assert [process.get("/a/").status for _ in range(2)] == [status] * 2
        assert len(process.made) == 2

    def test_an_answer_that_was_kept_has_no_id_of_a_request(
        self, process: Process, plain: Plain
    ) -> None:
        plain.headers |= {"X-Request-ID": "abc", "Date": "then", "X-Frame-Options": "DENY"}
        for _ in range(2):
            headers = process.get("/a/").headers
            assert headers.keys().isdisjoint({"x-request-id", "date"})
            assert headers["x-frame-options"] == "DENY"

    def test_the_longest_unused_pages_make_room(self, process: Process, monkeypatch: Any) -> None:
        monkeypatch.setattr(kept_pages, "MOST_PAGES", 3)
        for path in ("/a/", "/b/", "/c/", "/a/", "/d/"):
            process.get(path)
        assert [key[2] for key in process.cache.kept.pages] == ["/c/", "/a/", "/d/"]
        size = next(iter(process.cache.kept.pages.values())).size
        assert process.cache.kept.size == 3 * size
        monkeypatch.setattr(kept_pages, "MOST_BYTES", 2 * size)
        process.get("/e/")
        assert [key[2] for key in process.cache.kept.pages] == ["/d/", "/e/"]
        assert process.cache.kept.size == 2 * size


class TestForms:
    def test_each_browser_gets_the_encoding_that_it_reads(
        self, process: Process, plain: Plain
    ) -> None:
        answers = {
            accepted: process.get("/a/", accept_encoding=accepted)
            for accepted in ("br, gzip", "gzip", "", "gzip;q=0", "br")
        }
        assert {a.text for a in answers.values()} == {plain.content.decode()}
        assert [a.headers.get("content-encoding") for a in answers.values()] == [
            "br",
            "gzip",
            None,
            None,
            "br",
        ]
        assert len(process.made) == 1
        for answer in answers.values():
            assert answer.headers["content-length"] == str(len(answer.body))
        assert answers["br"].body is answers["br, gzip"].body

    def test_pictures_are_kept_as_they_are(self, process: Process, plain: Plain) -> None:
        plain.headers["Content-Type"] = "image/png"
        for _ in range(2):
            answer = process.get("/a/")
            assert answer.body == plain.content
            assert "content-encoding" not in answer.headers
        assert len(process.made) == 1

    def test_head_is_answered_without_a_body(self, process: Process, plain: Plain) -> None:
        for _ in range(2):
            head = process.get("/a/", method="HEAD")
            assert head.body == b""
            assert head.headers == process.get("/a/").headers
        assert len(process.made) == 1
        plain.status = 404
        assert process.get("/b/", method="HEAD").body == b""

    def test_a_browser_that_has_the_page_is_told_so(self, process: Process) -> None:
        tags = {
            accepted: process.get("/a/", accept_encoding=accepted).headers["etag"]
            for accepted in ("br", "gzip", "")
        }
        assert tags["br"] == tags["gzip"] == f"W/{tags['']}"
        for accepted, tag in tags.items():
            for known in (*tags.values(), f'"x", {tags["br"]}', "*"):
                answer = process.get("/a/", accept_encoding=accepted, if_none_match=known)
                assert (answer.status, answer.body) == (304, b"")
                # That of the answer 200 to the same request.
                assert answer.headers["etag"] == tag
                assert answer.headers["cache-control"] == PUBLIC
                assert answer.headers.keys().isdisjoint({"content-length", "content-encoding"})
        assert process.get("/a/", if_none_match='"x"').status == 200
        assert len(process.made) == 1

    def test_a_first_asker_with_a_tag_gets_304_too(self, process: Process) -> None:
        tag = process.get("/a/").headers["etag"]
        other = Process(application=process.site)
        assert other.get("/a/", if_none_match=tag).status == 304
