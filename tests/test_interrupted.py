"""Ctrl-C while a command is only being loaded ends it plainly."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.serving import FOREIGN, PATIENCE, ROOT

pytestmark = pytest.mark.process
# As under a terminal, also where these tests were started with Ctrl-C ignored.
HEARING = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"
    "print('begun', flush=True); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


@pytest.mark.parametrize("seconds", [0.5, 0.9])
def test_ctrl_c_while_code_is_loaded_is_no_traceback(tmp_path, seconds):
    inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    process = subprocess.Popen(
        [sys.executable, "-c", HEARING, str(ROOT / "manage.py"), "upgrade"],
        env={**inherited, "DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "begun\n"
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _output, errors = process.communicate(timeout=PATIENCE)
    # In the first moments Python itself has not said yet what is to happen, and is ended by it.
    assert process.returncode in {130, -signal.SIGINT}
    assert errors == ""
