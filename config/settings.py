"""Settings, all from the environment, each with a sound default. README lists them."""

from __future__ import annotations

from pathlib import Path

from django.utils.csp import CSP

from config import environment
from config.cache_setting import read_cache
from config.database_setting import default_database_url, read_database
from config.environment import (
    read_data_dir,
    read_flag,
    read_language,
    read_log_level,
    read_text,
    read_token,
    read_version,
)
from config.mail_setting import read_mail
from config.media_setting import read_media
from config.secret_setting import read_former_keys, read_secret_key
from config.site_setting import read_proxies, read_site_address, read_site_url

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = read_version(BASE_DIR / "pyproject.toml")

DEBUG = read_flag("DEBUG")
# The same for every reader, so that a page is too: there is no LocaleMiddleware.
LANGUAGE_CODE = read_language("SITE_LANGUAGE")
DATA_DIR = read_data_dir(BASE_DIR / "data")
# What the site is called where `serve` last ran, for commands beside it.
SERVED_FILE = DATA_DIR / "served_at"
_site = read_site_address(read_site_url(SERVED_FILE))
SITE_URL = _site.url
TRUSTED_PROXIES = read_proxies(_site)
MAILERS, DEFAULT_FROM_EMAIL = read_mail(
    read_text("EMAIL_URL", "console:" if DEBUG else ""), _site.host
)
DATABASES = {"default": read_database(read_text("DATABASE_URL", default_database_url(DATA_DIR)))}
CACHES = {
    "default": read_cache(read_text("CACHE_URL"), f"{_site.host}:{_site.port or _site.scheme}")
}
MEDIA_STORAGE = read_media(read_text("MEDIA_STORE"))
SECRET_KEY = read_secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = read_former_keys(DATA_DIR, SECRET_KEY)
LOG_LEVEL = read_log_level("LOG_LEVEL")
METRICS_TOKEN = read_token("METRICS_TOKEN")
# What was read above, with its origin and without secrets, for `config` and `doctor`.
ENVIRONMENT = tuple(environment.SETTINGS.values())

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if _site.is_local else [_site.bracketed]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django_htmx",
    "django_tasks_db",
    "allauth.account",
    "allauth.mfa",
    "articles",
    "articles.accounts",
    "articles.discussion",
    "articles.search",
    "timeline",
]

MIDDLEWARE = [
    "config.headers.HeadersMiddleware",
    "config.health.Health",
    "config.metrics.Metrics",
    "config.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are text and shrink to a sixth; static files are compressed when they are collected.
    "config.compression.CompressionMiddleware",
    # Inside: its tags are those of the page, whatever the bytes it goes out in.
    "config.compression.TagMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.maintenance.Maintenance",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "articles.accounts.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # A site of its own look lays templates into its data folder; see docs/hosting.md.
        "DIRS": [DATA_DIR / "templates", BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "articles.context.site",
            ],
        },
    },
]

AUTH_USER_MODEL = "articles.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        # As usual, it would let “adminadmin” be the password of “admin”.
        "OPTIONS": {"max_similarity": 0.6},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
# Since the session last changed; then people sign in again, and their browser is still known.
SESSION_COOKIE_AGE = 7 * 24 * 3600

# django-allauth does the protocols. Its limits live in a cache that each process may have for
# itself, so they are off: `articles/accounts/allowances.py` has ours.
ACCOUNT_ADAPTER = "articles.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "articles.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
# One code before and one after: clocks of phones are not right.
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# The library knows https only. On this machine, to try a site out, our own check of where a
# passkey was used stands alone; see `articles/accounts/origins.py`.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _site.is_local and not _site.is_https

LANGUAGES = list(environment.LANGUAGES.items())
LOCALE_PATHS = [BASE_DIR / "articles" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Tasks are rows of the database: written in the transaction of what causes them, and never lost.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
SERVER_EMAIL = DEFAULT_FROM_EMAIL

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Fonts and scripts are for this site's pages.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Our own scripts in the order they run: read at once, before the page is drawn, so keep them small.
# `collectstatic` joins them into one file.
SITE_SCRIPTS = [
    "js/reader.js",
    "js/reading.js",
    "js/preview.js",
    "js/links.js",
    "js/htmx-on-demand.js",
    "js/search.js",
    "js/since.js",
]
STORAGES = {
    "default": MEDIA_STORAGE,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static_storage.JoiningStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"

# An article with 60 milestones and 40 references is one form of about 1,600 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# No form takes a file. Django would else keep what anybody sends in the system's temporary folder.
DATA_UPLOAD_MAX_NUMBER_FILES = 0

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _site.is_https
if _site.is_https:
    # No host beside this one, and nothing without TLS, can give a browser cookies of these names.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
CSRF_FAILURE_VIEW = "articles.views.errors.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _site.is_https else 0
SECURE_SSL_REDIRECT = _site.is_https
SILENCED_SYSTEM_CHECKS = [
    # Other hosts under the owner's domain are not this site's to decide about.
    "security.W005",
    "security.W021",
    # A site without EMAIL_URL sends no mail, and says so where one would be sent.
    "mail.W001",
]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# What takes longer is a warning in the log.
SLOW_QUERY_MILLISECONDS = 200
SLOW_REQUEST_MILLISECONDS = 1000
# Of one that may have to hash a password: Argon2 takes its time on purpose, on a small machine more
# than a second.
SLOW_HASHING_MILLISECONDS = 5000
# What Django calls the requests that it refuses; each has a logger of its own.
REFUSALS = (
    *("csrf", "DisallowedModelAdminLookup", "DisallowedModelAdminToField", "DisallowedRedirect"),
    *("InvalidSessionKey", "RequestDataTooBig", "SuspiciousFileOperation"),
    *("SuspiciousMultipartForm", "SuspiciousOperation", "SuspiciousSession"),
    *("TooManyFieldsSent", "TooManyFilesSent"),
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "refused": {"()": "articles.upkeep.logs.Refused"},
        "refused_host": {"()": "articles.upkeep.checks.refused_hosts.RefusedHost"},
        "shortened": {"()": "articles.upkeep.outages.Shortened"},
    },
    "formatters": {"line": {"()": "articles.upkeep.logs.formatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "mail": {"class": "articles.upkeep.error_mail.ErrorMail", "level": "ERROR"},
    },
    "root": {"handlers": ["console", "mail"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Every step of every task; what fails is an error.
        "django.tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        # An address that is not there is the visitor's matter; mistakes of ours are errors.
        "django.request": {"level": "ERROR", "filters": ["refused", "shortened"]},
        **{f"django.security.{name}": {"filters": ["refused"]} for name in REFUSALS},
        # Scanners ask for every host there is: a line a minute.
        "django.security.DisallowedHost": {"filters": ["refused_host"]},
    },
}
