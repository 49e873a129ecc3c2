"""The JSON that goes out: one resolution, as the command line, HTTP, bulk and tablet share it.

Documents the contract and types what reads it (`answer_text`). What the server sends is written
from the resolution itself; a test holds the two together, key for key.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Duty = Literal["inform", "evidence", "joint", "technical"]
Outcome = Literal["decided", "needs_facts", "contested", "vacant", "outside"]
Unit = Literal["day", "working_day", "working_hour", "hour", "month", "year"]


class Out(BaseModel):
    """Frozen; what it does not know of is left out."""

    model_config = ConfigDict(frozen=True)


class TextOut(Out):
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def said(self, lang: str) -> str:
        """The words in `lang`, zh or en."""
        return self.en if lang == "en" else self.zh


class ContactOut(Out):
    """How to reach a unit; the note says when a number is made up."""

    phone: str | None
    note: TextOut | None


class NamedUnitOut(Out):
    """A unit that leads, or that acts while nobody leads (then `role` says why it is the one)."""

    unit: str
    name: TextOut
    kind: Literal["org", "owner"]
    role: str | None
    contact: ContactOut
    is_asker: bool


class CandidateOut(Out):
    """A lead that is still possible; without a unit, the roles that would be named."""

    unit: str | None
    name: TextOut | None
    role: str | None
    roles: list[str]
    role_names: list[TextOut]
    outcome: str
    kind: str | None = None
    contact: ContactOut | None = None
    is_asker: bool | None = None
    neighbour: str | None = None


class AssistOut(Out):
    """A unit that helps the lead, and with what."""

    unit: str
    name: TextOut
    role: str
    duty: Duty
    contact: ContactOut


class SeamOut(Out):
    """Why nobody leads: a gap, an overlap, or a role that nobody holds there and then."""

    kind: Literal["gap", "overlap", "vacancy"]
    roles: list[str]
    role_names: list[TextOut]


class CiteOut(Out):
    """One citation, as a Chinese and as an English reader writes it."""

    cite: str
    cite_en: str

    def said(self, lang: str) -> str:
        """The citation in `lang`, zh or en."""
        return self.cite_en if lang == "en" else self.cite


class BasisOut(CiteOut):
    """A citation in force on the day it occurred, and the rule that rests on it."""

    rule: str
    law: str
    article: str
    confidence: str


class BecauseOut(Out):
    """A rule that the answer rests on. `sure`: it holds whatever else is unknown."""

    rule: str
    says: TextOut
    matched: dict[str, str]
    sure: bool
    leads: bool
    confidence: str
    source: list[str]
    note: TextOut | None


class RivalOut(Out):
    """A rule that holds too and was beaten, and by which rule."""

    rule: str
    unit: str | None
    name: TextOut | None
    says: TextOut
    lost_to: str


class ReadingOut(Out):
    """A competing interpretation that the officer must be shown."""

    rule: str
    says: TextOut
    unit: str | None
    name: TextOut | None
    role: str | None
    basis: list[CiteOut]
    confidence: str


class ValueOut(Out):
    """One possible value of a fact."""

    value: str
    label: TextOut


class AskOut(Out):
    """The next question; `unknown` is always an answer too.

    Without values it is answered by another place: a road and stake, or a position on the road.
    """

    fact: str
    question: TextOut
    unit: str | None
    values: list[ValueOut]


class AreaOut(Out):
    """A street, community or neighbouring district."""

    code: str
    name: str


class RoadOut(Out):
    """A carriageway, and where on it. `owners` are unit ids by function."""

    segment: str
    ref: str
    name: str
    road_class: str = Field(alias="class")
    legal_class: str
    handed_over: bool | None
    stake: str | None
    direction: str | None
    side: str | None
    distance_m: float
    owners: dict[str, str]


class TouchedOut(Out):
    """One place that the accuracy circle touches, with its share of the circle."""

    street: AreaOut | None
    neighbour: AreaOut | None
    zones: dict[str, list[str]]
    road: RoadOut | None
    share: float


class PlaceOut(Out):
    """What geography says of the position, and of the circle around it when that is more."""

    street: AreaOut | None
    community: AreaOut | None
    neighbour: AreaOut | None
    zones: dict[str, list[str]]
    road: RoadOut | None
    border_m: float | None
    lon: float | None
    lat: float | None
    accuracy_m: float
    touches: list[TouchedOut] = []


class CallOut(TextOut):
    """Whom to call."""

    phone: str


class SafetyOut(TextOut):
    """What to do at once, before any question of competence."""

    call: list[CallOut]


class DeadlineOut(Out):
    """A limit of procedure in force on the day handled."""

    id: str
    step: str
    step_en: str
    limit: float
    unit: Unit
    basis: str
    basis_en: str
    confidence: str
    note: TextOut | None


class VersionsOut(Out):
    """What answered: hashes of rules and units, the edition of each layer."""

    rules: str
    layers: dict[str, str]
    units: str


class LicenceOut(Out):
    """A licence in the register of sites."""

    number: str
    kind: str
    name: TextOut
    valid_from: str
    ceases_on: str | None
    revoked_on: str | None


class SiteFactOut(Out):
    """A fact that the register of sites put into the question, and why."""

    fact: str
    value: str
    says: TextOut
    licence: LicenceOut | None


class SiteOut(Out):
    """What the register knew of the site that was asked about."""

    site: str
    on: str
    facts: list[SiteFactOut]
    stages: list[str]


class PointOut(Out):
    """A position in WGS84, degrees."""

    lon: float
    lat: float


class AskedOut(Out):
    """Where it was asked (a position, a stake or an area) and the facts that were said.

    Named as in a request, so that the same can be asked again.
    """

    at: PointOut | None
    accuracy: float | None
    road: str | None
    stake: str | None
    direction: str | None
    area: str | None
    facts: dict[str, str]


class ResolutionOut(Out):
    """The answer to one question; `lead` or `interim` is always there, never both.

    `site` is there when the question named one.
    """

    outcome: Outcome
    certain: bool
    matter: str
    matter_name: TextOut
    on: str
    occurred_on: str
    facts: dict[str, str]
    asker: str | None
    asked: AskedOut
    lead: NamedUnitOut | None
    interim: NamedUnitOut | None
    seam: SeamOut | None
    assist: list[AssistOut]
    basis: list[BasisOut]
    because: list[BecauseOut]
    rivals: list[RivalOut]
    readings: list[ReadingOut]
    ask: list[AskOut]
    candidates: list[CandidateOut]
    open: list[str]
    enforcement_point: TextOut | None
    safety: SafetyOut | None
    deadlines: list[DeadlineOut]
    notices: list[TextOut]
    place: PlaceOut
    versions: VersionsOut
    site: SiteOut | None = None
