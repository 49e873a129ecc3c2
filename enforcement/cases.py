"""What may happen to a case: for each action a check that raises with the reason.

Pure: a case is anything that shows the few attributes below, who acts is an `Actor`. Each check
asks the policy first (who), then the table of states (when), then what the action itself needs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

from enforcement.case_states import ENDED, STATE_NAMES, State, sources_of
from enforcement.ledger_errors import BadAct, NotNow
from enforcement.policies import POLICIES, Action, Actor, Parties, check_may
from enforcement.units import Registry, Unit, UnitKind
from rules.errors import Fault

RETURNS_BEFORE_ADJUDICATION: Final = 2
LONGEST_TEXT: Final = 4000


class CaseLike(Protocol):
    """What the checks look at."""

    @property
    def state(self) -> str:
        """Where it stands; a value of `State`."""
        ...

    @property
    def holder(self) -> str:
        """The one accountable unit."""
        ...

    @property
    def lead_unit(self) -> str | None:
        """Who leads by resolution, acceptance or ruling."""
        ...

    @property
    def returns(self) -> int:
        """How often it was returned in this round."""
        ...

    @property
    def done_by(self) -> str | None:
        """Who reported it done."""
        ...


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a unit does not take a case, and what it offers: corrected facts, or another unit."""

    reason: str
    facts: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None
    basis: str = ""


def check_can(case: CaseLike, actor: Actor, action: Action, parties: Parties) -> None:
    """Raise NotAllowed or NotNow unless the actor may do this, and in this state of the case."""
    check_may(actor, action, parties)
    state = State(case.state)
    sources = sources_of(action)
    if state in sources:
        return
    zh = "、".join(STATE_NAMES[one].zh for one in State if one in sources)
    en = ", ".join(STATE_NAMES[one].en for one in State if one in sources)
    raise NotNow(
        field="state",
        zh=f"案件{STATE_NAMES[state].zh}，不能“{POLICIES[action].name.zh}”；可以在：{zh}",
        en=f"the case is {STATE_NAMES[state].en} and {POLICIES[action].name.en!r} is not possible; "
        f"it is when: {en}",
    )


def check_can_hold(unit_id: str, registry: Registry, on: date, *, named: Collection[str]) -> Unit:
    """The unit, if it may hold a case on `on`; an owner only where the resolution names it.

    Raises BadAct for a unit that does not exist that day and for a coordination body.
    """
    unit = registry.units.get(unit_id)
    if unit is None or not unit.period.covers(on):
        raise BadAct(
            [Fault("unit", f"{on} 没有单位 {unit_id}", f"there is no unit {unit_id} on {on}")]
        )
    name = unit.name(on)
    if unit.kind is UnitKind.COORDINATION:
        raise BadAct(
            [
                Fault(
                    "unit",
                    f"{name.zh}是议事协调机构，不能成为责任单位",
                    f"{name.en} is a coordination body and never holds a case",
                )
            ]
        )
    if unit.kind is UnitKind.OWNER and unit_id not in named:
        raise BadAct(
            [
                Fault(
                    "unit",
                    f"{name.zh}是权属单位，只能承担认定指明由其养护的案件",
                    f"{name.en} is an owner and holds only what a resolution names it for",
                )
            ]
        )
    return unit


def check_can_hand_over(
    case: CaseLike,
    actor: Actor,
    parties: Parties,
    *,
    to: str,
    reason: str,
    basis: str,
    action: Action = Action.HAND_OVER,
) -> None:
    """Handing over needs another unit and a reason, and a basis when it is not the lead."""
    check_can(case, actor, action, parties)
    faults = _text_faults("reason", reason, "移交理由", "the reason for handing over")
    if to == case.holder:
        faults.append(Fault("to", "案件已在本单位", "the unit holds the case already"))
    if to != case.lead_unit or action is Action.TRANSFER:
        faults += _text_faults(
            "basis",
            basis,
            "移交给认定主办以外单位的依据",
            "the basis for handing over to another unit than the lead",
        )
    _raise(faults)


def check_can_refuse(case: CaseLike, actor: Actor, parties: Parties, refusal: Refusal) -> None:
    """Refusing needs a reason, and either corrected facts or another unit with its basis."""
    if State(case.state) is State.RULED:
        check_may(actor, Action.REFUSE, parties)
        raise NotNow(
            field="state",
            zh="裁定已生效，不能退回；请承办，异议可另行向裁定机关提出",
            en="a ruling binds and cannot be refused; take the case on and object to who ruled",
        )
    check_can(case, actor, Action.REFUSE, parties)
    faults = _text_faults("reason", refusal.reason, "退回理由", "the reason for refusing")
    if not refusal.facts and not refusal.unit:
        faults.append(
            Fault(
                "unit",
                "退回必须更正要素，或指明应由哪个单位负责",
                "a refusal must correct a fact, or name the unit that is responsible",
            )
        )
    if refusal.unit:
        faults += _text_faults(
            "basis", refusal.basis, "由该单位负责的依据", "the basis for that unit"
        )
        if refusal.unit == parties.receiver:
            faults.append(Fault("unit", "不能指明本单位", "a unit that refuses cannot name itself"))
    _raise(faults)


