"""Residents who raised a case: kept apart, seen by the holder alone, erased when their time ends.

Nothing of a resident but the role ever enters an event, a document or another unit's screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from enforcement.cases import check_can
from enforcement.ledger_errors import BadAct
from enforcement.ledger_events import Order
from enforcement.policies import CLOCK, Action, check_may
from enforcement.services.ledger import (
    Done,
    Ledger,
    OnCase,
    act_on,
    check_read,
    found_case,
    no_such,
    parties_in,
)
from enforcement.store.cases import Change, record
from enforcement.store.engine import reading
from enforcement.store.evidence import ResidentRow, residents_of, residents_past
from rules.errors import Fault
from rules.model import Text

ROLES: Final[Mapping[str, Text]] = {
    "complainant": Text("诉求人", "complainant"),
    "party": Text("当事人", "party"),
    "witness": Text("见证人", "witness"),
    "proxy": Text("代理人", "proxy"),
}


@dataclass(frozen=True, slots=True)
class Resident:
    """A person, as the holder sees one."""

    role: str
    name: str
    contact: str
    note: str = ""


def add_resident(ledger: Ledger, order: Order, case_id: int, resident: Resident) -> Done:
    """Keep who raised the case, until the day that the district's retention sets."""

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can(on.case, order.actor, Action.ADD_RESIDENT, on.parties)
        if resident.role not in ROLES:
            listed = ", ".join(ROLES)
            raise BadAct([Fault("role", f"可选：{listed}", f"one of: {listed}")])
        if not resident.name.strip():
            raise BadAct([Fault("name", "请写明姓名", "say the name")])
        row = ResidentRow(
            case_id=on.case_id,
            n=len(residents_of(on.session, on.case_id)) + 1,
            role=resident.role,
            name=resident.name.strip()[:100],
            contact=resident.contact.strip()[:200],
            note=resident.note.strip(),
            retain_until=on.day + timedelta(days=on.terms.retention_days),
        )
        entry = on.entry(resident=row.n, role=row.role, until=row.retain_until.isoformat())
        return record(on.session, entry, on.case, Change(rows=(row,))), {"resident": row.n}

    # The key's digest keeps no name either: a digest of a name can be guessed.
    request = {"role": resident.role}
    return act_on(ledger, order, Action.ADD_RESIDENT, case_id, doing, request=request)


def see_residents(ledger: Ledger, order: Order, case_id: int) -> tuple[ResidentRow, ...]:
    """Names and contacts, for the holder. Raises NotAllowed, which is recorded."""
    return _read(ledger, order, case_id, Action.SEE_RESIDENT)


def export_resident(ledger: Ledger, order: Order, case_id: int, n: int) -> Mapping[str, Any]:
    """Everything that is kept of a resident, as JSON; that it was exported is an event.

    Raises NotAllowed (recorded) and NoSuchRecord.
    """
    found: dict[str, Any] = {}

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_may(order.actor, Action.EXPORT_RESIDENT, on.parties)
        row = _resident(on, n)
        found.update(
            case=on.case.number,
            role=row.role,
            name=row.name,
            contact=row.contact,
            note=row.note,
            retain_until=row.retain_until.isoformat(),
        )
        return record(on.session, on.entry(resident=n), on.case, Change()), {"resident": n}

    done = act_on(ledger, order, Action.EXPORT_RESIDENT, case_id, doing, request={"resident": n})
    if done.again:
        raise no_such("key", order.key, "可重复的导出", "export that can be repeated")
    return found


def erase_resident(ledger: Ledger, order: Order, case_id: int, n: int) -> Done:
    """Take the name, contact and note away for good; the role stays."""

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_may(order.actor, Action.ERASE_RESIDENT, on.parties)
        return _erase(on, _resident(on, n))

    return act_on(ledger, order, Action.ERASE_RESIDENT, case_id, doing, request={"resident": n})


def erase_past(ledger: Ledger, now: datetime, *, limit: int = 500) -> int:
    """Erase the residents whose retention has ended; gives how many."""
    day: date = now.astimezone(ledger.settled.zone).date()
    with reading(ledger.store) as session:
        due = [(row.case_id, row.n) for row in residents_past(session, day, limit=limit)]
    return sum(_erased(ledger, now, *one) for one in due)


def _erased(ledger: Ledger, now: datetime, case_id: int, n: int) -> int:
    order = Order(CLOCK, now, f"clock:erase:{case_id}:{n}")

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_may(order.actor, Action.ERASE_RESIDENT, on.parties)
        row = _there(on, n)
        # A person may have erased it since the list was read.
        return (0, {"nothing": True}) if row is None else _erase(on, row)

    request = {"resident": n}
    done = act_on(ledger, order, Action.ERASE_RESIDENT, case_id, doing, request=request)
    return 0 if done.again or done.result.get("nothing") else 1


def _erase(on: OnCase, row: ResidentRow) -> tuple[int, Mapping[str, Any]]:
    row.name = row.contact = row.note = None
    row.erased_at = on.order.at
    seq = record(on.session, on.entry(resident=row.n), on.case, Change(rows=(row,)))
    return seq, {"resident": row.n}


def _read(ledger: Ledger, order: Order, case_id: int, action: Action) -> tuple[ResidentRow, ...]:
    with reading(ledger.store) as session:
        parties = parties_in(session, found_case(session, case_id))
    check_read(ledger, order, action, parties, case=case_id)
    with reading(ledger.store) as session:
        return residents_of(session, case_id)


def _resident(on: OnCase, n: int) -> ResidentRow:
    row = _there(on, n)
    if row is None:
        raise no_such("resident", n, "诉求人", "resident")
    return row


def _there(on: OnCase, n: int) -> ResidentRow | None:
    """The resident, or None when there is none or it was erased."""
    found = (one for one in residents_of(on.session, on.case_id) if one.n == n)
    return next((one for one in found if one.erased_at is None), None)
