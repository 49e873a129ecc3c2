"""Answers over HTTP beside a constant JSON of equal size from the same server, 16 clients."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.measured import WALL, Measured
from bench.single import ACCURACY_M, CASES, points_in
from enforcement.district import District
from enforcement.resolution import AtPoint, Question, resolve

CLIENTS = 16
SECONDS = 4.0
ROUNDS = 3
TARGET = 0.4


def measure(district: District, data: Path) -> list[Measured]:
    """One line: answers a second."""
    matter, on, facts = CASES[0]
    (point,) = points_in(district.atlas.on(on), 1)
    question = Question(matter, on, on, AtPoint(point, ACCURACY_M), facts, None)
    size = len(
        json.dumps(
            resolve(question, district).as_dict(), ensure_ascii=False, separators=(",", ":")
        ).encode()
    )
    body = json.dumps(
        {
            "matter": matter,
            "on": on.isoformat(),
            "facts": facts,
            "at": {"lon": point.lon, "lat": point.lat},
        }
    ).encode()
    ask = (
        b"POST /api/v1/resolve HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    )
    constant = b"GET /constant HTTP/1.1\r\nHost: bench\r\n\r\n"
    ours, peer = 0.0, 0.0
    with serving(data, size) as port:
        _load(port, ask, seconds=1.0)
        for _ in range(ROUNDS):
            answers, constants = _load(port, ask), _load(port, constant)
            if answers["sizes"] != constants["sizes"]:
                raise ValueError(f"not of equal size: {answers['sizes']}, {constants['sizes']}")
            ours, peer = max(ours, answers["rate"]), max(peer, constants["rate"])
    return [
        Measured(
            name=f"POST /api/v1/resolve, {size} bytes, {CLIENTS} clients",
            ours=ours,
            peer=peer,
            unit="answers/s",
            peer_name="constant JSON, same server",
            target=f">= {TARGET}",
            holds=ours >= TARGET * peer,
            by=WALL,
        )
    ]


@contextmanager
def serving(data: Path, size: int) -> Iterator[int]:
    """The port of the measured server, which is stopped at the end."""
    command = [sys.executable, "-m", "bench.server", str(data), str(size)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            yield int(line)
        finally:
            server.terminate()


def _load(port: int, request: bytes, seconds: float = SECONDS) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.load", str(port), str(seconds), str(CLIENTS)]
    done = subprocess.run(command, input=request, capture_output=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told
