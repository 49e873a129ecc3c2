"""A district: its settings, streets, units and mandates, rule book and maps, joined and checked.

A district is a folder, and nothing of it is code: `district.yaml`, `units.yaml`, and where it has
them `common/` (roles, laws, sources, deadlines instead of the shipped ones), `packs/` (each may
bring roles, laws and `units.yaml` of its own) and `layers/`. Without a folder the schematic
Longgang answers and says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from enforcement.district_files import BasemapS, MandateS, SettingsFile, UnitS, UnitsFile
from enforcement.errors import DistrictRefused
from enforcement.units import (
    Contact,
    Mandate,
    Registry,
    Unit,
    UnitKind,
    faults_of,
)
from geo import demo
from geo.layers import Atlas
from geo.points import Point
from geo.stored import load_editions, load_register
from rules.book import Book, open_book
from rules.errors import Fault
from rules.loader import CATALOGUE
from rules.model import Role, Text
from rules.periods import Period
from rules.reading import parsed, read_yaml

SCHEMATIC = Path(__file__).parent / "districts" / "longgang"
LAYERS = "layers"
UNITS = "units.yaml"
STREETS = Text("街道", "street")


@dataclass(frozen=True, slots=True)
class Street:
    """A street office in one period, and who took over its ground when it ended."""

    code: str
    name: Text
    period: Period
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbouring district, and the unit that runs it, in one period."""

    code: str
    name: Text
    unit: str
    period: Period


@dataclass(frozen=True, slots=True)
class Basemap:
    """Map pictures that an outside host draws: it learns where its readers look.

    `url` has the slots {z}, {x} and {y}.
    """

    url: str
    attribution: Text
    max_zoom: int

    @property
    def origin(self) -> str:
        """The one host that pictures may come from."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is fixed for one district."""

    code: str
    name: Text
    schematic: bool
    crs_metric: str
    accuracy_m: float
    intake_unit: str
    first_contact: str
    streets: tuple[Street, ...]
    neighbours: tuple[Neighbour, ...]
    streets_are: Text = STREETS
    """What people there call the areas that the district is divided into."""
    no_location: tuple[Point, ...] = ()
    """Positions that a system fills in when it knows none."""
    basemap: Basemap | None = None
    """None: the pages draw borders and roads alone, and ask nobody outside."""


@dataclass(frozen=True)
class District:
    """Everything that answers a question. `memory` keeps recent findings; it is bounded."""

    settings: Settings
    book: Book
    registry: Registry
    atlas: Atlas
    memory: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)

    def neighbour(self, code: str, on: date) -> Neighbour | None:
        """The recorded neighbour of this code on `on`, or None."""
        return next(
            (n for n in self.settings.neighbours if n.code == code and n.period.covers(on)), None
        )


def open_district(folder: Path | None, *, data: Path) -> District:
    """The district in `folder`, or the schematic one; tables and imported layers are in `data`.

    Layers may lie in the folder itself, too.
    Raises `DistrictRefused` with every fault of settings, units and mandates, `PackRefused`
    for the rule packs, and what `geo.layers` raises for the maps.
    """
    root = folder or SCHEMATIC
    faults: list[Fault] = []
    raw = read_yaml(root / "district.yaml", "district.yaml", faults)
    given = parsed(SettingsFile, raw, "district.yaml", faults) if raw is not None else None
    if given is None:
        raise DistrictRefused(faults)
    packs = [_pack(root, name) for name in given.packs]
    common = root / "common"
    book = open_book(packs, data / "tables", common if common.is_dir() else CATALOGUE / "common")
    settings = _settings(given)
    registry = _registry(root, packs, settings, book.catalogue.roles, faults)
    _check_units(settings, registry, book.catalogue.roles, faults)
    drawn = demo.editions() if given.schematic else ()
    entries = demo.register() if given.schematic else ()
    atlas = Atlas.load(
        data / "layers",
        drawn=[*load_editions(root / LAYERS), *drawn],
        register_entries=load_register(root / LAYERS) or entries,
    )
    if faults:
        raise DistrictRefused(faults)
    return District(settings, book, registry, atlas)


def _pack(root: Path, name: str) -> Path:
    own = root / "packs" / name
    return own if own.exists() else CATALOGUE / name


def _far(valid_from: date | None, ceases_on: date | None) -> Period:
    return Period(valid_from or date.min, ceases_on)


def _basemap(given: BasemapS | None) -> Basemap | None:
    if given is None:
        return None
    by = Text(given.attribution.zh, given.attribution.en)
    return Basemap(given.url, by, given.max_zoom)


