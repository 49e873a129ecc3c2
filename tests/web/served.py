"""`seamless serve` in a process of its own, for tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Served:
    """A running server: its process and where it listens."""

    process: subprocess.Popen[str]
    port: int
    stopped: bool = False

    def stop(self) -> None:
        """Ask it to end, once: a second signal would meet an interpreter that is leaving."""
        if not self.stopped:
            self.stopped = True
            self.process.send_signal(signal.SIGTERM)

    def memory_mb(self) -> float:
        """The memory that it really holds."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def serving(data: Path, *options: str) -> Iterator[Served]:
    """`seamless serve` on a free port, stopped at the end as the system would stop it."""
    command = [sys.executable, "-c", "from web.cli import main; main()", "serve", "--port", "0"]
    environment = os.environ | {"SEAMLESS_DATA": str(data), "PYTHONPATH": str(ROOT)}
    environment |= {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "default"}
    with subprocess.Popen(
        [*command, *options],
        env=environment,
        cwd=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert "http://127.0.0.1:" in first, process.stderr and process.stderr.read()
        running = Served(process, int(first.rstrip().rstrip("/").rsplit(":", 1)[1]))
        try:
            yield running
        finally:
            running.stop()
            assert process.wait(timeout=20) == 0, process.stderr and process.stderr.read()
