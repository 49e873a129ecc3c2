"""Which areas cover a position, and how far their borders are.

One index over streets, communities, zones and neighbouring districts. A position on a shared
border is covered by both areas (`intersects`, never `within`, which loses it).

Not done here: the circle around a position (`geo.uncertainty`), roads (`geo.roads`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.editions import Edition, Kind
from geo.metric import Floats, Plane, line_tree, mercator, mercator_lats
from geo.places import Area, Place
from geo.zones import grades_by_kind

Shapes = npt.NDArray[np.object_]
Rows = tuple[int, ...]

_PRIMING_CALLS = 3  # GEOS builds the index of a prepared polygon at its second use


@dataclass(frozen=True, slots=True)
class Feature:
    """One area of the index: what kind it is, its code and name; zone and grade for zones."""

    kind: Kind
    area: Area
    zone: str = ""
    grade: str = ""


class AreaIndex:
    """The areas in force together on some days. Read-only once made, so threads may share it."""

    def __init__(self, layers: Iterable[tuple[Edition, frozenset[str]]]) -> None:
        """Index the editions; of zone layers only the kinds of zone that are named."""
        features: list[Feature] = []
        shapes: list[shapely.Geometry] = []
        zones: set[str] = set()
        for edition, subjects in layers:
            frame = edition.frame
            if edition.kind is Kind.ZONE:
                zones |= subjects
                frame = frame[frame["zone"].isin(subjects)]
                kinds: Sequence[str] = list(frame["zone"])
                grades: Sequence[str] = list(frame["grade"])
            else:
                kinds = grades = [""] * len(frame)
            for code, name, zone, grade in zip(
                frame["code"], frame["name"], kinds, grades, strict=True
            ):
                features.append(Feature(edition.kind, Area(code, name), zone, grade))
            shapes.extend(frame.geometry.values)
        # The order of files and features must not show in any answer
        order = sorted(
            range(len(features)),
            key=lambda row: (
                features[row].kind,
                features[row].zone,
                features[row].area,
                features[row].grade,
            ),
        )
        self.features: tuple[Feature, ...] = tuple(features[row] for row in order)
        self.shapes: Shapes = np.array([shapes[row] for row in order], dtype=object)
        self.zone_kinds: tuple[str, ...] = tuple(sorted(zones))
        shapely.prepare(self.shapes)
        _prime(self.shapes)
        self.tree = shapely.STRtree(self.shapes)
        is_street = np.array([f.kind is Kind.STREET for f in self.features], dtype=bool)
        self.has_streets = bool(is_street.any())
        self.street_borders = _Borders(self.shapes[is_street], level=True)
        self.other_borders = _Borders(self.shapes[~is_street], level=False)
        self._places: dict[Rows, tuple[Place, ...]] = {}

    def covering(self, lon: float, lat: float, box: shapely.Polygon | None = None) -> Rows:
        """The rows of all areas that cover the position, borders included, in order of rows.

        `box` is any box that holds the position, where one is at hand.
        """
        near = self.tree.query(shapely.points((lon, lat)) if box is None else box)
        if not near.size:
            return ()
        covered = near[shapely.intersects_xy(self.shapes[near], lon, lat)]
        if covered.size > 1:
            covered.sort()
        return tuple(covered.tolist())

    def touching(self, shape: shapely.Geometry) -> Rows:
        """The rows of all areas that have a point in common with the shape, in order of rows."""
        return tuple(sorted(self.tree.query(shape, predicate="intersects").tolist()))

    def border_m(self, plane: Plane) -> float | None:
        """Metres from the plane's position to the nearest street border; None without streets."""
        return self.street_borders.nearest_m(plane)

    def other_border_within(self, box: shapely.Polygon, plane: Plane, reach_m: float) -> bool:
        """Whether a border of another kind of area is within `reach_m`.

        `box` is the plane's box of at least that reach.
        """
        return self.other_borders.within(box, plane, reach_m)

    def places(self, rows: Rows) -> tuple[Place, ...]:
        """The places that a position covered by exactly these rows is in, without its road.

        More than one where two streets, two communities or two neighbours cover it.
        """
        known = self._places.get(rows)
        if known is None:
            # Two threads may both build it; they build the same
            known = self._places[rows] = self._build(rows)
        return known

    def street(self, code: str) -> tuple[int, ...]:
        """The rows of the street or community of this code."""
        return tuple(
            row
            for row, feature in enumerate(self.features)
            if feature.area.code == code and feature.kind in (Kind.STREET, Kind.COMMUNITY)
        )

    def _build(self, rows: Rows) -> tuple[Place, ...]:
        found = [self.features[row] for row in rows]
        streets = _areas(found, Kind.STREET)
        communities = _areas(found, Kind.COMMUNITY)
        neighbours = [None] if streets != [None] else _areas(found, Kind.DISTRICT)
        zones = grades_by_kind(
            self.zone_kinds, ((f.zone, f.grade) for f in found if f.kind is Kind.ZONE)
        )
        return tuple(
            Place(street, community, neighbour, zones)
            for street in streets
            for community in communities
            for neighbour in neighbours
        )


class _Borders:
    """The border lines of some areas, cut into straight pieces; a shared line is kept once."""

    def __init__(self, shapes: Shapes, *, level: bool) -> None:
        """Take the borders; `level` indexes them in the plane where all directions scale alike."""
        ends = _pieces(shapes)
        self.pieces: list[tuple[float, float, float, float]] = [
            (a, b, c, d) for a, b, c, d in ends.tolist()
        ]
        self.ends = ends
        drawn = ends
        if level:
            drawn = ends.copy()
            drawn[:, 1] = mercator_lats(ends[:, 1])
            drawn[:, 3] = mercator_lats(ends[:, 3])
        self.tree = line_tree(drawn)

    def nearest_m(self, plane: Plane) -> float | None:
        if not self.pieces:
            return None
        spot = shapely.points(mercator(lon=plane.lon, lat=plane.lat))
        found = self.tree.query_nearest(spot, all_matches=False)
        # To a millimetre: where two pieces meet either may be found; they differ in the last bit
        return round(plane.to_piece(*self.pieces[found[0]])[0], 3)

    def within(self, box: shapely.Polygon, plane: Plane, reach_m: float) -> bool:
        return any(
            plane.to_piece(*self.pieces[piece])[0] <= reach_m
            for piece in self.tree.query(box).tolist()
        )


def _areas(found: list[Feature], kind: Kind) -> list[Area] | list[None]:
    areas = sorted({feature.area for feature in found if feature.kind is kind})
    return areas or [None]


def _pieces(shapes: Shapes) -> Floats:
    """Rows of lon, lat, lon, lat of all border pieces, each once whichever way it was drawn."""
    lines = shapely.get_parts(shapely.boundary(shapes))
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    joined = line[1:] == line[:-1]
    ends = np.hstack([coordinates[:-1][joined], coordinates[1:][joined]])
    swap = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[swap] = ends[swap][:, [2, 3, 0, 1]]
    unique: Floats = np.unique(ends, axis=0)
    return unique


def _prime(shapes: Shapes) -> None:
    """Let GEOS build what it builds at first use now, before two threads can do so at once."""
    if not len(shapes):
        return
    inside = shapely.point_on_surface(shapes)
    for _ in range(_PRIMING_CALLS):
        shapely.intersects(shapes, inside)
