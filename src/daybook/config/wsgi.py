"""What each worker of the web server loads."""

import os
import signal

from django.core.wsgi import get_wsgi_application

from daybook.config.process import end_with_parent, settle_memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybook.config.settings")
if os.environ.get("DAYBOOK_SERVES") == "1":
    end_with_parent(signal.SIGKILL)
application = get_wsgi_application()

if os.environ.get("DAYBOOK_SERVES") == "1":
    settle_memory()
