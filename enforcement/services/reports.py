"""Officers say that an answer is wrong; stewards read what they say. Nothing is decided here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from enforcement.errors import BadReport
from enforcement.services.ledger import no_such
from enforcement.store.engine import Store, reading, writing
from enforcement.store.reports import (
    AnswerReportRow,
    ReportClosingRow,
    Reported,
    add_report,
    counted_reports,
    report_by_id,
    report_once,
    reports_before,
)
from rules.errors import Fault

LONGEST_TEXT = 2000
LONGEST_ADDRESS = 8000
AT_ONCE = 100


class Wrong(StrEnum):
    """What an officer may say is wrong."""

    UNIT = "unit"
    PLACE = "place"
    BASIS = "basis"
    WORDS = "words"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """One report as a steward reads it. `address` is the question, `resolution` the answer.

    `closing` says how it was dealt with; None while it is open.
    """

    number: int
    at: datetime
    kind: str
    text: str
    asker: str | None
    matter: str
    outcome: str
    unit: str | None
    address: str
    resolution: Mapping[str, Any]
    closing: ReportClosingRow | None = None


@dataclass(frozen=True, slots=True)
class ReportCounts:
    """How many reports are open and closed; `oldest` is when the first open one was sent."""

    open: int
    closed: int
    oldest: datetime | None


def report_wrong_answer(
    store: Store,
    *,
    once: str,
    kind: str,
    text: str,
    asker: str | None,
    address: str,
    resolution: Mapping[str, Any],
    at: datetime | None = None,
) -> int:
    """The number of the report, which is kept with the whole answer and when it was made (now).

    Sent again with the same `once`, it is the report that is there already. Raises BadReport with
    every fault, and StoreUnavailable.
    """
    faults = _faults(once=once, kind=kind, text=text, address=address)
    if faults:
        raise BadReport(faults)
    named = resolution["lead"] or resolution["interim"]
    with writing(store) as session:
        row = report_once(session, once) or add_report(
            session,
            AnswerReportRow(
                once=once,
                at=at or datetime.now(UTC),
                kind=kind,
                text=text.strip(),
                asker=asker,
                matter=resolution["matter"],
                outcome=resolution["outcome"],
                unit=named and named["unit"],
                address=address,
                resolution=json.dumps(resolution, ensure_ascii=False),
            ),
        )
        return _number(row)


def wrong_answers(
    store: Store, *, closed: bool | None = None, before: int | None = None, limit: int = AT_ONCE
) -> tuple[AnswerReport, ...]:
    """What was reported, the newest first; for the next page give the last number as `before`.

    `closed` takes the closed reports alone, or the open ones alone.
    """
    with reading(store) as session:
        found = reports_before(session, closed=closed, before=before, limit=limit)
        return tuple(_read(one) for one in found)


def wrong_answer(store: Store, number: int) -> AnswerReport:
    """One report. Raises NoSuchRecord."""
    with reading(store) as session:
        found = report_by_id(session, number)
    if found is None:
        raise no_such("report", number, "错误报告", "report")
    return _read(found)


def count_reports(store: Store) -> ReportCounts:
    """How many reports are open and closed, and since when the oldest waits."""
    with reading(store) as session:
        return ReportCounts(*counted_reports(session))


def _read(reported: Reported) -> AnswerReport:
    row, closing = reported
    return AnswerReport(
        number=_number(row),
        at=row.at,
        kind=row.kind,
        text=row.text,
        asker=row.asker,
        matter=row.matter,
        outcome=row.outcome,
        unit=row.unit,
        address=row.address,
        resolution=json.loads(row.resolution),
        closing=closing,
    )


def _number(row: AnswerReportRow) -> int:
    if row.id is None:
        raise AssertionError("a report has a number once it was written")
    return row.id


def _faults(*, once: str, kind: str, text: str, address: str) -> list[Fault]:
    faults = []
    if not 16 <= len(once) <= 64:
        faults.append(
            Fault("once", "缺少防重复标记；请重新打开页面", "the page's mark is missing; reload it")
        )
    if kind not in list(Wrong):
        listed = ", ".join(Wrong)
        faults.append(
            Fault("kind", "请选择哪里不对", f"choose what is wrong; possible are: {listed}")
        )
    if len(text) > LONGEST_TEXT:
        faults.append(
            Fault(
                "text",
                f"说明有 {len(text)} 个字，最多 {LONGEST_TEXT} 个；请缩短",
                f"the text has {len(text)} characters, at most {LONGEST_TEXT}; make it shorter",
            )
        )
    if len(address) > LONGEST_ADDRESS:
        faults.append(Fault("address", "问题太长，无法保存", "the question is too long to keep"))
    return faults
