"""Photos and papers of a case: kept by their content, shown to who has to do with the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from enforcement.cases import check_can
from enforcement.ledger_events import Order
from enforcement.photos import looked_at
from enforcement.policies import Action
from enforcement.services.ledger import Done, Ledger, OnCase, act_on, check_may_see, no_such
from enforcement.store.cases import Change, record
from enforcement.store.content import keep, read
from enforcement.store.engine import reading
from enforcement.store.evidence import EvidenceRow, evidence_of

LONGEST_NAME = 200


def add_evidence(
    ledger: Ledger, order: Order, case_id: int, *, name: str, content: bytes, note: str = ""
) -> Done:
    """Keep a file with the case. Raises EvidenceRefused for a type or size that is not taken."""
    seen = looked_at(content, most_bytes=ledger.settled.photo_bytes)

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can(on.case, order.actor, Action.ADD_EVIDENCE, on.parties)
        # The file is there before the row that names it: a kill in between leaves a file that
        # nobody names, and never a row without a file.
        keep(ledger.files, content)
        row = EvidenceRow(
            case_id=on.case_id,
            n=len(evidence_of(on.session, on.case_id)) + 1,
            sha256=seen.sha256,
            name=name.strip()[-LONGEST_NAME:] or seen.sha256[:12],
            mime=seen.mime,
            size=seen.size,
            taken_at=seen.taken_at,
            lon=None if seen.point is None else seen.point.lon,
            lat=None if seen.point is None else seen.point.lat,
            note=note.strip(),
            by=order.actor.id,
            unit=order.actor.unit,
            at=order.at,
        )
        entry = on.entry(n=row.n, sha256=seen.sha256, mime=seen.mime, size=seen.size)
        return record(on.session, entry, on.case, Change(rows=(row,))), {"evidence": row.n}

    request = {"sha256": seen.sha256, "name": name, "note": note}
    return act_on(ledger, order, Action.ADD_EVIDENCE, case_id, doing, request=request)


def read_evidence(ledger: Ledger, order: Order, case_id: int, n: int) -> tuple[EvidenceRow, bytes]:
    """A file of a case. Raises NotAllowed (recorded), NoSuchRecord, LedgerBroken when edited."""
    check_may_see(ledger, order, case_id)
    with reading(ledger.store) as session:
        row = next((one for one in evidence_of(session, case_id) if one.n == n), None)
    if row is None:
        raise no_such("evidence", n, "证据", "evidence")
    return row, read(ledger.files, row.sha256)
