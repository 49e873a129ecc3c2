"""The table of states: which action leads a case from where to where. Nothing else moves a case.

The diagram in docs/ledger.md is drawn from this table. The holder is no state: every state has
exactly one, who is named in `docs/ledger.md` beside the diagram.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from enforcement.policies import POLICIES, Action
from rules.model import Text


class State(StrEnum):
    """Where a case stands."""

    FOUND = "found"
    HELD = "held"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    ADJUDICATION = "adjudication"
    RULED = "ruled"
    ACCEPTED = "accepted"
    TRANSFERRED = "transferred"
    HANDLING = "handling"
    DONE = "done"
    VERIFIED = "verified"
    CLOSED = "closed"
    RECHECKED = "rechecked"
    MERGED = "merged"


STATE_NAMES: Final[Mapping[State, Text]] = {
    State.FOUND: Text("发现，待首问到场", "found"),
    State.HELD: Text("首问持有", "held by first contact"),
    State.HANDED_OVER: Text("移交，待接收", "handed over"),
    State.RETURNED: Text("被退回", "returned"),
    State.ADJUDICATION: Text("裁定中", "in adjudication"),
    State.RULED: Text("已裁定，待承办", "ruled"),
    State.ACCEPTED: Text("已接收", "accepted"),
    State.TRANSFERRED: Text("已移送公安", "with public security"),
    State.HANDLING: Text("办理中", "handling"),
    State.DONE: Text("报告办结，待核实", "reported done"),
    State.VERIFIED: Text("已核实", "verified"),
    State.CLOSED: Text("已结案，待复查", "closed"),
    State.RECHECKED: Text("已复查", "re-checked"),
    State.MERGED: Text("已并案", "merged"),
}

ENDED: Final = frozenset({State.CLOSED, State.RECHECKED, State.MERGED})
"""States in which no clock runs; a holder is named even then, for the re-check."""


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table. Without `target` the state stays; two lines may share an action."""

    action: Action
    sources: frozenset[State]
    target: State | None = None


def _move(action: Action, *sources: State, to: State | None = None) -> Move:
    return Move(action, frozenset(sources), to)


_S = State
_IN_HAND: Final = (_S.HELD, _S.RETURNED, _S.ACCEPTED, _S.HANDLING)
_OPEN: Final = tuple(state for state in State if state not in ENDED)

MOVES: Final = (
    _move(Action.TAKE_UP, _S.FOUND, to=_S.HELD),
    _move(Action.CORRECT, _S.FOUND, *_IN_HAND),
    _move(Action.HAND_OVER, _S.FOUND, *_IN_HAND, to=_S.HANDED_OVER),
    _move(Action.HAND_OVER, *_IN_HAND, to=_S.ADJUDICATION),
    _move(Action.TRANSFER, *_IN_HAND, to=_S.HANDED_OVER),
    _move(Action.ACCEPT, _S.HANDED_OVER, _S.RULED, to=_S.ACCEPTED),
    _move(Action.ACCEPT, _S.HANDED_OVER, to=_S.TRANSFERRED),
    _move(Action.DEEM_ACCEPTED, _S.HANDED_OVER, to=_S.ACCEPTED),
    _move(Action.REFUSE, _S.HANDED_OVER, to=_S.RETURNED),
    _move(Action.REFUSE, _S.HANDED_OVER, to=_S.ADJUDICATION),
    _move(Action.ASK_RULING, *_IN_HAND, _S.HANDED_OVER, to=_S.ADJUDICATION),
    _move(Action.RULE, _S.ADJUDICATION, to=_S.RULED),
    _move(Action.STEP, _S.HELD, _S.RETURNED, _S.ACCEPTED, _S.HANDLING, to=_S.HANDLING),
    _move(Action.STEP, _S.TRANSFERRED),
    _move(Action.REPORT_DONE, _S.HANDLING, _S.TRANSFERRED, to=_S.DONE),
    _move(Action.SEND_BACK, _S.DONE, to=_S.HANDLING),
    _move(Action.VERIFY, _S.DONE, to=_S.VERIFIED),
    _move(Action.CLOSE, _S.VERIFIED, to=_S.CLOSED),
    _move(Action.RECHECK, _S.CLOSED, to=_S.RECHECKED),
    _move(Action.REOPEN, _S.CLOSED, _S.RECHECKED, to=_S.ACCEPTED),
    _move(Action.MERGE, _S.FOUND, *_IN_HAND, to=_S.MERGED),
    _move(Action.NAME_OFFICER, *_OPEN),
    _move(Action.ESCALATE, *_OPEN),
    _move(Action.SUCCEED, *State),
    _move(Action.ASK_ASSIST, *_IN_HAND, _S.TRANSFERRED),
    _move(Action.ANSWER_ASSIST, *_OPEN),
    _move(Action.ADD_EVIDENCE, *_OPEN, _S.CLOSED),
    _move(Action.ADD_RESIDENT, *_OPEN),
)

FIRST: Final = (State.FOUND, State.HELD)
"""Where a case begins: found by somebody else for the first contact, or held by it at once."""


def sources_of(action: Action) -> frozenset[State]:
    """The states from which the action is possible; empty for one that moves no case."""
    return frozenset(state for move in MOVES if move.action is action for state in move.sources)


def targets_of(action: Action, state: State) -> frozenset[State]:
    """The states that the action can lead to from `state`."""
    return frozenset(
        move.target or state for move in MOVES if move.action is action and state in move.sources
    )


def diagram() -> str:
    """The table as a Mermaid state diagram; actions that move nothing are left out."""
    lines = ["stateDiagram-v2"]
    lines += [
        f'    state "{STATE_NAMES[state].zh} {state.value}" as {state.value}' for state in State
    ]
    file = POLICIES[Action.FILE].name.zh
    lines += [f"    [*] --> {state.value}: {file} file" for state in FIRST]
    for move in MOVES:
        if move.target is None:
            continue
        label = f"{POLICIES[move.action].name.zh} {move.action.value}"
        lines += [
            f"    {source.value} --> {move.target.value}: {label}"
            for source in State
            if source in move.sources and source is not move.target
        ]
    lines += [f"    {state.value} --> [*]" for state in (State.RECHECKED, State.MERGED)]
    return "\n".join(lines)
