"""Distances on the ellipsoid by pyproj: the independent judge of the project's own formula."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

STEP = 1e-4  # degrees: how finely lines are cut, because a straight line in degrees is none here


def geodesic_to(lon: float, lat: float, lines: BaseGeometry) -> float:
    """Metres from a position to the nearest of the lines, which are straight in degrees.

    In the azimuthal equidistant projection around the position, distances from it are geodesic.
    """
    around = f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=WGS84 +units=m"
    moved = Transformer.from_crs("EPSG:4326", around, always_xy=True)

    def flat(
        pairs: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    ) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        return np.column_stack(moved.transform(pairs[:, 0], pairs[:, 1]))

    return float(
        shapely.distance(
            shapely.transform(shapely.segmentize(lines, STEP), flat), shapely.Point(0, 0)
        )
    )


def geodesic_to_line(lon: float, lat: float, ends: Sequence[Sequence[float]]) -> float:
    """Metres from a position to a straight line between two others."""
    return geodesic_to(lon, lat, shapely.LineString(ends))
