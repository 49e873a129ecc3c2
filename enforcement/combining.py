"""Findings on every ground that a position may be on, told as one answer.

When all grounds come to the same, that is the answer, and it is certain. When not, there is one
next question. A difference that no question settles is contested.
"""

from __future__ import annotations

from collections.abc import Sequence

from enforcement.answers import Body, Speaker, seam_of
from enforcement.findings import Outcome, Standing, sure
from enforcement.inquiry import Findings, Inquiry, findings_of, result_of
from enforcement.next_question import lacks_road, next_question, which_road
from enforcement.nowhere import NOT_A_POSITION, NOWHERE
from enforcement.places import Ground
from rules.model import UNKNOWN, Text

_SCHEMATIC = Text(
    "示意数据：地图、道路、对象和电话为示意，不可用于实际执法",
    "Schematic data: map, roads, sites and phone numbers are made up; not for real use",
)


def answered(inquiry: Inquiry) -> tuple[Outcome, bool, Body]:
    """The outcome, whether it is certain, and the shared part of the answer.

    Raises `ImpossibleFacts` when the facts contradict each other wherever the place may be.
    """
    findings = findings_of(inquiry)
    told = _Telling(findings)
    if not findings.inside:
        outcome, certain, body = Outcome.OUTSIDE, False, told.unsettled([])
    elif len(findings.results()) == 1:
        outcome, certain, body = told.agreed()
    else:
        ask = next_question(findings, told.speaker)
        lacking = any(one.outcome is Outcome.NEEDS_FACTS for one in findings.inside.values())
        outcome = Outcome.NEEDS_FACTS if ask or lacking else Outcome.CONTESTED
        certain, body = False, told.unsettled(ask)
    if body["lead"] is None:
        body["interim"] = told.interim(outcome)
    return outcome, certain, told.head(outcome, certain=certain) | body | told.notices(outcome)


