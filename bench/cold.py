"""From nothing to an answer: the command as a process, and a server to its first answer.

The tables of rules are on disk already, as after any first run. The peer is a bare Python that
imports what any program of this kind would: Flask, GeoPandas and Shapely.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

from bench.http import serving
from bench.measured import WALL, Measured

ROUNDS = 3
COMMAND = (
    *("resolve", "food.safety", "--at", "114.1172,22.6046", "--on", "2008-11-05", "--json"),
    *("--fact", "stage=catering", "--fact", "licence=unlicensed", "--fact", "premises=mobile"),
)
QUESTION = (
    b'{"matter": "food.safety", "on": "2008-11-05", "at": {"lon": 114.1172, "lat": 22.6046},'
    b' "facts": {"stage": "catering", "licence": "unlicensed", "premises": "mobile"}}'
)
IMPORTS = "import flask, geopandas, shapely"
PEER = f"python -c '{IMPORTS}'"


def measure(data: Path) -> list[Measured]:
    """Two lines, in milliseconds."""
    ours, bare, first = ([float("inf")] for _ in range(3))
    bare_wall: list[float] = []
    command = [sys.executable, "-c", "from web.cli import main; main()", *COMMAND]
    for _ in range(ROUNDS):
        ours.append(_cpu_of(command, data))
        began = time.perf_counter()
        bare.append(_cpu_of([sys.executable, "-c", IMPORTS], data))
        bare_wall.append(time.perf_counter() - began)
        first.append(_until_answered(data))
    return [
        Measured(
            name="cold: seamless resolve as a process",
            ours=min(ours) * 1e3,
            peer=min(bare) * 1e3,
            unit="ms",
            peer_name=PEER,
            by="CPU time of the process, best of turns",
        ),
        Measured(
            name="cold: a server until its first answer",
            ours=min(first) * 1e3,
            peer=min(bare_wall) * 1e3,
            unit="ms",
            peer_name=PEER,
            by=WALL,
        ),
    ]


def _cpu_of(command: list[str], data: Path) -> float:
    """The CPU seconds, own and of the system, of a process from its start to its end."""
    environment = os.environ | {"SEAMLESS_DATA": str(data), "DATABASE_URL": ""}
    before = os.times()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )


def _until_answered(data: Path) -> float:
    began = time.perf_counter()
    with serving(data, 100) as port:
        url = f"http://127.0.0.1:{port}/api/v1/resolve"
        request = Request(url, QUESTION, {"Content-Type": "application/json"})
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - http
            answer.read()
        return time.perf_counter() - began
