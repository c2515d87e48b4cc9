"""Commands whose reader has gone, as behind `| head`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import manage
from articles.management import closed_pipe
from articles.management.commands import import_articles

PROGRAM = """
from articles.management.closed_pipe import end_quietly
try:
    for number in range(100_000):
        print("line", number)
except BrokenPipeError:
    end_quietly()
"""


def test_a_closed_pipe_ends_a_program_without_a_word():
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(closed_pipe.__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == b"line 0\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == closed_pipe.STATUS


def test_no_command_complains_that_nobody_reads_it(tmp_path):
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [sys.executable, "manage.py", "version"],
        stdout=write_end,
        stderr=subprocess.PIPE,
        cwd=Path(closed_pipe.__file__).parents[2],
        env={**os.environ, "DATA_DIR": str(tmp_path)},
        check=False,
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (closed_pipe.STATUS, b"")


def test_a_connection_that_broke_is_another_matter(monkeypatch):
    def broken():
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(manage, "run", broken)
    with pytest.raises(BrokenPipeError):
        manage.main()


@pytest.mark.django_db
def test_a_closed_pipe_refuses_no_file(tmp_path, monkeypatch, capsys):
    path = tmp_path / "moss.txt"
    path.write_text("# Moss\n## Overview\nA plant.\n")

    def closed(self, path):
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(import_articles.Command, "import_file", closed)
    monkeypatch.setattr("articles.management.closed_pipe.os.dup2", lambda *_: None)
    with pytest.raises(SystemExit) as end:
        import_articles.Command().run_from_argv(
            ["manage.py", "import_articles", "--dry-run", str(path)]
        )
    assert end.value.code == closed_pipe.STATUS
    assert capsys.readouterr().err == ""
