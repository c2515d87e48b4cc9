"""The documented proxies in front of the real site, on loopback, with TLS.

    uv run python -m tests.withstand.behind_proxy            # nginx, and Caddy when it is installed
    uv run python -m tests.withstand.behind_proxy nginx      # one of them

What is tried is `deploy/nginx.conf` and `deploy/Caddyfile` as they are, but for names and ports. It
prints what it saw, and ends with status 1 when anything was otherwise than it should be.
"""

# ruff: noqa: T201 - it prints.

import contextlib
import http.client
import re
import shutil
import socket
import sqlite3
import ssl
import sys
import tempfile
import threading
import time
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.serving import ROOT, Site, free_port
from tests.withstand import engines

NAME = "milepost.test"
MEGABYTE = 1024 * 1024
DEPLOY = ROOT / "deploy"


class Reader:
    """Somebody who comes by https to 127.0.0.1 under the site's name, and keeps cookies."""

    def __init__(self, port, trusted, name=NAME):
        self.port, self.host = port, f"{name}:{port}"
        self.context = ssl.create_default_context(cafile=trusted)
        self.cookies = SimpleCookie()

    def ask(self, path, form=None, method=None, body=None, **headers):
        """Status, headers and body of an answer."""
        if form is not None:
            body = urlencode(form).encode()
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"https://{self.host}",
                "Referer": f"https://{self.host}{path}",
            }
        sent = {
            "Host": self.host,
            # As browsers do under https.
            "Sec-Fetch-Mode": "navigate",
            "Cookie": "; ".join(f"{c.key}={c.value}" for c in self.cookies.values()),
            **{name.replace("0", "_"): value for name, value in headers.items()},
        }
        connection = Connection(self.port, self.context)
        with contextlib.closing(connection):
            # One that is refused before all of it was sent may have been answered.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method or ("POST" if body else "GET"), path, body, sent)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                self.cookies.load(line)
            try:
                content = answer.read()
            except http.client.IncompleteRead as error:
                # A refusal of what was still being sent may be cut off.
                content = error.partial
            return answer.status, answer.headers, content

    def fill(self, path, wait=0.0, **fields):
        """Open a page with a form, and send that with these fields; the answer."""
        _status, _headers, page = self.ask(path)
        hidden = dict(
            re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.decode())
        )
        time.sleep(wait)
        return self.ask(path, {**hidden, **fields})


class Connection(http.client.HTTPConnection):
    """A connection to a port of 127.0.0.1 with TLS for the site's name."""

    def __init__(self, port, context):
        super().__init__("127.0.0.1", port, timeout=30)
        self.context = context

    def connect(self):
        super().connect()
        self.sock = self.context.wrap_socket(self.sock, server_hostname=NAME)


class Findings:
    """What was seen, one line each."""

    def __init__(self):
        self.wrong = 0

    def see(self, what, seen, wanted):
        right = seen == wanted
        self.wrong += not right
        print(f"  {'ok   ' if right else 'WRONG'} {what}" + ("" if right else f": {seen!r}"))


def plain(port, path="/", host=NAME):
    """Status and headers of an answer over plain http."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.headers


def nginx_configuration(folder, site_port, https, http_port):
    """`deploy/nginx.conf` for this machine, as an http block."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for old, new in {
        "127.0.0.1:8000": f"127.0.0.1:{site_port}",
        "/etc/letsencrypt/live/example.org/fullchain.pem": f"{folder}/certificate.pem",
        "/etc/letsencrypt/live/example.org/privkey.pem": f"{folder}/key.pem",
        "/var/cache/nginx-milepost": f"{folder}/nginx-cache-{https}",
        "/var/log/nginx/milepost.log": f"{folder}/access-{https}.log",
        "https://example.org$": f"https://{NAME}:{https}$",
        "server_name example.org": f"server_name {NAME}",
        "listen 80": f"listen 127.0.0.1:{http_port}",
        "listen [::]:80": f"listen [::1]:{http_port}",
        "listen 443": f"listen 127.0.0.1:{https}",
        "listen [::]:443": f"listen [::1]:{https}",
    }.items():
        if old not in text:
            raise AssertionError(f"deploy/nginx.conf has no “{old}” any more.")
        text = text.replace(old, new)
    return f"include /etc/nginx/mime.types;\n{text}"


@contextlib.contextmanager
def nginx(folder, site_port, https, http_port):
    """nginx with `deploy/nginx.conf`."""
    configuration = nginx_configuration(folder, site_port, https, http_port)
    with engines.nginx(folder, configuration, https):
        yield


