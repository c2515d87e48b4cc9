"""Kill processes of a site twenty times under load: what was promised is there, once and whole.

    uv run python -m tests.withstand.kills [--postgres] [--kills 20] [--seed 5]

Guests comment, a moderator decides, an editor saves articles, the owner changes a setting, readers
read, mail goes out and one backup is made, while `kill -9` ends a process that serves, the parent
`serve` (which is started again, as systemd would) or the worker of tasks; every other kill of a
process that serves comes in the midst of a save. It prints what it counted and ends with status 1
when something that was acknowledged is missing, doubled, half or not shown.
"""

# ruff: noqa: T201 - it prints.

import argparse
import contextlib
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from tests.mail_server import mail_server
from tests.withstand import engines, people
from tests.withstand.running import Running

MAILS = 240
# Of each kill: which process it ends.
KINDS = ("worker", "tasks", "worker", "parent", "worker", "tasks", "worker", "parent", "tasks",
         "worker")  # fmt: skip


def main():
    """Run it; the status to end with."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--postgres", action="store_true", help="with PostgreSQL, not SQLite")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=5, help="of the moments and of who is hit")
    parser.add_argument("--log", type=Path, help="a file to keep the server's log in")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="milepost-kills-")))
        server = stack.enter_context(mail_server())
        server.pause = 0.25
        environment = {"EMAIL_URL": f"smtp://127.0.0.1:{server.server_address[1]}"}
        if options.postgres:
            environment["DATABASE_URL"] = stack.enter_context(engines.postgresql(folder))
        site = Running(folder, "--workers", "2", "--threads", "4", **environment)
        stack.callback(site.stop)
        site.start()
        engine = "PostgreSQL" if options.postgres else "SQLite"
        load = f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        print(f"{engine}, seed {options.seed}, {load}")
        known = site.ask("prepare", hold="every", mails=MAILS)
        promises = people.Promises()
        threading.Thread(target=site.supervise, daemon=True).start()
        began = time.monotonic()
        killed = under_load(site, promises, known, options)
        print(f"{sum(killed.values())} kills in {time.monotonic() - began:.0f} s: {dict(killed)}; "
              f"serve was started {site.starts} times")  # fmt: skip
        wrong = [*promises.problems, *judge_rows(site, promises, known)]
        wrong += judge_mail(site, server, killed)
        wrong += judge_health(site)
        if options.log:
            options.log.write_text(site.log())
    print("All as it should be." if not wrong else "WRONG:\n" + "\n".join(wrong))
    return 1 if wrong else 0


def under_load(site, promises, known, options):
    """Start everybody, kill, and wait until all have their answers; how often what was killed."""
    sessions = known["sessions"]
    jobs = [(people.comment, number) for number in range(3)]
    jobs += [(people.read, number) for number in range(2)]
    jobs += [(people.moderate, sessions["Moderator"]), (people.configure, sessions["owner"])]
    jobs += [(people.edit, sessions["Editor"], known["articles"]), (back_up,)]
    threads = [
        threading.Thread(target=attempt, args=(job, site, promises, *rest)) for job, *rest in jobs
    ]
    for thread in threads:
        thread.start()
    killed, chance = Counter(), random.Random(options.seed)
    try:
        while sum(killed.values()) < options.kills:
            number = sum(killed.values())
            kind = KINDS[number % len(KINDS)]
            time.sleep(chance.uniform(0.5, 3.0))
            engines.wait_until(site.is_ready, "The site")
            if kind == "worker" and number % 4 == 0 and promises.saving.wait(20):
                # From the beginning of a save to a little after its end.
                time.sleep(chance.uniform(0.0, 0.25))
            killed[kind] += site.kill(kind, chance)
        engines.wait_until(site.is_ready, "The site")
        time.sleep(2)
    finally:
        promises.stop.set()
        for thread in threads:
            thread.join(120)
    if any(thread.is_alive() for thread in threads):
        promises.wrong("Somebody still waits for an answer.")
    return killed


def attempt(job, site, promises, *rest):
    """Do what somebody does; a mistake of this script is none of the site's, and is told."""
    try:
        job(site, promises, *rest)
    except Exception as error:  # noqa: BLE001 - whatever it is, the run must say so
        promises.wrong(f"{job.__name__} ended: {error!r}")


def back_up(site, promises):
    """One backup while everything goes on; it looks itself whether it is good."""
    time.sleep(8)
    began = time.monotonic()
    site.command("backup", "--to", str(site.folder / "kept"))
    print(f"A backup was made under load in {time.monotonic() - began:.1f} s")


