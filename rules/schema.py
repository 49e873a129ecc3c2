"""The shape of the YAML files: which keys exist, what each may hold. Meaning is `loader`'s."""

# ruff: noqa: D101 - each class is the shape of one kind of entry; its name says which

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


M = TypeVar("M", bound=_Strict)

Words = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.\-]*$", max_length=60)]
Article = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, int) else v)]
Value = Annotated[
    str,
    BeforeValidator(lambda v: str(v).lower() if isinstance(v, bool) else v),
    Field(pattern=r"^[a-z0-9][a-z0-9_]*$"),
]
Confidence = Literal["H", "M", "L", "project"]
Duty = Literal["inform", "evidence", "joint", "technical"]
Unit = Literal[
    "hour", "working_hour", "day", "working_day", "month", "year", "yuan", "persons", "percent"
]


class TextS(_Strict):
    zh: Words
    en: Words


class Dated(_Strict):
    valid_from: date | None = None
    ceases_on: date | None = None


class PeriodS(_Strict):
    valid_from: date
    ceases_on: date | None = None


class RoleS(_Strict):
    name: TextS
    power: Literal["enforce", "maintain", "coordinate"]


class RolesFile(_Strict):
    roles: dict[Id, RoleS]


class LawS(_Strict):
    name: TextS
    short: TextS | None = None
    valid_from: date
    ceases_on: date | None = None
    kind: Literal["law", "regulation", "local", "notice", "practice", "standard", "project"]
    source: list[str] = []
    articles: dict[Article, Words] = {}


class LawsFile(_Strict):
    laws: dict[Id, LawS]


class SourceS(_Strict):
    what: Words
    kind: Literal["A", "B", "C"]
    address: str = ""


class SourcesFile(_Strict):
    sources: dict[str, SourceS]


class BasisS(Dated):
    law: Id
    article: Article = ""


class LimitS(Dated):
    limit: float | None = None
    unit: Unit
    basis: list[BasisS] = []
    confidence: Confidence
    source: list[str] = []


class DeadlineS(Dated):
    step: TextS
    limit: float | None = None
    unit: Unit | None = None
    basis: list[BasisS] = []
    confidence: Confidence | None = None
    source: list[str] = []
    note: TextS | None = None
    values: list[LimitS] = []


class DeadlinesFile(_Strict):
    deadlines: dict[Id, DeadlineS]


class ParameterValueS(Dated):
    value: float
    basis: list[BasisS] = []
    confidence: Confidence = "H"
    source: list[str] = []


class ParameterS(_Strict):
    name: TextS
    unit: str
    values: list[ParameterValueS]


class ParametersFile(_Strict):
    parameters: dict[Id, ParameterS] = {}


class NumberS(_Strict):
    unit: str
    cuts: list[Id] = Field(min_length=1)


class FactS(_Strict):
    question: TextS
    values: dict[Value, TextS] = Field(min_length=1)
    place: Annotated[str, Field(pattern=r"^(zone|road):[a-z0-9_]+$")] | None = None
    number: NumberS | None = None
    otherwise: Value | None = None


class NotS(_Strict):
    not_: list[Value] = Field(alias="not", min_length=1)


ConditionS = dict[str, Value | list[Value] | NotS]
WhenS = ConditionS | list[ConditionS]


class CannotS(Dated):
    id: Id
    when: WhenS
    because: TextS


class OnTheSpotS(_Strict):
    possible: bool
    deadlines: list[Id] = []
    note: TextS | None = None


class CardS(_Strict):
    look: list[TextS] = []
    evidence: list[TextS] = []
    tell: list[TextS] = []
    on_the_spot: OnTheSpotS | None = None


class MatterS(_Strict):
    name: TextS
    words: list[Words] = []
    kind: Literal["enforcement", "upkeep"]
    facts: list[str]
    periods: list[PeriodS] = []
    cannot: list[CannotS] = []
    deadlines: list[Id] = []
    card: CardS | None = None


class PackFile(_Strict):
    pack: Id
    name: TextS
    periods: list[PeriodS] = Field(min_length=1)
    facts: dict[str, FactS] = {}
    matters: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")], MatterS]


class AssistS(_Strict):
    role: Id
    duty: Duty


class ReadingS(_Strict):
    says: TextS
    lead: Id | None = None
    basis: list[BasisS] = []
    confidence: Confidence
    source: list[str] = []


class CallS(_Strict):
    zh: Words
    en: Words
    phone: str


class SafetyS(_Strict):
    zh: Words
    en: Words
    call: list[CallS] = []


class RuleS(_Strict):
    id: Id
    rows: list[str] = []
    matter: str | list[str]
    valid_from: date
    ceases_on: date | None = None
    when: WhenS
    lead: Id | None = None
    assist: list[AssistS] = []
    says: TextS
    basis: list[BasisS]
    confidence: Confidence
    source: list[str]
    overrides: list[Id] = []
    readings: list[ReadingS] = []
    enforcement_point: TextS | None = None
    safety: SafetyS | None = None
    deadlines: list[Id] = []
    note: TextS | None = None


class ExpectS(_Strict):
    lead: Id | None = None
    assist: list[Id] = []
    rules: list[Id] = []
    seam: Literal["gap", "overlap"] | None = None


class PlaceS(_Strict):
    street: str | None = None


class CaseS(_Strict):
    id: str
    name: Words
    on: date
    matter: str
    facts: dict[str, Value] = {}
    expect: ExpectS
    unit: str | None = None
    place: PlaceS | None = None
