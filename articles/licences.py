"""The licences under which a site may offer its texts."""

from __future__ import annotations

from dataclasses import dataclass

CC = "https://creativecommons.org"


@dataclass(frozen=True, slots=True)
class Licence:
    """What a licence is called, where it is written down, and its SPDX identifier."""

    name: str
    url: str
    spdx: str


LICENCES = {
    "cc-by": Licence("CC BY 4.0", f"{CC}/licenses/by/4.0/", "CC-BY-4.0"),
    "cc-by-sa": Licence("CC BY-SA 4.0", f"{CC}/licenses/by-sa/4.0/", "CC-BY-SA-4.0"),
    "cc0": Licence("CC0 1.0", f"{CC}/publicdomain/zero/1.0/", "CC0-1.0"),
}
