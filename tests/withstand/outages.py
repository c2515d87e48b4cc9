"""Scenarios of what is away: each gets a folder of its own and a table to write into."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import threading
import time

import redis as driver

from tests.mail_server import mail_server
from tests.serving import free_port
from tests.withstand import engines, people, table
from tests.withstand.engines import wait_until
from tests.withstand.running import Running

MB = 1024 * 1024
# Enough for the site, its files, and what /readyz wants to be free.
DISK_MB = 192


@contextlib.contextmanager
def running(folder, *options, **environment):
    """A site with open discussion and a guest's first comment: it, the keys to it, promises."""
    site = Running(folder, *options, **environment)
    try:
        site.start()
        known, promises = site.ask("prepare", hold="none"), people.Promises()
        people.one_comment(site, promises, "Said before it began.")
        table.ask_all(site, (*table.KEPT, *table.MADE))
        yield site, known, promises
    finally:
        site.stop()


# The disk -----------------------------------------------------------------------------------------


def disk(lines, folder):
    """The disk of the data folder is full."""
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(small_disk(folder))
        site, known, promises = stack.enter_context(running(place))
        processes = site.children()
        form = people.open_form(site, last := "Said while the disk was full.")
        editor = site.visitor(known["sessions"]["Editor"])
        key = known["articles"]["withstood-0"]
        path = f"/admin/articles/article/{key}/change/"
        page = editor.ask(path)[2].decode()
        (place / "data" / "filler").write_bytes(b"")
        fill_up(place / "data" / "filler")
        taken = write_until_refused(site, promises)
        lines.row(True, f"{taken} more comments found room in SQLite's journal before one did not")
        table.reads(lines, site)
        table.refused(lines, form, last)
        pairs = people.fill(page, short_answer="A text that finds no room. " * 20)
        status = editor.ask(path, [*pairs, ("_continue", "1")])[0]
        lines.row(status in {302, 503}, f"an article saved in the admin: {status}")
        table.not_ready(lines, site, "disk")
        table.doctor_says(lines, site, "space")
        table.logged(lines, site, "Not available: d")
        (place / "data" / "filler").unlink()
        table.ready_again(lines, site, processes)
        table.accepted(lines, site, promises, form, last)
        table.nothing_lost(lines, site, promises)


@contextlib.contextmanager
def small_disk(folder):
    """A disk of its own in memory."""
    place = folder / "disk"
    place.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=700", "tmpfs", str(place)], check=True
    )
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill_up(path):
    """Write until there is no room, in ever smaller pieces."""
    with path.open("ab", buffering=0) as file:
        for size in (MB, 4096, 1):
            with contextlib.suppress(OSError):
                while file.write(b"\0" * size):
                    pass


def write_until_refused(site, promises, most=400):
    """Comment until one is refused; how many were taken."""
    for number in range(most):
        body = f"Comment {number} for which there was room. " + "So it goes. " * 300
        form = people.open_form(site, body)
        answer = form() if form else (503, {}, b"")
        if answer[0] != 302:
            return number
        people.note(promises, body.strip(), answer)
    return most


# The database -------------------------------------------------------------------------------------


def postgres(lines, folder):
    """PostgreSQL is stopped for ten seconds, and held up for five."""
    port = free_port()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(contextlib.ExitStack())
        url = server.enter_context(engines.postgresql(folder, port))
        site, _known, promises = stack.enter_context(running(folder, DATABASE_URL=url))
        processes = site.children()
        form = people.open_form(site, body := "Said while the database was away.")
        server.close()
        gone = time.monotonic()
        table.reads(lines, site, made=503)
        table.refused(lines, form, body)
        table.not_ready(lines, site, "database")
        table.doctor_says(lines, site, "database")
        time.sleep(max(0, gone + 10 - time.monotonic()))
        table.logged(lines, site, "Not available: database")
        table.logged(lines, site, "The task worker waits for the database", most=9)
        server.enter_context(engines.postgresql(folder, port))
        table.ready_again(lines, site, processes)
        table.reads(lines, site, when="afterwards ")
        table.accepted(lines, site, promises, form, body)
        hung_postgres(lines, folder, site, promises)
        site.ask("send_mails", first=0, count=0)
        table.nothing_lost(lines, site, promises)


