"""A finding in words and names: the shared part of every resolution, as JSON carries it.

Pure: everything comes in as arguments, nothing is looked up but the rules, units and labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from enforcement.findings import Finding, Outcome, Standing, open_axes, sure
from enforcement.units import Registry, Spot, Unit
from rules.model import Catalogue, Deadline, Fact, Matter, Role, Rule, Safety, Text
from rules.table import Table, Verdict

Body = dict[str, object]
_SLOT = re.compile(r"\{([a-z_.]+)\}")
_NOT_TIMES = ("yuan", "persons", "percent")


class Speaker:
    """Turns rules and units into the words of one answer: one matter, one day, one spot."""

    def __init__(
        self,
        *,
        matter: Matter,
        table: Table,
        catalogue: Catalogue,
        registry: Registry,
        facts: Mapping[str, str],
        spot: Spot,
        on: date,
        occurred_on: date,
        asker: str | None,
    ) -> None:
        self._matter = matter
        self._table = table
        self._catalogue = catalogue
        self._registry = registry
        self._facts = facts
        self._spot = spot
        self._on = on
        self._occurred_on = occurred_on
        self._asker = asker

    # --- units -----------------------------------------------------------------------------

    def unit(self, unit: Unit, role: Role | str | None) -> Body:
        """A unit as lead or interim."""
        return {
            "unit": unit.id,
            "name": unit.name(self._on).as_dict(),
            "kind": unit.kind.value,
            "role": role.id if isinstance(role, Role) else role,
            "contact": unit.contact.as_dict(),
            "is_asker": unit.id == self._asker,
        }

    def lead(self, standing: Standing) -> Body | None:
        """The lead of a standing, or None."""
        if standing.unit is None:
            return None
        return self.unit(standing.unit, standing.roles[0])

    def candidate(self, standing: Standing) -> Body:
        """A lead that is still possible; without a unit, the roles that are named."""
        roles = [role.id for role in standing.roles]
        names = [role.name.as_dict() for role in standing.roles]
        if standing.unit is None:
            return {
                "unit": None,
                "name": None,
                "role": roles[0] if roles else None,
                "roles": roles,
                "role_names": names,
                "outcome": standing.outcome.value,
            }
        found = self.unit(standing.unit, standing.roles[0])
        return found | {"roles": roles, "role_names": names, "outcome": Outcome.DECIDED.value}

    def holder(self, role: Role) -> Unit | None:
        """The unit that holds a role at the spot on the day, or None."""
        return self._registry.holder(role.id, self._spot, self._on)

    # --- rules -----------------------------------------------------------------------------

    def told(self, possible: Sequence[Verdict]) -> tuple[Rule, ...]:
        """The rules that the answer rests on: those that stand whatever else holds.

        When no rule with a lead is sure (several rules lead to the same unit), those with a
        lead that may stand are told as well.
        """
        rules = self._catalogue.rules
        certain = [rules[id_] for id_ in sure(possible)]
        if any(rule.lead is not None for rule in certain):
            return tuple(certain)
        maybe = {id_ for verdict in possible for id_ in verdict.standing}
        leading = [rules[id_] for id_ in sorted(maybe) if rules[id_].lead is not None]
        return tuple(leading + certain)

    def because(self, rules: Iterable[Rule], certain: frozenset[str]) -> list[Body]:
        """Why: each rule's sentence with the facts filled in, and the facts that matched."""
        return [
            {
                "rule": rule.id,
                "says": self.filled(rule.says).as_dict(),
                "matched": self.matched(rule),
                "sure": rule.id in certain,
                "leads": rule.lead is not None,
                "confidence": rule.confidence,
                "source": list(rule.source),
                "note": rule.note and rule.note.as_dict(),
            }
            for rule in rules
        ]

    def matched(self, rule: Rule) -> dict[str, str]:
        """The known facts that satisfy the rule's condition, of the first alternative that fits."""
        for one in rule.alternatives:
            if all(
                self._facts[name] in wanted for name, wanted in one.items() if name in self._facts
            ):
                return {name: self._facts[name] for name in one if name in self._facts}
        return {}

    def filled(self, text: Text) -> Text:
        """A rule's sentence with `{fact}` replaced by the label of its value."""

        def fill(lang: str) -> str:
            def label(found: re.Match[str]) -> str:
                fact = self._matter.fact(found[1])
                value = self._facts.get(found[1])
                if fact is None:
                    return found[0]
                if value is None:
                    return "（未知）" if lang == "zh" else "(unknown)"
                return str(getattr(fact.values[value], lang))

            return _SLOT.sub(label, str(getattr(text, lang)))

        return Text(fill("zh"), fill("en"))

    def basis(self, rules: Iterable[Rule]) -> list[Body]:
        """The citations in force on the day it occurred, each once, in the rules' order."""
        found: dict[tuple[str, str], Body] = {}
        for rule in rules:
            for basis in rule.cited_on(self._occurred_on):
                found.setdefault(
                    (basis.law.id, basis.article),
                    {
                        "cite": basis.cite,
                        "cite_en": basis.cited("en"),
                        "rule": rule.id,
                        "law": basis.law.id,
                        "article": basis.article,
                        "confidence": rule.confidence,
                    },
                )
        return list(found.values())

    def assist(self, rules: Iterable[Rule], lead: Unit | None) -> list[Body]:
        """Who assists and with what; a unit once per duty, and never the lead itself."""
        found: dict[tuple[str, str], Body] = {}
        for rule in rules:
            for one in rule.assist:
                unit = self.holder(one.role)
                if unit is None or (lead is not None and unit.id == lead.id):
                    continue
                found.setdefault(
                    (unit.id, one.duty),
                    {
                        "unit": unit.id,
                        "name": unit.name(self._on).as_dict(),
                        "role": one.role.id,
                        "duty": one.duty,
                        "contact": unit.contact.as_dict(),
                    },
                )
        return list(found.values())

    def rivals(self, possible: Sequence[Verdict]) -> list[Body]:
        """Rules that hold but were beaten, by which, and who would have led."""
        shared = frozenset(possible[0].lost).intersection(*(v.lost for v in possible[1:]))
        found: list[Body] = []
        for loser, winner in sorted(shared):
            rule = self._catalogue.rules[loser]
            unit = None if rule.lead is None else self.holder(rule.lead)
            found.append(
                {
                    "rule": loser,
                    "unit": unit and unit.id,
                    "name": unit and unit.name(self._on).as_dict(),
                    "says": self.filled(rule.says).as_dict(),
                    "lost_to": winner,
                }
            )
        return found

    def readings(self, rules: Iterable[Rule]) -> list[Body]:
        """Competing interpretations, with the unit that would lead under each."""
        found: list[Body] = []
        for rule in rules:
            for one in rule.readings:
                unit = None if one.lead is None else self.holder(one.lead)
                found.append(
                    {
                        "rule": rule.id,
                        "says": self.filled(one.says).as_dict(),
                        "unit": unit and unit.id,
                        "name": unit and unit.name(self._on).as_dict(),
                        "role": one.lead and one.lead.id,
                        "basis": [
                            {"cite": b.cite, "cite_en": b.cited("en")}
                            for b in one.basis
                            if b.period.covers(self._occurred_on)
                        ],
                        "confidence": one.confidence,
                    }
                )
        return found

    def enforcement_point(self, rules: Iterable[Rule]) -> dict[str, str] | None:
        """Where to act, when a rule says so."""
        return next(
            (rule.enforcement_point.as_dict() for rule in rules if rule.enforcement_point), None
        )

    def safety(self, possible: Sequence[Verdict]) -> Body | None:
        """What to do at once: certain dangers, and those that a known fact points at."""
        certain = frozenset(sure(possible))
        maybe = sorted({id_ for verdict in possible for id_ in verdict.standing})
        for id_ in maybe:
            rule = self._catalogue.rules[id_]
            if rule.safety is not None and (id_ in certain or self.matched(rule)):
                return _safety(rule.safety)
        return None

    def deadlines(self, rules: Iterable[Rule]) -> list[Body]:
        """The limits in force on the day handled: the rules' own first, then the matter's."""
        steps: dict[str, Deadline] = {}
        for rule in rules:
            steps.update({one.id: one for one in rule.deadlines})
        for one in self._matter.deadlines:
            steps.setdefault(one.id, one)
        return [found for one in steps.values() if (found := deadline(one, self._on)) is not None]

    # --- questions ---------------------------------------------------------------------------

    def ask(self, fact: Fact, values: Sequence[str]) -> Body:
        """A question with the values that are still possible, in the fact's order."""
        return {
            "fact": fact.name,
            "question": fact.question.as_dict(),
            "unit": fact.unit,
            "values": [
                {"value": value, "label": label.as_dict()}
                for value, label in fact.values.items()
                if value in values
            ],
        }

    def still_open(self) -> list[str]:
        """Facts that are not known and that could still change assists, basis or reasons."""
        return [axis.fact for axis in open_axes(self._table, self._facts)]


