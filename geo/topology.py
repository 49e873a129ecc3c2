"""What is wrong with areas that should divide the ground without rest: each fault with its shape.

Areas are measured in a projected coordinate system, shapes are given in WGS84. Of layers that may
overlap (zones) only validity and what lies outside can be checked.

Not done here: refusing anything. `geo.read` refuses what cannot be used; this reports what can be
used and will leave somebody without a street, or with two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.editions import CRS, is_missing

Shapes = npt.NDArray[np.object_]

NARROW_M: Final = 1.0
"""A hole or overlap whose mean width is less is a sliver: two drawings of one line."""
ROUNDED_M: Final = 0.12
"""Two lines that are one may lie so far apart where only one of them has a vertex."""
LEAST_M2: Final = 1.0
"""Smaller faults are the noise of coordinates rounded to a decimetre."""


class Flaw(StrEnum):
    """What is wrong."""

    INVALID = "invalid"
    HOLE = "hole"
    OVERLAP = "overlap"
    SLIVER = "sliver"
    DIFFERENCE = "difference"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Side:
    """One area that a fault lies at: its code (where it has one), its name, its source.

    `part` is the smaller area in which that ground lies, where a finer layer divides it.
    """

    code: str
    name: str
    source: str = ""
    part: Side | None = None

    def __str__(self) -> str:
        return " ".join(part for part in (self.name, self.code, self.source) if part) or "-"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: how large it is, a position in it (WGS84), the areas on its sides, its shape.

    Of a difference there are two sides, what the one source says and what the other says; a side
    without code and name is ground that a source gives to nobody. `reason` is that of GEOS.
    """

    flaw: Flaw
    area_m2: float
    lon: float
    lat: float
    sides: tuple[Side, ...]
    shape: BaseGeometry
    reason: str = ""

    @property
    def part(self) -> Side | None:
        """The area of a finer layer in which all of it lies, where one divides the ground."""
        return next((side.part for side in self.sides if side.part is not None), None)


@dataclass(frozen=True, slots=True)
class Layer:
    """Areas in a projected system, each with its side; invalid ones are listed and mended."""

    crs: str
    sides: tuple[Side, ...]
    shapes: Shapes
    broken: tuple[tuple[int, str], ...]

    @classmethod
    def of(
        cls,
        frame: gpd.GeoDataFrame,
        crs_metric: str,
        *,
        code: str = "code",
        name: str = "name",
        source: str = "",
    ) -> Layer:
        """The layer of a frame with these columns; one that it does not have counts as empty."""
        projected = frame.to_crs(crs_metric)
        shapes = np.array(projected.geometry.values, dtype=object)
        broken = tuple(
            (row, str(shapely.is_valid_reason(shapes[row])))
            for row in np.flatnonzero(~shapely.is_valid(shapes)).tolist()
        )
        for row, _ in broken:
            shapes[row] = _ground(shapely.make_valid(shapes[row]))
        codes, names = _texts(frame, code), _texts(frame, name)
        sides = tuple(Side(*pair, source) for pair in zip(codes, names, strict=True))
        return cls(crs_metric, sides, shapes, broken)

    def divided(self, parts: Layer) -> Layer:
        """The same ground in smaller areas: each cut where a part begins, the rest by itself."""
        tree = shapely.STRtree(parts.shapes)
        sides, shapes = [], []
        for side, shape in zip(self.sides, self.shapes, strict=True):
            within = np.sort(tree.query(shape, predicate="intersects"))
            finer = [replace(parts.sides[row], source="") for row in within.tolist()]
            cut = [replace(side, part=part) for part in finer]
            rest = shapely.difference(shape, shapely.union_all(parts.shapes[within]))
            sides += [*cut, side]
            shapes += [*shapely.intersection(shape, parts.shapes[within]), rest]
        grounds = np.array([_ground(shape) for shape in shapes], dtype=object)
        return Layer(self.crs, tuple(sides), grounds, ())


def faults_in(
    layer: Layer, *, least_m2: float = LEAST_M2, partition: bool = True
) -> tuple[Finding, ...]:
    """The faults of one layer by itself; holes and overlaps only where it is a `partition`."""
    found = [
        _finding(layer.crs, Flaw.INVALID, layer.shapes[row], (layer.sides[row],), reason)
        for row, reason in layer.broken
    ]
    if partition:
        found += _overlaps(layer, least_m2)
        found += _holes(layer, least_m2)
        found += _notches(layer, least_m2)
    return _ordered(found)


def joined(layers: Sequence[Layer]) -> Layer:
    """Layers of one projected system as one, to be checked together; broken ones are left out."""
    sides = tuple(side for one in layers for side in one.sides)
    return Layer(layers[0].crs, sides, np.concatenate([one.shapes for one in layers]), ())


def faults_outside(
    layer: Layer, ground: Layer, *, least_m2: float = LEAST_M2, wholly: bool = False
) -> tuple[Finding, ...]:
    """What of a layer lies outside the ground of another; not what rounding alone puts there.

    `wholly`: only features with no part in it. Then lines may be checked, too; their area is 0.
    """
    here = shapely.union_all(ground.shapes)
    shapely.prepare(here)
    found = []
    for side, shape in zip(layer.sides, layer.shapes, strict=True):
        if wholly:
            if not shapely.intersects(here, shape):
                found.append(_finding(layer.crs, Flaw.OUTSIDE, shape, (side,)))
            continue
        found += [
            _finding(layer.crs, Flaw.OUTSIDE, piece, (side,))
            for piece in _pieces(shapely.difference(shape, here), least_m2)
            if _width_m(piece) > ROUNDED_M
        ]
    return _ordered(found)


