"""Ask a site whether it is ready, without curl and without loading Django: for containers.

    python -m articles.upkeep.probe                                   # http://127.0.0.1:8000/readyz
    python -m articles.upkeep.probe http://127.0.0.1:8000/healthz

Ends with status 0 for an answer of 200, else with 1 and a line that says what was answered.
"""

from __future__ import annotations

import sys
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

ADDRESS = "http://127.0.0.1:8000/readyz"
SECONDS = 5


def probe(address: str) -> str:
    """What is wrong with the site at this address; '' when it answers 200."""
    if urlsplit(address).scheme not in {"http", "https"}:
        return f"“{address}” is no address; it should look like {ADDRESS}"
    try:
        # The machine itself is asked, past every proxy that the environment names.
        with build_opener(ProxyHandler({})).open(address, timeout=SECONDS):
            return ""
    except HTTPError as answer:
        return f"{answer.code} {answer.read(1000).decode(errors='replace').strip()}"
    except (URLError, OSError, HTTPException, ValueError) as error:
        return f"no answer: {error}"


if __name__ == "__main__":
    sys.exit(probe(sys.argv[1] if len(sys.argv) > 1 else ADDRESS) or 0)
