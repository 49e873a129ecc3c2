"""Lines of inboxes: one case each, and how long there still is, in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for

from enforcement.case_clock import Light
from enforcement.case_states import STATE_NAMES, State
from enforcement.policies import Action, Parties, may
from enforcement.services.inboxes import AssistLine, Line, OfferLine
from enforcement.store.cases import CaseRow, id_of
from rules.model import Text
from web.answer_words import DUTIES
from web.ledger.case_names import Names
from web.ledger.core import Core
from web.officer.safe_text import shown

View = dict[str, Any]
SHORT = 60
HOUR = timedelta(hours=1)
DAYS_FROM = timedelta(hours=48)
"""From here on what is left is told in days."""


class Lines:
    """The lines of one page; names are read once."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._names = Names(core)

    def case(self, case: CaseRow) -> View:
        """What each line says of its case."""
        core = self._core
        return {
            "id": id_of(case),
            "link": case_address(id_of(case)),
            "number": case.number,
            "matter": shown(core.t(Text(case.matter_zh, case.matter_en)), 60),
            "description": shown(case.description, SHORT),
            "street": self._names.street(case.street),
            "holder": core.unit(case.holder),
            "state": core.t(STATE_NAMES[State(case.state)]),
            "grade": case.grade,
            "light": "",
            "due": "",
            "left": "",
        }

    def held(self, line: Line) -> View:
        """A running case and what ends first: its own clock, or the limit of a step."""
        if line.step is None:
            return self.case(line.case) | self._clock(line.light, line.case.due_at)
        limit = line.step.clock
        told = self._clock(line.step.light, limit.due_at)
        step = self._names.term_step(limit.term, limit.says)
        left = self._core.say("inbox.step", step=step, left=told["left"])
        return self.case(line.case) | told | {"left": left}

    def ours(self, line: Line) -> View:
        """A running case of the person's unit; what a ruling gave it, it still has to accept."""
        ruled = line.case.state == State.RULED.value
        return self.held(line) | (self._acts(id_of(line.case), "accept") if ruled else {})

    def offer(self, line: OfferLine) -> View:
        """A case that the unit is asked to take, by whom and why."""
        offer = line.offer
        told = {
            "from": self._core.unit(offer.from_unit),
            "reason": shown(offer.reason, SHORT * 2),
        }
        return (
            self.case(line.case)
            | self._clock(line.light, offer.due_at)
            | told
            | self._acts(id_of(line.case), "accept", "refuse")
        )

    def assist(self, line: AssistLine) -> View:
        """A duty that the unit is asked for."""
        duty = line.duty
        return (
            self.case(line.case)
            | self._clock(line.light, duty.due_at)
            | {"duty": self._core.t(DUTIES[duty.duty])}
        )

    def recheck(self, case: CaseRow) -> View:
        """A closed case that somebody should look at again."""
        day = case.recheck_on
        late = day is not None and day < self._core.today
        return self.case(case) | {
            "light": Light.RED.value if late else Light.AMBER.value,
            "due": "" if day is None else day.isoformat(),
            "left": "" if day is None else days_in_words(self._core, day),
        }

    def _acts(self, case_id: int, *acts: str) -> View:
        """The forms that answer an offer, for who may answer it."""
        actor = self._core.actor
        if not may(actor, Action.ACCEPT, Parties(receiver=actor.unit)):
            return {}
        return {act: url_for(f"ledger.{act}", case_id=case_id) for act in acts}

    def _clock(self, light: Light, due: datetime) -> View:
        core = self._core
        return {
            "light": light.value,
            "due": core.moment(due),
            "left": left_in_words(core, core.desk.now(), due),
        }


def case_address(case_id: int) -> str:
    """The page of a case."""
    return url_for("ledger.case", case_id=case_id)


def left_in_words(core: Core, now: datetime, due: datetime) -> str:
    """How long there still is until a moment, or since when it is past."""
    late = now > due
    gap = now - due if late else due - now
    key = "inbox.late" if late else "inbox.left"
    if gap < HOUR:
        return core.say(f"{key}.minutes")
    if gap < DAYS_FROM:
        return core.say(f"{key}.hours", n=gap // HOUR)
    return core.say(f"{key}.days", n=gap.days)


def days_in_words(core: Core, day: date) -> str:
    """How far a day is from today."""
    gap = (day - core.today).days
    if gap == 0:
        return core.say("inbox.today")
    key = "inbox.late" if gap < 0 else "inbox.left"
    return core.say(f"{key}.day" if abs(gap) == 1 else f"{key}.days", n=abs(gap))
