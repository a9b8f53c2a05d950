"""The settings of that later version."""

from daybook.config.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.support.later"]  # noqa: F405
