"""The shape of a district folder's YAML files: which keys exist, what each may hold."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from enforcement.units import Scope, UnitKind


class Strict(BaseModel):
    """A mapping whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TextS(Strict):
    """The same words in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class NeighbourS(Strict):
    """A neighbouring district and the unit that runs it."""

    code: str
    name: TextS
    unit: str
    valid_from: date | None = None
    ceases_on: date | None = None


class StreetS(Strict):
    """A street office in one period."""

    code: str
    name: TextS
    valid_from: date
    ceases_on: date | None = None
    successors: list[str] = []


class PositionS(Strict):
    """A position in WGS84 degrees."""

    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)


class BasemapS(Strict):
    """Map pictures of one outside host, by https, in web Mercator of WGS84 or CGCS2000."""

    url: str = Field(pattern=r"^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?/[\x21-\x7e]+$")
    attribution: TextS
    max_zoom: int = Field(default=18, ge=1, le=22)

    @field_validator("url")
    @classmethod
    def _has_its_slots(cls, url: str) -> str:
        slots = re.findall(r"\{(.*?)\}", url)
        if sorted(slots) != ["x", "y", "z"]:
            raise ValueError("the address must have {z}, {x} and {y} once each, and no other slot")
        return url


class SettingsFile(Strict):
    """`district.yaml`."""

    code: str
    name: TextS
    city: str = ""
    schematic: bool = False
    crs_metric: str = "EPSG:4547"
    accuracy_m: float = Field(default=10, gt=0)
    intake_unit: str
    first_contact: str = "street_team"
    packs: list[str] = Field(min_length=1)
    neighbours: list[NeighbourS] = []
    streets: list[StreetS] = []
    streets_are: TextS | None = None
    no_location: list[PositionS] = []
    basemap: BasemapS | None = None


class NameS(Strict):
    """A unit's name from a day on."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    valid_from: date | None = None


class ContactS(Strict):
    """How to reach a unit."""

    phone: str | None = None
    note: TextS | None = None


class UnitS(Strict):
    """A unit, or with `per: street` one unit in each street."""

    id: str = Field(pattern=r"^[A-Za-z0-9_.{}\-]+$")
    per: Literal["street"] | None = None
    names: list[NameS] = Field(min_length=1)
    kind: UnitKind
    valid_from: date
    ceases_on: date | None = None
    superior: str | None = None
    successor: str | None = None
    contact: ContactS = ContactS()
    source: list[str] = []
    confidence: str = "H"
    note: TextS | None = None


class MandateS(Strict):
    """A role given to a unit in a scope."""

    role: str
    scope: Scope
    unit: str | None = None
    per: Literal["street"] | None = None
    element: str | None = None
    register_: str | None = Field(default=None, alias="register")
    fills: str | None = None
    valid_from: date
    ceases_on: date | None = None
    source: list[str] = []
    confidence: str = "H"
    note: TextS | None = None


class UnitsFile(Strict):
    """`units.yaml`."""

    units: list[UnitS] = []
    mandates: list[MandateS] = []
