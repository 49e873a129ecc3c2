"""A question as it is put: what, where, when, what is known; checked against the rules.

Strings become values at the edge (`web`); here the values are checked for meaning: the matter
exists and is covered, each fact belongs to it, each value is one of the fact's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from enforcement.errors import BadQuestion
from geo.points import Point
from rules.errors import Fault
from rules.model import UNKNOWN, Catalogue, Fact, Matter

STREET_FACT = "place.street"
ROAD_FACT = "place.road"
OUTSIDE = "outside"
"""The value of `place.street` for a place beyond the district."""
PLACE_FACTS = (STREET_FACT, ROAD_FACT)
"""What an officer may say of the place itself, to settle what the position leaves open."""


@dataclass(frozen=True, slots=True)
class AtPoint:
    """A position with the radius in metres within which it is trusted."""

    point: Point
    accuracy_m: float = 10.0


@dataclass(frozen=True, slots=True)
class AtStake:
    """A kilometre stake such as K12+300 on a road, and the direction (up, down) if known."""

    ref: str
    stake: str
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class InArea:
    """A street or community by its code."""

    code: str


@dataclass(frozen=True, slots=True)
class Question:
    """One matter at one place on one day, as the asker knows it.

    `facts` maps names to values or to "unknown". `on` picks rules, units and maps;
    `occurred_on` only picks the citations.
    """

    matter: str
    on: date
    occurred_on: date
    where: AtPoint | AtStake | InArea
    facts: Mapping[str, str] = field(default_factory=dict)
    asker: str | None = None


def asked_json(question: Question) -> dict[str, Any]:
    """Where it was asked and what was said, as JSON carries it; enough to ask it again."""
    where = question.where
    at = where if isinstance(where, AtPoint) else None
    stake = where if isinstance(where, AtStake) else None
    return {
        "at": None if at is None else {"lon": at.point.lon, "lat": at.point.lat},
        "accuracy": None if at is None else at.accuracy_m,
        "road": None if stake is None else stake.ref,
        "stake": None if stake is None else stake.stake,
        "direction": None if stake is None else stake.direction,
        "area": where.code if isinstance(where, InArea) else None,
        "facts": dict(sorted(question.facts.items())),
    }


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of a question after checking: known, declined, and said of the place itself."""

    facts: tuple[tuple[str, str], ...]
    declined: frozenset[str]
    street: str | None
    road: str | None


def known(question: Question, matter: Matter, catalogue: Catalogue) -> Known:
    """The checked facts, numbers cut into their bands.

    Raises `BadQuestion` with one fault for each fact that the matter does not have and each
    value that the fact cannot take.
    """
    faults: list[Fault] = []
    facts: dict[str, str] = {}
    declined = set()
    for name, value in question.facts.items():
        fact = matter.fact(name)
        if value == UNKNOWN and (fact is not None or name in PLACE_FACTS):
            declined.add(name)
        elif fact is not None:
            found = _value(fact, value, question.on, catalogue)
            if found is None:
                faults.append(_bad_value(fact, value))
            else:
                facts[name] = found
        elif name not in PLACE_FACTS:
            faults.append(_no_such_fact(name, matter))
    if faults:
        raise BadQuestion(faults)

    def said(name: str) -> str | None:
        return None if name in declined else question.facts.get(name)

    return Known(
        tuple(sorted(facts.items())), frozenset(declined), said(STREET_FACT), said(ROAD_FACT)
    )


def _value(fact: Fact, given: str, on: date, catalogue: Catalogue) -> str | None:
    """The value that was meant: named by itself or by its label, or a number in its band."""
    if given in fact.values:
        return given
    if not fact.is_number:
        labelled = [value for value, text in fact.values.items() if given in (text.zh, text.en)]
        return labelled[0] if len(labelled) == 1 else fact.otherwise
    try:
        number = float(given)
    except ValueError:
        return None
    if not math.isfinite(number) or number < 0:
        return None
    cuts = [catalogue.parameters[id_].on(on) for id_ in fact.cuts]
    band = sum(1 for cut in cuts if cut is not None and number >= cut)
    return list(fact.values)[band]


def _bad_value(fact: Fact, given: str) -> Fault:
    shown = given if len(given) <= 40 else given[:40] + "…"
    allowed = "、".join(f"{value}（{label.zh}）" for value, label in fact.values.items())
    allowed_en = ", ".join(fact.values)
    number = (f"或以{fact.unit}计的数字", f" or a number in {fact.unit}") if fact.unit else ("", "")
    return Fault(
        f"fact {fact.name}",
        f"没有取值“{shown}”，可选：{allowed}{number[0]}；不清楚就写 {UNKNOWN}",
        f"{shown!r} is not a value; allowed: {allowed_en}{number[1]}, or {UNKNOWN}",
    )


def _no_such_fact(name: str, matter: Matter) -> Fault:
    shown = name if len(name) <= 40 else name[:40] + "…"
    listed = ", ".join((*(fact.name for fact in matter.facts), *PLACE_FACTS))
    return Fault(
        f"fact {shown}",
        f"事项 {matter.code} 没有要素“{shown}”，可用：{listed}",
        f"{matter.code} has no fact {shown!r}; it has: {listed}",
    )
