"""Serve the gallery on the port given: `python -m tests.ui.gallery_server 8199`."""

import os
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing: the browser's own log is what the tests read."""


def main(port: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.ui.gallery_settings"
    import django
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler

    django.setup()
    make_server("127.0.0.1", port, StaticFilesHandler(WSGIHandler()), Server, Quiet).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