def _settings(given: SettingsFile) -> Settings:
    return Settings(
        code=given.code,
        name=Text(given.name.zh, given.name.en),
        schematic=given.schematic,
        crs_metric=given.crs_metric,
        accuracy_m=given.accuracy_m,
        intake_unit=given.intake_unit,
        first_contact=given.first_contact,
        streets=tuple(
            Street(
                one.code,
                Text(one.name.zh, one.name.en),
                Period(one.valid_from, one.ceases_on),
                tuple(one.successors),
            )
            for one in given.streets
        ),
        neighbours=tuple(
            Neighbour(
                one.code,
                Text(one.name.zh, one.name.en),
                one.unit,
                _far(one.valid_from, one.ceases_on),
            )
            for one in given.neighbours
        ),
        streets_are=STREETS
        if given.streets_are is None
        else Text(given.streets_are.zh, given.streets_are.en),
        no_location=tuple(Point.checked(lon=p.lon, lat=p.lat) for p in given.no_location),
        basemap=_basemap(given.basemap),
    )


def _registry(
    root: Path,
    packs: Sequence[Path],
    settings: Settings,
    roles: Mapping[str, Role],
    faults: list[Fault],
) -> Registry:
    """The units and mandates of the folder and of its packs, checked together."""
    of_packs = [pack / UNITS for pack in packs if (pack / UNITS).exists()]
    units: list[Unit] = []
    mandates: list[Mandate] = []
    digest = hashlib.sha256()
    for path in (root / UNITS, *of_packs):
        shown = UNITS if path.parent == root else f"{path.parent.name}/{UNITS}"
        raw = read_yaml(path, shown, faults)
        given = parsed(UnitsFile, raw, shown, faults) if raw is not None else None
        if given is None:
            raise DistrictRefused(faults)
        units += [unit for one in given.units for unit in _units(one, settings)]
        mandates += [mandate for one in given.mandates for mandate in _mandates(one, settings)]
        digest.update(path.read_bytes())
    faults.extend(faults_of(units, mandates, roles))
    digest.update((root / "district.yaml").read_bytes())
    return Registry({unit.id: unit for unit in units}, tuple(mandates), digest.hexdigest())


def _units(given: UnitS, settings: Settings) -> list[Unit]:
    """The unit, or one per street for a template; a street that changed its name counts once."""
    if given.per is None:
        return [_unit(given, given.id, "", "")]
    streets: dict[str, Street] = {street.code: street for street in settings.streets}
    return [
        _unit(given, given.id.format(code=code), street.name.zh, street.name.en, code)
        for code, street in streets.items()
    ]


def _unit(given: UnitS, id_: str, zh: str, en: str, code: str = "") -> Unit:
    def filled(text: str | None) -> str | None:
        if not (text and given.per):
            return text
        return text.format(zh=zh, en=en, code=code, end=code[-2:])

    return Unit(
        id=id_,
        names=tuple(
            (one.valid_from, Text(filled(one.zh) or "", filled(one.en) or ""))
            for one in given.names
        ),
        kind=given.kind,
        period=Period(given.valid_from, given.ceases_on),
        superior=filled(given.superior),
        successor=filled(given.successor),
        contact=Contact(
            filled(given.contact.phone),
            None
            if given.contact.note is None
            else Text(given.contact.note.zh, given.contact.note.en),
        ),
        source=tuple(given.source),
        confidence=given.confidence,
    )


def _mandates(given: MandateS, settings: Settings) -> list[Mandate]:
    """The mandate, or one per street and period of the street for a template."""

    def one(element: str | None, unit: str | None, period: Period) -> Mandate:
        return Mandate(
            role=given.role,
            scope=given.scope,
            element=element,
            unit=unit,
            period=period,
            register=given.register_,
            source=tuple(given.source),
            confidence=given.confidence,
            fills=given.fills,
            note=None if given.note is None else Text(given.note.zh, given.note.en),
        )

    period = Period(given.valid_from, given.ceases_on)
    if given.per is None:
        return [one(given.element, given.unit, period)]
    found = []
    for street in settings.streets:
        if not street.period.meets(period):
            continue
        ends = [end for end in (street.period.ceases_on, period.ceases_on) if end is not None]
        days = Period(max(street.period.valid_from, period.valid_from), min(ends) if ends else None)
        found.append(one(street.code, (given.unit or "").format(code=street.code), days))
    return found


def _check_units(
    settings: Settings, registry: Registry, roles: Mapping[str, Role], faults: list[Fault]
) -> None:
    """The units that hold a case while nobody leads must exist and have powers of their own."""
    holders = [("intake_unit", settings.intake_unit)]
    holders += [(f"neighbours.{one.code}", one.unit) for one in settings.neighbours]
    for key, id_ in holders:
        unit = registry.units.get(id_)
        if unit is None:
            faults.append(
                Fault(f"district.yaml:{key}", f"没有单位 {id_}", f"there is no unit {id_}")
            )
        elif unit.kind is not UnitKind.ORG:
            faults.append(
                Fault(
                    f"district.yaml:{key}",
                    f"{id_} 不是有职权的单位（{unit.kind}），不能暂管",
                    f"{id_} is of kind {unit.kind}; only an org may hold a case",
                )
            )
    role = roles.get(settings.first_contact)
    if role is None and registry.of_role(settings.first_contact):
        faults.append(
            Fault(
                "district.yaml:first_contact",
                f"没有职能 {settings.first_contact}",
                f"there is no role {settings.first_contact}",
            )
        )