def check_can_step(case: CaseLike, actor: Actor, parties: Parties) -> None:
    """Only the lead handles; first contact does so where it leads itself, or where nobody does."""
    check_can(case, actor, Action.STEP, parties)
    if case.lead_unit is not None and case.lead_unit != case.holder:
        raise NotNow(
            field="lead",
            zh=f"认定由 {case.lead_unit} 主办；请移交，或更正要素后重新认定",
            en=f"{case.lead_unit} leads by the resolution; hand over, or correct the facts",
        )


def check_can_ask_ruling(
    case: CaseLike, actor: Actor, parties: Parties, *, reason: str, silent: bool
) -> None:
    """A ruling may be asked for while in hand; while handed over only once the receiver is late."""
    check_can(case, actor, Action.ASK_RULING, parties)
    if State(case.state) is State.HANDED_OVER and not silent:
        raise NotNow(
            field="state",
            zh="被移交单位的答复期限未到；到期后可以提请裁定",
            en="the receiver may still answer; a ruling can be asked for after its deadline",
        )
    _raise(_text_faults("reason", reason, "提请裁定的理由", "why a ruling is needed"))


def check_can_rule(
    case: CaseLike, actor: Actor, parties: Parties, *, reason: str, basis: str
) -> None:
    """A ruling needs a reason and a basis, and somebody who is no party."""
    check_can(case, actor, Action.RULE, parties)
    _raise(
        _text_faults("reason", reason, "裁定理由", "the reason for the ruling")
        + _text_faults("basis", basis, "裁定依据", "the basis of the ruling")
    )


def check_can_verify(
    case: CaseLike, actor: Actor, parties: Parties, action: Action = Action.VERIFY
) -> None:
    """Whoever reported a case done can neither verify nor close it."""
    check_can(case, actor, action, parties)
    if actor.id == case.done_by:
        raise NotNow(
            field="actor",
            zh="报告办结的人不能自己核实或结案，请换一人",
            en="who reported it done can neither verify nor close it; somebody else must",
        )


def check_can_recheck(
    case: CaseLike, actor: Actor, parties: Parties, *, due: date | None, on: date
) -> None:
    """A re-check that finds nothing counts from its day on; what is found counts at any time."""
    check_can(case, actor, Action.RECHECK, parties)
    if due is not None and on < due:
        raise NotNow(
            field="on",
            zh=f"复查日为 {due}，今天 {on} 还早；发现复发可以随时重开",
            en=f"the re-check is due on {due} and today is {on}; a recurrence may be filed any day",
        )


def check_can_merge(
    case: CaseLike, actor: Actor, parties: Parties, *, same: bool, main_state: str, main_same: bool
) -> None:
    """Only two cases of one matter, not the case itself, and not into one that has ended."""
    check_can(case, actor, Action.MERGE, parties)
    faults = []
    if same:
        faults.append(Fault("main", "不能并入自己", "a case is no duplicate of itself"))
    if State(main_state) in ENDED:
        faults.append(
            Fault("main", "主案已经结束", "the main case has ended; file a recurrence instead")
        )
    if not main_same:
        faults.append(Fault("main", "两案事项不同", "the two cases are about different matters"))
    _raise(faults)


def sends_to_adjudication(case: CaseLike) -> bool:
    """Whether one more return is the second in this round."""
    return case.returns + 1 >= RETURNS_BEFORE_ADJUDICATION


def named_units(resolution: Mapping[str, Any]) -> frozenset[str]:
    """The units that a resolution names as lead, candidate or assist."""
    bodies = [resolution.get("lead"), *resolution.get("candidates", ())]
    bodies += resolution.get("assist", ())
    return frozenset(body["unit"] for body in bodies if body and body.get("unit"))


def check_text(where: str, text: str, zh: str, en: str) -> None:
    """Raise BadAct unless the text is there and not endless."""
    _raise(_text_faults(where, text, zh, en))


def _text_faults(where: str, text: str, zh: str, en: str) -> list[Fault]:
    if not text.strip():
        return [Fault(where, f"请写明{zh}", f"say {en}")]
    if len(text) > LONGEST_TEXT:
        return [
            Fault(where, f"{zh}超过 {LONGEST_TEXT} 字", f"{en}: at most {LONGEST_TEXT} letters")
        ]
    return []


def _raise(faults: list[Fault]) -> None:
    if faults:
        raise BadAct(faults)
