"""Where long uploads are kept while they come in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler


class TidyUploadHandler(TemporaryFileUploadHandler):
    """A temporary file that goes at once when it cannot be written whole.

    Django closes only those that came whole; a half one would stay on the full disk until the collector finds it.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with self._whole_or_gone():
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        with self._whole_or_gone():
            return super().file_complete(file_size)

    @contextmanager
    def _whole_or_gone(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            try:
                self.file.close()
            except OSError:
                pass  # what was still in memory did not fit either; the file is gone all the same
            raise
