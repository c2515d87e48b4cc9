"""What hostile requests are drawn from: paths, headers and bodies that no browser sends."""

from __future__ import annotations

import random

from tests.withstand.requests import FORM
from tests.withstand.values import MARK, as_bytes, value

NAMES = [
    *("page", "at", "unknown", "from", "to", "track", "q", "category", "tag", "article", "p", "o"),
    *("e", "all", "kind", "place", "sort", "standing", "tracks", "about", "parent", "next", "show"),
    *("style", "term", "app_label", "model_name", "field_name", "_popup", "_to_field", "letter"),
    *("_changelist_filters", "status__exact", "language", "date", "year", "month", "day", "action"),
    *("select_across", "index"),
]
METHODS = [
    *("HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "PROPFIND", "CONNECT", "get"),
    "X" * 300,
]
CHARSETS = [
    *("utf-7", "utf-16", "utf-32", "latin-1", "idna", "nonsense", "utf-8;x=", "shift_jis", "\x00")
]
QUERIES = ["%", "&&==&", "%FF=%00", "a=%zz", "q", "=;="]
# Everything about signing in but signing out, which would end an actor.
ACCOUNTS = [
    *("/accounts/sign-in/", "/accounts/sign-in/", "/accounts/sign-in/code/", "/accounts/confirm/"),
    *("/accounts/reset-password/", "/accounts/reset-password/1-abc-def/", "/accounts/password/"),
    *("/accounts/", "/accounts/app/", "/accounts/recovery-codes/", "/accounts/passkeys/new/"),
    *("/accounts/sign-in/passkey/", "/accounts/passkeys/1/remove/", "/accounts/set-password/"),
    *("/accounts/passkeys/1/name/", "/accounts/sessions/"),
]
CLIMBING = [
    *("..%2f..%2f", "%2e%2e/", "../" * 20 + "etc/passwd", "..%5c", "%252e%252e%252f", ".//", "%00"),
    *("{slug}%00", "{slug}/..", "1..99999999999999999999", "0..0", "-1..2", "9" * 400),
]
PATHS = [
    *("/{}", "/articles/{}/", "/articles/{}.json", "/articles/{}.md", "/terms/{}/", "/tags/{}/"),
    *("/categories/{}/", "/authors/{}/", "/sources/{}/", "/pages/{}/", "/feeds/{}"),
    *("/media/{}", "/media/cards/{}.png", "/static/{}", "/static/css/{}", "/sitemap-{}.xml"),
    *("/site-{}.css", "/comments/{}/", "/comments/manage/{}/", "/accounts/sign-in/{}/"),
    *("/accounts/reset-password/{}/", "/admin/{}", "/admin/articles/article/{}/change/"),
    *("/admin/r/{}/1/", "/admin/articles/user/{}/password/", "/timeline/on/{}/"),
    *("/articles/{slug}/{}", "/articles/{slug}/history/{}/", "/articles/{slug}/timeline.{}"),
]
# Fields that a form does not have, and that somebody would like to set.
GREEDY = ["is_superuser", "is_staff", "status", "author", "copy_of", "groups", "html", "user"]
# What would take the articles and the discussion from everybody, and leave nothing to attack; and
# the trap for programs, behind which nothing is shown.
KEPT_AS_IS = {
    *("discussion_open", "comments_per_person", "comments_per_network", "form_seconds"),
    *("form_hours", "hold_comments", "second_factor", "status", "is_active"),
    *("published_at_0", "published_at_1", "is_superuser", "website"),
}
HOSTS = ["evil.example", "", "127.0.0.1:x", "a b", "127.0.0.1@evil.example", "{text}"]
RANGES = ["bytes=5-1", "bytes=0-", "bytes=" + "0-1," * 500, "bytes=9999999999-"]
# Headers that are read by somebody, and what is hostile in them; `{text}` is any hostile value.
HEADERS = {
    "Host": HOSTS,
    "X-Forwarded-Host": [f"evil.example/{MARK}"],
    "X-Forwarded-Proto": ["https"],
    "X-Forwarded-Port": ["99999"],
    "Forwarded": [f"host={MARK};proto=https"],
    "X-Original-URL": ["/admin/"],
    "X-Rewrite-URL": ["/admin/"],
    "X-HTTP-Method-Override": ["DELETE"],
    "Range": RANGES,
    "Accept-Encoding": ["br;q=x", "gzip;q=0", "*", "identity;q=0", "{text}"],
    "Content-Length": ["x", "-1", "9" * 30],
    "Upgrade": ["h2c"],
    "Transfer-Encoding": ["chunked, chunked", "x", "gzip"],
    "Expect": ["100-continue"],
    "X-" + "a" * 3000: ["b"],
    "X-Long": ["b" * 30_000],
    "If-Match": ['"x"'],
    "HX-History-Restore-Request": ["true"],
    "Cookie": [
        "sessionid={text}; csrftoken={text}; messages={text}",
        "milepost_guest={text}; milepost_read={text}; milepost_browser={text}",
        "{text}",
    ],
    **{
        name: ["{text}"]
        for name in (
            *("X-Forwarded-For", "X-Real-IP", "Accept-Language", "Accept", "User-Agent", "Referer"),
            *("Origin", "If-None-Match", "If-Modified-Since", "HX-Request", "HX-Current-URL"),
            *("HX-Target", "Authorization", "Content-Type", "X-Request-ID", "traceparent"),
        )
    },
}
PART = b'--x\r\nContent-Disposition: form-data; name="body"'
PARTS = "multipart/form-data; boundary=x"


def header(dice: random.Random) -> tuple[str, str]:
    """A header and a hostile value of it, now and then one that would end the header."""
    text = as_bytes(value(dice)).decode("utf-8", "replace")[:6000]
    if dice.random() < 0.9:
        text = text.translate({0: None, 10: " ", 13: " "})
    name = dice.choice(sorted(HEADERS))
    return name, dice.choice(HEADERS[name]).replace("{text}", text)


def body(dice: random.Random, start: bytes) -> tuple[str, bytes]:
    """A content type and a body; `start` is a form as it should be."""
    bodies = [
        (f"{FORM}; charset={dice.choice(CHARSETS)}", start),
        ("multipart/form-data", b"x"),
        (f"multipart/form-data; boundary={'x' * dice.choice([1, 70, 300])}", PART),
        (PARTS, PART + b'; filename="../../a.svg"\r\n\r\n<svg/>\r\n--x--'),
        (PARTS, PART + b"\r\n\r\n\xff\x00\r\n--x--"),
        (PARTS, PART * 3000),
        (PARTS, PART + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--"),
        (f"{PARTS}; charset=utf-16", PART + b"\r\n\r\na\r\n--x--\r\n"),
        (FORM, b"&".join(b"a%d=1" % i for i in range(25_000))),
        (FORM, b"body=" + b"a" * dice.choice([900_000, 1_100_000, 12_000_000])),
        (FORM, b"%" * 5000),
        (FORM, b"=&=&" * 3000),
        (FORM, as_bytes(value(dice))),
        ("application/json", b'{"a":' * 20_000),
        ("application/json", b"[" * 50_000),
        ("text/xml", b"<!DOCTYPE a>"),
        ("", start),
        ("\xff", start),
        (f"{FORM}, text/html", start),
    ]
    return dice.choice(bodies)
