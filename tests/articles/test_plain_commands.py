"""A wrong argument is answered with one sentence."""

import pytest
from django.core.management import CommandError, call_command, load_command_class

from articles.management.plain import plain


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["serve", "--port", "abc"], "--port is “abc”; it is a whole number."),
        (["serve", "--port"], "--port needs a value."),
        (["restore_backup", "x.tar.gz"], "Say which you want: --dry-run or --yes."),
        (["restore_backup", "--yes"], "FILE is missing."),
        (["forget_person", "ann"], "Say which you want: --dry-run or --yes."),
        (["sign_in_link"], "USER is missing."),
        (["serve", "--prot", "1"], "--prot 1 is nothing that this command knows."),
    ],
)
def test_a_wrong_argument_is_one_sentence(capsys, arguments, sentence):
    name, *rest = arguments
    command = load_command_class("articles", name)
    command._called_from_command_line = True
    parser = command.create_parser("/srv/manage.py", name)
    with pytest.raises(SystemExit) as end:
        parser.parse_args(rest)
    assert end.value.code == 2
    assert capsys.readouterr().err == f"{sentence} “manage.py {name} --help” says more.\n"


def test_code_that_calls_a_command_gets_an_error():
    with pytest.raises(CommandError, match="--port is “abc”"):
        call_command("serve", "--port", "abc")


def test_what_nobody_foresaw_is_a_sentence_too():
    assert plain("something else went wrong") == "Something else went wrong."
