"""What runs beside a case: help from other units, evidence, and who raised it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from flask import request, url_for

from enforcement.ledger_events import Order
from enforcement.policies import Action
from enforcement.services.assisting import DUTIES, answer_assist, ask_assist
from enforcement.services.evidence import add_evidence
from enforcement.services.ledger import Done
from enforcement.services.residents import ROLES, Resident, add_resident
from rules.errors import Fault
from web.errors import BadInput
from web.ledger.acts import Act, Case, Form, Group, Typed, asked
from web.ledger.acts_handing import chosen, units_for
from web.ledger.core import Core
from web.officer.safe_text import shown

MOST_FILES: Final = 8
RESIDENT_FACE: Final = ("name", "contact", "note")


def _ask_assist_form(case: Case) -> Form:
    core = case.core
    units = chosen(units_for(case, without=case.story.case.holder), core)
    duties = [(id_, core.t(name)) for id_, name in DUTIES.items()]
    return Form(
        case.say("ask_assist.go"),
        [
            Group(
                [
                    asked(core, "unit", "choice", key="assist_unit", options=units, required=True),
                    asked(core, "duty", "choice", value="joint", options=duties, required=True),
                    asked(core, "asked", "long", required=True),
                ]
            )
        ],
        [case.say("ask_assist.says")],
    )


def _ask_assist(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    unit, duty, said = (typed.get(name, "") for name in ("unit", "duty", "asked"))
    return ask_assist(core.ledger, order, case_id, unit=unit, duty=duty, asked=said)


def _answer_assist_form(case: Case) -> Form:
    core = case.core
    mine = [
        one for one in case.story.assists if one.unit == core.actor.unit and one.answered_at is None
    ]
    duties = [(str(one.n), core.t(DUTIES.get(one.duty))) for one in mine]
    says = [case.say("answer_assist.says")]
    says += [
        case.say("answer_assist.asked", duty=core.t(DUTIES.get(one.duty)), asked=shown(one.asked))
        for one in mine
        if one.asked
    ]
    return Form(
        case.say("answer_assist.go"),
        [
            Group(
                [
                    asked(
                        core,
                        "assist",
                        "choice",
                        value=duties[0][0] if duties else "",
                        options=duties,
                        required=True,
                    ),
                    asked(core, "answer", "long", required=True),
                ]
            )
        ],
        says,
    )


def _answer_assist(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    n = typed.get("assist", "")
    if not n.isdecimal() or len(n) > 6:
        raise BadInput([Fault("assist", "请选择要答复的协办", "choose the duty to answer")])
    return answer_assist(core.ledger, order, case_id, assist=int(n), answer=typed.get("answer", ""))


def _evidence_form(case: Case) -> Form:
    core = case.core
    most = f"{core.ledger.settled.photo_bytes / 1_000_000:g}"
    return Form(
        case.say("evidence_add.go"),
        [
            Group(
                [
                    asked(core, "files", "files", required=True),
                    asked(core, "note", "long", key="evidence_note"),
                ]
            )
        ],
        [case.say("evidence_add.says", most=most, files=MOST_FILES)],
    )


def _evidence(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    """Each file is an act of its own, with a key that is its content's: sent again, done once."""
    files = [one for one in request.files.getlist("files") if one.filename]
    if not files:
        raise BadInput([Fault("files", "请选择照片或文件", "choose a photo or a file")])
    if len(files) > MOST_FILES:
        raise BadInput(
            [Fault("files", f"一次最多 {MOST_FILES} 个文件", f"at most {MOST_FILES} files at once")]
        )
    done = None
    for file in files:
        content = file.read()
        done = add_evidence(
            core.ledger,
            replace(order, key=f"{order.key}:{_mark(content)}"),
            case_id,
            name=file.filename or "",
            content=content,
            note=typed.get("note", ""),
        )
    if done is None:
        raise AssertionError("there was a file")
    return done


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _resident_form(case: Case) -> Form:
    core = case.core
    roles = [(id_, core.t(name)) for id_, name in ROLES.items()]
    return Form(
        case.say("resident_add.go"),
        [
            Group(
                [
                    asked(
                        core, "role", "choice", value="complainant", options=roles, required=True
                    ),
                    asked(core, "name", "text", key="resident_name", required=True, longest=100),
                    asked(core, "contact", "text", longest=200),
                    asked(core, "note", "long", key="resident_note", longest=1000),
                ]
            )
        ],
        [case.say("resident_add.says", days=core.ledger.settled.retention_days)],
    )


def _resident(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    resident = Resident(
        typed.get("role", ""), *(typed.get(name, "")[:1000] for name in RESIDENT_FACE)
    )
    return add_resident(core.ledger, order, case_id, resident)


def _to_evidence(done: Done) -> str:
    return url_for("ledger.case", case_id=done.case_id, _anchor="evidence")


def _to_residents(done: Done) -> str:
    return url_for("ledger.case", case_id=done.case_id, _anchor="residents")


BESIDE: Final = (
    Act(Action.ASK_ASSIST, _ask_assist_form, _ask_assist),
    Act(Action.ANSWER_ASSIST, _answer_assist_form, _answer_assist),
    Act(Action.ADD_EVIDENCE, _evidence_form, _evidence, name="evidence_add", then=_to_evidence),
    Act(Action.ADD_RESIDENT, _resident_form, _resident, name="resident_add", then=_to_residents),
)