class _Telling:
    """The words for the findings of one inquiry."""

    def __init__(self, findings: Findings) -> None:
        inquiry = findings.inquiry
        self._inquiry = inquiry
        self._findings = findings
        self._first = next(iter(findings.inside), inquiry.grounds[0])
        self._facts = dict(self._first.facts) | inquiry.typed
        self.speaker = Speaker(
            matter=inquiry.matter,
            table=inquiry.table,
            catalogue=inquiry.district.book.catalogue,
            registry=inquiry.district.registry,
            facts=self._facts,
            spot=self._first.spot,
            on=inquiry.question.on,
            occurred_on=inquiry.question.occurred_on,
            asker=inquiry.question.asker,
        )

    def head(self, outcome: Outcome, *, certain: bool) -> Body:
        """What was asked, and how it ended."""
        question = self._inquiry.question
        declined = dict.fromkeys(self._inquiry.given.declined, UNKNOWN)
        return {
            "outcome": outcome.value,
            "certain": certain,
            "matter": self._inquiry.matter.code,
            "matter_name": self._inquiry.matter.name.as_dict(),
            "on": question.on.isoformat(),
            "occurred_on": question.occurred_on.isoformat(),
            "facts": dict(sorted((self._facts | declined).items())),
            "asker": question.asker,
        }

    def agreed(self) -> tuple[Outcome, bool, Body]:
        """Every ground comes to the same: a decision, or the same seam everywhere."""
        finding = next(iter(self._findings.inside.values()))
        no_road = lacks_road(self._findings)
        possible = self._findings.possible
        rules = self.speaker.told(possible)
        certain = frozenset(sure(possible))
        standing = finding.standings[0]
        body: Body = {
            "lead": self.speaker.lead(standing),
            "interim": None,
            "seam": None if no_road else seam_of(finding),
            "assist": self.speaker.assist(
                (rule for rule in rules if rule.id in certain), standing.unit
            ),
            "basis": self.speaker.basis(rules),
            "because": self.speaker.because(rules, certain),
            "rivals": self.speaker.rivals(possible),
            "readings": self.speaker.readings(rules),
            "ask": which_road(self._findings) if no_road else [],
            "candidates": [self.speaker.candidate(one) for one in finding.standings],
            "open": self.speaker.still_open(),
            "enforcement_point": self.speaker.enforcement_point(rules),
            "safety": self.speaker.safety(possible),
            "deadlines": self.speaker.deadlines(rules),
        }
        # What is done where no location is known says nothing of where it really is
        located = all(one.street != NOWHERE for one in self._findings.inside)
        return (
            Outcome.NEEDS_FACTS if no_road else finding.outcome,
            located and not no_road,
            body,
        )

    def unsettled(self, ask: Sequence[Body]) -> Body:
        """No common answer yet: the question to ask, and the leads that are still possible."""
        standings: dict[object, Standing] = {}
        for finding in self._findings.inside.values():
            for one in finding.standings:
                standings.setdefault(result_of(one), one)
        possible = self._findings.possible
        empty: Body = {
            name: [] for name in ("assist", "basis", "because", "rivals", "readings", "deadlines")
        }
        return empty | {
            "lead": None,
            "interim": None,
            "seam": None,
            "ask": list(ask),
            "candidates": [self.speaker.candidate(one) for one in standings.values()]
            + [self._outside_candidate(one) for one in self._findings.outside],
            "open": self.speaker.still_open(),
            "enforcement_point": None,
            "safety": self.speaker.safety(possible) if possible else None,
        }

    def _outside_candidate(self, one: Ground) -> Body:
        neighbour = self._inquiry.neighbour(one)
        return {
            "unit": neighbour and neighbour.unit,
            "name": neighbour and neighbour.name.as_dict(),
            "role": None,
            "roles": [],
            "role_names": [],
            "outcome": Outcome.OUTSIDE.value,
        }

    # --- who acts while nobody leads, and what else to know --------------------------------

    def interim(self, outcome: Outcome) -> Body:
        """The asker; without one the first contact at the place; outside, who runs it there."""
        question, district = self._inquiry.question, self._inquiry.district
        units = district.registry.units
        if outcome is Outcome.OUTSIDE:
            neighbour = self._inquiry.neighbour(self._first)
            unit = units[neighbour.unit if neighbour else district.settings.intake_unit]
            return self.speaker.unit(unit, "neighbour" if neighbour else "intake")
        if question.asker is not None:
            return self.speaker.unit(units[question.asker], "asker")
        role = district.settings.first_contact
        found = district.registry.holder(role, self._first.spot, question.on)
        if found is not None:
            return self.speaker.unit(found, role)
        return self.speaker.unit(units[district.settings.intake_unit], "intake")

    def notices(self, outcome: Outcome) -> Body:
        """What the reader must know: made-up data, a map overruled, who runs the place."""
        found = [_SCHEMATIC] if self._inquiry.district.settings.schematic else []
        found += self._for_now(outcome)
        typed = self._inquiry.typed
        for name, value in self._first.facts:
            said, fact = typed.get(name), self._inquiry.matter.fact(name)
            if said is not None and said != value and fact is not None:
                on_map, taken = fact.values[value], fact.values[said]
                found.append(
                    Text(
                        f"地图显示“{on_map.zh}”，按现场认定“{taken.zh}”处理",
                        f"the map says “{on_map.en}”; taken as said: “{taken.en}”",
                    )
                )
        if outcome is Outcome.OUTSIDE:
            found.append(self._who_runs_it())
        if any(one.street == NOWHERE for one in self._inquiry.grounds):
            found.append(NOT_A_POSITION)
        return {"notices": [one.as_dict() for one in found]}

    def _for_now(self, outcome: Outcome) -> list[Text]:
        """That the lead holds its role only until the government has named a department."""
        if outcome is not Outcome.DECIDED:
            return []
        standing = next(iter(self._findings.inside.values())).standings[0]
        registry, on = self._inquiry.district.registry, self._inquiry.question.on
        notes = (registry.for_now(role.id, on) for role in standing.roles)
        return [one for one in notes if one is not None]

    def _who_runs_it(self) -> Text:
        here = self._inquiry.district.settings.name
        neighbour = self._inquiry.neighbour(self._first)
        if neighbour is None:
            return Text(
                f"位置不在{here.zh}，也没有登记由谁管理",
                f"the place is not in {here.en}, and who runs it is not recorded",
            )
        return Text(
            f"位置不在{here.zh}，由{neighbour.name.zh}管理",
            f"the place is not in {here.en}; {neighbour.name.en} runs it",
        )
