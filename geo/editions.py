"""A dated version of a map layer, as a value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import Fault

CRS: Final = "EPSG:4326"
DECIMALS: Final = 6  # of a degree: 0.11 m; the tablet computes on the same rounded geometry


class Kind(StrEnum):
    """What a layer holds."""

    STREET = "street"
    ROAD = "road"
    ZONE = "zone"
    COMMUNITY = "community"
    GRID = "grid"
    DISTRICT = "district"


COLUMNS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.STREET: ("code", "name"),
    Kind.COMMUNITY: ("code", "name"),
    Kind.GRID: ("code", "name"),
    Kind.DISTRICT: ("code", "name"),
    Kind.ZONE: ("code", "name", "zone", "grade"),
    Kind.ROAD: (
        "code",
        "name",
        "ref",
        "road_class",
        "legal_class",
        "direction",
        "series",
        "from_m",
        "to_m",
        "handed_over",
        "oneway",
    ),
}
"""The columns of an edition's frame beside `geometry`, by kind, in order."""

_NUMBERS = frozenset({"from_m", "to_m"})
_FLAGS = frozenset({"handed_over", "oneway"})


@dataclass(frozen=True, eq=False)
class Edition:
    """One layer as it was in force from `valid_from` up to, not including, `ceases_on`.

    `frame` is in WGS84 (EPSG:4326), rounded to 1e-6 degrees, has the columns of its kind and is
    sorted by code; nobody changes it. `schematic` marks a drawn layer, which an imported one beats.
    `sha256` is that of the content: the same features in another order have the same one.
    """

    kind: Kind
    name: str
    valid_from: date
    ceases_on: date | None
    frame: gpd.GeoDataFrame = field(repr=False)
    schematic: bool
    sha256: str

    @classmethod
    def made(
        cls,
        *,
        kind: Kind,
        name: str,
        valid_from: date,
        ceases_on: date | None,
        frame: gpd.GeoDataFrame,
        schematic: bool = False,
    ) -> Edition:
        """An edition of features that are known to be good: rounded, sorted and hashed here.

        `frame` needs `code` and a geometry in WGS84; columns of its kind that are missing become
        empty, all others are dropped. What comes from a file goes through `geo.read` instead.
        """
        rounded = _in_shape(kind, frame)
        return cls(
            kind=kind,
            name=name,
            valid_from=valid_from,
            ceases_on=ceases_on,
            frame=rounded,
            schematic=schematic,
            sha256=digest(kind, name, valid_from, ceases_on, rounded),
        )

    def in_force(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return self.valid_from <= day and (self.ceases_on is None or day < self.ceases_on)

    def meets(self, other: Edition) -> bool:
        """Whether the two are in force on at least one common day."""
        return (other.ceases_on is None or self.valid_from < other.ceases_on) and (
            self.ceases_on is None or other.valid_from < self.ceases_on
        )

    @property
    def subjects(self) -> frozenset[str]:
        """What it speaks of within its kind: the kinds of zone of a zone layer, else one empty."""
        if self.kind is Kind.ZONE:
            return frozenset(self.frame["zone"])
        return frozenset({""})

    def __str__(self) -> str:
        last = f" … {self.ceases_on}" if self.ceases_on else " …"
        return f"{self.kind}/{self.name} ({self.valid_from}{last})"


def clashes(one: Edition, other: Edition) -> Iterable[Fault]:
    """The fault of two editions that rank alike and speak of the same thing on the same day."""
    if one.kind is not other.kind or not one.meets(other):
        return
    shared = one.subjects & other.subjects
    if shared and one.schematic is other.schematic:
        what = "、".join(sorted(shared - {""}))
        yield Fault(
            f"{other.kind}/{other.name}",
            f"与 {one} 在同一天生效{f'（{what}）' if what else ''}；请给前者或后者加上失效日",
            f"is in force on the same day as {one}{f' ({what})' if what else ''}; "
            "end one of them before the other begins",
        )


def digest(
    kind: Kind, name: str, valid_from: date, ceases_on: date | None, frame: gpd.GeoDataFrame
) -> str:
    """The SHA-256 of everything that an edition says, as hexadecimal."""
    total = hashlib.sha256()
    head = [kind, name, valid_from.isoformat(), ceases_on.isoformat() if ceases_on else None]
    total.update(json.dumps(head, ensure_ascii=False).encode())
    columns = COLUMNS[kind]
    rows: Iterable[tuple[object, ...]] = frame[list(columns)].itertuples(index=False, name=None)
    shapes: Iterable[bytes] = shapely.to_wkb(
        np.asarray(frame.geometry.values), output_dimension=2, byte_order=1
    )
    for row, shape in zip(rows, shapes, strict=True):
        plain = [None if is_missing(value) else value for value in row]
        total.update(json.dumps(plain, ensure_ascii=False).encode())
        total.update(shape)
    return total.hexdigest()


def rounded(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """The shapes in two dimensions with coordinates rounded to 1e-6 degrees.

    Each coordinate is rounded by itself, so that two areas that share a line still share it.
    Where that makes a ring cross itself, the shape is snapped to the grid as a whole instead.
    """
    flat = shapely.force_2d(np.asarray(shapes.values))
    pointwise = shapely.transform(flat, lambda pairs: np.round(pairs, DECIMALS))
    broken = ~shapely.is_valid(pointwise) | shapely.is_empty(pointwise)
    if broken.any():
        snapped = shapely.set_precision(flat[broken], 10.0**-DECIMALS)
        pointwise[broken] = shapely.transform(snapped, lambda pairs: np.round(pairs, DECIMALS))
    return gpd.GeoSeries(shapely.normalize(pointwise), index=shapes.index, crs=CRS)


def _rounded_lines(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """The same for road lines, whose direction of drawing means something and is kept."""
    flat = shapely.force_2d(np.asarray(shapes.values))
    lines = shapely.transform(flat, lambda pairs: np.round(pairs, DECIMALS))
    return gpd.GeoSeries(shapely.remove_repeated_points(lines), index=shapes.index, crs=CRS)


def _in_shape(kind: Kind, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    columns: dict[str, object] = {}
    for column in COLUMNS[kind]:
        given = frame[column] if column in frame.columns else pd.Series(None, index=frame.index)
        if column in _NUMBERS:
            columns[column] = given.astype("float64")
        elif column in _FLAGS:
            columns[column] = pd.Series(list(map(_flag, given)), index=frame.index, dtype="object")
        else:
            columns[column] = pd.Series(list(map(_text, given)), index=frame.index, dtype="object")
    shapes = _rounded_lines(frame.geometry) if kind is Kind.ROAD else rounded(frame.geometry)
    shaped = gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS, index=frame.index)
    return shaped.sort_values("code", kind="stable").reset_index(drop=True)


def is_missing(value: object) -> bool:
    """Whether a cell of a table is empty, whichever way its file said so."""
    return value is None or value is pd.NA or value is pd.NaT or value != value  # noqa: PLR0124


def _flag(value: object) -> bool | None:
    return None if is_missing(value) else bool(value)


def _text(value: object) -> str:
    return "" if is_missing(value) else str(value)
