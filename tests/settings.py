"""The settings of the tests: the real ones, on a database of their own, with what is slow on purpose made fast."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEST_DIR = Path(os.environ.get("DAYBOOK_TEST_DIR") or ROOT / ".test").absolute()

for name in [name for name in os.environ if name.startswith("DAYBOOK_") or name == "DATABASE_URL"]:
    del os.environ[name]
os.environ["DAYBOOK_DATA_DIR"] = str(TEST_DIR)
os.environ["DAYBOOK_LOG_LEVEL"] = "WARNING"
# Playwright keeps an event loop in the thread that the tests use the database from.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from daybook.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
