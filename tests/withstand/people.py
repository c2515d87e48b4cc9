"""People who use a site that fails now and then, and what they were promised by it.

Each sends again what was not answered, as people do; what was answered stands in `Promises`.
"""

import re
import threading
import time
from dataclasses import dataclass, field

from tests.withstand.forms import forms_in

# What is no answer to what was sent: nothing, a mistake of the server, or "not now".
UNANSWERED = {0, 500, 502, 503, 504}
BUTTONS = {"_continue", "_addanother", "_saveasnew", "action", "_popup"}
PATHS = ("/", "/articles/", "/articles/deep-learning/", "/timeline/", "/search/?q=network",
         "/articles/deep-learning/discussion/", "/terms/", "/feeds/articles.atom")  # fmt: skip
MODERATION = "/admin/discussion/comment/"
SETTINGS = "/admin/articles/sitesettings/1/change/"
DECISIONS = {"approve_selected": "approved", "reject_selected": "rejected", "spam_selected": "spam"}


@dataclass
class Promises:
    """What was acknowledged, and what was seen that should not be."""

    comments: list[str] = field(default_factory=list)
    decisions: dict[int, str] = field(default_factory=dict)
    # By article: every short answer that was saved, in order.
    texts: dict[str, list[str]] = field(default_factory=dict)
    taglines: list[str] = field(default_factory=list)
    reads: dict[int, int] = field(default_factory=dict)
    longest: float = 0.0
    sent_again: int = 0
    found_saved: int = 0
    shown_at_once: int = 0
    problems: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    stop: threading.Event = field(default_factory=threading.Event)
    # Set while the editor's save is on its way.
    saving: threading.Event = field(default_factory=threading.Event)

    def wrong(self, sentence):
        """Note what should not be; each once."""
        with self.lock:
            if sentence not in self.problems:
                self.problems.append(sentence)


def fill(html, **values):
    """What a browser would send of the first form that has these fields, filled in."""
    form = next(one for one in forms_in(html) if values.keys() <= dict(one.pairs).keys())
    pairs = [pair for pair in form.pairs if pair[0] not in BUTTONS and "__prefix__" not in pair[0]]
    return [(name, values.get(name, text)) for name, text in pairs]


def read(site, promises, number):
    """Read one page after the other, with nothing that would make pages one's own."""
    turn = number
    while not promises.stop.is_set():
        turn += 1
        began = time.monotonic()
        status, headers, body = site.get(PATHS[turn % len(PATHS)])
        promises.longest = max(promises.longest, time.monotonic() - began)
        with promises.lock:
            promises.reads[status] = promises.reads.get(status, 0) + 1
        if status == 200 and not whole(headers, body):
            promises.wrong(f"A page came half: {PATHS[turn % len(PATHS)]}")
        if status not in {200, 0}:
            promises.wrong(f"{PATHS[turn % len(PATHS)]} was answered {status}.")
        if not status:
            time.sleep(0.1)


def whole(headers, body):
    """Whether a page has its end."""
    end = b"</feed>" if "atom" in headers.get("Content-Type", "") else b"</html>"
    return body.rstrip().endswith(end)


def comment(site, promises, number):
    """Comment again and again; a form that got no answer is sent again as it is."""
    count = 0
    while not promises.stop.is_set():
        count += 1
        body = f"Comment {count} of guest {number}, to be here once."
        one_comment(site, promises, body)


def one_comment(site, promises, body, patience=60.0):
    """Send one comment until it is acknowledged; the answer of the last try."""
    deadline = time.monotonic() + patience
    while (form := open_form(site, body)) is None:
        if time.monotonic() > deadline:
            return 0, {}, b""
        time.sleep(0.2)
    answer = form()
    while answer[0] in UNANSWERED and time.monotonic() < deadline:
        promises.sent_again += 1
        time.sleep(0.2)
        answer = form()
    note(promises, body, answer)
    return answer


def open_form(site, body, path="/articles/deep-learning/discussion/new/"):
    """Open the form of a comment: a function that sends it, as often as it is called; or None."""
    visitor = site.visitor()
    status, _headers, page = visitor.ask(path)
    if status != 200:
        return None
    pairs = fill(page.decode(), name="Guest", body=body)
    return lambda: visitor.ask(path, pairs)


