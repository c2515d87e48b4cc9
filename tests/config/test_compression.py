"""Pages are compressed for those who can read it, and only for them."""

import gzip
import random

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from config.compression import CompressionMiddleware, accepts

TEXT = b"A stone bridge stands by its own weight. " * 50


def answered(accepted="gzip, br", content=TEXT, **headers):
    """What the middleware makes of a response with this content and these headers."""
    request = RequestFactory().get("/", headers={"accept-encoding": accepted})
    return CompressionMiddleware(lambda _request: HttpResponse(content, headers=headers))(request)


def test_a_browser_that_reads_brotli_gets_it():
    response = answered()
    assert response.headers["Content-Encoding"] == "br"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers["Content-Length"] == str(len(response.content))
    assert len(response.content) < len(TEXT) / 10
    assert brotli.decompress(response.content) == TEXT


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("br", True),
        ("gzip, deflate, br, zstd", True),
        ("gzip;q=1.0, BR ; q=0.5", True),
        ("", False),
        ("gzip", False),
        ("br;q=0", False),
        ("br;q=0.000, gzip", False),
        ("br;q=1.2.3", False),
        ("brotli, xbr, br-x", False),
    ],
    ids=repr,
)
def test_the_header_is_read_as_it_is_meant(header, accepted):
    assert accepts(header, "br") is accepted
    assert (answered(header).get("Content-Encoding") == "br") is accepted


def test_what_is_short_or_compressed_already_or_would_grow_stays_as_it_is():
    assert answered(content=b"short").content == b"short"
    packed = gzip.compress(TEXT * 100) * 3
    assert answered(content=packed, **{"Content-Encoding": "gzip"}).content == packed
    noise = random.Random(4).randbytes(1000)
    assert not answered(content=noise).has_header("Content-Encoding")


def test_who_reads_gzip_alone_gets_that():
    response = answered("gzip, br;q=0")
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == TEXT


@pytest.mark.parametrize(
    ("content_type", "compressed"),
    [
        ("text/html; charset=utf-8", True),
        ("text/calendar; charset=utf-8", True),
        ("application/json", True),
        ("application/atom+xml; charset=utf-8", True),
        ("application/opensearchdescription+xml; charset=utf-8", True),
        ("application/x-bibtex; charset=utf-8", True),
        ("image/svg+xml", True),
        ("image/png", False),
        ("image/webp", False),
        ("font/woff2", False),
        ("application/zip", False),
        ("application/octet-stream", False),
    ],
)
def test_text_is_compressed_and_pictures_are_as_small_as_they_get(content_type, compressed):
    response = answered(**{"Content-Type": content_type})
    assert response.has_header("Content-Encoding") is compressed
    assert response.has_header("Vary") is compressed


def test_a_stream_stays_a_stream():
    request = RequestFactory().get("/", headers={"accept-encoding": "br"})
    response = CompressionMiddleware(lambda _request: StreamingHttpResponse([TEXT]))(request)
    assert b"".join(response.streaming_content) == TEXT


def test_a_strong_tag_becomes_weak_and_a_weak_one_stays():
    assert answered(ETag='"a"').headers["ETag"] == 'W/"a"'
    assert answered(ETag='W/"a"').headers["ETag"] == 'W/"a"'


@pytest.mark.django_db
def test_a_page_of_the_site_comes_in_the_best_form_a_client_reads(client):
    forms = {
        accepted: client.get("/", headers={"accept-encoding": accepted})
        for accepted in ("br, gzip", "gzip", "")
    }
    assert [response.headers.get("Content-Encoding") for response in forms.values()] == [
        "br",
        "gzip",
        None,
    ]
    assert {response.headers["Vary"] for response in forms.values()} == {"Accept-Encoding"}
    plain = forms[""].content
    assert brotli.decompress(forms["br, gzip"].content) == plain
    assert gzip.decompress(forms["gzip"].content) == plain


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/search/?q=bridge", "/timeline/?q=bridge", "/feeds/articles.atom?x"]
)
def test_who_has_a_page_that_is_not_kept_gets_304_with_what_200_says(client, path):
    for accepted in ("br, gzip", "gzip", "", "gzip;q=0"):
        headers = {"accept-encoding": accepted, "cookie": "milepost_read=x"}
        page = client.get(path, headers=headers)
        same = client.get(path, headers={**headers, "if-none-match": page.headers["ETag"]})
        assert (page.status_code, same.status_code) == (200, 304)
        for name in ("ETag", "Vary"):
            assert same.headers[name] == page.headers[name], accepted
        assert page.headers["ETag"].startswith("W/") is page.has_header("Content-Encoding")
