"""Made-up content that brings every component into every state, and the pages that show it.

Nothing is kept: the views save it, draw a page and take it all back. The pages are the site's own,
drawn by their own views, so that this cannot say anything else than the site.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from articles import store
from articles.discussion import moderation
from articles.discussion.models import Comment
from articles.discussion.views import manage_address
from articles.document import Document, Fact, InfoboxRow, Milestone, Question, Reference, Section
from articles.formats import markdown_file
from articles.models import Article, User
from articles.sign_in import sign_in_link

ARTICLE = Path(__file__).with_name("article.md")
SLUG, LONG, EMPTY, ARABIC = "style-page", "style-page-long", "style-page-empty", "style-page-arabic"
HERE = f"/articles/{SLUG}/"


@dataclass(frozen=True, slots=True)
class Specimen:
    """A page to look at: what it shows, its address, and what is sent to it, if anything is."""

    name: str
    shows: str
    address: str
    sent: dict[str, str] = field(default_factory=dict)


def make_content(wanted: str) -> list[Specimen]:
    """Save what the wanted page shows; all the pages. Call it in a transaction to take back."""
    article = _save(markdown_file.parse(ARTICLE.read_text(encoding="utf-8")))
    for document in (_empty(), _arabic()):
        _save(document)
    if wanted in {"long", "timeline"}:
        _save(_long())
    own, newcomer = _discuss(article), _newcomer()
    form = f"{HERE}discussion/new/"
    return [
        Specimen("front", "masthead, survey, entries, skyline, register, footer", "/"),
        Specimen("list", "entries of a list", "/articles/"),
        Specimen("article", "every part of an article, every standing", HERE),
        Specimen("long", "survey with several statements a tick", f"/articles/{LONG}/"),
        Specimen("empty", "an article without anything", f"/articles/{EMPTY}/"),
        Specimen("arabic", "an article from right to left", f"/articles/{ARABIC}/"),
        Specimen("timeline", "filter with many tracks, density, pages", "/timeline/"),
        Specimen("filtered", "a filtered timeline", f"{HERE}?from=1900&to=1999&track=practice"),
        Specimen("nothing", "a filter that nothing passes", f"{HERE}timeline/?to=0009&q=zebra"),
        Specimen("mistake", "a filter with a mistake", f"{HERE}timeline/?from=soonish"),
        Specimen("discussion", "threads, roles, placeholder", f"{HERE}discussion/"),
        Specimen("comment", "the form of a comment", f"{form}?about=fact-oldest"),
        Specimen("refused", "the same with mistakes", form, {"body": "", "email": "nobody"}),
        Specimen("held", "a comment that waits", own),
        Specimen("glossary", "the list of terms", "/terms/"),
        Specimen("missing", "an error page", "/nothing-is-here/"),
        Specimen("sign-in", "a sign-in link", newcomer),
        Specimen("spent", "a sign-in link that is over", "/accounts/sign-in/nonsense/"),
    ]


def _save(document: Document) -> Article:
    saved = store.save(document, publish=True).article
    if saved is None:
        raise ValueError(document.title)
    return saved


def _long() -> Document:
    """More statements than ticks, of which every seventh has no source, and sixteen tracks."""
    source = Reference(key="book", title="A Book", authors=("A. Writer",), year="1999")
    cited = "It happened as it is told [@book]."
    return Document(
        title="An article of many statements",
        slug=LONG,
        short_answer="One tick of its survey stands for several statements [@book].",
        category="Style page",
        facts=tuple(
            Fact(label=f"Fact {n}", statement=cited if n % 7 else "Nobody knows how.")
            for n in range(60)
        ),
        timeline=tuple(
            Milestone(
                date=f"{1800 + n}",
                title=f"Event {n}",
                body=cited if n % 5 else "",
                tracks=(f"Track {n % 16 + 1:02}",),
            )
            for n in range(120)
        ),
        references=(source,),
    )


def _empty() -> Document:
    return Document(title="An article of which only the title is there", slug=EMPTY)


def _arabic() -> Document:
    book = Reference(key="heyman", title="The Stone Skeleton", authors=("J. Heyman",), year="1995")
    return Document(
        title="الجسور الحجرية",
        slug=ARABIC,
        language="ar",
        short_answer="يحمل الجسر الحجري ثقله بالدفع وحده [@heyman, p. 12].",
        category="Style page",
        infobox=(InfoboxRow(label="المادة", value="حجر منحوت [@heyman]", checked="2026-03-01"),),
        sections=(Section(heading="نظرة عامة", body="يقف القوس حين يمر خط الدفع فيه [@heyman]."),),
        facts=(Fact(label="الأقدم", statement="جسر قرب إزمير [@heyman, p. 3]."),),
        timeline=(
            Milestone(date="0106", title="جسر القنطرة", tracks=("Practice",)),
            Milestone(date="1990/..", title="منذ ذلك الحين", tracks=("Theory",)),
        ),
        questions=(Question(question="لماذا تدوم؟", answer="الحجر قوي [@heyman]."),),
        references=(book,),
    )


def _discuss(article: Article) -> str:
    """A discussion with everything in it; the address of a comment that waits."""
    author = article.author

    def say(body: str, parent: Comment | None = None, **values: object) -> Comment:
        made = Comment.objects.create(
            article=article,
            parent=parent,
            body=body,
            revision=1,
            submission=uuid.uuid4(),
            created_at=timezone.now() - datetime.timedelta(hours=9),
            **{"name": "Ana Perez", "status": Comment.Status.APPROVED, **values},
        )
        moderation.settle([made])
        return made

    first = say(
        "The date is **wrong**: the book has `1779`.\n\n> opened in 1777\n\n- page 12\n- page 14",
        about="fact-oldest",
        about_name="Oldest",
    )
    answer = say("Thank you. It is mended.", first, user=author, name="")
    say("It is indeed.", answer, name="مريم")
    gone = say("This will be removed.", name="Somebody")
    say("What was it about?", gone, name="Łukasz")
    moderation.delete(comments=[gone.pk])
    held = say("Is there a second source?", name="A guest", status=Comment.Status.HELD)
    return manage_address(held)


def _newcomer() -> str:
    """A sign-in link for somebody who has no password."""
    person = User(username="style-page-newcomer", is_staff=True)
    person.set_unusable_password()
    person.save()
    return sign_in_link(person, "")
