"""A steward closes a report of a wrong answer, once it was dealt with.

The report stays as it was sent. Closing adds how it was dealt with, and an event. It is never
opened again: who is not content sends another report.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from enforcement.ledger_errors import BadAct, NotNow
from enforcement.ledger_events import Order
from enforcement.policies import Action, Parties, check_may
from enforcement.services.ledger import Done, Ledger, act, entry_for, no_such
from enforcement.store.chain import Transaction
from enforcement.store.people import account_by_id
from enforcement.store.reports import ReportClosingRow, add_closing, report_by_id
from rules.errors import Fault
from rules.model import Text

LONGEST_NOTE = 2000
LONGEST_CHANGED = 200
ELSEWHERE: Final = "elsewhere"
"""Given for the unit when a report is passed on to somebody whom the district does not list."""


class ClosedAs(StrEnum):
    """How a steward deals with a report."""

    MENDED = "mended"
    RIGHT = "right"
    PASSED_ON = "passed_on"


CLOSED_AS_NAMES: Final[Mapping[ClosedAs, Text]] = {
    ClosedAs.MENDED: Text("已改正", "mended"),
    ClosedAs.RIGHT: Text("答案没错", "the answer was right"),
    ClosedAs.PASSED_ON: Text("已转交", "passed on"),
}


def close_report(
    ledger: Ledger,
    order: Order,
    number: int,
    *,
    closed_as: str,
    note: str,
    changed: str = "",
    unit: str = "",
) -> Done:
    """Close a report for good: how it was dealt with, and why in a note.

    A mended one may name the rule, case or layer that was `changed`; one that is passed on names
    the `unit` whose it is, or ELSEWHERE. Raises NotAllowed, recorded, NoSuchRecord, NotNow for one
    that is closed, with who closed it, and BadAct with every fault.
    """
    note, changed = note.strip(), changed.strip()

    def doing(session: Transaction) -> tuple[int, Mapping[str, Any]]:
        check_may(order.actor, Action.CLOSE_REPORT, Parties())
        found = report_by_id(session, number)
        if found is None:
            raise no_such("report", number, "错误报告", "report")
        if found[1] is not None:
            raise _closed_before(session, ledger, found[1])
        faults = _closing_faults(closed_as, note=note, changed=changed, unit=unit)
        if not faults and unit not in {"", ELSEWHERE}:
            known = ledger.registry.units.get(unit)
            if known is None or not known.period.covers(ledger.day(order)):
                faults.append(
                    Fault("unit", f"今天没有单位 {unit}", f"there is no unit {unit} today")
                )
        if faults:
            raise BadAct(faults)
        row = ReportClosingRow(
            report_id=number,
            closed_as=closed_as,
            note=note,
            changed=changed or None,
            unit=None if unit in {"", ELSEWHERE} else unit,
            by=order.actor.id,
            at=order.at,
        )
        told = {"closed_as": closed_as, "note": note, "changed": row.changed, "to": row.unit}
        entry = entry_for(order, Action.CLOSE_REPORT, report=number, **told)
        return add_closing(session, entry, row), {"report": number}

    request = {"closed_as": closed_as, "note": note, "changed": changed, "unit": unit}
    return act(ledger, order, Action.CLOSE_REPORT, {"report": number, **request}, doing)


def _closed_before(session: Transaction, ledger: Ledger, closing: ReportClosingRow) -> NotNow:
    account = account_by_id(session, closing.by)
    zh, _, en = (closing.by if account is None else account.name).partition(" / ")
    at = closing.at.astimezone(ledger.settled.zone).strftime("%Y-%m-%d %H:%M")
    how = CLOSED_AS_NAMES[ClosedAs(closing.closed_as)]
    return NotNow(
        field="report",
        zh=f"第 {closing.report_id} 条已由{zh}于 {at} 处理：{how.zh}。"
        "处理过的不能再改；仍有不对，请再报一次",
        en=f"No. {closing.report_id} was closed by {en or zh} at {at}: {how.en}. "
        "What is closed stays so; if something is still wrong, report it again",
    )


def _closing_faults(closed_as: str, *, note: str, changed: str, unit: str) -> list[Fault]:
    faults = []
    if closed_as not in list(ClosedAs):
        listed = ", ".join(ClosedAs)
        faults.append(
            Fault(
                "closed_as",
                "请选择怎样处理的",
                f"say how it was dealt with; possible are: {listed}",
            )
        )
    if not note:
        faults.append(Fault("note", "请写明处理说明", "say in a note what was done, or why not"))
    for field, text, most, zh, en in (
        ("note", note, LONGEST_NOTE, "处理说明", "the note"),
        ("changed", changed, LONGEST_CHANGED, "改动之处", "what was changed"),
    ):
        if len(text) > most:
            faults.append(
                Fault(
                    field,
                    f"{zh}有 {len(text)} 个字，最多 {most} 个；请缩短",
                    f"{en} has {len(text)} characters, at most {most}; make it shorter",
                )
            )
    if changed and closed_as != ClosedAs.MENDED:
        faults.append(
            Fault(
                "changed", "只有已改正的才写改了什么", "only what is mended says what was changed"
            )
        )
    if unit and closed_as != ClosedAs.PASSED_ON:
        faults.append(
            Fault("unit", "只有转交的才写转交给谁", "only what is passed on says to whom")
        )
    if not unit and closed_as == ClosedAs.PASSED_ON:
        faults.append(Fault("unit", "请选择转交给谁", "choose whose it is"))
    return faults
