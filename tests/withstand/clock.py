"""The clock of the server jumps a year ahead and back, and a day back, by libfaketime."""

import contextlib
import random
import re
import time
from dataclasses import dataclass
from pathlib import Path

from tests.mail_server import MailServer, mail_server
from tests.withstand import people, table
from tests.withstand.engines import Missing, wait_until
from tests.withstand.running import Running
from tests.withstand.two_servers import Visitor

LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib64/faketime/libfaketimeMT.so.1")


def find_library():
    """Where libfaketime lies. Raises Missing."""
    for pattern in LIBRARIES:
        if found := sorted(Path("/").glob(pattern[1:])):
            return found[0]
    raise Missing("libfaketime is not installed here (Debian: apt-get install libfaketime).")


class FakedClock:
    """The clock of a server: what it shows beside the true time stands in a file."""

    def __init__(self, folder):
        self.path = folder / "clock"
        self.set("+0d")
        self.preload = {
            "LD_PRELOAD": str(find_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self.path),
            "FAKETIME_CACHE_DURATION": "1",
            # As with a real clock, pauses go on by another one that never jumps.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def set(self, offset):
        """From now on it is so much later; everybody sees it within two seconds."""
        self.path.write_text(f"{offset}\n")
        time.sleep(2.5)


@dataclass
class Case:
    """A site with a clock that can be set, and who is there."""

    clock: FakedClock
    site: Running
    mail: MailServer
    promises: people.Promises
    editor: Visitor
    known: dict
    link: str


def clock(lines, folder):
    """The clock jumps a year ahead, back again, and a day back."""
    faked = FakedClock(folder)
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(mail_server())
        address = f"smtp://127.0.0.1:{server.server_address[1]}"
        site = Running(folder, preload=faked.preload, EMAIL_URL=address)
        stack.callback(site.stop)
        site.start()
        known, promises = site.ask("prepare", hold="none", articles=3), people.Promises()
        site.ask("backdate", years=2, but="withstood-2", days_ahead=30)
        link = re.search(r"/accounts/sign-in/\S+", site.log())[0]
        editor = site.visitor(known["sessions"]["Editor"])
        table.ask_all(site, (*table.KEPT, *table.MADE))
        people.one_comment(site, promises, "Said before it jumped.")

        case = Case(faked, site, server, promises, editor, known, link)
        ahead(lines, case)
        set_right(lines, case)
        back(lines, case)
        # The library itself breaks pauses of threads now and then, which are tracebacks of theirs.
        errors = [line for line in site.log().splitlines() if '"level": "error"' in line]
        lines.row(not errors, f"the log: {len(errors)} errors {errors[:1]}")
        table.nothing_lost(lines, site, promises)


def ahead(lines, case):
    """A year ahead."""
    site, promises = case.site, case.promises
    case.clock.set("+365d")
    when = "a year ahead: "
    table.reads(lines, site, when=when)
    due = site.get("/articles/withstood-2/")[0]
    lines.row(due == 200, f"{when}what was scheduled in 30 days is there: {due}")
    status = case.editor.ask("/admin/articles/article/")[0]
    lines.row(status == 302, f"{when}who was signed in has to do it again: {status}")
    status, _headers, page = site.get(case.link)
    over = b"csrfmiddlewaretoken" not in page and status < 500
    lines.row(over, f"{when}a link that was valid for an hour signs nobody in: {status}")
    said(lines, site, promises, when)
    case.mail.answers["RCPT"] = "451 later"
    site.ask("send_mails", first=0, count=1)
    wait_until(lambda: "was not sent" in site.log(), "A mail that is tried")
    emails = site.ask("kept_of_people")
    lines.row(emails["emails"] > 0, f"{when}addresses and hashes that are kept: {emails}")


def set_right(lines, case):
    """Right again, after a year that was not."""
    site, promises = case.site, case.promises
    case.clock.set("+0d")
    when = "set right: "
    case.mail.answers.clear()
    table.reads(lines, site, when=when)
    due = site.get("/articles/withstood-2/")[0]
    lines.row(due == 404, f"{when}what is scheduled waits again: {due}")
    # The browser has dropped the cookie of a session that was over; the session is not.
    case.editor = site.visitor(case.known["sessions"]["Editor"])
    status = case.editor.ask("/admin/articles/article/")[0]
    lines.row(status == 200, f"{when}sessions are still there: {status}")
    said(lines, site, promises, when)
    table.doctor_says(lines, site, "clock_rows")
    # The worker looks for it every five minutes, and when it starts.
    site.kill("tasks", random.Random(0))
    wait_until(lambda: [m["Subject"] for m in list(case.mail.mails)] == ["Mail 0"], "The mail")
    lines.row(True, f"{when}a mail whose next try was a year ahead was sent once")


def back(lines, case):
    """A day back, and right again."""
    site, promises = case.site, case.promises
    case.clock.set("-1d")
    when = "a day back: "
    table.reads(lines, site, when=when)
    said(lines, site, promises, when)
    text = "Saved a day back."
    key = case.known["articles"]["withstood-0"]
    people.save(site, promises, case.editor, ("withstood-0", key), text)
    shown = text in site.get("/articles/withstood-0/")[2].decode()
    lines.row(shown, f"{when}an article that is saved is shown: {shown}")
    case.clock.set("+0d")
    table.reads(lines, site, when="set right: ")


def said(lines, site, promises, when):
    """A comment is taken, whatever was said when the clock was wrong."""
    body = f"Said {when}{len(promises.comments)}"
    answer = people.one_comment(site, promises, body, patience=10)
    lines.row(answer[0] == 302, f"{when}a comment: {answer[0]}")
