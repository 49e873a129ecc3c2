"""What the rule book shows, as plain values in one language. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from enforcement.district import District
from enforcement.found import Found
from enforcement.register import Entry, load_register
from enforcement.seams import Proof, prove
from enforcement.units import Scope, Spot
from rules.book import Book
from rules.export import table_rows
from rules.model import Basis, Condition, Matter, Role, Rule, Text
from rules.table import Table
from web.officer.words import words

STRINGS = Path(__file__).parent / "strings.yaml"


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of the decision table: the facts, who leads and assists, the rules, how many."""

    facts: tuple[str, ...]
    lead: str
    assist: str
    says: str
    rules: str
    count: str


class RuleBook:
    """The book of one district in one language."""

    def __init__(self, district: District, lang: str, folder: Path | None = None) -> None:
        self._district = district
        self._lang = lang
        self._folder = folder

    @property
    def _book(self) -> Book:
        return self._district.book

    def t(self, text: Text) -> str:
        """A text in the reader's language."""
        return text.en if self._lang == "en" else text.zh

    def say(self, key: str, **values: object) -> str:
        """A word of the pages."""
        return words(STRINGS).say(key, self._lang, values)

    def listed(self, some: Iterable[str]) -> str:
        """Several words in a row."""
        return self.say("comma").join(some)

    # --- all matters ---------------------------------------------------------------------------

    def matters(self, on: date) -> list[dict[str, Any]]:
        """The matters that are covered on the day, with how many rules speak of each."""
        catalogue = self._book.catalogue
        return [
            {
                "code": one.code,
                "pack": one.pack,
                "name": self.t(one.name),
                "rules": sum(r.period.covers(on) for r in catalogue.rules_of(one.code)),
            }
            for one in self._book.matters(on)
        ]

    # --- one matter ------------------------------------------------------------------------------

    def matter(self, code: str, on: date) -> dict[str, Any]:
        """A matter on a day: its version, rules and table.

        Raises `rules.errors.UnknownMatter` and `DateNotCovered`.
        """
        matter = self._book.matter(code)
        table = self._book.table(code, on)
        rules = [r for r in self._book.catalogue.rules_of(code) if r.period.covers(on)]
        periods = [one.period for one in self._book.tables[code]]
        at = periods.index(table.period)
        return {
            "code": code,
            "name": self.t(matter.name),
            "period": str(table.period),
            "covered": self.listed(str(one) for one in matter.periods),
            "earlier": periods[at - 1].last_day if at else None,
            "later": periods[at + 1].valid_from if at + 1 < len(periods) else None,
            "leading": [self._rule(r, matter, rules, on) for r in rules if r.lead is not None],
            "adding": [self._rule(r, matter, rules, on) for r in rules if r.lead is None],
            "heads": [self.t(fact.question) for fact in matter.facts],
            "rows": list(self._rows(table, len(matter.facts))),
        }

    def _rule(self, rule: Rule, matter: Matter, others: Iterable[Rule], on: date) -> dict[str, Any]:
        catalogue = self._book.catalogue
        return {
            "id": rule.id,
            "says": self.t(rule.says).replace("{", "“").replace("}", "”"),
            "lead": rule.lead and self.t(rule.lead.name),
            "unit": rule.lead and self._holder(rule.lead, on),
            "when": [self._condition(one, matter) for one in rule.alternatives],
            "assist": [
                (self.t(one.role.name), self.say(f"duty.{one.duty}")) for one in rule.assist
            ],
            "beats": list(rule.overrides),
            "beaten": [other.id for other in others if rule.id in other.overrides],
            "basis": [self._basis(one) for one in rule.basis if one.period.covers(on)],
            "confidence": rule.confidence,
            "doubt": self.say(f"confidence.{rule.confidence}"),
            "note": rule.note and self.t(rule.note),
            "readings": [self.t(one.says) for one in rule.readings],
            "point": rule.enforcement_point and self.t(rule.enforcement_point),
            "source": [catalogue.sources[id_].what for id_ in rule.source],
            "period": str(rule.period),
        }

    def _condition(self, condition: Condition, matter: Matter) -> list[tuple[str, str]]:
        return [
            (
                self.t(fact.question),
                self.listed(
                    self.t(label)
                    for value, label in fact.values.items()
                    if value in condition[fact.name]
                ),
            )
            for fact in matter.facts
            if fact.name in condition
        ]

    def _basis(self, basis: Basis) -> dict[str, Any]:
        return {
            "cite": basis.cited(self._lang),
            "law": self.t(basis.law.name),
            "text": basis.law.articles.get(basis.article),
            "period": str(basis.period),
        }

    def _holder(self, role: Role, on: date) -> str:
        """Who holds a role on the day: a unit, or in words that it depends on the place."""
        registry = self._district.registry
        scopes = {one.scope for one in registry.of_role(role.id) if one.period.covers(on)}
        if scopes & {Scope.STREET, Scope.COMMUNITY}:
            return self.say("unit.per_street")
        if Scope.SEGMENT in scopes:
            return self.say("unit.per_segment")
        unit = registry.holder(role.id, Spot(), on)
        return self.say("unit.none") if unit is None else self.t(unit.name(on))

    def _rows(self, table: Table, facts: int) -> Iterable[Shown]:
        for row in table_rows(self._book, table, self._lang):
            lead, assist, says, _, rules, *_, count = row[facts:]
            yield Shown(tuple(row[:facts]), lead, assist, says, rules, count)

    # --- seams -----------------------------------------------------------------------------------

    def proof(self) -> Proof:
        """The proof of the district with its register of seams; takes a second or so."""
        if self._folder is None:
            return prove(self._district)
        catalogue, units = self._book.catalogue, self._district.registry.units
        return prove(self._district, load_register(self._folder, catalogue, units))

    def for_now(self, entry: Entry) -> dict[str, Any]:
        """An unclear item that the district settles for now by a mandate, told like a seam."""
        registry = self._district.registry
        mandate = next(one for one in registry.mandates if one.fills == entry.id)
        owner = registry.units[entry.owner].name(entry.deadline)
        return {
            "says": self.t(entry.what),
            "closes": self.say("seams.decide", owner=self.t(owner), deadline=entry.deadline),
            "matter": entry.matter,
            "blocking": False,
            "registered": True,
            "entry": self.say("seams.registered", entry=entry.id),
            "cover": "" if mandate.note is None else self.t(mandate.note),
        }

    def seam(self, found: Found) -> dict[str, Any]:
        """One finding of the proof in words."""
        return {
            "says": self.t(found.says),
            "closes": self.t(found.closes),
            "matter": found.matter,
            "blocking": found.blocking,
            "registered": found.entry is not None,
            "entry": self.say("seams.registered", entry=found.entry)
            if found.entry
            else self.say("seams.open")
            if found.blocking
            else "",
            "cover": self.say("seams.cover", days=found.days, n=found.combinations),
        }
