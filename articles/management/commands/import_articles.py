"""`manage.py import_articles`: files become articles."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from articles import store
from articles.discussion.importing import count_new, hold_imported
from articles.document import Document
from articles.formats import json_file, markdown_file, plain_text
from articles.formats.head_fields import has_format
from articles.formats.label_book import read_labels
from articles.formats.plain_text import FileError, Understood
from articles.formats.reading import read_text
from articles.gaps import find_gaps
from articles.management.closed_pipe import end_quietly
from articles.management.import_report import (
    counted,
    describe,
    describe_held,
    describe_plan,
    summarise,
)
from articles.management.plain import PlainCommand
from articles.slugs import make_slug
from articles.store import Saved
from articles.validation import Problem

ENDINGS = {".txt", ".md", ".markdown", ".json"}


class Command(PlainCommand):
    """Each file is saved in a transaction of its own; a bad one stops no other."""

    help = (
        "Import articles from files: plain text as it comes off other pages, Markdown with front "
        "matter, or JSON. A file whose article exists already updates it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which files, and what to do with them."""
        parser.add_argument(
            "paths",
            metavar="PATH",
            nargs="+",
            type=Path,
            help="a file, or a folder whose .txt, .md and .json files are imported",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="show each article as it is understood, with every guess; write nothing",
        )
        parser.add_argument("--publish", action="store_true", help="put the imported articles live")
        parser.add_argument(
            "--infobox-labels",
            metavar="FILE",
            type=Path,
            help="more labels for infoboxes that became one line: one a line",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError at the end when a file was refused."""
        self.labels = self.read_label_file(options["infobox_labels"])
        self.is_dry_run: bool = options["dry_run"]
        self.publish: bool = options["publish"]
        self.verbosity: int = options["verbosity"]
        self.seen: dict[str, Path] = {}
        self.refused = 0
        paths = list(files(options["paths"]))
        for path in paths:
            try:
                self.import_file(path)
                self.stdout.flush()
            except FileError as error:
                self.refuse(f"{path}:{error.line}" if error.line else str(path), error.reason)
            except store.Refused as error:
                self.refuse(str(path), *map(str, error.problems))
            except BrokenPipeError:
                end_quietly()
            except OSError as error:
                self.refuse(str(path), error.strerror or str(error))
        if not paths:
            raise CommandError("There are no .txt, .md or .json files here.")
        if self.refused:
            raise CommandError(f"{self.refused} of {counted(len(paths), 'file')} refused.")

    def read_label_file(self, path: Path | None) -> tuple[str, ...]:
        """The labels of the file; none without one. Raises CommandError when it cannot be read."""
        if path is None:
            return ()
        try:
            return tuple(read_labels(read_text(path)))
        except (FileError, OSError) as error:
            raise CommandError(f"{path} cannot be read as a list of labels: {error}") from error

    def import_file(self, path: Path) -> None:
        """Import or show one file. Raises FileError, store.Refused or OSError."""
        understood = self.understand(path)
        document = understood.document
        slug = self.free_slug(document)
        if self.is_dry_run:
            self.stdout.write(f"{path}\n{describe(understood)}")
            plan = store.plan(document)
            held = count_new(plan.article, understood.comments)
            self.stdout.write(f"{describe_plan(plan)}\n{describe_held(held)}\n\n")
            self.seen[slug] = path
            return
        with transaction.atomic():
            summary = _("Imported from %(file)s") % {"file": path.name}
            saved = store.save(document, summary=summary, publish=self.publish)
            held = hold_imported(article=saved.article, comments=understood.comments)
        self.seen[slug] = path
        if self.verbosity:
            notes = summarise(understood.notes)
            comments = f", {counted(held, 'comment')} held" if held else ""
            self.stdout.write(f"{path}: {outcome(saved)}{comments}{f' ({notes})' if notes else ''}")
            if saved.article and (lacks := " ".join(find_gaps(saved.article).sentences())):
                self.stdout.write(f"  {lacks}")

    def understand(self, path: Path) -> Understood:
        """The file's article, read in the format that its name and its beginning tell."""
        text = read_text(path)
        if path.suffix.lower() == ".json":
            return Understood(json_file.parse(text), (), (), ())
        if has_format(text):
            return Understood(markdown_file.parse(text), (), (), ())
        return plain_text.parse(text, name=path.name, labels=self.labels)

    def free_slug(self, document: Document) -> str:
        """The article's slug. Raises store.Refused when a file of this run had it already."""
        slug = document.slug or make_slug(document.title)
        article = store.find(slug)
        slug = article.slug if article else slug
        if other := self.seen.get(slug):
            message = f"This is the article “{slug}”, which {other} was already in this run."
            raise store.Refused([Problem("", message)])
        return slug

    def refuse(self, place: str, *reasons: str) -> None:
        """Count and name a file that became no article."""
        self.refused += 1
        for reason in reasons:
            self.stderr.write(f"{place}: refused: {reason}")


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files themselves and the article files in folders, sorted, each once; no hidden ones."""
    seen: set[Path] = set()
    for path in paths:
        found = sorted(filter(is_article_file, path.rglob("*"))) if path.is_dir() else [path]
        for item in found:
            hidden = any(part.startswith(".") for part in item.relative_to(path).parts)
            if not hidden and item.resolve() not in seen:
                seen.add(item.resolve())
                yield item


def is_article_file(path: Path) -> bool:
    """Whether a file in a folder is to be imported, by its name."""
    return path.suffix.lower() in ENDINGS and path.is_file()


def outcome(saved: Saved) -> str:
    """What saving did, in a few words."""
    title = f"“{saved.article.title}”" if saved.article else ""
    changed = sum(change.action != "kept" for change in saved.changes)
    if saved.created:
        done = f"created {title}, {counted(len(saved.changes), 'part')}"
    elif saved.differs:
        done = f"updated {title}, {counted(changed, 'part')} changed"
    else:
        done = f"unchanged {title}"
    return f"{done}, published" if saved.published else done
