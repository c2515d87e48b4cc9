"""Joining stylesheets, and what `collectstatic` makes of the project's own."""

import gzip
import json
import re

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management import call_command

from config.static_storage import (
    CannotJoin,
    JoiningStorage,
    join_imports,
    join_scripts,
    strip_comments,
)


def joined(**files: str) -> str:
    """Join css/site.css of these files; a name's `__` stands for a slash."""
    named = {f"css/{name.replace('__', '/')}.css": text for name, text in files.items()}
    return join_imports("css/site.css", named.__getitem__)


def test_an_import_with_a_layer_becomes_a_layer_block():
    assert joined(site='@import url("a.css") layer(base);', a="p { margin: 0; }\n") == (
        "@layer base {\np { margin: 0; }\n}\n"
    )


def test_a_medium_goes_around_the_layer():
    assert joined(site='@import url("a.css") layer(print) print;', a="p { color: black; }") == (
        "@media print {\n@layer print {\np { color: black; }\n}\n}\n"
    )


@pytest.mark.parametrize(
    "rule",
    ['@import "a.css";', "@import 'a.css';", "@import url(a.css);", '@import url( "./a.css" ) ;'],
    ids=["string", "single quotes", "bare url", "spaces"],
)
def test_every_way_to_write_an_import_is_understood(rule):
    assert joined(site=rule, a="p {}\n") == "p {}\n"


def test_an_unnamed_layer_stays_unnamed():
    assert joined(site='@import "a.css" layer;', a="p {}") == "@layer {\np {}\n}\n"


def test_the_order_of_rules_and_the_order_of_layers_stay():
    text = joined(
        site='@layer one, two;\n@import "b.css" layer(two);\n@import "a.css" layer(one);\nq {}',
        a="a {}",
        b="b {}",
    )
    assert text == "@layer one, two;\n@layer two {\nb {}\n}\n@layer one {\na {}\n}\nq {}\n"


def test_imports_inside_an_imported_file_are_joined_too():
    text = joined(site='@import "a.css" layer(one);', a='@import "b.css" layer(two);', b="b {}")
    assert text == "@layer one {\n@layer two {\nb {}\n}\n}\n"


def test_comments_go_and_what_looks_like_one_in_a_string_stays():
    assert strip_comments('a { content: "/* kept */"; } /* gone */ b {}') == (
        'a { content: "/* kept */"; }   b {}'
    )
    assert joined(site="/* @import url('nowhere.css'); */\np {}") == "p {}\n"


def test_addresses_are_rewritten_for_the_folder_of_the_joined_file():
    text = joined(
        site='@import "parts/a.css";',
        parts__a=(
            'a { background: url("../../img/a.svg#x"); }\n'
            "b { background: url(b.svg); }\n"
            "c { background: url(/absolute.svg); }\n"
            'd { background: url("data:image/svg+xml,x"); }\n'
            "e { filter: url(#blur); }\n"
        ),
    )
    assert re.findall(r"url\(([^)]*)\)", text) == [
        '"../img/a.svg#x"',
        '"parts/b.svg"',
        "/absolute.svg",
        '"data:image/svg+xml,x"',
        "#blur",
    ]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"site": '@import "nope.css";'}, r"css/site\.css needs css/nope\.css, which is missing"),
        ({"site": '@import "https://example.org/a.css";'}, "only files beside it"),
        ({"site": '@import "a.css" supports(display: grid);', "a": ""}, "under a condition"),
        ({"site": '@import "a.css";', "a": '@import "site.css";'}, "imports itself"),
    ],
    ids=["missing", "another host", "condition", "circle"],
)
def test_an_import_that_cannot_be_joined_is_an_error(files, reason):
    with pytest.raises(CannotJoin, match=reason):
        joined(**files)


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The project's static files as `collectstatic` leaves them: the folder and the manifest."""
    root = tmp_path_factory.mktemp("static")
    collect(root)
    return root, json.loads((root / "staticfiles.json").read_text())["paths"]


def collect(root):
    """Run `collectstatic` into a folder with the storage of a real site."""
    command = collectstatic.Command()
    command.storage = JoiningStorage(location=root, base_url="/static/")
    call_command(command, interactive=False, verbosity=0)


def test_the_site_has_one_stylesheet_without_imports(collected):
    root, paths = collected
    text = (root / paths["css/site.css"]).read_text()
    assert "@import" not in text
    assert "/*" not in text
    sources = (settings.BASE_DIR / "static" / "css").rglob("*.css")
    assert text.count("@font-face") == sum(file.read_text().count("@font-face") for file in sources)


def test_the_joined_stylesheet_names_its_fonts_by_their_hashed_names(collected):
    root, paths = collected
    stylesheet = root / paths["css/site.css"]
    addresses = re.findall(r'url\("([^"#:]+)"\)', stylesheet.read_text())
    assert addresses
    for address in addresses:
        assert (stylesheet.parent / address).resolve().is_relative_to(root.resolve())
        assert (stylesheet.parent / address).is_file()
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address)


def test_files_under_hashed_names_are_compressed_and_say_the_same(collected):
    root, paths = collected
    for name in ("css/site.css", "django_htmx/htmx-2.min.js", "admin/css/base.css"):
        plain = root / paths[name]
        assert brotli.decompress(plain.with_name(f"{plain.name}.br").read_bytes()) == (
            plain.read_bytes()
        )
        assert gzip.decompress(plain.with_name(f"{plain.name}.gz").read_bytes()) == (
            plain.read_bytes()
        )
    assert not (root / "css" / "site.css.br").exists()


def test_collecting_again_changes_nothing(collected):
    root, _paths = collected
    before = {path: path.stat().st_size for path in root.rglob("*")}
    manifest = (root / "staticfiles.json").read_bytes()
    collect(root)
    assert {path: path.stat().st_size for path in root.rglob("*")} == before
    assert (root / "staticfiles.json").read_bytes() == manifest


def test_joined_scripts_run_in_their_order_and_know_nothing_of_each_other():
    files = {"js/a.js": "// What it does.\nconst a = 1;\n", "js/b.js": 'const a = "//";\n'}
    text = join_scripts(["js/b.js", "js/a.js"], files.__getitem__)
    assert text == '{\nconst a = "//";\n}\n{\nconst a = 1;\n}\n'
