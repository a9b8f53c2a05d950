"""Telling the next batch while the last one is being written: one core invents, the other stores."""

from collections.abc import Iterable, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import Any, TypeVar

from django.db import connections

Item = TypeVar("Item")
_WAIT_SECONDS = 0.5


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """The same items in the same order, made by a thread that is at most two ahead. Its errors are raised here."""
    queue: Queue[tuple[str, Any]] = Queue(maxsize=1)
    gone = Event()

    def put(what: str, value: Any) -> bool:
        while not gone.is_set():
            try:
                queue.put((what, value), timeout=_WAIT_SECONDS)
            except Full:
                continue
            return True
        return False

    def tell() -> None:
        try:
            for item in items:
                if not put("item", item):
                    return
            put("end", None)
        except BaseException as error:  # handed over, and raised by the reader
            put("error", error)
        finally:
            connections.close_all()  # this thread's own

    Thread(target=tell, name="demo-story", daemon=True).start()
    try:
        while True:
            what, value = queue.get()
            if what == "error":
                raise value
            if what == "end":
                return
            yield value
    finally:
        gone.set()
