"""The parts of an article's page that are the same in each view of its timeline.

They are what a page has most of, and they change only with the article itself, with the names it
links to and with the day from which checks are stale. So they are filled in once for all of these,
and kept with the stored page that they are made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from articles.models import Article, SiteSettings
from articles.models.stored_page import StoredPage
from articles.page_text import PageText, Prose
from articles.standing import stale_before
from articles.survey import survey_of


class FixedParts:
    """Short answer, infobox, sections, facts and questions, filled in; and the survey.

    `before` and `after` are the uses of references that stand before the timeline and after it, in
    reading order. Nobody may change any of it: views share it.
    """

    def __init__(self, page: Mapping[str, Any], text: PageText) -> None:
        self.text = text
        self.short_answer = text.prose(
            {"anchor": "short-answer", "heading": ""} | page["short_answer"]
        )
        self.infobox = [text.statement(row, cites="inline") for row in page["infobox"]]
        self.sections = _sections(page, text)
        self.facts = [text.statement(fact) for fact in page["facts"]]
        self.before = [use for uses in text.uses.values() for use in uses]
        self.questions = [
            text.prose(question | {"heading": question["question"]}, top_heading=4)
            for question in page["questions"]
        ]
        self.after = [use for question in self.questions for use in question.uses]
        self.survey = survey_of(page, text.stale_before)

    @staticmethod
    def of(
        article: Article,
        site: SiteSettings,
        targets: Mapping[str, str],
        *,
        for_editor: bool = False,
    ) -> FixedParts:
        """The parts of an article that comes with `rendered`, as they read today."""
        page = article.rendered.page

        def make() -> FixedParts:
            return FixedParts(page, PageText(article, site, targets, for_editor=for_editor))

        if not isinstance(page, StoredPage):
            return make()
        key = (
            get_language(),
            article.language,
            article.slug,
            for_editor,
            stale_before(timezone.localdate(), site.stale_after_months),
            frozenset(targets.items()),
        )
        return page.once(key, make)


def _sections(page: Mapping[str, Any], text: PageText) -> list[Prose]:
    """Sections with their subsections; one that comes before any section stands by itself."""
    sections: list[Prose] = []
    for part in page["sections"]:
        level = part["level"] if sections else 2
        prose = text.prose(part | {"level": level}, top_heading=3 if level == 2 else 4)
        (sections if level == 2 else sections[-1].children).append(prose)
    return sections
