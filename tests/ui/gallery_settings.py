"""The product's settings with the gallery alone: no database, no login, the same policy for scripts and styles."""

from daybook.config.settings import *  # noqa: F403

DEBUG = True
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "daybook.ui.urls"
