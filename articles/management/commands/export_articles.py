"""`manage.py export_articles`: every article as a file."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from itertools import batched
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from articles import store
from articles.formats import json_file, markdown_file
from articles.management.plain import PlainCommand
from articles.models import Article, OldSlug

WRITERS = {"md": markdown_file.write, "json": json_file.write}
# Articles in memory at a time.
CHUNK = 50
# File systems hold names of 255 bytes, and a slug may have more.
MAX_STEM = 230


class Command(PlainCommand):
    """Files that are up to date are left alone, so that a copy in git shows what changed."""

    help = "Write each article into a folder, as a file that import_articles reads again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, in which format, and which articles."""
        parser.add_argument(
            "folder", metavar="DIR", type=Path, help="the folder; made when it is not there"
        )
        parser.add_argument(
            "slugs",
            metavar="SLUG",
            nargs="*",
            help="only these articles; without any, all of them, drafts included",
        )
        parser.add_argument(
            "--format",
            choices=sorted(WRITERS),
            default="md",
            help="md, Markdown with front matter (the default), or json",
        )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let slugs follow `--format` too, where argparse by itself would not know them."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.parse_args = parser.parse_intermixed_args  # type: ignore[method-assign]
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for an unknown slug, and at the end when a file was not written."""
        folder, ending = options["folder"], options["format"]
        keys = keys_of(options["slugs"])
        make_folder(folder)
        written = failed = 0
        for article in whole(keys):
            path = folder / f"{file_stem(article.slug)}.{ending}"
            try:
                is_new = write_file(path, WRITERS[ending](store.load(article)))
            except (OSError, ValueError) as error:
                failed += 1
                self.stderr.write(f"{path}: {error}")
                continue
            written += is_new
            if is_new or options["verbosity"] > 1:
                self.stdout.write(f"{path} {'written' if is_new else 'unchanged'}")
        unchanged = len(keys) - written - failed
        self.stdout.write(f"{written} written, {unchanged} unchanged")
        if failed:
            raise CommandError(f"{failed} could not be written; they are named above.")


def keys_of(slugs: Sequence[str]) -> list[int]:
    """The primary keys of the articles with these slugs, ordered by slug; without any, of all.

    A slug that an article had once counts too. Raises CommandError when there is no such article.
    """
    originals = Article.objects.originals().order_by("slug")
    if not slugs:
        return list(originals.values_list("pk", flat=True))
    found = dict(OldSlug.objects.filter(slug__in=slugs).values_list("slug", "article_id"))
    found |= dict(originals.filter(slug__in=slugs).values_list("slug", "pk"))
    if missing := [slug for slug in slugs if slug not in found]:
        raise CommandError(f"There is no article {', '.join(missing)}.")
    return list(originals.filter(pk__in=found.values()).values_list("pk", flat=True))


def whole(keys: Sequence[int]) -> Iterator[Article]:
    """The articles with all their parts, in this order, in a few queries for each chunk."""
    for chunk in batched(keys, CHUNK, strict=False):
        articles = {
            article.pk: article
            for article in store.prefetched(Article.objects.filter(pk__in=chunk))
        }
        yield from (articles[key] for key in chunk if key in articles)


def make_folder(folder: Path) -> None:
    """Make the folder and those above it. Raises CommandError when something else has its name."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"{folder} is not a folder that can be written to: {error}") from error


def file_stem(slug: str) -> str:
    """The name of an article's file without its ending: the slug, as far as file systems allow."""
    stem = re.sub(r"[^-\w]+", "-", slug)
    if stem == slug and len(slug.encode()) <= MAX_STEM:
        return slug
    cut = stem.encode()[:MAX_STEM].decode(errors="ignore")
    return f"{cut}-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"


def write_file(path: Path, text: str) -> bool:
    """Write the text unless the file has it already; whether it was written.

    The file is whole at every moment: a new one takes the old one's place in one step.
    """
    data = text.encode()
    if path.exists() and path.read_bytes() == data:
        return False
    new = path.with_name(f".export-{os.getpid()}.tmp")
    try:
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return True
