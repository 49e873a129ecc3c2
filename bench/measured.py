"""What a measurement gives: a name, our number, the peer's, and how the two compare."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the report. `ratio` is ours to the peer's; `target` says what is promised."""

    name: str
    ours: float
    peer: float
    unit: str
    peer_name: str
    target: str = ""
    holds: bool | None = None

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
        }


def side_by_side(
    ours: Callable[[], object], peer: Callable[[], object], *, rounds: int = 15
) -> tuple[float, float]:
    """The best seconds of each over rounds in which they take turns, so that both suffer alike."""
    best_ours = best_peer = float("inf")
    for _ in range(rounds):
        best_ours = min(best_ours, _seconds(ours))
        best_peer = min(best_peer, _seconds(peer))
    return best_ours, best_peer


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began