def judge_rows(site, promises, known):
    """What is wrong with comments, articles and settings."""
    wrong = []
    stored = site.ask("comments")
    counts = Counter(row["body"] for row in stored)
    missing = [body for body in promises.comments if not counts[body]]
    doubled = [body for body, count in counts.items() if count > 1]
    half = [row["pk"] for row in stored if not row["whole"]]
    status = {row["pk"]: row["status"] for row in stored}
    undone = [key for key, given in promises.decisions.items() if status.get(key) != given]
    print(f"Comments: {len(promises.comments)} acknowledged, {len(stored)} stored, "
          f"{len(missing)} missing, {len(doubled)} doubled, {len(half)} half")  # fmt: skip
    print(f"Decisions: {len(promises.decisions)} acknowledged, {len(undone)} missing")
    if missing or doubled or half or undone or not promises.comments or not promises.decisions:
        wrong.append(f"Comments: {missing} {doubled} {half}; decisions: {undone}")
    saved = 0
    for slug, key in known["articles"].items():
        texts, kept = promises.texts.get(slug, []), site.ask("revisions", article=key)[1:]
        saved += len(texts)
        if kept != texts:
            wrong.append(f"{slug}: saved were {texts}, revisions are {kept}")
    print(f"Saves of articles: {saved} acknowledged, of them {promises.found_saved} only found "
          "to be saved after the answer was lost; each is one revision")  # fmt: skip
    if not promises.taglines or site.ask("site")["tagline"] != promises.taglines[-1]:
        wrong.append("The last change of the settings is not there.")
    print(
        f"Changes of settings: {len(promises.taglines)} acknowledged; sent again "
        f"{promises.sent_again}; reads by status: {promises.reads}, longest {promises.longest:.1f} "
        f"s; looks whether a page shows what was just saved: {promises.shown_at_once}"
    )
    return wrong


def judge_mail(site, server, killed):
    """Wait until all mail is out; what is lost, or doubled more often than a kill explains."""
    server.pause = 0.0
    deadline = time.monotonic() + 60
    while site.ask("tasks").get("send", {}).get("READY") and time.monotonic() < deadline:
        time.sleep(1)
    cut_off = site.ask("tasks").get("send", {}).get("RUNNING", 0)
    every = site.ask("tasks").items()
    others = {name: counts for name, counts in every if "RUNNING" in counts and name != "send"}
    site.ask("let_time_pass", minutes=11)
    # A worker that starts looks for what was cut off.
    while not site.kill("tasks", random.Random(0)):
        time.sleep(0.5)
    while site.ask("tasks").get("send", {}).keys() & {"READY", "RUNNING"}:
        if time.monotonic() > deadline + 60:
            return [f"Tasks do not end: {site.ask('tasks')}"]
        time.sleep(1)
    arrived = Counter(mail["Message-ID"] for mail in list(server.mails))
    subjects = {mail["Subject"] for mail in list(server.mails)}
    lost = [n for n in range(MAILS) if f"Mail {n}" not in subjects]
    twice = sum(count - 1 for count in arrived.values())
    told = sum("Unexpected exit" in subject for subject in subjects)
    print(
        f"Mails: {MAILS} written, {len(lost)} lost, {twice} sent twice with one Message-ID (cut "
        f"off after the server had taken them), {cut_off} waited for ten minutes after their "
        f"worker was killed (made to pass here); other tasks cut off: {others}; mails about "
        f"processes that ended: {told}"
    )
    ended = site.ask("tasks")
    wrong = [f"Mails were lost: {lost}"] if lost else []
    if twice > killed["tasks"] + killed["parent"]:
        wrong.append(f"{twice} mails were sent twice.")
    stuck = {name: counts for name, counts in ended.items() if counts.keys() - {"SUCCESSFUL"}}
    return wrong + ([f"Tasks are stuck or failed: {stuck}"] if stuck else [])


def judge_health(site):
    """What the database, the derived rows and the doctor say, and the log."""
    wrong = site.ask("database") + site.ask("disagreements")
    print(f"Database and derived rows: {wrong or 'whole and in step'}")
    said = {name: what for name, (state, what) in site.doctor().items() if state == "wrong"}
    print(f"The doctor finds wrong: {said or 'nothing'}")
    lines = site.log().splitlines()
    # That processes were killed is told as errors, and is no mistake of the site's.
    told = [line for line in lines if '"logger": "_granian"' not in line]
    errors = [line for line in told if '"level": "error"' in line or "Traceback" in line]
    print(f"Lines of the log: {len(lines)}, errors among them: {len(errors)}")
    return wrong + [f"{name}: {what}" for name, what in said.items()] + errors[:5]


if __name__ == "__main__":
    sys.exit(main())
