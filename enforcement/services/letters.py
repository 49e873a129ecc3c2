"""Issuing letters: set as PDF, kept by their content, and checked by the code that they carry."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final

from enforcement.case_states import State
from enforcement.ledger_errors import NotNow
from enforcement.ledger_events import Order
from enforcement.letters import Letter, set_letter
from enforcement.policies import Action, check_may
from enforcement.services.assisting import DUTIES
from enforcement.services.ledger import Done, Ledger, OnCase, act, act_on, entry_for, no_such
from enforcement.services.visits import visit_parties
from enforcement.store.case_parts import handovers_of
from enforcement.store.cases import Change, record, resolution_of
from enforcement.store.chain import Transaction, append
from enforcement.store.content import keep, read
from enforcement.store.engine import reading
from enforcement.store.evidence import DocumentRow, document_by_code
from enforcement.store.joint import stops_of, units_of_visit

HAND_OVER_TEXT: Final = (
    "上述案件经认定应由贵单位办理，现依法移送，请在答复期限内接收。"
    "如不接收，请书面说明理由并更正要素，或指明应由哪个单位办理及其依据；"
    "接收之前由我单位继续负责，办理期限不重新计算。"
)

CheckUrl = Callable[[str], str]
"""A letter's code → the address of the page that checks it; the web knows its own address."""


def issue_hand_over_letter(
    ledger: Ledger, order: Order, case_id: int, *, check_url: CheckUrl
) -> Done:
    """The 移送函 of the newest offer; the result has its `code`. Raises NotNow without an offer."""

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_may(order.actor, Action.HAND_OVER, on.parties)
        offers = handovers_of(on.session, on.case_id)
        if not offers or on.case.state == State.MERGED.value:
            raise NotNow(field="case", zh="案件没有移交记录", en="the case was not handed over")
        offer = offers[-1]
        answer = resolution_of(on.session, on.case)
        cites = "；".join(one["cite"] for one in answer.get("basis", ()) if one.get("cite"))
        letter = Letter(
            title="案件移送函",
            number=f"案件编号 {on.case.number}",
            to=_name(ledger, order, offer.to_unit),
            rows=(
                ("事项", on.case.matter_zh),
                ("情况", on.case.description),
                ("移送理由", offer.reason),
                ("依据", offer.basis or cites or "见认定"),
                ("答复期限", offer.due_at.astimezone(on.terms.zone).strftime("%Y-%m-%d %H:%M")),
            ),
            paragraphs=(HAND_OVER_TEXT,),
            from_unit=_name(ledger, order, offer.from_unit),
            at=order.at.astimezone(on.terms.zone),
        )
        row = _kept(ledger, order, letter, kind="hand_over", check_url=check_url)
        row.case_id = on.case_id
        entry = on.entry(letter=row.code, sha256=row.sha256)
        return record(on.session, entry, on.case, Change(rows=(row,))), {"code": row.code}

    return act_on(ledger, order, Action.HAND_OVER, case_id, doing, request={"letter": True})


def issue_visit_notice(
    ledger: Ledger,
    order: Order,
    visit_id: int,
    unit: str,
    *,
    check_url: CheckUrl,
    stage_name: Callable[[str], str] = str,
) -> Done:
    """The 联合检查通知 to one unit of a visit, with what it looks at; the result has its `code`.

    `stage_name` says a stage in Chinese.
    """

    def doing(session: Transaction) -> tuple[int, Mapping[str, Any]]:
        visit, parties = visit_parties(session, visit_id)
        check_may(order.actor, Action.END_VISIT, parties)
        named = {one.unit: one for one in units_of_visit(session, visit_id)}
        if unit not in named:
            raise no_such("unit", unit, "参加单位", "unit of the visit")
        names = {stop.n: stop.name for stop in stops_of(session, visit_id)}
        zone = ledger.settled.zone
        letter = Letter(
            title="联合检查通知",
            number=f"{visit.title}（第 {visit_id} 号）",
            to=_name(ledger, order, unit),
            rows=(
                ("检查日期", visit.on.isoformat()),
                ("牵头单位", _name(ledger, order, visit.lead_unit)),
                ("确认期限", named[unit].due_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")),
            ),
            paragraphs=(
                "请贵单位派两名以上执法人员参加，检查内容如下；发现的问题由各环节主办单位立案办理。",
                *(
                    f"{at}. {names[item['stop']]}：{stage_name(item['stage'])}，"
                    f"{'主办' if item['duty'] == 'lead' else DUTIES[item['duty']].zh}"
                    for at, item in enumerate(named[unit].items, 1)
                ),
            ),
            from_unit=_name(ledger, order, visit.lead_unit),
            at=order.at.astimezone(zone),
        )
        row = _kept(ledger, order, letter, kind="visit", check_url=check_url)
        row.visit_id = visit_id
        session.add(row)
        entry = entry_for(
            order, Action.PLAN_VISIT, visit=visit_id, unit=unit, letter=row.code, sha256=row.sha256
        )
        return append(session, entry), {"code": row.code}

    request = {"visit": visit_id, "notice": unit}
    return act(ledger, order, Action.PLAN_VISIT, request, doing)


def check_letter(ledger: Ledger, code: str) -> DocumentRow:
    """What a letter's code stands for, for anybody who holds it. Raises NoSuchRecord."""
    with reading(ledger.store) as session:
        row = document_by_code(session, code)
    if row is None:
        raise no_such("code", code[:40], "这样的文书", "letter with this code")
    return row


def read_letter(ledger: Ledger, code: str) -> bytes:
    """The PDF. Whoever asks was let in by the caller, by the case or the visit of the row."""
    return read(ledger.files, check_letter(ledger, code).sha256)


def _kept(
    ledger: Ledger, order: Order, letter: Letter, *, kind: str, check_url: CheckUrl
) -> DocumentRow:
    code = letter.code(secrets.token_hex(16))
    content = set_letter(letter, check_url=check_url(code))
    return DocumentRow(
        code=code,
        kind=kind,
        title=letter.title,
        summary=letter.summary,
        sha256=keep(ledger.files, content),
        by=order.actor.id,
        at=order.at,
    )


def _name(ledger: Ledger, order: Order, unit: str) -> str:
    known = ledger.registry.units.get(unit)
    return unit if known is None else known.name(ledger.day(order)).zh
