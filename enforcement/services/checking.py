"""Whether the ledger is whole: the chain of events, and whether the cases agree with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from enforcement.ledger_events import Break, Stored, first_break
from enforcement.services.ledger import Ledger
from enforcement.store.chain import Transaction, all_events, head_of
from enforcement.store.checks import Disagreement, broken_holdings, cases_after
from enforcement.store.engine import Store, reading

AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the ledger found; `is_whole` when nothing is wrong.

    `head` is the hash of the last event: kept elsewhere, it shows later that even a chain which
    somebody wrote anew from the beginning is another one.
    """

    events: int
    head: str
    wrong: Break | None
    disagreements: tuple[Disagreement, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every event and every case is as it was written."""
        return self.wrong is None and not self.disagreements


def check_ledger(ledger: Ledger) -> Checked:
    """Read every event and every case, at one moment."""
    return check_store(ledger.store)


def check_store(store: Store) -> Checked:
    """The same for a store whose district need not be known."""
    last: dict[int, tuple[int, str, str, int]] = {}

    def noted(events: Iterator[Stored]) -> Iterator[Stored]:
        for event in events:
            if event.case_id is not None and '"after":' in event.payload:
                after = _after(event)
                if after is not None:
                    last[event.case_id] = after
            yield event

    with reading(store) as session:
        seq, digest = head_of(session)
        wrong = first_break(noted(all_events(session)), head=(seq, digest))
        found = () if wrong is not None else tuple(_disagreements(session, last))
    return Checked(seq, digest, wrong, found)


def _after(event: Stored) -> tuple[int, str, str, int] | None:
    body = json.loads(event.payload)["body"]
    after = body.get("after") if isinstance(body, dict) else None
    if not isinstance(after, dict):
        return None
    return event.seq, after["state"], after["holder"], after["round"]


def _disagreements(
    session: Transaction, last: dict[int, tuple[int, str, str, int]]
) -> Iterator[Disagreement]:
    """Cases that are not what their last event left, and holdings that do not join up."""
    known = set(last)
    after = 0
    while True:
        some = cases_after(session, after, limit=AT_ONCE)
        if not some:
            break
        for case_id, *now in some:
            known.discard(case_id)
            if last.get(case_id) != tuple(now):
                yield Disagreement(case_id, "events", f"{last.get(case_id)} != {tuple(now)}")
        after = some[-1][0]
    for case_id in sorted(known):
        yield Disagreement(case_id, "missing", "the case is gone")
    yield from broken_holdings(session)
