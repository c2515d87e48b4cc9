"""What a container's health check asks, as a program of its own."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.serving import ROOT, free_port


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        ready = self.path == "/ready"
        self.send_response(200 if ready else 503)
        self.end_headers()
        self.wfile.write(b"fine" if ready else b'{"database": "not ok"}')

    def log_message(self, *_):
        """Nothing: the output of the test is the probe's."""


@pytest.fixture(scope="module")
def address():
    with HTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def probe(address):
    done = subprocess.run(
        [sys.executable, "-m", "articles.upkeep.probe", address],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "http_proxy": "http://127.0.0.1:1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_a_site_that_is_ready_is_status_0(address):
    assert probe(f"{address}/ready") == (0, "")


def test_one_that_is_not_says_why(address):
    assert probe(f"{address}/other") == (1, '503 {"database": "not ok"}\n')


def test_one_that_does_not_answer_is_status_1():
    status, errors = probe(f"http://127.0.0.1:{free_port()}/readyz")
    assert status == 1
    assert errors.startswith("no answer: ")


def test_what_is_no_address_is_said():
    assert probe("file:///etc/passwd")[0] == 1