@contextlib.contextmanager
def caddy(folder, site_port, https, http_port):
    """Caddy with `deploy/Caddyfile`, and with a certificate of this script's."""
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    first, rest = text.split("{\n\tservers {", 1)
    text = (
        f"{first}{{\n\tadmin off\n\thttp_port {http_port}\n\thttps_port {https}\n\tservers {{{rest}"
    ).replace(
        "\trequest_body {", f"\ttls {folder}/certificate.pem {folder}/key.pem\n\trequest_body {{"
    )
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    environment = {
        "HOME": str(folder),
        "SITE_ADDRESS": f"{NAME}:{https}",
        "MILEPOST": f"127.0.0.1:{site_port}",
        "PATH": "/usr/bin:/bin",
    }
    command = [engines.find("caddy"), "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
    with engines.program(
        folder, "caddy", *command, ready=lambda: engines.listens(https), cwd=folder, env=environment
    ):
        yield


def try_pages(findings, reader, http_port):
    """What everybody reads."""
    status, headers = plain(http_port, "/articles/?page=1")
    # Caddy leaves out a port that is not 443, which only this script has.
    findings.see(
        "http is sent to https",
        (status in {301, 308}, headers["Location"].replace(reader.host, NAME)),
        (True, f"https://{NAME}/articles/?page=1"),
    )
    status, headers, page = reader.ask("/articles/deep-learning/")
    text = page.decode()
    findings.see("a page is answered", status, 200)
    findings.see(
        "with HSTS once", headers.get_all("Strict-Transport-Security"), ["max-age=31536000"]
    )
    findings.see(
        "with the site's CSP once",
        [
            value.startswith("default-src 'none'")
            for value in headers.get_all("Content-Security-Policy", [])
        ],
        [True],
    )
    findings.see("without a cookie", headers.get_all("Set-Cookie"), None)
    canonical = f'<link rel="canonical" href="https://{reader.host}/articles/deep-learning/">'
    findings.see("and names its address with the port", canonical in text, True)
    _status, headers, _page = reader.ask("/articles/deep-learning/", **{"Accept-Encoding": "br"})
    findings.see("compressed once, by the site", headers.get_all("Content-Encoding"), ["br"])
    again = reader.ask(
        "/articles/deep-learning/", **{"Accept-Encoding": "br", "If-None-Match": headers["ETag"]}
    )
    findings.see("304 for who has it", (again[0], again[2]), (304, b""))
    stylesheet = re.search(r'<link rel="stylesheet" href="([^"]+)"', text)[1]
    for _again in range(2):
        status, headers, _css = reader.ask(stylesheet, **{"Accept-Encoding": "br"})
        findings.see(
            "static files compressed, to be kept for ever",
            (
                status,
                headers["Content-Encoding"],
                "immutable" in headers["Cache-Control"],
                headers["Content-Type"],
            ),
            (200, "br", True, 'text/css; charset="utf-8"'),
        )
    status, headers, _page = reader.ask("/", Upgrade="websocket", Connection="Upgrade")
    findings.see("no websocket: an ordinary page", (status, headers["Upgrade"]), (200, None))


def try_lies(findings, reader):
    """What readers say of themselves under the names that proxies use."""
    evil = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        # Written with an underscore: `Reader.ask` puts it where a 0 stands.
        "X0Forwarded0Proto": "http",
        "X0Forwarded0Host": "evil.example",
        "X-Forwarded0Host": "evil.example",
    }
    status, headers, page = reader.ask("/sources/", **evil)
    findings.see(
        "a reader's own X-Forwarded-… and X_Forwarded_… are not believed",
        (status, headers["Location"], b"evil.example" in page),
        (200, None, False),
    )
    try:
        status, _headers, page = reader.ask("/", Host="evil.example")
    except (http.client.RemoteDisconnected, ConnectionResetError):
        status, page = 0, b""
    # Caddy answers 200 to names that it does not know, and nothing more.
    findings.see("a foreign name gets no page", status != 200 or not page, True)


class Echo(BaseHTTPRequestHandler):
    """Stands where the site would, and answers with the headers that reached it."""

    def do_GET(self):
        body = str(self.headers).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


def try_headers(findings, folder, proxy, trusted):
    """What reaches the site when a reader sends what only a proxy should say."""
    https, http_port = free_port(), free_port()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    names = ("Forwarded0For", "Forwarded0Proto", "Forwarded0Host", "Request0Id")
    lies = {f"X{between}{name}": "lie" for name in names for between in "0-"}
    lies |= {name.replace("0", "-"): "lie" for name in lies}
    with proxy(folder, server.server_port, https, http_port):
        reader = Reader(https, trusted)
        _status, _headers, text = reader.ask("/", **lies)
    server.shutdown()
    server.server_close()
    arrived = [line.partition(": ") for line in text.decode().splitlines() if line]
    findings.see("no lie arrives", [line for line in arrived if "lie" in line[2]], [])
    told = {name.lower(): value for name, _colon, value in arrived}
    findings.see(
        "but who asks, how, and for which host",
        (told["x-forwarded-for"], told["x-forwarded-proto"], told["host"], "x-request-id" in told),
        ("127.0.0.1", "https", reader.host, True),
    )


