"""The versions of all packages are written down: those of the site, and those that these need.

A lock file would hold the addresses of whatever registry made it, so `pyproject.toml` has them all.
"""

from __future__ import annotations

import tomllib
from importlib import metadata
from itertools import chain
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT: dict[str, Any] = tomllib.loads(
    (Path(__file__).resolve().parent.parent / "pyproject.toml").read_text(encoding="utf-8")
)
DIRECT = [
    *PROJECT["project"]["dependencies"],
    *chain.from_iterable(PROJECT["project"]["optional-dependencies"].values()),
    *PROJECT["dependency-groups"]["dev"],
]


def pulled_in() -> dict[str, str]:
    """Name and installed version of each package that the project's requirements lead to here."""
    found: dict[str, str] = {}
    waiting = [Requirement(line) for line in DIRECT]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted = waiting.pop()
        key = canonicalize_name(wanted.name), frozenset(wanted.extras)
        if key in seen:
            continue
        seen.add(key)
        package = metadata.distribution(wanted.name)
        found[key[0]] = package.version
        for line in package.requires or []:
            needed = Requirement(line)
            if needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras)
            ):
                waiting.append(needed)
    return found


def pins(lines: list[str]) -> dict[str, str]:
    """Name and version of each; a line that allows more than one version is none."""
    parsed = [Requirement(line) for line in lines]
    return {
        canonicalize_name(each.name): next(iter(each.specifier)).version
        for each in parsed
        if [one.operator for one in each.specifier] == ["=="]
    }


def test_each_package_is_pinned_at_the_version_that_is_installed() -> None:
    direct, others = pins(DIRECT), pins(PROJECT["tool"]["uv"]["constraint-dependencies"])
    installed = pulled_in()
    assert len(installed) > 80
    # By name, and no pin is left of a package that nothing needs any more.
    assert dict(sorted((direct | others).items())) == dict(sorted(installed.items()))
    assert direct.keys().isdisjoint(others)
