"""One thing that the proof found: what, where, from when to when, and what would close it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from rules.model import Text
from rules.periods import Period

HORIZON = date(2028, 1, 1)
"""Days of a seam without an end are counted up to here."""


class Part(StrEnum):
    """Who has to mend it: the rules' steward, who keeps the mandates, or who keeps the map."""

    RULES = "rules"
    MANDATES = "mandates"
    MAP = "map"


class Kind(StrEnum):
    """What is wrong. Those after `VACANCY` cannot be registered, only mended."""

    GAP = "gap"
    OVERLAP = "overlap"
    VACANCY = "vacancy"
    COORDINATION = "coordination"
    POWER = "power"
    UNSOURCED = "unsourced"
    UNBASED = "unbased"
    DOUBLE = "double"
    NESTED = "nested"
    HOLE = "hole"
    MAP_OVERLAP = "map_overlap"
    STREETS = "streets"
    OWNERS = "owners"
    LATENT = "latent"
    IDLE = "idle"
    DEAD = "dead"
    UNREGISTERED = "unregistered"
    FAULTS = "faults"


NOTED = frozenset({Kind.LATENT, Kind.IDLE, Kind.DEAD, Kind.UNREGISTERED, Kind.FAULTS})
"""What is told but leaves no case without its one unit."""


@dataclass(frozen=True, slots=True)
class Found:
    """One seam, with its witness.

    `facts` is the region of facts it covers (any others may be anything), `witness` the fewest
    facts that force it, `elements` the streets or other elements of scope (none: everywhere),
    `combinations` how many combinations of values it covers, `assists` whether it is an assistant
    that lacks and not the lead, `says` the sentence for a lawyer,
    `closes` what would close it, `entry` the register's entry that covers it.
    """

    part: Part
    kind: Kind
    period: Period
    says: Text
    closes: Text
    matter: str | None = None
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    witness: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    combinations: int = 0
    assists: bool = False
    entry: str | None = None

    @property
    def blocking(self) -> bool:
        """Whether it can leave a case without its one unit."""
        return self.kind not in NOTED

    @property
    def days(self) -> int:
        """How many days it lasts, up to the horizon."""
        return max(0, ((self.period.ceases_on or HORIZON) - self.period.valid_from).days)

    def as_dict(self) -> dict[str, object]:
        """As JSON carries it."""
        return {
            "part": self.part.value,
            "kind": self.kind.value,
            "open": self.blocking and self.entry is None,
            "entry": self.entry,
            "matter": self.matter,
            "valid_from": self.period.valid_from.isoformat(),
            "ceases_on": self.period.ceases_on and self.period.ceases_on.isoformat(),
            "days": self.days,
            "combinations": self.combinations,
            "facts": {name: list(values) for name, values in self.facts.items()},
            "witness": dict(self.witness),
            "rules": list(self.rules),
            "roles": list(self.roles),
            "units": list(self.units),
            "elements": list(self.elements),
            "assists": self.assists,
            "says": self.says.as_dict(),
            "closes": self.closes.as_dict(),
        }


def days_in_words(period: Period) -> Text:
    """A period as a sentence begins with it."""
    last = period.last_day
    if last is None:
        return Text(f"自 {period.valid_from} 起", f"From {period.valid_from} on")
    if last == period.valid_from:
        return Text(f"{last} 当天", f"On {last}")
    return Text(f"{period.valid_from} 至 {last}", f"From {period.valid_from} to {last}")


def dated(period: Period, says: Text) -> Text:
    """The sentence with the days before it."""
    days = days_in_words(period)
    return Text(f"{days.zh}，{says.zh}", f"{days.en}, {says.en}")


def joined(found: Iterable[Found]) -> list[Found]:
    """The same with those that follow each other and differ in their days alone made one.

    Sentences must not hold the days yet.
    """
    runs: dict[object, list[Found]] = {}
    for one in found:
        key = (
            one.part, one.kind, one.matter, _frozen(one.facts), _frozen(one.witness), one.rules,
            one.roles, one.units, one.elements, one.combinations, one.assists, one.entry, one.says,
        )  # fmt: skip
        run = runs.setdefault(key, [])
        if run and run[-1].period.ceases_on == one.period.valid_from:
            run[-1] = replace(
                run[-1], period=Period(run[-1].period.valid_from, one.period.ceases_on)
            )
        else:
            run.append(one)
    return [one for run in runs.values() for one in run]


def _frozen(facts: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(facts.items()))