def deadline(one: Deadline, on: date) -> Body | None:
    """A deadline with its limit in force on `on`, or None when it has none or is no time."""
    limit = one.on(on)
    if limit is None or limit.limit is None or limit.unit in _NOT_TIMES:
        return None
    whole = int(limit.limit) if float(limit.limit).is_integer() else limit.limit
    return {
        "id": one.id,
        "step": one.step.zh,
        "step_en": one.step.en,
        "limit": whole,
        "unit": limit.unit,
        "basis": "；".join(basis.cite for basis in limit.basis),
        "basis_en": "; ".join(basis.cited("en") for basis in limit.basis),
        "confidence": limit.confidence,
        "note": one.note and one.note.as_dict(),
    }


def _safety(given: Safety) -> Body:
    return given.says.as_dict() | {
        "call": [{**who.as_dict(), "phone": phone} for who, phone in given.call]
    }


def seam_of(finding: Finding) -> Body | None:
    """Why nobody leads, when nobody does: a gap, an overlap, or a role without a unit."""
    if finding.outcome not in (Outcome.VACANT, Outcome.CONTESTED) or not finding.standings:
        return None
    roles = finding.standings[0].roles
    kind = ("gap", "vacancy")[len(roles)] if len(roles) < 2 else "overlap"
    return {
        "kind": kind,
        "roles": [role.id for role in roles],
        "role_names": [role.name.as_dict() for role in roles],
    }
