"""The chain of events, page by page, for the auditor: each event with whether it still holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from enforcement.ledger_events import GENESIS, Order, Stored, fault_of
from enforcement.policies import Action, Parties
from enforcement.services.ledger import Ledger, check_read
from enforcement.store.chain import events_between, head_of
from enforcement.store.engine import reading
from rules.model import Text

PAGE = 100


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One event, and what is wrong with it; `event` is None for a number that is missing."""

    seq: int
    event: Stored | None
    body: dict[str, Any] | None
    wrong: Text | None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some events, the newest first, and the head of the chain.

    `older` is the `before` of the next page, None on the last one. Each event was checked against
    the one before it; `seamless ledger verify` checks the whole chain.
    """

    lines: tuple[AuditLine, ...]
    head_seq: int
    head_hash: str
    older: int | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing on this page is wrong."""
        return all(line.wrong is None for line in self.lines)


def audit_page(
    ledger: Ledger, order: Order, *, before: int | None = None, limit: int = PAGE
) -> AuditPage:
    """The events up to, not including, the number `before`; without one, the newest.

    Raises NotAllowed, which is recorded.
    """
    check_read(ledger, order, Action.SEE_LEDGER, Parties())
    with reading(ledger.store) as session:
        head_seq, head_hash = head_of(session)
        last = head_seq if before is None else min(before - 1, head_seq)
        first = max(1, last - limit + 1)
        # One more at the older end: an event holds only if it follows the one before it.
        there = {one.seq: one for one in events_between(session, first - 1, last)}
    lines = []
    for seq in range(last, first - 1, -1):
        event = there.get(seq)
        if event is None:
            missing = Text(f"第 {seq} 条记录缺失", f"event {seq} is missing")
            lines.append(AuditLine(seq, None, None, missing))
            continue
        earlier = there.get(seq - 1)
        wrong = fault_of(event, _hash_before(seq, earlier))
        if wrong is None and seq == head_seq and event.hash != head_hash:
            wrong = Text(
                f"第 {seq} 条记录不是记下的链尾", f"event {seq} is not the head that was recorded"
            )
        lines.append(AuditLine(seq, event, event.body, wrong))
    return AuditPage(tuple(lines), head_seq, head_hash, first if first > 1 else None)


def _hash_before(seq: int, earlier: Stored | None) -> str | None:
    """What the event must follow; None when the one before is missing and cannot tell."""
    if seq == 1:
        return GENESIS
    return None if earlier is None else earlier.hash