def try_writing(findings, reader, site, writer):
    """Signing in and commenting."""
    link = next(line.strip() for line in site.lines if "/accounts/sign-in/" in line)
    findings.see(
        "the sign-in link has the address", link.startswith(f"https://{reader.host}/"), True
    )
    status, headers, _page = reader.fill(urlsplit(link).path)
    findings.see(
        "the link signs in", (status, headers["Location"]), (302, "/accounts/set-password/")
    )
    findings.see(
        "with a cookie for https alone",
        [bool(reader.cookies["__Host-sessionid"][flag]) for flag in ("secure", "httponly")],
        [True, True],
    )
    findings.see("the admin opens", reader.ask("/admin/")[0], 200)

    form = "/articles/deep-learning/discussion/new/"
    networks = []
    for number, spoofed in enumerate(
        ({}, {"X-Forwarded-For": "198.51.100.7"}, {"X0Forwarded0For": "203.0.113.9"})
    ):
        _status, _headers, page = writer.ask(form)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.decode()))
        time.sleep(3.2)
        body = f"Read through a proxy, {number}."
        data = {**hidden, "name": "Ann", "body": body, "about": "", "email": "", "website": ""}
        status, _headers, _page = writer.ask(form, data, **spoofed)
        findings.see(f"a comment is taken {list(spoofed)}", status, 302)
        database = sqlite3.connect(site.data_dir / "milepost.sqlite3")
        with contextlib.closing(database):
            networks += database.execute(
                "SELECT network FROM discussion_comment WHERE body = ?", (body,)
            ).fetchall()
    findings.see("all three from the network that they came from", len(set(networks)), 1)

    status, _headers, _page = writer.ask(
        form,
        body=b"x" * 11 * MEGABYTE,
        method="POST",
        **{"Content-Type": "application/x-www-form-urlencoded"},
    )
    findings.see("11 MB reach the site, which refuses them", status in {400, 403, 413}, True)
    try:
        status = writer.ask(form, body=b"x" * 14 * MEGABYTE, method="POST")[0]
    except (http.client.RemoteDisconnected, ConnectionResetError):
        status = 413
    # Caddy says 502 when the site had answered before all had come.
    findings.see("14 MB are refused", status in {413, 502}, True)


def try_nginx(findings, folder, site, https, http_port, reader):
    """What only nginx is told to do."""
    with nginx(folder, site.port, https, http_port):
        yield
        log = (folder / f"access-{https}.log").read_text()
        findings.see(
            "the log has no address, only networks",
            (log.startswith("127.0.0.0 ["), "127.0.0.1" in log),
            (True, False),
        )
        findings.see("what may be kept is kept", " HIT " in log, True)
        with socket.create_connection(("::1", https), timeout=5):
            findings.see("it listens on IPv6", True, True)
        site.stop()
        stylesheet = re.search(r'"GET (/static/css/site\.\w+\.css) ', log)[1]
        kept = reader.ask(stylesheet, **{"Accept-Encoding": "br"})[0]
        findings.see("what was kept is shown while the site is away", kept, 200)
        findings.see("and what was not is a 502", reader.ask("/articles/?page=9")[0], 502)


def forgetful(findings, folder, site, trusted):
    """An nginx that does not say by which scheme readers come."""
    https, http_port = free_port(), free_port()
    text = nginx_configuration(folder, site.port, https, http_port)
    said = "proxy_set_header X-Forwarded-Proto $scheme;"
    reader = Reader(https, trusted)
    for instead, reason in (
        ("", b"It does not send X-Forwarded-Proto."),
        ("proxy_set_header X-Forwarded-Proto http;", b"of a request that came by https"),
    ):
        with engines.nginx(folder, text.replace(said, instead), https):
            status, headers, page = reader.ask("/")
        findings.see(
            f"a proxy with “{instead}” gets an explanation",
            (status, headers["Location"], reason in page),
            (500, None, True),
        )
        shutil.rmtree(folder / f"nginx-{https}")


def main(which):
    """Try the proxies that were asked for; the status to end with."""
    findings = Findings()
    for name in which:
        print(f"Behind {name}")
        with tempfile.TemporaryDirectory(prefix="milepost-proxy-") as temporary:
            folder = Path(temporary)
            trusted = engines.certificate(folder, NAME)[0]
            try_headers(findings, folder, caddy if name == "caddy" else nginx, trusted)
            https, http_port = free_port(), free_port()
            site = Site(folder / "data", SITE_URL=f"https://{NAME}:{https}")
            try:
                site.ready()
                reader, writer = Reader(https, trusted), Reader(https, trusted)
                if name == "caddy":
                    with caddy(folder, site.port, https, http_port):
                        try_pages(findings, Reader(https, trusted), http_port)
                        try_lies(findings, Reader(https, trusted))
                        try_writing(findings, reader, site, writer)
                else:
                    forgetful(findings, folder, site, trusted)
                    for _running in try_nginx(findings, folder, site, https, http_port, reader):
                        try_pages(findings, Reader(https, trusted), http_port)
                        try_lies(findings, Reader(https, trusted))
                        try_writing(findings, reader, site, writer)
            finally:
                engines.end(site.process)
    print("All as it should be." if not findings.wrong else f"{findings.wrong} WRONG")
    return 1 if findings.wrong else 0


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["nginx", *(["caddy"] if shutil.which("caddy") else [])]
    sys.exit(main(wanted))
