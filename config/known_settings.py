"""Every setting that the environment may hold: its name and what it means, in one place.

README's table, `.ci/run` and the tests are held against this list.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """A setting's name, one line about it, and whether its value is or holds a secret.

    A secret one is also read from the file that `<NAME>_FILE` names, as containers hand them over.
    """

    name: str
    meaning: str
    secret: bool = False

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables of the environment that set it."""
        return (self.name, f"{self.name}_FILE") if self.secret else (self.name,)


KNOWN = {
    known.name: known
    for known in (
        Known("SITE_URL", "the address under which readers find the site"),
        Known("SITE_LANGUAGE", "the language of the interface"),
        Known("DATA_DIR", "the folder for the database, the secret key, static files and uploads"),
        Known("DATABASE_URL", "the database: SQLite or PostgreSQL", secret=True),
        Known("CACHE_URL", "the cache that several servers share", secret=True),
        Known("EMAIL_URL", "what sends mail, and from whom it comes", secret=True),
        Known("MEDIA_STORE", "the store of uploads and pictures that servers share", secret=True),
        Known("SECRET_KEY", "what sessions and sign-in links are signed with", secret=True),
        Known("SECRET_KEY_FALLBACKS", "former secret keys, which are still accepted", secret=True),
        Known("TRUSTED_PROXIES", "how many proxies stand in front of the site"),
        Known("LOG_LEVEL", "the least that is logged: info has a line for each request"),
        Known("METRICS_TOKEN", "what Prometheus has to bring to read /metrics", secret=True),
        Known("DEBUG", "whether somebody develops here; never on a public site"),
    )
}


def variables() -> tuple[str, ...]:
    """All variables of the environment that set something."""
    return tuple(variable for known in KNOWN.values() for variable in known.variables)
