"""What a reader may do with a case now: the one thing that moves it, the others, the rare ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flask import url_for

from enforcement.case_states import State
from enforcement.policies import POLICIES, Action, Actor, Parties, may
from enforcement.services.stories import Story
from enforcement.store.cases import id_of
from web.ledger.case_names import capital
from web.ledger.core import Core

ENDPOINTS: Final = {
    Action.ADD_EVIDENCE: "ledger.evidence_add",
    Action.ADD_RESIDENT: "ledger.resident_add",
}
RARE: Final = (
    Action.CORRECT,
    Action.ASK_RULING,
    Action.TRANSFER,
    Action.MERGE,
    Action.NAME_OFFICER,
    Action.ADD_RESIDENT,
    Action.REOPEN,
)
OFTEN: Final = (
    Action.ANSWER_ASSIST,
    Action.TAKE_UP,
    Action.ACCEPT,
    Action.REFUSE,
    Action.RULE,
    Action.STEP,
    Action.REPORT_DONE,
    Action.VERIFY,
    Action.SEND_BACK,
    Action.CLOSE,
    Action.RECHECK,
    Action.HAND_OVER,
    Action.ASK_ASSIST,
    Action.ADD_EVIDENCE,
)
MOVING: Final = {
    State.FOUND: (Action.TAKE_UP,),
    State.HELD: (Action.STEP, Action.HAND_OVER, Action.ASK_RULING),
    State.HANDED_OVER: (Action.ACCEPT, Action.ASK_RULING),
    State.RETURNED: (Action.STEP, Action.HAND_OVER, Action.ASK_RULING),
    State.ADJUDICATION: (Action.RULE,),
    State.RULED: (Action.ACCEPT,),
    State.ACCEPTED: (Action.STEP,),
    State.TRANSFERRED: (Action.REPORT_DONE,),
    State.HANDLING: (Action.REPORT_DONE,),
    State.DONE: (Action.VERIFY,),
    State.VERIFIED: (Action.CLOSE,),
    State.CLOSED: (Action.RECHECK,),
}
"""For each state what moves the case on, the most useful first."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something to do: its name and where."""

    action: Action
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Next:
    """What to do now; `first` is the one that moves the case on, None when nothing does."""

    first: Link | None
    others: tuple[Link, ...]
    rare: tuple[Link, ...]


def next_of(core: Core, story: Story, *, today: date, now: datetime) -> Next:
    """What the reader may do with the case, without what would be refused for certain."""
    can = sensible(story, core.actor, today=today, now=now)
    wanted = (*_unsettled(story), *MOVING.get(State(story.case.state), ()), Action.ANSWER_ASSIST)
    first = next((action for action in wanted if action in can), None)

    def links(actions: tuple[Action, ...]) -> tuple[Link, ...]:
        return tuple(_link(core, story, one) for one in actions if one in can and one is not first)

    # Who can file does so, which reopens the case; to who cannot, reopening is no rare act
    rare = tuple(one for one in RARE if one is not Action.REOPEN or may_file(core.actor))
    often = (*OFTEN, *(one for one in RARE if one not in rare))
    return Next(None if first is None else _link(core, story, first), links(often), links(rare))


def _unsettled(story: Story) -> tuple[Action, ...]:
    """What settles the lead before the work begins, where the resolution names none."""
    case = story.case
    if case.lead_unit is not None or case.state not in {State.HELD.value, State.RETURNED.value}:
        return ()
    settles = {"needs_facts": Action.CORRECT, "contested": Action.ASK_RULING}
    found = settles.get(str(story.resolution.get("outcome")))
    return () if found is None else (found,)


def sensible(story: Story, actor: Actor, *, today: date, now: datetime) -> frozenset[Action]:
    """What is allowed, without what this case lacks for it."""
    case = story.case
    cannot = set()
    if case.lead_unit not in {None, case.holder}:
        cannot.add(Action.STEP)  # only the lead handles, unless nobody leads
    if case.state == State.HANDED_OVER.value and not any(
        one.answered_at is None and one.due_at < now for one in story.handovers
    ):
        cannot.add(Action.ASK_RULING)
    if case.recheck_on is not None and today < case.recheck_on:
        cannot.add(Action.RECHECK)
    if actor.id == case.done_by:
        cannot |= {Action.VERIFY, Action.SEND_BACK, Action.CLOSE}
    if not any(one.unit == actor.unit and one.answered_at is None for one in story.assists):
        cannot.add(Action.ANSWER_ASSIST)
    return story.allowed - cannot


def may_file(actor: Actor) -> bool:
    """Whether the reader files cases for the own unit."""
    return may(actor, Action.FILE, Parties(holder=actor.unit))


def may_see_residents(story: Story, actor: Actor) -> bool:
    """Whether the reader's post opens the page of residents: to see, export or erase them."""
    wanted = (Action.SEE_RESIDENT, Action.EXPORT_RESIDENT, Action.ERASE_RESIDENT)
    return any(may(actor, action, story.parties) for action in wanted)


def may_issue_letter(story: Story, actor: Actor) -> bool:
    """Whether a letter of the newest offer may be issued."""
    merged = story.case.state == State.MERGED.value
    allowed = may(actor, Action.HAND_OVER, story.parties)
    return bool(story.handovers) and allowed and not merged


def _link(core: Core, story: Story, action: Action) -> Link:
    endpoint = ENDPOINTS.get(action, f"ledger.{action.value}")
    address = url_for(endpoint, case_id=id_of(story.case))
    return Link(action, capital(core.t(POLICIES[action].name)), address)
