"""A layer that says WGS84 and is GCJ-02 or BD-09: some 590 m off in Longgang, and found here.

Its vertices are compared with the lines of layers that stand, as they are and moved back. A shift
is reported only where moving back brings the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import many_to_wgs84
from geo.editions import Edition, Kind
from geo.errors import Fault
from geo.metric import Floats, metres_per_degree

OFF_M: Final = 10.0
"""Layers of one ground whose lines lie nearer than this are the same. Little: among the blocks of a
city another road is never far, wherever a layer is moved to."""
BETTER: Final = 0.2
"""Of the distance: no more may be left once the layer is moved back."""
_SAMPLE: Final = 2_000
_TAKEN_FOR: Final = ("gcj02", "bd09")


def shift_faults(
    label: str, shapes: gpd.GeoSeries, kind: Kind, standing: Iterable[Edition]
) -> list[Fault]:
    """The fault of a layer that lies off the standing ones as GCJ-02 or BD-09 does; else none.

    Roads are compared with roads, areas with all layers of areas: they share borders.
    """
    lines = _lines(np.asarray(shapes.values, dtype=object))
    for edition in standing:
        if (edition.kind is Kind.ROAD) is not (kind is Kind.ROAD) or edition.kind is Kind.ZONE:
            continue
        reference = _lines(np.asarray(edition.frame.geometry.values, dtype=object))
        off_m = _apart_m(lines, reference)
        if off_m <= OFF_M:
            return []
        for crs in _TAKEN_FOR:
            back = _moved(lines, crs)
            left_m = _apart_m(back, reference)
            if left_m < BETTER * off_m:
                return [_fault(label, edition, crs, _moved_m(lines, back), left_m)]
    return []


def _moved_m(lines: npt.NDArray[np.object_], back: npt.NDArray[np.object_]) -> float:
    """Metres by which moving back moves the middle vertex: more than the distance to a line."""
    here, there = shapely.get_coordinates(lines), shapely.get_coordinates(back)
    east, north = metres_per_degree(float(np.median(here[:, 1])))
    return float(np.median(np.hypot(*((here - there) * (east, north)).T)))


def _apart_m(one: npt.NDArray[np.object_], other: npt.NDArray[np.object_]) -> float:
    """Metres between the lines of two layers, at the middle of the vertices of the better one.

    Of two layers the one may hold more lines than the other (communities, streets); the vertices
    of the other must then lie on them.
    """
    return min(_median_m(one, other), _median_m(other, one))


def _median_m(of: npt.NDArray[np.object_], to: npt.NDArray[np.object_]) -> float:
    pairs: Floats = np.unique(shapely.get_coordinates(of), axis=0)
    pairs = pairs[:: max(1, len(pairs) // _SAMPLE)]
    east, north = metres_per_degree(float(np.median(pairs[:, 1])))
    scale = (east, north)
    tree = shapely.STRtree(shapely.transform(to, lambda p: p * scale))
    distance = tree.query_nearest(
        shapely.points(pairs * scale), all_matches=False, return_distance=True
    )[1]
    return float(np.median(distance))


def _lines(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """The borders of areas, lines as they are: one straight piece after another."""
    areas = shapely.get_dimensions(shapes) == 2
    drawn = np.where(areas, shapely.boundary(shapes), shapes)
    coordinates, line = shapely.get_coordinates(shapely.get_parts(drawn), return_index=True)
    joined = line[1:] == line[:-1]
    ends = np.stack([coordinates[:-1][joined], coordinates[1:][joined]], axis=1)
    return np.atleast_1d(np.asarray(shapely.linestrings(ends), dtype=object))


def _moved(lines: npt.NDArray[np.object_], crs: str) -> npt.NDArray[np.object_]:
    moved: npt.NDArray[np.object_] = shapely.transform(
        lines, lambda p: np.column_stack(many_to_wgs84(p[:, 0], p[:, 1], crs))
    )
    return moved


def _fault(label: str, edition: Edition, crs: str, moved_m: float, left_m: float) -> Fault:
    return Fault(
        f"{label}:crs",
        f"文件按 WGS84 读取时与 {edition} 相差约 {moved_m:,.0f} 米，按 {crs} 读取时只差约 "
        f"{left_m:,.0f} 米：坐标看来是 {crs}，请加 --crs {crs} 导入；确为 WGS84 的请加 --crs wgs84",
        f"read as WGS84 it lies about {moved_m:,.0f} m off {edition}, read as {crs} about "
        f"{left_m:,.0f} m: its coordinates seem to be {crs}, import it with --crs {crs}; if it "
        "really is WGS84, say --crs wgs84",
    )
