"""A store that speaks S3, for tests: the server of moto, in a process of its own.

It is an honest HTTP server of the protocol that ships as a Python package; MinIO and Garage are
programs that no package of Debian 12 or of Python brings.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import CI
from tests.serving import PATIENCE, free_port

BUCKET = "milepost"


@contextmanager
def running_store(folder: Path) -> Iterator[str]:
    """A running store with an empty bucket; its MEDIA_STORE. Skipped without one, but not in CI."""
    if not (find_spec("moto") and find_spec("flask_cors") and find_spec("boto3")):
        sentence = "moto with its server is not installed: run “uv sync”."
        if CI:
            pytest.fail(sentence, pytrace=False)
        pytest.skip(sentence)
    import boto3
    from botocore.exceptions import BotoCoreError

    port = free_port()
    with (folder / "store.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=log,
            stderr=log,
        )
    try:
        client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
            region_name="us-east-1",
        )
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                client.create_bucket(Bucket=BUCKET)
                break
            except BotoCoreError:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)
        client.close()
        yield f"s3://key:secret@127.0.0.1:{port}/{BUCKET}?region=us-east-1&tls=none"
    finally:
        process.kill()
        process.wait()
