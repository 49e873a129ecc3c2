"""The clock of a case: when its limits end, how near that is, and which steps start which limit.

Moments are aware; limits are counted in the district's days and hours by `deadlines`. A clock is
started once for each round of a case and no hand-over, return or ruling starts it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final, get_args

from enforcement.deadlines import TimeUnit, WorkCalendar
from enforcement.terms import Term, Terms
from rules.model import Text


class Light(StrEnum):
    """How near the end of a limit is."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    OVER = "over"


class StepKind(StrEnum):
    """A dated step of handling; none of them is a state."""

    INSPECTION = "inspection"
    ORDER = "order"
    ON_THE_SPOT = "on_the_spot"
    FILING = "filing"
    PRESERVATION = "preservation"
    SEIZURE = "seizure"
    NOTICE = "notice"
    HEARING = "hearing"
    DECISION = "decision"
    SERVICE = "service"
    PAYMENT = "payment"
    EXECUTION = "execution"
    REPAIR = "repair"
    NO_PENALTY = "no_penalty"
    OTHER = "other"


STEP_NAMES: Final[Mapping[StepKind, Text]] = {
    StepKind.INSPECTION: Text("现场检查", "inspection"),
    StepKind.ORDER: Text("责令改正", "order to correct"),
    StepKind.ON_THE_SPOT: Text("当场处罚", "penalty on the spot"),
    StepKind.FILING: Text("立案", "filing"),
    StepKind.PRESERVATION: Text("先行登记保存", "registered preservation"),
    StepKind.SEIZURE: Text("查封扣押", "sealing or seizure"),
    StepKind.NOTICE: Text("处罚告知", "notice of penalty"),
    StepKind.HEARING: Text("听证", "hearing"),
    StepKind.DECISION: Text("处罚决定", "decision"),
    StepKind.SERVICE: Text("送达", "service"),
    StepKind.PAYMENT: Text("缴款", "payment"),
    StepKind.EXECUTION: Text("执行", "execution"),
    StepKind.REPAIR: Text("修复或清理", "repair or clearing"),
    StepKind.NO_PENALTY: Text("不予处罚", "no penalty"),
    StepKind.OTHER: Text("其他", "other"),
}
CHECKS: Final = frozenset({StepKind.INSPECTION})
PENALTIES: Final = frozenset({StepKind.ON_THE_SPOT, StepKind.DECISION})

STARTS: Final[Mapping[StepKind, tuple[str, ...]]] = {
    StepKind.FILING: ("D06",),
    StepKind.PRESERVATION: ("D03",),
    StepKind.SEIZURE: ("D18",),
    StepKind.NOTICE: ("D12",),
    StepKind.DECISION: ("D14", "D15"),
}
"""The catalogue's deadlines that a step starts; ids of facts §6."""

ENDS: Final[Mapping[str, frozenset[StepKind]]] = {
    "D06": frozenset({StepKind.DECISION, StepKind.NO_PENALTY}),
    "D03": frozenset({StepKind.DECISION, StepKind.SEIZURE, StepKind.NO_PENALTY}),
    "D18": frozenset({StepKind.DECISION, StepKind.NO_PENALTY}),
    "D12": frozenset({StepKind.HEARING, StepKind.DECISION}),
    "D14": frozenset({StepKind.SERVICE}),
    "D15": frozenset({StepKind.PAYMENT, StepKind.EXECUTION}),
}
"""The steps that end a limit."""

PARTYS_TIME: Final = frozenset({"D12"})
"""Of these, the time in which the party may ask for something. It ends, and no unit is late."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A running limit. `unofficial_years` were counted without a published calendar."""

    term: Term
    started_at: datetime
    due_at: datetime
    unofficial_years: tuple[int, ...] = ()


def started(term: Term, at: datetime, *, calendar: WorkCalendar, terms: Terms) -> Clock:
    """The limit that starts at `at`, an aware moment, counted in the district's days."""
    local = at.astimezone(terms.zone).replace(tzinfo=None)
    due = calendar.due(local, term.limit, term.unit)
    return Clock(term, at, due.at.replace(tzinfo=terms.zone).astimezone(UTC), due.unofficial_years)


def day_of(at: datetime, terms: Terms) -> date:
    """The day it is in the district at `at`."""
    return at.astimezone(terms.zone).date()


def light(now: datetime, started_at: datetime, due_at: datetime, terms: Terms) -> Light:
    """Green, then amber and red before the limit ends, and over after it."""
    if now > due_at:
        return Light.OVER
    whole = (due_at - started_at).total_seconds()
    share = 1.0 if whole <= 0 else (now - started_at).total_seconds() / whole
    if share >= terms.red_share:
        return Light.RED
    return Light.AMBER if share >= terms.amber_share else Light.GREEN


def finishing(resolution: Mapping[str, Any], terms: Terms) -> Term:
    """The limit for the case as a whole: the matter's dispatch limit (G…), else the general one.

    Of several dispatch limits the one that is named first binds; the legal steps (D…) have clocks
    of their own, which their steps start.
    """
    for term in terms_in(resolution.get("deadlines", ())):
        if term.id.startswith("G"):
            return term
    return terms.finish


def terms_in(deadlines: Iterable[Mapping[str, Any]]) -> tuple[Term, ...]:
    """The limits of time among a resolution's deadlines, in their order."""
    return tuple(
        Term(one["id"], int(one["limit"]), one["unit"], one.get("basis") or "")
        for one in deadlines
        if one.get("unit") in get_args(TimeUnit) and float(one["limit"]).is_integer()
    )
