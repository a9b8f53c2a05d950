"""A mail server that keeps what it gets, for counting it."""

from __future__ import annotations

import re
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Mailbox:
    """Every mail that was handed over whole."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.url = ""

    def subjects(self) -> Counter[str]:
        return Counter(match[1].strip() for mail in self.mails if (match := re.search(r"^Subject: (.*)$", mail, re.M)))


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    kept = Mailbox()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline():
                word = line[:4].upper().strip()
                if word == b"DATA":
                    self.say("354 go on")
                    kept.mails.append(self.contents())
                    self.say("250 kept")
                elif word == b"QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 here" if word in (b"EHLO", b"HELO") else "250 ok")

        def contents(self) -> str:
            lines = []
            while (line := self.rfile.readline()).rstrip(b"\r\n") != b".":
                lines.append(line.decode(errors="replace"))
            return "".join(lines)

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Session) as server:
        kept.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield kept
        finally:
            server.shutdown()
