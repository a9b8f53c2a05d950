import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.live import free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running gallery."""
    port = free_port()
    environment = os.environ | {
        "DAYBOOK_DEBUG": "1",
        "DAYBOOK_DATA_DIR": str(tmp_path_factory.mktemp("gallery")),
        "PYTHONWARNINGS": "ignore",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    process = subprocess.Popen([sys.executable, "-m", "tests.ui.gallery_server", str(port)], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}/gallery/"
    try:
        wait_for(port, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert process.poll() is None, "the gallery ended"
            assert time.monotonic() < until, "the gallery does not answer"
            time.sleep(0.05)
