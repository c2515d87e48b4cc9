"""A first visit stays light: the real site with its collected files, in an empty cache."""

from __future__ import annotations

import pytest

from tests.benchmarks.weight import KINDS, site, visit

pytestmark = pytest.mark.process

# The front page, and the heaviest kind: a long article with letters of a font of their own.
PAGES = ("/", "/articles/deep-learning/", "/articles/exploration-of-the-solar-system/")


def test_a_first_visit_keeps_to_the_budgets_of_bytes_requests_and_shifts(browser):
    with site() as base:
        visits = {path: visit(browser, base + path, "phone") for path in PAGES}
    assert {path: seen.status for path, seen in visits.items()} == dict.fromkeys(PAGES, 200)
    assert {path: seen.faults for path, seen in visits.items() if seen.faults} == {}
    # A page that came without its look or its words would be light, too.
    for seen in visits.values():
        assert set(KINDS) <= set(seen.sizes)
