"""Collect the static files into a folder of its own: `collect_static.py FOLDER`."""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "daybook.config.settings"
os.environ["DAYBOOK_DEBUG"] = "0"

import django
from django.conf import settings
from django.core.management import call_command

settings.STATIC_ROOT = sys.argv[1]
django.setup()
call_command("collectstatic", interactive=False, verbosity=0)
