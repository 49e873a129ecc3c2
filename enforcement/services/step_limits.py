"""How near its end the limit of a step is; a step that is recorded, or the case's end, ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from enforcement.case_clock import Light, light
from enforcement.services.ledger import Ledger
from enforcement.store.case_parts import StepClockRow


@dataclass(frozen=True, slots=True)
class StepLimit:
    """A limit that a step started, and how near its end is."""

    clock: StepClockRow
    light: Light


def step_limit(ledger: Ledger, now: datetime, clock: StepClockRow) -> StepLimit:
    """The limit as it stands at a moment."""
    return StepLimit(clock, light(now, clock.started_at, clock.due_at, ledger.settled))
