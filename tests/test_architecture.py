"""What import-linter cannot say about the ways that imports point."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = next(
    contract["layers"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    if contract["type"] == "layers"
)
PACKAGES = ("articles", "articles.accounts", "articles.discussion", "articles.search", "timeline")
# Found by Django by their names; they import only what belongs to the layer below.
OUTSIDE = {f"{package}.{name}" for package in PACKAGES for name in ("apps", "migrations")}


def modules_of(layer):
    """The modules that a line of the contract names."""
    return {name.strip(" ()\n") for name in layer.split(":")}


def test_every_module_has_its_layer():
    """A module that no layer names could import anything: add it in `pyproject.toml`."""
    named = set().union(*(modules_of(layer) for layer in LAYERS))
    found = {
        f"{package}.{path.stem}"
        for package in PACKAGES
        for path in (ROOT / package.replace(".", "/")).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    # An app inside the app has all layers itself.
    found -= {*PACKAGES, *(f"{package}.__init__" for package in PACKAGES)}
    assert sorted(found - named - OUTSIDE) == []


def test_values_and_text_load_without_settings_and_without_a_database():
    names = sorted(modules_of(LAYERS[-1]))
    assert "articles.document" in names
    program = "\n".join(
        [
            "import importlib, pkgutil, sys",
            f"for name in {names!r}:",
            "    module = importlib.import_module(name)",
            "    for inner in pkgutil.iter_modules(getattr(module, '__path__', ())):",
            "        importlib.import_module(f'{name}.{inner.name}')",
            "print([name for name in sys.modules if name.startswith('django.db')])",
        ]
    )
    # Without -m and the test settings: nothing configures Django here.
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