def differences(
    one: Layer, other: Layer, *, least_m2: float = 100.0, about: str | None = None
) -> tuple[Finding, ...]:
    """The pieces of ground that two layers give to different areas, or that only one of them has.

    Areas are the same when their codes are, or their names where one has no code. `about` keeps
    only what one of the two gives to the area of this code or name.
    """
    found: list[Finding] = []
    nobody = Side("", "")
    tree = shapely.STRtree(other.shapes)
    left, right = tree.query(one.shapes, predicate="intersects")
    for mine, theirs in zip(left.tolist(), right.tolist(), strict=True):
        sides = (one.sides[mine], other.sides[theirs])
        if _same(*sides):
            continue
        shared = shapely.intersection(one.shapes[mine], other.shapes[theirs])
        found += [
            _finding(one.crs, Flaw.DIFFERENCE, piece, sides) for piece in _pieces(shared, least_m2)
        ]
    for layer, against, turned in ((one, other, False), (other, one, True)):
        whole = shapely.union_all(against.shapes)
        for side, shape in zip(layer.sides, layer.shapes, strict=True):
            sides = (nobody, side) if turned else (side, nobody)
            found += [
                _finding(one.crs, Flaw.DIFFERENCE, piece, sides)
                for piece in _pieces(shapely.difference(shape, whole), least_m2)
            ]
    if about is not None:
        found = [one for one in found if any(about in (s.code, s.name) for s in one.sides)]
    return _ordered(found)


def _overlaps(layer: Layer, least_m2: float) -> list[Finding]:
    left, right = shapely.STRtree(layer.shapes).query(layer.shapes, predicate="intersects")
    found = []
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        if a >= b:
            continue
        shared = shapely.intersection(layer.shapes[a], layer.shapes[b])
        for piece in _pieces(shared, least_m2):
            flaw = Flaw.SLIVER if _is_narrow(piece) else Flaw.OVERLAP
            found.append(_finding(layer.crs, flaw, piece, (layer.sides[a], layer.sides[b])))
    return found


def _holes(layer: Layer, least_m2: float) -> list[Finding]:
    """Ground that areas enclose and none has."""
    whole = shapely.get_parts(shapely.union_all(layer.shapes))
    rings = shapely.get_rings(whole)
    outer = shapely.get_exterior_ring(whole)
    inner = rings[~np.isin(shapely.to_wkb(rings), shapely.to_wkb(outer))]
    # A ring may enclose an island that is there
    enclosed = shapely.union_all([shapely.Polygon(ring) for ring in inner])
    empty = shapely.difference(enclosed, shapely.union_all(layer.shapes))
    return _open_ground(layer, _pieces(empty, least_m2))


def _notches(layer: Layer, least_m2: float) -> list[Finding]:
    """Narrow ground between two areas that no area has and that is open to the outside."""
    whole = shapely.union_all(layer.shapes)
    filled = shapely.union_all(
        [shapely.Polygon(ring) for ring in shapely.get_exterior_ring(shapely.get_parts(whole))]
    )
    half = NARROW_M / 2
    closed = shapely.buffer(shapely.buffer(filled, half, join_style="mitre"), -half)
    pieces = _pieces(shapely.difference(closed, filled), least_m2)
    between = _open_ground(layer, pieces)
    return [one for one in between if len(one.sides) > 1]


def _open_ground(layer: Layer, pieces: Sequence[BaseGeometry]) -> list[Finding]:
    tree = shapely.STRtree(layer.shapes)
    found = []
    for piece in pieces:
        around = np.sort(tree.query(piece, predicate="dwithin", distance=0.01)).tolist()
        flaw = Flaw.SLIVER if _is_narrow(piece) else Flaw.HOLE
        found.append(_finding(layer.crs, flaw, piece, tuple(layer.sides[row] for row in around)))
    return found


def _pieces(shape: BaseGeometry, least_m2: float) -> list[BaseGeometry]:
    parts = shapely.get_parts(shape)
    kept = parts[(shapely.area(parts) >= least_m2)] if len(parts) else parts
    return [part for part in kept if part.geom_type == "Polygon"]


def _is_narrow(shape: BaseGeometry) -> bool:
    return _width_m(shape) < NARROW_M


def _width_m(shape: BaseGeometry) -> float:
    """The mean width of a long shape."""
    return 2 * float(shape.area) / float(shape.length)


def _same(one: Side, other: Side) -> bool:
    if one.code and other.code:
        return one.code == other.code
    return one.name == other.name


def _finding(
    crs: str, flaw: Flaw, shape: BaseGeometry, sides: tuple[Side, ...], reason: str = ""
) -> Finding:
    back = gpd.GeoSeries([shape, shape.representative_point()], crs=crs).to_crs(CRS)
    spot = back.iloc[1]
    lon, lat = (round(spot.x, 6), round(spot.y, 6)) if not spot.is_empty else (0.0, 0.0)
    return Finding(flaw, round(shape.area, 1), lon, lat, sides, back.iloc[0], reason)


def _ground(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    return shapely.union_all([part for part in parts if part.geom_type.endswith("Polygon")])


def _ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """By kind, the largest first; by place where they are equal."""
    kinds = list(Flaw)
    return tuple(sorted(found, key=lambda f: (kinds.index(f.flaw), -f.area_m2, f.lon, f.lat)))


def _texts(frame: gpd.GeoDataFrame, column: str) -> list[str]:
    if column not in frame.columns:
        return [""] * len(frame)
    return ["" if is_missing(value) else str(value) for value in frame[column]]
