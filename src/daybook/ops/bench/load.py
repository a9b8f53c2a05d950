"""Calling the API from outside: one open connection a caller, nothing but the standard library.

Run as a process: reads a file of requests, prints what came back.
"""

import http.client
import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def main() -> None:
    order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    bodies: list[bytes] = [json.dumps(body).encode() for body in order["bodies"]]
    turns = _turns(len(bodies))
    answers: list[tuple[int, float, str] | None] = [None] * len(bodies)
    lock = threading.Lock()

    def call() -> None:
        line = http.client.HTTPConnection(order["host"], order["port"], timeout=60)
        line.connect()
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            with lock:
                turn = next(turns, None)
            if turn is None:
                line.close()
                return
            started = time.perf_counter()
            status, body = _post(line, order, bodies[turn], turn)
            answers[turn] = (status, (time.perf_counter() - started) * 1000, body)

    callers = [threading.Thread(target=call) for _ in range(order["callers"])]
    started = time.perf_counter()
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    print(json.dumps({"seconds": time.perf_counter() - started, "answers": answers}))


def _turns(count: int) -> Iterator[int]:
    yield from range(count)


def _post(line: http.client.HTTPConnection, order: dict[str, Any], body: bytes, turn: int) -> tuple[int, str]:
    """The status, and the new session's id or what was said instead."""
    headers = {
        "Authorization": f"Bearer {order['token']}",
        "Idempotency-Key": f"{order['key']}-{turn}",
        "Content-Type": "application/json",
    }
    line.request("POST", order["path"], body, headers)
    answer = line.getresponse()
    text = answer.read().decode()
    return answer.status, json.loads(text)["id"] if answer.status == 201 else text


if __name__ == "__main__":
    main()
