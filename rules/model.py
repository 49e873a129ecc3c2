"""The frozen values that a checked rule pack is made of.

Nothing here reads files or decides anything: `loader` makes these values and has checked them,
`table` asks the engine about them. Conditions are kept expanded: a rule holds when any of its
`alternatives` does, and an alternative holds when every fact in it has one of the listed values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from rules.periods import Period

UNKNOWN = "unknown"
"""What an officer says who does not know; never a value of a fact."""


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def as_dict(self) -> dict[str, str]:
        """The two languages as JSON carries them."""
        return {"zh": self.zh, "en": self.en}


class Power(StrEnum):
    """What a role may do; a role that only coordinates never leads and never holds."""

    ENFORCE = "enforce"
    MAINTAIN = "maintain"
    COORDINATE = "coordinate"


class MatterKind(StrEnum):
    """Enforcement needs a body with powers; upkeep may also be led by an owner."""

    ENFORCEMENT = "enforcement"
    UPKEEP = "upkeep"


@dataclass(frozen=True, slots=True)
class Role:
    """A function that rules name and mandates give to units."""

    id: str
    name: Text
    power: Power


@dataclass(frozen=True, slots=True)
class Law:
    """A statute, notice or practice that answers cite, with the days it is in force."""

    id: str
    name: Text
    short: Text
    period: Period
    kind: str
    source: tuple[str, ...]
    articles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Basis:
    """One citation: a law, its article, and the days on which it may be cited."""

    law: Law
    article: str
    period: Period

    @property
    def cite(self) -> str:
        """The citation as a Chinese reader writes it."""
        return self.cited("zh")

    def cited(self, lang: str) -> str:
        """The citation in `lang`, zh or en."""
        if not self.article:
            return self.law.short.en if lang == "en" else self.law.short.zh
        if lang == "en":
            return f"{self.law.short.en}, art. {self.article}"
        return f"{self.law.short.zh}第{self.article}条"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was found: the article (A), a public source (B) or own knowledge (C)."""

    id: str
    what: str
    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class Limit:
    """What a deadline or ceiling is in one period."""

    period: Period
    limit: float | None
    unit: str
    basis: tuple[Basis, ...]
    confidence: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A step of procedure with its dated limits."""

    id: str
    step: Text
    limits: tuple[Limit, ...]
    note: Text | None = None

    def on(self, day: date) -> Limit | None:
        """The limit in force on `day`, or None when there was none."""
        return next((limit for limit in self.limits if limit.period.covers(day)), None)


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A number in force in one period, with its basis."""

    period: Period
    value: float
    basis: tuple[Basis, ...]
    confidence: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated threshold."""

    id: str
    name: Text
    unit: str
    values: tuple[ParameterValue, ...]

    def on(self, day: date) -> float | None:
        """The number in force on `day`, or None."""
        found = next((value for value in self.values if value.period.covers(day)), None)
        return None if found is None else found.value


@dataclass(frozen=True, slots=True)
class Fact:
    """A named question with a closed set of answers.

    `place` names what geography answers it (`zone:water`, `road:road_class`). `cuts` are the
    ids of the parameters at which a number falls into the next band; a number equal to a cut
    belongs to the upper band. `otherwise` is the value that anything not listed counts as, for
    facts that come from other people's lists; without it what is not listed is refused.
    """

    name: str
    question: Text
    values: Mapping[str, Text]
    place: str | None = None
    unit: str | None = None
    cuts: tuple[str, ...] = ()
    otherwise: str | None = None

    @property
    def is_number(self) -> bool:
        """Whether it is answered with a number that is cut into bands."""
        return bool(self.cuts)


Condition = Mapping[str, frozenset[str]]
"""fact → the values that satisfy it; all facts must be satisfied."""


@dataclass(frozen=True, slots=True)
class Cannot:
    """A combination of facts that does not exist, and why."""

    id: str
    alternatives: tuple[Condition, ...]
    because: Text
    period: Period


@dataclass(frozen=True, slots=True)
class Card:
    """What a generalist has to do at the spot: look, secure evidence, tell the party."""

    look: tuple[Text, ...] = ()
    evidence: tuple[Text, ...] = ()
    tell: tuple[Text, ...] = ()
    on_the_spot: bool | None = None
    on_the_spot_limits: tuple[Deadline, ...] = ()
    on_the_spot_note: Text | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of thing to deal with: its facts, its impossible combinations, its periods."""

    code: str
    pack: str
    name: Text
    words: tuple[str, ...]
    kind: MatterKind
    facts: tuple[Fact, ...]
    cannot: tuple[Cannot, ...]
    periods: tuple[Period, ...]
    deadlines: tuple[Deadline, ...]
    card: Card | None = None

    def fact(self, name: str) -> Fact | None:
        """The fact of this name, or None when the matter does not ask it."""
        return next((fact for fact in self.facts if fact.name == name), None)

    def covers(self, day: date) -> bool:
        """Whether the pack answers for this matter on `day`."""
        return any(period.covers(day) for period in self.periods)


@dataclass(frozen=True, slots=True)
class Assist:
    """A role that helps the lead, and with what."""

    role: Role
    duty: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A competing interpretation that the officer must be shown."""

    says: Text
    lead: Role | None
    basis: tuple[Basis, ...]
    confidence: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Safety:
    """What to do at once, before any question of competence, and whom to call."""

    says: Text
    call: tuple[tuple[Text, str], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """When these facts hold, this role leads; or, without a lead, what is added to the answer."""

    id: str
    rows: tuple[str, ...]
    pack: str
    matters: tuple[str, ...]
    period: Period
    alternatives: tuple[Condition, ...]
    lead: Role | None
    assist: tuple[Assist, ...]
    says: Text
    basis: tuple[Basis, ...]
    confidence: str
    source: tuple[str, ...]
    overrides: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    enforcement_point: Text | None = None
    safety: Safety | None = None
    deadlines: tuple[Deadline, ...] = ()
    note: Text | None = None

    def cited_on(self, day: date) -> tuple[Basis, ...]:
        """The citations in force on `day`; the loader has checked that there is one."""
        return tuple(basis for basis in self.basis if basis.period.covers(day))


@dataclass(frozen=True, slots=True)
class Case:
    """A worked example beside the rules: a sentence, a day, facts, and what must come out."""

    id: str
    name: str
    on: date
    matter: str
    facts: Mapping[str, str]
    lead: str | None
    assist: tuple[str, ...]
    rules: tuple[str, ...]
    seam: str | None
    unit: str | None
    street: str | None
    pack: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that the packs say, checked. `sha256` names exactly this content."""

    roles: Mapping[str, Role]
    laws: Mapping[str, Law]
    sources: Mapping[str, Source]
    deadlines: Mapping[str, Deadline]
    parameters: Mapping[str, Parameter]
    matters: Mapping[str, Matter]
    rules: Mapping[str, Rule]
    cases: tuple[Case, ...]
    sha256: str
    packs: Mapping[str, Text] = field(default_factory=dict)
    """The packs' names by their ids."""

    def rules_of(self, matter: str) -> tuple[Rule, ...]:
        """The rules that speak of this matter, on any day, in order of their ids."""
        return tuple(rule for rule in self.rules.values() if matter in rule.matters)