def hung_postgres(lines, folder, site, promises):
    """All its processes are stopped in their tracks and go on later."""
    form = people.open_form(site, body := "Said while the database hung.")
    table.ask_all(site, table.KEPT)
    parent = int((folder / "postgresql" / "data" / "postmaster.pid").read_text().split()[0])
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=True
    )
    every = [parent, *map(int, listed.stdout.split())]
    for pid in every:
        os.kill(pid, signal.SIGSTOP)
    answers = []
    thread = threading.Thread(target=lambda: answers.append(form()))
    try:
        thread.start()
        time.sleep(5)
        statuses, longest = table.ask_all(site, table.KEPT)
        lines.row(
            set(statuses) == {200}, f"while it hangs, kept pages: {statuses}, {longest:.1f} s"
        )
        table.not_ready(lines, site, "database")
    finally:
        for pid in every:
            os.kill(pid, signal.SIGCONT)
    thread.join(30)
    people.note(promises, body, answers[0])
    lines.row(answers[0][0] == 302, f"a comment that was sent meanwhile: {answers[0][0]}")


def sqlite(lines, folder):
    """Another process locks SQLite's file for 30 s; then its folder is away for 5 s."""
    home = folder / "database"
    home.mkdir()
    path = home / "site.sqlite3"
    with running(folder, DATABASE_URL=f"sqlite:///{path}") as (site, _known, promises):
        processes = site.children()
        bodies = [f"Said {number} while the database was locked." for number in range(6)]
        forms = [people.open_form(site, body) for body in bodies]
        with locked(path) as since:
            # More writers than the site has threads: may readers still read?
            answers = {}
            threads = [
                threading.Thread(target=lambda n=n: answers.setdefault(n, timed(forms[n])))
                for n in range(len(forms))
            ]
            for thread in threads:
                thread.start()
            time.sleep(1)
            table.reads(lines, site, within=8.0, when="six guests wait to write; ")
            for thread in threads:
                thread.join(60)
            statuses = [answers[n][0][0] for n in range(len(forms))]
            longest = max(seconds for _answer, seconds in answers.values())
            back = sum(bodies[n] in answers[n][0][2].decode() for n in range(len(forms)))
            lines.row(
                set(statuses) == {503} and back == len(forms),
                f"their comments: {statuses} within {longest:.1f} s, {back} texts given back",
            )
            time.sleep(max(0, since + 30 - time.monotonic()))
        table.logged(lines, site, "Not available: database: database is locked")
        for form, body in zip(forms, bodies, strict=True):
            table.accepted(lines, site, promises, form, body)
        form = people.open_form(site, body := "Said while the folder was away.")
        home.rename(folder / "elsewhere")
        table.reads(lines, site, when="the folder is away; ")
        answer, took = timed(form)
        people.note(promises, body, answer)
        # Whoever has the file open writes into it wherever it lies; then it must be there later.
        lines.row(answer[0] in {302, 503}, f"a comment: {answer[0]} after {took:.1f} s")
        table.not_ready(lines, site, "database")
        table.doctor_says(lines, site, "database")
        time.sleep(5)
        (folder / "elsewhere").rename(home)
        table.ready_again(lines, site, processes)
        table.accepted(lines, site, promises, form, body)
        table.logged(lines, site, "Not available: database")
        table.nothing_lost(lines, site, promises)


def timed(send):
    """What this gives, and how long it took."""
    began = time.monotonic()
    return send(), time.monotonic() - began


