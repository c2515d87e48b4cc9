"""Pages are compressed for those who can read it, and only for them."""

import gzip

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from config.compression import BrotliMiddleware, accepts_brotli

TEXT = b"A stone bridge stands by its own weight. " * 50


def answered(accepted="gzip, br", content=TEXT, **headers):
    """What the middleware makes of a response with this content and these headers."""
    request = RequestFactory().get("/", headers={"accept-encoding": accepted})
    return BrotliMiddleware(lambda _request: HttpResponse(content, headers=headers))(request)


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
    assert accepts_brotli(header) is accepted
    assert answered(header).has_header("Content-Encoding") is accepted


def test_what_is_short_or_compressed_already_or_would_grow_stays_as_it_is():
    assert answered(content=b"short").content == b"short"
    packed = gzip.compress(TEXT * 100) * 3
    assert answered(content=packed, **{"Content-Encoding": "gzip"}).content == packed
    noise = brotli.compress(bytes(range(256)) * 4)
    assert not answered(content=noise).has_header("Content-Encoding")


def test_a_stream_stays_a_stream():
    request = RequestFactory().get("/", headers={"accept-encoding": "br"})
    response = BrotliMiddleware(lambda _request: StreamingHttpResponse([TEXT]))(request)
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
