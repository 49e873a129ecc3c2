"""Everything that the clock does, in one call: what is due is escalated, passed on and erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from enforcement.services.ledger import Ledger
from enforcement.services.residents import erase_past
from enforcement.services.sweeping import sweep
from enforcement.services.visits import escalate_silent


@dataclass(frozen=True, slots=True)
class Did:
    """How much the clock did."""

    escalated: int
    deemed: int
    passed_on: int
    erased: int


def do_what_is_due(ledger: Ledger, now: datetime) -> Did:
    """Let the clock act at `now`, an aware moment. Two that do so at once do nothing twice."""
    # Retention first: it must not wait for anything that could fail.
    erased = erase_past(ledger, now)
    silent = escalate_silent(ledger, now)
    swept = sweep(ledger, now)
    return Did(swept.escalated + silent, swept.deemed, swept.passed_on, erased)
