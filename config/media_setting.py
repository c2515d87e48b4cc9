"""MEDIA_STORE: a store that speaks S3, for what people uploaded or the site drew.

Without it these files lie in the data folder. Readers get them from the site's own address either
way: no page leads to another host.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from config.environment import stop

OWN_FOLDER = {"BACKEND": "articles.media_files.WholeFiles"}
OPTIONS = {"region", "prefix", "tls"}
# Seconds: to reach the store, and for each piece of an answer.
PATIENCE = 5, 20


def read_media(url: str) -> dict[str, Any]:
    """Django's settings of the default storage from MEDIA_STORE; the data folder for an empty one.

    Stops with a sentence for a URL that makes no sense, and when the driver is not installed.
    """
    if not url:
        return dict(OWN_FOLDER)
    try:
        parts = urlsplit(url)
        _ = parts.port
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))
    except ValueError:
        parts, options = urlsplit(""), {}
    bucket = parts.path.strip("/")
    is_right = parts.hostname and parts.username and parts.password and not parts.fragment
    if parts.scheme != "s3" or not is_right or not re.fullmatch(r"[\w.-]{1,63}", bucket):
        # The URL holds a secret, and is not shown.
        stop(
            "MEDIA_STORE cannot be read; it should look like s3://key:secret@host/bucket?region=… "
            "(with @ : / ? # % in a secret written as %40 and so on)."
        )
    if unknown := sorted(options.keys() - OPTIONS):
        stop(f"MEDIA_STORE has “{unknown[0]}”; known are: {', '.join(sorted(OPTIONS))}.")
    if options.get("tls", "") not in {"", "none"}:
        stop(f"MEDIA_STORE has “tls={options['tls']}”; it is none, or left out for TLS.")
    prefix = options.get("prefix", "").strip("/")
    if {".", ".."} & set(prefix.split("/")):
        stop("MEDIA_STORE has a “prefix” that is no folder.")
    if not (find_spec("storages") and find_spec("boto3")):
        stop("MEDIA_STORE needs the driver django-storages: run “uv sync --extra s3” first.")
    from botocore.config import Config

    connect, read = PATIENCE
    host = parts.netloc.rpartition("@")[2]
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": unquote(parts.username or ""),
            "secret_key": unquote(parts.password or ""),
            "bucket_name": bucket,
            "endpoint_url": f"{'http' if options.get('tls') else 'https'}://{host}",
            "region_name": options.get("region") or None,
            "location": prefix,
            "file_overwrite": True,
            "client_config": Config(
                connect_timeout=connect,
                read_timeout=read,
                retries={"mode": "standard", "max_attempts": 3},
                # A bucket in the path works with every store; checksums of Amazon's own do not.
                s3={"addressing_style": "path"},
                signature_version="s3v4",
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }
