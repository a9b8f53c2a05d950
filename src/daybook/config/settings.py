"""Django's settings, all from the typed environment (see `env.py`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from daybook.config.database import database_settings
from daybook.config.env import read_environment
from daybook.config.secret import kept_secret

ENVIRONMENT = read_environment(os.environ)
ROOT = Path(__file__).resolve().parents[3]
DATA_DIR = ENVIRONMENT.data_dir
FILES_DIR = DATA_DIR / "files"

DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key or kept_secret(DATA_DIR / "secret_key")
PUBLIC_URL = ENVIRONMENT.public_url
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts) or ["*"]

ROOMS = [
    "tenancy",
    "audit",
    "people",
    "messaging",
    "catalog",
    "ledger",
    "scheduling",
    "billing",
    "payments",
    "imports",
    "jobs",
    "ui",
    "web",
    "portal",
    "api",
    "ops",
]
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "csp",
    *(f"daybook.{room}" for room in ROOMS),
]

MIDDLEWARE = [
    "daybook.config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "daybook.config.middleware.ApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "daybook.config.cookies.CookiesMiddleware",
    "daybook.config.middleware.ScopeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "daybook.config.middleware.ActorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "daybook.config.urls"
WSGI_APPLICATION = "daybook.config.wsgi.application"

# Each room's `tasks` is found by itself; the verbs above the rooms have one too.
PROCRASTINATE_IMPORT_PATHS = ["daybook.workflows.tasks"]

AUTH_USER_MODEL = "people.User"
SESSION_ENGINE = "daybook.people.sessions"
SESSION_COOKIE_NAME = "daybook_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
PASSWORD_HASHERS = [
    "daybook.config.hashers.SmallArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

DATABASES = {"default": database_settings(ENVIRONMENT)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_loaders: list[Any] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": _loaders if DEBUG else [("daybook.ui.quick.Loader", _loaders)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "daybook.ui.context.shell",
            ],
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build" / "collected"
STATICFILES_DIRS = [path for path in (ROOT / "build" / "static",) if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_DIR}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "daybook.config.static.HashedStaticFiles"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Without a mail server, messages wait in the outbox (`smtp://`, `smtp+tls://` for STARTTLS, `smtps://`).
_mail = urlsplit(ENVIRONMENT.smtp_url or "")
MAIL_IS_SET_UP = bool(_mail.hostname)
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or {"smtps": 465, "smtp+tls": 587}.get(_mail.scheme, 25)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": _SELF,
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "form-action": _SELF,
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_COOKIE_NAME = "daybook_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "daybook.config.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.is_https
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.is_https else 0
if ENVIRONMENT.is_https and PUBLIC_URL:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

API_RATE = ENVIRONMENT.api_rate

DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "daybook.config.uploads.TidyUploadHandler",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "daybook.config.logs.OneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
    "loggers": {
        "django": {"level": ENVIRONMENT.log_level},
        "django.db.backends": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        # The worker says itself, once, that the database is away.
        "psycopg.pool": {"level": "ERROR"},
    },
}

SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]