def note(promises, body, answer):
    """Write down what an answer to a comment promises."""
    if answer[0] == 302:
        with promises.lock:
            promises.comments.append(body)
    elif answer[0] not in UNANSWERED:
        promises.wrong(f"A comment was answered {answer[0]}.")


def moderate(site, promises, session):
    """Decide about what waits, a few at once."""
    visitor, turn = site.visitor(session), 0
    while not promises.stop.is_set():
        time.sleep(0.3)
        status, _headers, page = visitor.ask(f"{MODERATION}?status__exact=held")
        waiting = re.findall(r'name="_selected_action" value="(\d+)"', page.decode())
        if status != 200 or not waiting:
            continue
        action = list(DECISIONS)[turn % len(DECISIONS)]
        turn += 1
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', page.decode())[1]
        form = [("csrfmiddlewaretoken", token), ("action", action), ("index", "0")]
        form += [("_selected_action", key) for key in waiting[:3]]
        while (status := visitor.ask(MODERATION, form)[0]) in UNANSWERED:
            promises.sent_again += 1
            time.sleep(0.2)
        if status == 302:
            promises.decisions |= {int(key): DECISIONS[action] for key in waiting[:3]}
        else:
            promises.wrong(f"A decision was answered {status}.")


def edit(site, promises, session, articles):
    """Save articles in turn; after each save everybody must see the new text at once."""
    visitor, count = site.visitor(session), 0
    while not promises.stop.is_set():
        count += 1
        slug = list(articles)[count % len(articles)]
        save(site, promises, visitor, (slug, articles[slug]), f"Text {count} of {slug}.")


def save(site, promises, visitor, article, text):
    """Save one text until it is there. A save without an answer is looked for before the next."""
    slug, key = article
    path = f"/admin/articles/article/{key}/change/"
    while True:
        status, _headers, page = visitor.ask(path)
        if status in UNANSWERED:
            time.sleep(0.2)
            continue
        if status != 200:
            promises.wrong(f"An editor's form was answered {status}.")
            return
        pairs = fill(page.decode(), short_answer=text)
        if ("short_answer", text) in forms_pairs(page):
            promises.found_saved += 1
            break
        promises.saving.set()
        status = visitor.ask(path, [*pairs, ("_continue", "1")])[0]
        promises.saving.clear()
        if status == 302:
            break
        if status not in UNANSWERED:
            promises.wrong(f"A save was answered {status}.")
            return
        promises.sent_again += 1
        # At once, as a reader may look: was it committed, everybody has to see it.
    promises.texts.setdefault(slug, []).append(text)
    seen_by_all(site, promises, f"/articles/{slug}/", text)


def forms_pairs(page):
    """All fields of all forms of a page."""
    return {pair for form in forms_in(page.decode()) for pair in form.pairs}


def seen_by_all(site, promises, path, text, times=6):
    """Look several times, as each process keeps pages of its own."""
    left, deadline = times, time.monotonic() + 60
    while left and time.monotonic() < deadline:
        status, _headers, body = site.get(path)
        if status in UNANSWERED:
            time.sleep(0.1)
            continue
        left -= 1
        if text not in body.decode():
            promises.wrong(f"{path} did not show what was just saved: {text}")
    promises.shown_at_once += times


def configure(site, promises, session):
    """Change the headline of the front page."""
    visitor, count = site.visitor(session), 0
    while not promises.stop.is_set():
        count += 1
        text = f"Headline {count} of the owner"
        status = 0
        while status in UNANSWERED:
            status, _headers, page = visitor.ask(SETTINGS)
            if status in UNANSWERED:
                time.sleep(0.2)
                continue
            pairs = fill(page.decode(), tagline=text)
            status = visitor.ask(SETTINGS, [*pairs, ("_continue", "1")])[0]
        if status != 302:
            promises.wrong(f"Site settings were answered {status}.")
            return
        promises.taglines.append(text)
        seen_by_all(site, promises, "/", text)
        promises.stop.wait(1.0)
