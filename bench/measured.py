"""What a measurement gives: a name, our number, the peer's, and how the two compare."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass

CPU = "CPU time, best of turns"
WALL = "wall clock, best of turns"


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the report. `ratio` is ours to the peer's; `target` says what is promised.

    `by` says which clock: CPU time where one process does all the work, because other programs of
    the machine do not count in it.
    """

    name: str
    ours: float
    peer: float
    unit: str
    peer_name: str
    target: str = ""
    holds: bool | None = None
    by: str = CPU

    @property
    def ratio(self) -> float:
        """Ours divided by the peer's."""
        return self.ours / self.peer

    def as_dict(self) -> dict[str, object]:
        """The line as JSON carries it."""
        return {
            "name": self.name,
            "ours": round(self.ours, 4),
            "peer": round(self.peer, 4),
            "unit": self.unit,
            "peer_name": self.peer_name,
            "ratio": round(self.ratio, 3),
            "target": self.target,
            "holds": self.holds,
            "by": self.by,
        }


def side_by_side(
    ours: Callable[[], object], peer: Callable[[], object], *, rounds: int = 15
) -> tuple[float, float]:
    """The least CPU seconds of each over rounds in which they take turns."""
    mine, theirs = in_turns([ours, peer], rounds=rounds)
    return mine, theirs


def in_turns(runs: list[Callable[[], object]], *, rounds: int) -> list[float]:
    """The least CPU seconds of each over rounds in which they take turns, so all suffer alike."""
    best = [float("inf")] * len(runs)
    for _ in range(rounds):
        for at, run in enumerate(runs):
            best[at] = min(best[at], cpu_seconds(run))
    return best


def cpu_seconds(run: Callable[[], object]) -> float:
    """The CPU seconds of this process that one run takes, garbage of others not counted."""
    gc.collect()
    began = time.process_time()
    run()
    return time.process_time() - began
