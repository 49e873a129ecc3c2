"""The story of a case in sentences: every event of the chain, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from enforcement.case_clock import STEP_NAMES, StepKind
from enforcement.case_states import STATE_NAMES, State
from enforcement.ledger_events import DENIED
from enforcement.policies import POLICIES, Action
from enforcement.services.assisting import DUTIES
from enforcement.services.residents import ROLES
from enforcement.services.stories import Story
from enforcement.store.chain import EventRow
from web.ledger.case_names import Names, capital, lines_of
from web.ledger.core import Core
from web.officer.safe_text import shown

Body = Mapping[str, Any]
View = dict[str, Any]
ESCALATED: Final = ("offer", "assist", "ruling", "step", "case")


class Telling:
    """What happened to one case, told to one reader."""

    def __init__(self, core: Core, names: Names, story: Story) -> None:
        self._core = core
        self._names = names
        self._story = story

    def whole(self) -> list[View]:
        """Every event in order, each with who, when, what, and what it changed."""
        before: Body = {}
        lines = []
        for event in self._story.events:
            body = event.body
            lines.append(self._line(event, body, before))
            before = body.get("after", before)
        return lines

    def _line(self, event: EventRow, body: Body, before: Body) -> View:
        core, names = self._core, self._names
        after = body.get("after", before)
        held = after.get("holder") if after.get("holder") != before.get("holder") else None
        state = after.get("state") if after.get("state") != before.get("state") else None
        return {
            "seq": event.seq,
            "at": core.moment(event.at),
            "iso": event.at.isoformat(),
            "who": names.person(event.actor),
            "unit": names.unit(event.unit),
            "title": self._title(event.action, body),
            "says": list(self._says(event, body)),
            "held": names.unit(held),
            "state": core.t(STATE_NAMES[State(state)]) if state in set(State) else "",
            "denied": event.action == DENIED,
        }

    def _title(self, action: str, body: Body) -> str:
        core = self._core
        if action == DENIED:
            return core.say("cases.told.denied")
        if body.get("letter"):
            return core.say("cases.told.letter")
        if action not in set(Action):
            return shown(action, 40)
        return capital(core.t(POLICIES[Action(action)].name))

    def _says(self, event: EventRow, body: Body) -> Iterator[str]:
        if event.action == DENIED:
            wanted = body.get("wanted")
            if wanted in set(Action):
                what = self._core.t(POLICIES[Action(wanted)].name)
                yield self._core.say("cases.told.denied_what", what=what)
            return
        tell = TELL.get(event.action)
        if tell is not None:
            yield from tell(self, body)

    # --- parts of sentences --------------------------------------------------------------------

    def _say(self, key: str, **values: object) -> str:
        return self._core.say(f"cases.told.{key}", **values)

    def _text(self, key: str, body: Body, name: str) -> Iterator[str]:
        """What somebody wrote, with what it is; nothing when nothing was written."""
        if body.get(name):
            yield self._say(key, text=lines_of(body[name]))

    def _unit(self, key: str, body: Body, name: str) -> Iterator[str]:
        if body.get(name):
            yield self._say(key, unit=self._names.unit(body[name]))

    def _why(self, body: Body) -> Iterator[str]:
        yield from self._text("reason", body, "reason")
        yield from self._text("basis", body, "basis")

    def _facts(self, body: Body) -> Iterator[str]:
        if body.get("facts"):
            said = self._names.facts(self._story.case.matter, body["facts"])
            if said:
                yield self._say("facts", facts=said)

    def _until(self, body: Body, name: str, key: str) -> Iterator[str]:
        if body.get(name):
            moment = self._core.moment(datetime.fromisoformat(body[name]))
            yield self._say(key, at=moment)

    def _dispute(self, body: Body) -> Iterator[str]:
        if body.get("adjudication"):
            yield self._say("dispute", units=self._names.units(body.get("units", ())))

    # --- one for each action -------------------------------------------------------------------

    def file(self, body: Body) -> Iterator[str]:
        """Filed: who has it, and who leads."""
        holder = body.get("after", {}).get("holder")
        yield self._say("file", unit=self._names.unit(holder))
        if body.get("lead"):
            yield self._say("lead", unit=self._names.unit(body["lead"]))
        else:
            yield self._say("no_lead")
        yield from self._text("separate", body, "separate")

    def take_up(self, _body: Body) -> Iterator[str]:
        """First contact is there."""
        yield self._say("take_up")

    def correct(self, body: Body) -> Iterator[str]:
        """Facts corrected, and who leads then."""
        yield from self._facts(body)
        yield from self._why(body)
        if body.get("lead"):
            yield self._say("lead", unit=self._names.unit(body["lead"]))
        else:
            yield self._say("no_lead")

    def hand_over(self, body: Body) -> Iterator[str]:
        """Offered to another unit, or a letter of it."""
        if body.get("letter"):
            return
        yield from self._unit("hand_over", body, "to")
        yield from self._why(body)
        yield from self._until(body, "due", "answer_by")
        yield from self._dispute(body)

    def accept(self, body: Body) -> Iterator[str]:
        """Taken, with an officer in charge."""
        yield from self._unit("accept", body, "unit")
        if body.get("officer"):
            yield self._say("officer", who=self._names.person(body["officer"]))

    def refuse(self, body: Body) -> Iterator[str]:
        """Not taken, and what is offered instead."""
        yield from self._facts(body)
        yield from self._unit("should_be", body, "unit")
        yield from self._why(body)
        yield from self._dispute(body)

    def ask_ruling(self, body: Body) -> Iterator[str]:
        """Brought before the ladder."""
        yield from self._dispute(body)
        yield from self._why(body)

    def rule(self, body: Body) -> Iterator[str]:
        """Who leads by the ruling."""
        yield from self._unit("rule", body, "unit")
        yield from self._why(body)

    def step(self, body: Body) -> Iterator[str]:
        """A dated step, with its note."""
        kind = body.get("kind")
        name = self._core.t(STEP_NAMES[StepKind(kind)]) if kind in set(StepKind) else shown(kind)
        yield self._say("step", step=capital(name), on=shown(body.get("on"), 10))
        row = next((one for one in self._story.steps if one.n == body.get("n")), None)
        if row is not None and row.second_officer:
            yield self._say("second", who=self._names.person(row.second_officer))
        if row is not None and row.note:
            yield self._say("note", text=lines_of(row.note))

    def name_officer(self, body: Body) -> Iterator[str]:
        """Who is in charge now, and who was."""
        yield self._say("officer", who=self._names.person(body.get("officer")))
        if body.get("was"):
            yield self._say("officer_was", who=self._names.person(body["was"]))

    def said(self, body: Body) -> Iterator[str]:
        """Whatever was written: outcome, note, reason, description."""
        for name in ("outcome", "note", "description"):
            yield from self._text(name, body, name)
        yield from self._why(body)

    def close(self, body: Body) -> Iterator[str]:
        """Closed in time or late, and when it is looked at again."""
        yield self._say("on_time" if body.get("on_time") else "late")
        yield from self._text("recheck_on", body, "recheck_on")

    def reopen(self, body: Body) -> Iterator[str]:
        """It came back, with which grade."""
        yield self._say("reopen", grade=body.get("grade"))
        yield from self._text("description", body, "description")

    def merge(self, body: Body) -> Iterator[str]:
        """Into which case."""
        yield self._say("merge", main=body.get("main"))
        yield from self._why(body)

    def escalate(self, body: Body) -> Iterator[str]:
        """What was late, who was silent, and to whom it went."""
        what = body.get("what")
        asked, to = (self._names.unit(body.get(name)) for name in ("asked", "to"))
        if what in ESCALATED:
            yield self._say(f"late_{what}", unit=asked, limit=self._limit(body))
        yield self._say("escalated_to", unit=to, level=body.get("level"))

    def _limit(self, body: Body) -> str:
        """Which limit of which step an event is about; nothing when it is about none."""
        which = (body.get("n"), body.get("term"))
        clocks = self._story.step_clocks
        found = next((one for one in clocks if (one.n, one.term) == which), None)
        return "" if found is None else self._names.term_step(found.term, found.says)

    def succeed(self, body: Body) -> Iterator[str]:
        """Which unit ended, and which goes on."""
        was, unit = (self._names.unit(body.get(name)) for name in ("was", "unit"))
        key = "succeed" if body.get("recorded") else "succeed_intake"
        yield self._say(key, was=was, unit=unit)

    def ask_assist(self, body: Body) -> Iterator[str]:
        """Who is asked for what."""
        duty = DUTIES.get(str(body.get("duty")))
        unit = self._names.unit(body.get("unit"))
        yield self._say("ask_assist", unit=unit, duty=self._core.t(duty))
        yield from self._assist(body, "asked", "asked")

    def answer_assist(self, body: Body) -> Iterator[str]:
        """What was answered."""
        yield from self._assist(body, "answer", "answer")

    def _assist(self, body: Body, column: str, key: str) -> Iterator[str]:
        row = next((one for one in self._story.assists if one.n == body.get("assist")), None)
        text = None if row is None else getattr(row, column)
        if text:
            yield self._say(key, text=lines_of(text))

    def add_evidence(self, body: Body) -> Iterator[str]:
        """Which file, and its fingerprint."""
        row = next((one for one in self._story.evidence if one.n == body.get("n")), None)
        if row is not None:
            yield self._say("evidence", n=row.n, name=shown(row.name, 80))
            if row.note:
                yield self._say("note", text=lines_of(row.note))
        yield self._say("sha256", sha256=str(body.get("sha256", ""))[:16])

    def resident(self, body: Body) -> Iterator[str]:
        """Somebody, by role alone."""
        known = {one.n: one.role for one in self._story.residents}
        role = body.get("role") or known.get(body.get("resident", 0), "")
        said = ROLES.get(str(role))
        yield self._say("resident", n=body.get("resident"), role=capital(self._core.t(said)))
        yield from self._text("retain", body, "until")


TELL: Final[Mapping[str, Callable[[Telling, Body], Iterator[str]]]] = {
    Action.FILE: Telling.file,
    Action.TAKE_UP: Telling.take_up,
    Action.CORRECT: Telling.correct,
    Action.HAND_OVER: Telling.hand_over,
    Action.TRANSFER: Telling.hand_over,
    Action.ACCEPT: Telling.accept,
    Action.DEEM_ACCEPTED: Telling.accept,
    Action.REFUSE: Telling.refuse,
    Action.ASK_RULING: Telling.ask_ruling,
    Action.RULE: Telling.rule,
    Action.STEP: Telling.step,
    Action.NAME_OFFICER: Telling.name_officer,
    Action.REPORT_DONE: Telling.said,
    Action.SEND_BACK: Telling.said,
    Action.VERIFY: Telling.said,
    Action.CLOSE: Telling.close,
    Action.RECHECK: Telling.said,
    Action.REOPEN: Telling.reopen,
    Action.MERGE: Telling.merge,
    Action.ESCALATE: Telling.escalate,
    Action.SUCCEED: Telling.succeed,
    Action.ASK_ASSIST: Telling.ask_assist,
    Action.ANSWER_ASSIST: Telling.answer_assist,
    Action.ADD_EVIDENCE: Telling.add_evidence,
    Action.ADD_RESIDENT: Telling.resident,
    Action.EXPORT_RESIDENT: Telling.resident,
    Action.ERASE_RESIDENT: Telling.resident,
}
