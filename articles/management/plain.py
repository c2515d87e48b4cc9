"""The base of the site's commands: what is wrong with their arguments is said in one sentence."""

from __future__ import annotations

import re
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

# What argparse says, and what people are told; groups of the first go into the second.
_PLAIN = (
    (r"argument (.+): invalid int value: '(.*)'", r"\1 is “\2”; it is a whole number."),
    (r"argument (.+): invalid choice: '(.*)' \(choose from (.*)\)", r"\1 is “\2”; it is \3."),
    (r"argument (.+): expected one argument", r"\1 needs a value."),
    (r"argument (.+): not allowed with argument (.+)", r"\1 and \2 exclude each other."),
    (r"one of the arguments (\S+) (\S+) is required", r"Say which you want: \1 or \2."),
    (r"the following arguments are required: (.+)", r"\1 is missing."),
    (r"unrecognized arguments: (.+)", r"\1 is nothing that this command knows."),
)


def plain(message: str) -> str:
    """A sentence for what argparse found wrong.

    >>> plain("argument --port: invalid int value: 'abc'")
    '--port is “abc”; it is a whole number.'
    """
    for pattern, sentence in _PLAIN:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return found.expand(sentence)
    return message[:1].upper() + message[1:].rstrip(".") + "."


class PlainCommand(BaseCommand):
    """A command that prints no usage for a wrong argument; status 2, as argparse has it."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser of Django, which complains in its own words."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)

        def complain(message: str) -> NoReturn:
            sentence = plain(message)
            if not parser.called_from_command_line:
                raise CommandError(sentence)
            name = prog_name.rpartition("/")[2]
            sys.stderr.write(f"{sentence} “{name} {subcommand} --help” says more.\n")
            sys.exit(2)

        parser.error = complain  # type: ignore[method-assign]
        return parser
