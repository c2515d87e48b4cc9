"""The regions of an article by the names their headings have in the wild.

To teach the reader another name, add a line to one of the two tables below. Names are compared
without case, numbering, punctuation and decoration.
"""

from __future__ import annotations

import enum
import re
import unicodedata


class Region(enum.Enum):
    """A region that is not prose."""

    SHORT_ANSWER = "short answer"
    INFOBOX = "infobox"
    FACTS = "facts"
    TIMELINE = "timeline"
    TERMS = "related terms"
    QUESTIONS = "FAQ"
    REFERENCES = "references"
    COMMENTS = "comments"


# Names that mean their region wherever they stand.
CERTAIN: dict[Region, tuple[str, ...]] = {
    Region.SHORT_ANSWER: (
        "short answer", "the short answer", "quick answer", "brief answer", "short summary",
        "brief summary", "tl dr", "tldr", "in a nutshell",
    ),
    Region.INFOBOX: (
        "infobox", "info box", "information box", "fact box", "factbox", "fact file", "fact sheet",
        "at a glance", "summary box", "quick reference", "quick info", "data sheet",
    ),
    Region.FACTS: (
        "important facts", "key facts", "notable facts", "interesting facts", "fun facts",
        "essential facts", "main facts", "facts", "facts and figures", "fast facts", "top facts",
        "did you know",
    ),
    Region.TIMELINE: (
        "timeline", "time line", "key dates", "important dates", "milestones", "key milestones",
        "major milestones", "important milestones", "chronology", "timeline of events",
        "key events", "historical timeline", "timeline and milestones", "milestones and timeline",
        "history timeline", "key moments",
    ),
    Region.TERMS: (
        "related terms", "related terms and concepts", "glossary", "glossary of terms", "key terms",
        "related topics", "related concepts", "related entries", "related articles", "see also",
    ),
    Region.QUESTIONS: (
        "faq", "faqs", "f a q", "frequently asked questions", "frequently asked questions faq",
        "frequently asked questions faqs", "faq frequently asked questions",
        "questions and answers", "q and a", "q a", "common questions", "people also ask",
        "questions",
    ),
    Region.REFERENCES: (
        "references", "reference", "reference list", "sources", "bibliography", "works cited",
        "references and sources", "sources and references", "references and further reading",
        "sources and further reading", "further reading", "further reading and references",
        "notes and references", "cited sources", "citations", "literature", "external links",
    ),
    Region.COMMENTS: (
        "comments", "comment", "reader comments", "user comments", "readers comments",
        "leave a comment", "leave a reply", "join the discussion", "join the conversation",
    ),
}  # fmt: skip

# Names that mean their region only where it fits: as high as the other regions, and not twice.
POSSIBLE: dict[Region, tuple[str, ...]] = {
    Region.SHORT_ANSWER: ("summary", "in brief", "in short", "abstract", "quick summary", "answer"),
    Region.INFOBOX: (
        "profile", "basic information", "general information", "key information", "key data",
        "specifications", "quick overview", "overview table",
    ),
    Region.TERMS: ("terms", "terminology", "definitions", "key concepts"),
    Region.COMMENTS: ("discussion", "responses", "replies", "feedback"),
}  # fmt: skip

# Names that are used for infobox and facts alike: what stands below them decides.
INFOBOX_OR_FACTS = ("quick facts", "facts at a glance", "key facts and figures", "in numbers")

# "Timeline of the French Revolution", "FAQ about tea", "Frequently asked questions on tea".
_BEGINNINGS = (
    (re.compile(r"(?:timeline|chronology) of "), Region.TIMELINE),
    (re.compile(r"(?:faqs?|frequently asked questions) (?:about|on|for) "), Region.QUESTIONS),
    (re.compile(r"(?:important|key|quick|interesting) facts about "), Region.FACTS),
)
_COUNTED_COMMENTS = re.compile(r"(?:\d+ )?(?:comments?|replies|responses)(?: \d+)?")
_NUMBERING = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*|[ivx]{1,4})[.)]?\s+(?=\D)", re.IGNORECASE)


def fold_name(heading: str) -> str:
    """A heading as names are compared: "2. Questions & Answers:" gives "questions and answers"."""
    text = unicodedata.normalize("NFKC", heading).replace("&", " and ").casefold()
    text = " ".join(re.sub(r"[’']", "", text).split())
    words = re.sub(r"[\W_]+", " ", _NUMBERING.sub("", text))
    return words.strip()


_CERTAIN = {name: region for region, names in CERTAIN.items() for name in names}
_POSSIBLE = {name: region for region, names in POSSIBLE.items() for name in names}


def certain_region(heading: str) -> Region | None:
    """The region a heading means wherever it stands."""
    name = fold_name(heading)
    if name in _CERTAIN:
        return _CERTAIN[name]
    if _COUNTED_COMMENTS.fullmatch(name):
        return Region.COMMENTS
    return next((region for form, region in _BEGINNINGS if form.match(f"{name} ")), None)


def possible_region(heading: str) -> Region | None:
    """The region a heading may mean where it fits."""
    return _POSSIBLE.get(fold_name(heading))


def is_infobox_or_facts(heading: str) -> bool:
    """Whether what stands below must decide between infobox and facts."""
    return fold_name(heading) in INFOBOX_OR_FACTS


def is_known(heading: str) -> bool:
    """Whether a heading names a region at all."""
    return (
        certain_region(heading) is not None
        or possible_region(heading) is not None
        or is_infobox_or_facts(heading)
    )
