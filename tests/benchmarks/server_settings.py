"""The site's own settings, with two addresses more for comparison; see `server_wsgi`."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.server_urls"
WSGI_APPLICATION = "tests.benchmarks.server_wsgi.application"
