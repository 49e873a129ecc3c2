"""A small district for tests: two streets that touch, one matter, units and mandates at will."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import geopandas as gpd
import shapely

from enforcement.district import District, Settings, Street
from enforcement.units import Mandate, Registry, Scope, Unit, UnitKind
from geo.editions import Edition, Kind
from geo.layers import Atlas
from geo.register import RegisterEntry
from rules.book import Book
from rules.build import tables_of
from rules.model import Text
from rules.periods import Period
from tests.rules.packs import Pack, rule

SINCE = date(2000, 1, 1)
WEST, EAST = "100", "200"


def unit(id_: str, kind: str = "org", since: date = SINCE, until: date | None = None) -> Unit:
    return Unit(
        id_, ((None, Text(f"{id_}局", f"Bureau {id_}")),), UnitKind(kind), Period(since, until)
    )


def mandate(
    role: str,
    holder: str | None,
    since: date = SINCE,
    until: date | None = None,
    *,
    element: str | None = None,
    scope: Scope | None = None,
    register: str | None = None,
) -> Mandate:
    kind = scope or (Scope.STREET if element else Scope.DISTRICT)
    return Mandate(role, kind, element, holder, Period(since, until), register=register)


def square(west: float, *, wide: float = 0.1) -> shapely.Polygon:
    return shapely.box(west, 22.6, west + wide, 22.7)


def streets_edition(
    shapes: dict[str, shapely.Geometry], since: date = SINCE, until: date | None = None
) -> Edition:
    frame = gpd.GeoDataFrame(
        {"code": list(shapes), "name": list(shapes)},
        geometry=list(shapes.values()),
        crs="EPSG:4326",
    )
    return Edition.made(
        kind=Kind.STREET, name="streets", valid_from=since, ceases_on=until, frame=frame
    )


def road_edition(codes: Sequence[str]) -> Edition:
    lines = [
        shapely.LineString([(114.0, 22.61 + 0.01 * n), (114.05, 22.61 + 0.01 * n)])
        for n in range(len(codes))
    ]
    frame = gpd.GeoDataFrame(
        {"code": list(codes), "name": list(codes), "road_class": ["branch"] * len(codes)},
        geometry=lines,
        crs="EPSG:4326",
    )
    return Edition.made(kind=Kind.ROAD, name="roads", valid_from=SINCE, ceases_on=None, frame=frame)


def owned(segment: str, owner: str, until: date | None = None) -> RegisterEntry:
    return RegisterEntry(segment, "", None, None, None, "maintain", owner, SINCE, until)


@dataclass
class Small:
    """What the district is made of; `build` joins it in this process, with the real engine."""

    pack: Pack = field(
        default_factory=lambda: Pack({"colour": ["red", "green", "blue"]}, [rule("G", {}, "north")])
    )
    units: list[Unit] = field(
        default_factory=lambda: [unit("a"), unit("b"), unit("c"), unit("w"), unit("e")]
    )
    mandates: list[Mandate] = field(
        default_factory=lambda: [
            mandate("north", "a"),
            mandate("south", "b"),
            mandate("east", "w", element=WEST),
            mandate("east", "e", element=EAST),
        ]
    )
    streets: list[Street] = field(
        default_factory=lambda: [
            Street(code, Text(code, code), Period(SINCE), ()) for code in (WEST, EAST)
        ]
    )
    editions: Iterable[Edition] | None = None
    register: Sequence[RegisterEntry] = ()

    def build(self, folder: Path) -> District:
        catalogue = self.pack.catalogue(folder)
        tables = {
            code: tuple(tables_of(matter, catalogue)) for code, matter in catalogue.matters.items()
        }
        editions = self.editions
        if editions is None:
            editions = [streets_edition({WEST: square(114.0), EAST: square(114.1)})]
        settings = Settings(
            code="440307",
            name=Text("小区", "Small"),
            schematic=False,
            crs_metric="EPSG:4547",
            accuracy_m=10,
            intake_unit="a",
            first_contact="east",
            streets=tuple(self.streets),
            neighbours=(),
        )
        registry = Registry({one.id: one for one in self.units}, tuple(self.mandates), "0")
        return District(settings, Book(catalogue, tables), registry, Atlas(editions, self.register))
