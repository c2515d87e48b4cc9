"""docs/security.md names tests that there are, and numbers as the standard has them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/.]+)(?:::(\w+))?`", TEXT)))


def test_every_test_that_is_named_is_there() -> None:
    assert len(NAMED) > 60
    for path, name in NAMED:
        assert (ROOT / path).exists(), path
        if name:
            assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), (path, name)


def test_a_row_stands_in_the_chapter_of_its_number() -> None:
    chapter = ""
    rows = 0
    for line in TEXT.splitlines():
        if heading := re.match(r"## V(\d+)", line):
            chapter = heading[1]
        elif row := re.match(r"\| (\d+)\.\d+\.\d+", line):
            rows += 1
            assert row[1] == chapter, line
    assert rows > 60


def test_the_way_to_report_is_named() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "Report a\nvulnerability" in text
    assert (ROOT / "docs" / "security.md").exists()
