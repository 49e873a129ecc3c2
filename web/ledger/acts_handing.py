"""Passing a case on: correcting facts, handing over, its answer, and asking for a ruling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from enforcement.cases import Refusal, named_units
from enforcement.ledger_events import Order
from enforcement.policies import Action
from enforcement.services.filing import take_up
from enforcement.services.handing import accept, correct, hand_over, refuse, transfer
from enforcement.services.ledger import Done
from enforcement.services.rulings import ask_ruling
from rules.model import UNKNOWN, Fact
from web.answer_words import UNKNOWN_LABEL
from web.ledger.acts import Act, Case, Field, Form, Group, Options, Typed, asked
from web.ledger.core import Core
from web.officer.safe_text import shown

FACT: Final = "fact."
WAS: Final = "was."
TRANSFER_BASIS: Final = "行政处罚法（2021）第二十七条"


def units_for(case: Case, *, without: str | None = None) -> Options:
    """The units that a form offers: those that the resolution names first, then all others."""
    core, named = case.core, named_units(case.story.resolution)
    known = core.desk.district.registry.units
    owners = [one for one in sorted(named) if one in known and known[one].kind.value == "owner"]
    listed = [(one["id"], one["name"]) for one in core.units()]
    first = [one for one in listed if one[0] in named] + [(id_, core.unit(id_)) for id_ in owners]
    rest = [one for one in listed if one[0] not in named]
    return [one for one in (*first, *rest) if one[0] != without]


def chosen(options: Options, core: Core) -> Options:
    """The options with none chosen before them."""
    return [("", core.say("cases.choose")), *options]


# --- facts -------------------------------------------------------------------------------------


def facts_group(case: Case, *, title: str, hint: str = "", folded: bool = False) -> Group:
    """The facts of the matter that a person can know, as they are known now."""
    answer = case.story.resolution
    known: Mapping[str, Any] = answer.get("facts") or {}
    matter = case.names.matter(case.story.case.matter)
    found = [] if matter is None else [_fact(case.core, one, known) for one in matter.facts]
    fields = [one for one in found if one is not None]
    there = {one.name for one in fields}
    asked_now = [_asked(case, one) for one in answer.get("ask") or () if one.get("values")]
    # What is still asked stands first; a street is no fact of the matter and is asked all the same
    first = [one for one in asked_now if one.name not in there]
    return Group([*first, *fields], title, hint, folded)


def _asked(case: Case, ask: Mapping[str, Any]) -> Field:
    options = [(one["value"], case.names.said(one["label"])) for one in ask["values"]]
    options.insert(0, (UNKNOWN, case.core.t(UNKNOWN_LABEL)))
    question = case.names.said(ask["question"])
    return Field(FACT + ask["fact"], "choice", question, UNKNOWN, options, was=UNKNOWN)


def _fact(core: Core, fact: Fact, known: Mapping[str, Any]) -> Field | None:
    now = str(known.get(fact.name, UNKNOWN))
    if fact.place is not None and now != UNKNOWN:
        return None  # the map says it
    options = [(value, core.t(label)) for value, label in fact.values.items()]
    options.append((UNKNOWN, core.t(UNKNOWN_LABEL)))
    if now not in {value for value, _ in options}:
        options.insert(0, (now, shown(now, 40)))
    return Field(FACT + fact.name, "choice", core.t(fact.question), now, options, was=now)


def corrected(typed: Typed) -> dict[str, str]:
    """The facts that are other than the form showed them."""
    return {
        name.removeprefix(FACT): value[:200]
        for name, value in typed.items()
        if name.startswith(FACT) and value and value != typed.get(WAS + name.removeprefix(FACT))
    }


def _correct_form(case: Case) -> Form:
    core = case.core
    return Form(
        case.say("correct.go"),
        [
            facts_group(case, title=case.say("correct.facts")),
            Group([asked(core, "reason", "long", key="correct_reason", required=True)]),
        ],
        [case.say("correct.says")],
    )


def _correct(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    facts = corrected(typed)
    return correct(core.ledger, order, case_id, facts=facts, reason=typed.get("reason", ""))


# --- handing over ------------------------------------------------------------------------------


def because_of(case: Case) -> str:
    """Why the resolution says so, as a reason to begin with."""
    said = [one for one in case.story.resolution.get("because") or () if one.get("leads")]
    lang = "en" if case.core.prefs.lang == "en" else "zh"
    return shown(said[0]["says"][lang], 600) if said else ""


def basis_of(case: Case) -> str:
    """The citations of the resolution in one line."""
    cites = [one.get("cite", "") for one in case.story.resolution.get("basis") or ()]
    return "；".join(dict.fromkeys(one for one in cites if one))


def _hand_over_form(case: Case) -> Form:
    core, row = case.core, case.story.case
    lead = row.lead_unit if row.lead_unit != row.holder else None
    by_resolution = lead is not None and lead == _resolved(case)
    says = [case.say("hand_over.says", unit=core.unit(row.holder))]
    if lead is not None:
        says.insert(0, case.say("hand_over.lead", unit=core.unit(lead)))
    returned = [one for one in case.story.handovers if one.answer == "refused"]
    notes = [case.say("hand_over.last_return")] if row.returns else []
    reason = because_of(case) if by_resolution else (returned[-1].refusal if returned else "")
    basis = basis_of(case) if by_resolution else (returned[-1].other_basis if returned else "")
    options = chosen(units_for(case, without=row.holder), core)
    return Form(
        case.say("hand_over.go"),
        [
            Group(
                [
                    asked(core, "to", "choice", value=lead or "", options=options, required=True),
                    asked(core, "reason", "long", value=reason, required=True),
                    asked(core, "basis", "long", value=basis),
                ]
            )
        ],
        says,
        notes,
    )


def _resolved(case: Case) -> str | None:
    lead = case.story.resolution.get("lead")
    return None if not lead else str(lead.get("unit"))


def _hand_over(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    to, reason, basis = (typed.get(name, "") for name in ("to", "reason", "basis"))
    return hand_over(core.ledger, order, case_id, to=to, reason=reason, basis=basis)


def _transfer_form(case: Case) -> Form:
    core = case.core
    police = [(one, core.unit(one)) for one in core.ledger.police]
    return Form(
        case.say("transfer.go"),
        [
            Group(
                [
                    asked(core, "to", "choice", value=police[0][0], options=police, required=True),
                    asked(core, "reason", "long", key="transfer_reason", required=True),
                    asked(core, "basis", "long", value=TRANSFER_BASIS, required=True),
                ]
            )
        ],
        [case.say("transfer.says")],
    )


def _transfer(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    to, reason, basis = (typed.get(name, "") for name in ("to", "reason", "basis"))
    return transfer(core.ledger, order, case_id, to=to, reason=reason, basis=basis)


# --- the answer to an offer --------------------------------------------------------------------


def _accept_form(case: Case) -> Form:
    core = case.core
    people = case.names.colleagues(core.actor.unit)
    ids = {one for one, _ in people}
    mine = core.actor.id if core.actor.id in ids else ""
    return Form(
        case.say("accept.go"),
        [Group([asked(core, "officer", "choice", value=mine, options=people, required=True)])],
        [case.say("accept.says", unit=core.unit(core.actor.unit)), *_offered(case)],
    )


def _offered(case: Case) -> list[str]:
    """What the sender wrote."""
    waiting = [one for one in case.story.handovers if one.answered_at is None]
    return [
        case.say("offered", unit=case.core.unit(one.from_unit), reason=shown(one.reason, 600))
        for one in waiting
    ]


def _accept(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    return accept(core.ledger, order, case_id, officer=typed.get("officer") or None)


def _refuse_form(case: Case) -> Form:
    core, row = case.core, case.story.case
    second = [case.say("refuse.second")] if row.returns else []
    options = chosen(units_for(case, without=core.actor.unit), core)
    return Form(
        case.say("refuse.go"),
        [
            Group([asked(core, "reason", "long", key="refuse_reason", required=True)]),
            facts_group(case, title=case.say("refuse.facts"), hint=case.say("refuse.facts_hint")),
            Group(
                [
                    asked(core, "unit", "choice", key="other_unit", options=options),
                    asked(core, "basis", "long", key="other_basis"),
                ],
                case.say("refuse.unit"),
                case.say("refuse.unit_hint"),
            ),
        ],
        [case.say("refuse.says"), *_offered(case)],
        second,
    )


def _refuse(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    refusal = Refusal(
        reason=typed.get("reason", "").strip(),
        facts=corrected(typed),
        unit=typed.get("unit") or None,
        basis=typed.get("basis", "").strip(),
    )
    return refuse(core.ledger, order, case_id, refusal)


def _ask_ruling_form(case: Case) -> Form:
    core = case.core
    return Form(
        case.say("ask_ruling.go"),
        [Group([asked(core, "reason", "long", key="ruling_wanted", required=True)])],
        [case.say("ask_ruling.says")],
    )


def _ask_ruling(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    return ask_ruling(core.ledger, order, case_id, reason=typed.get("reason", ""))


def _take_up_form(case: Case) -> Form:
    return Form(case.say("take_up.go"), (), [case.say("take_up.says")])


def _take_up(core: Core, order: Order, case_id: int, _typed: Typed) -> Done:
    return take_up(core.ledger, order, case_id)


HANDING: Final = (
    Act(Action.TAKE_UP, _take_up_form, _take_up),
    Act(Action.CORRECT, _correct_form, _correct),
    Act(Action.HAND_OVER, _hand_over_form, _hand_over),
    Act(Action.TRANSFER, _transfer_form, _transfer),
    Act(Action.ACCEPT, _accept_form, _accept),
    Act(Action.REFUSE, _refuse_form, _refuse),
    Act(Action.ASK_RULING, _ask_ruling_form, _ask_ruling),
)
