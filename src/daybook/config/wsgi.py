"""What each worker of the web server loads."""

import gc
import os
import signal

from django.core.wsgi import get_wsgi_application

from daybook.config.process import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybook.config.settings")
if os.environ.get("DAYBOOK_SERVES") == "1":
    end_with_parent(signal.SIGKILL)
application = get_wsgi_application()

if os.environ.get("DAYBOOK_SERVES") == "1":
    # What is loaded now stays: the collector need not look at it again in the middle of a page.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
