"""What benchmarks read out of the programs that they run."""

from __future__ import annotations

import shutil
import sys

import pytest

from tests.benchmarks import server

OUTPUT = """Running 1s test @ http://127.0.0.1:44285/articles/long/
  1 threads and 16 connections
  Latency Distribution
     50%  570.16ms
     75%  812.45ms
     90%    1.01s
     99%    1.05s
  15 requests in 1.05s, 243.25KB read
  Non-2xx or 3xx responses: 3
Requests/sec:     14.35
Transfer/sec:    232.64KB
""".replace("s\n     ", "s \n     ")  # wrk sets whole seconds as wide as milliseconds


def test_figures_of_wrk_are_read_in_one_unit() -> None:
    assert server.read_figures(OUTPUT) == server.Figures(14.35, 570.16, 1050, failed=3)


def test_small_latencies_are_milliseconds_too() -> None:
    quick = OUTPUT.replace("570.16ms", "250.00us")

    assert server.read_figures(quick).median == 0.25


def test_without_wrk_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(sys, "argv", ["server"])

    with pytest.raises(SystemExit, match="wrk is not installed"):
        server.main()
