"""What would change the answer: the single facts that lead to another unit when they are not so.

Pure, as `resolve` is: it asks the same question again with one fact different.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from enforcement.district import District
from enforcement.errors import BadQuestion
from enforcement.findings import Outcome
from enforcement.resolution import Question, Resolution, resolve
from rules.errors import ImpossibleFacts
from rules.model import Fact


@dataclass(frozen=True, slots=True)
class Change:
    """One fact with another value, and the unit that would then lead."""

    fact: Fact
    value: str
    lead: Mapping[str, Any]


def changes(question: Question, told: Resolution, district: District) -> tuple[Change, ...]:
    """Each other value of a known fact that alone leads to another unit, in the matter's order.

    Empty when there is no lead. What is impossible, or would need a further question, is left
    out.
    """
    lead = told.lead
    if lead is None:
        return ()
    return tuple(_changes(question, told, district, str(lead["unit"])))


def _changes(
    question: Question, told: Resolution, district: District, unit: str
) -> Iterator[Change]:
    facts: Any = told.answer["facts"]
    for fact in district.book.matter(question.matter).facts:
        known = facts.get(fact.name)
        if known not in fact.values:
            continue
        for value in fact.values:
            if value == known:
                continue
            other = replace(question, facts={**question.facts, fact.name: value})
            try:
                then = resolve(other, district)
            except (ImpossibleFacts, BadQuestion):
                continue  # such a combination does not exist, so it changes nothing
            if then.outcome is Outcome.DECIDED and then.lead and then.lead["unit"] != unit:
                yield Change(fact, value, then.lead)
