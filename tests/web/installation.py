"""An installation on which servers are started, killed and started anew, and a form to send it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.web.served import ROOT


def question(n: int) -> str:
    """The form of a new case, each some 100 m from the one before."""
    where = f"{114.1100 + n % 40 * 0.001:.4f},{22.6000 + n // 40 % 40 * 0.001:.4f}"
    asked = {"matter": "food.safety", "at": where, "accuracy": "10", "by": "hand"}
    facts = {"stage": "catering", "premises": "fixed", "licence": "unlicensed"}
    return "/cases/new?" + urlencode(asked | {f"fact.{name}": one for name, one in facts.items()})


@dataclass
class Installation:
    """A folder and a database that servers are started on, one after the other."""

    data: Path
    url: str
    warm: subprocess.Popen[str] | None = None
    pid: int | None = None

    def start(self) -> int:
        """Start a server; gives its port."""
        if self.warm is None:
            self.warm = self._warmed()
        assert self.warm.stdin is not None
        self.warm.stdin.write("start\n")
        self.warm.stdin.flush()
        port = 0
        while self.pid is None or port == 0:
            said = self._said()
            if said.startswith("pid "):
                self.pid = int(said.split()[1])
            if "http://127.0.0.1:" in said:
                port = int(said.rstrip("/").rsplit(":", 1)[1])
        return port

    def kill(self) -> None:
        """Kill the server as a power cut would."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)
            self.pid = None
            while (said := self._said()) != f"ended {-signal.SIGKILL}":
                assert "Stopped" not in said

    def end(self) -> None:
        """Kill what still runs."""
        self.kill()
        if self.warm is not None:
            self.warm.communicate(timeout=60)

    def _warmed(self) -> subprocess.Popen[str]:
        environ = os.environ | {
            "SEAMLESS_DATA": str(self.data),
            "DATABASE_URL": self.url,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }
        warm = subprocess.Popen(
            [sys.executable, "-m", "tests.web.warm_server"],
            env=environ,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert warm.stdout is not None
        assert warm.stdout.readline() == "ready\n"
        return warm

    def _said(self) -> str:
        assert self.warm is not None
        assert self.warm.stdout is not None
        said = self.warm.stdout.readline()
        assert said, "the servers' parent is gone"
        assert said != "ended 1\n", "the server did not start"
        return said.rstrip()