@contextlib.contextmanager
def locked(path):
    """Keep everybody else from writing; the time since when."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield time.monotonic()
    finally:
        connection.execute("ROLLBACK")
        connection.close()


# The cache ----------------------------------------------------------------------------------------


def cache(lines, folder):
    """Redis hangs, is killed, and comes back empty."""
    port = free_port()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(contextlib.ExitStack())
        url = server.enter_context(engines.redis(folder, port))
        started = running(folder, "--workers", "2", CACHE_URL=url)
        site, known, promises = stack.enter_context(started)
        processes = site.children()
        editor = site.visitor(known["sessions"]["Editor"])
        with driver.Redis(port=port) as client:
            pid = client.info()["process_id"]
        os.kill(pid, signal.SIGSTOP)
        try:
            without_cache(lines, site, promises, (editor, known), "it hangs; ")
        finally:
            os.kill(pid, signal.SIGCONT)
        table.ready_again(lines, site, processes)
        server.close()
        without_cache(lines, site, promises, (editor, known), "it is gone; ")
        table.logged(lines, site, "Not ready: cache", most=8)
        server.enter_context(engines.redis(folder, port))
        table.ready_again(lines, site, processes)
        table.reads(lines, site, when="it is back, empty; ")
        save(lines, site, promises, (editor, known), "it is back; ")
        table.nothing_lost(lines, site, promises)


def without_cache(lines, site, promises, who, when):
    """Everything goes on, and is seen at once."""
    table.reads(lines, site, within=5.0, when=when)
    body = f"Said while {when}"
    form = people.open_form(site, body.strip())
    answer, took = timed(form)
    people.note(promises, body.strip(), answer)
    lines.row(answer[0] == 302 and took < 8, f"{when}a comment: {answer[0]} after {took:.1f} s")
    save(lines, site, promises, who, when)
    table.not_ready(lines, site, "cache")
    table.doctor_says(lines, site, "cache")


def save(lines, site, promises, who, when):
    """An article is saved, and both processes show it within a second or so."""
    editor, known = who
    text, slug = f"Saved when {when}".strip(), "withstood-0"
    key = known["articles"][slug]
    path = f"/admin/articles/article/{key}/change/"
    pairs = people.fill(editor.ask(path)[2].decode(), short_answer=text)
    (status, _headers, _page), took = timed(lambda: editor.ask(path, [*pairs, ("_continue", "1")]))
    time.sleep(1.2)
    seen = [text in site.get(f"/articles/{slug}/")[2].decode() for _time in range(8)]
    lines.row(
        status == 302 and all(seen),
        f"{when}an article saved: {status} after {took:.1f} s, shown in {sum(seen)} of 8 looks",
    )


# The mail server ----------------------------------------------------------------------------------


def mail(lines, folder):
    """The mail server is gone, says nothing, refuses for now, and comes back."""
    port, count = free_port(), 0
    address = f"smtp://127.0.0.1:{port}"
    with running(folder, EMAIL_URL=address) as (site, _known, promises):
        site.ask("send_mails", first=0, count=3)
        wait_until(lambda: site.log().count("was not sent") >= 3, "A word about mail")
        lines.row(True, "gone: " + last_line(site, "was not sent"))
        table.doctor_says(lines, site, "mail")
        table.reads(lines, site)
        with mail_server(port) as server:
            server.mute = True
            site.ask("let_time_pass", minutes=3)
            wait_until(lambda: site.log().count("was not sent") >= 4, "A mail that waits in vain")
            lines.row(True, f"it says nothing: {last_line(site, 'was not sent')}")
            table.reads(lines, site, when="meanwhile ")
            server.mute = False
            server.answers["RCPT"] = "451 later"
            site.ask("let_time_pass", minutes=60)
            wait_until(lambda: "451" in site.log(), "A refusal")
            lines.row(True, f"it refuses: {last_line(site, '451')}")
            count = len(server.mails)
            server.answers.clear()
            wait_until(lambda: not site.ask("tasks")["send"].get("RUNNING"), "The worker")
            for _try in range(3):
                site.ask("let_time_pass", minutes=600)
                time.sleep(3)
            arrived = sorted(letter["Subject"] for letter in list(server.mails))
            right = arrived == ["Mail 0", "Mail 1", "Mail 2"] and not count
            lines.row(right, f"it is back: {arrived}, each once")
            table.doctor_says(lines, site, "mail", "fine")
        table.row_of_tasks(lines, site)
        table.nothing_lost(lines, site, promises)


def last_line(site, words):
    """The message of the last line of the log with these words."""
    found = [line for line in site.log().splitlines() if words in line]
    return found[-1].partition('"message": ')[2][:150]
