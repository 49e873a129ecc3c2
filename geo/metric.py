"""Metres from degrees: the one formula by which this project measures short distances.

Equirectangular at the latitude of the point that is asked about: a degree of longitude and a
degree of latitude are each worth a fixed number of metres there (series for WGS84), and lines are
straight in longitude and latitude. Right to 0.1 % for the first ten kilometres anywhere below 55
degrees. The tablet repeats the same lines in JavaScript; `tests/geo/metric_vectors.json` holds
both to the same numbers.

Not done here: projected coordinate systems (buffers at import) and geodesics (the tests' judge).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]

_ECCENTRICITY = 0.0818191908426215  # of WGS84
_MERCATOR_TOP = 89.9  # degrees; nothing is administered closer to a pole


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres in one degree of longitude and in one degree of latitude, at this latitude.

    >>> [round(metres) for metres in metres_per_degree(22.6046)]
    [102819, 110739]
    """
    phi = math.radians(lat)
    east = 111412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
    north = (
        111132.92
        - 559.82 * math.cos(2 * phi)
        + 1.175 * math.cos(4 * phi)
        - 0.0023 * math.cos(6 * phi)
    )
    return east, north


def metres_per_degree_at(lats: Floats) -> tuple[Floats, Floats]:
    """The same for many latitudes: two arrays of the shape of `lats`, metres."""
    phi = np.radians(lats)
    east = 111412.84 * np.cos(phi) - 93.5 * np.cos(3 * phi) + 0.118 * np.cos(5 * phi)
    north = (
        111132.92 - 559.82 * np.cos(2 * phi) + 1.175 * np.cos(4 * phi) - 0.0023 * np.cos(6 * phi)
    )
    return east, north


def to_segment(x1: float, y1: float, x2: float, y2: float) -> tuple[float, float]:
    """Distance in metres from the origin to a segment, and how far along it (0 to 1) that is.

    The ends are in metres, measured from the point that is asked about.

    >>> to_segment(-10.0, 3.0, 30.0, 3.0)
    (3.0, 0.25)
    """
    dx = x2 - x1
    dy = y2 - y1
    square = dx * dx + dy * dy
    along = 0.0 if square == 0.0 else -(x1 * dx + y1 * dy) / square
    if along < 0.0:
        along = 0.0
    elif along > 1.0:
        along = 1.0
    return math.hypot(x1 + along * dx, y1 + along * dy), along


@dataclass(frozen=True, slots=True)
class Plane:
    """The plane in metres around a position: `east` and `north` metres are in one degree each."""

    lon: float
    lat: float
    east: float
    north: float

    @classmethod
    def at(cls, lon: float, lat: float) -> Plane:
        """The plane around this position (WGS84 degrees)."""
        return cls(lon, lat, *metres_per_degree(lat))

    def box(self, reach_m: float) -> shapely.Polygon:
        """The box in degrees that just holds the circle of this radius around the position."""
        wide, high = reach_m / self.east, reach_m / self.north
        return shapely.box(self.lon - wide, self.lat - high, self.lon + wide, self.lat + high)

    def to_piece(self, lon1: float, lat1: float, lon2: float, lat2: float) -> tuple[float, float]:
        """Metres to the straight line between two positions, and how far along it (0 to 1)."""
        return to_segment(
            (lon1 - self.lon) * self.east,
            (lat1 - self.lat) * self.north,
            (lon2 - self.lon) * self.east,
            (lat2 - self.lat) * self.north,
        )


def distance_m(*, lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """Metres between two positions, in the plane at the first one."""
    east, north = metres_per_degree(lat)
    return math.hypot((to_lon - lon) * east, (to_lat - lat) * north)


def lengths_m(ends: Floats) -> Floats:
    """Metres of each straight piece; `ends` has rows of lon, lat, lon, lat.

    Each piece is measured at the latitude of its middle, so that a line has one length whichever
    end is asked about.
    """
    east, north = metres_per_degree_at((ends[:, 1] + ends[:, 3]) / 2)
    lengths: Floats = np.hypot((ends[:, 2] - ends[:, 0]) * east, (ends[:, 3] - ends[:, 1]) * north)
    return lengths


def mercator(*, lon: float, lat: float) -> tuple[float, float]:
    """Coordinates in degrees of a plane in which the scale is the same in every direction.

    Only for finding what is nearest: in degrees a kilometre east and one north differ, here they
    do not, whatever the latitude. Distances are then measured by `metres_per_degree`.
    """
    phi = math.radians(max(-_MERCATOR_TOP, min(_MERCATOR_TOP, lat)))
    sine = math.sin(phi)
    psi = math.atanh(sine) - _ECCENTRICITY * math.atanh(_ECCENTRICITY * sine)
    return lon, math.degrees(psi)


def mercator_lats(lats: Floats) -> Floats:
    """The second coordinate of `mercator` for many latitudes."""
    sine = np.sin(np.radians(np.clip(lats, -_MERCATOR_TOP, _MERCATOR_TOP)))
    psi: Floats = np.degrees(np.arctanh(sine) - _ECCENTRICITY * np.arctanh(_ECCENTRICITY * sine))
    return psi


def line_tree(ends: Floats) -> shapely.STRtree:
    """A tree of straight lines; `ends` has rows of x, y, x, y, and the tree keeps their order."""
    lines: list[shapely.LineString] = []
    if len(ends):
        lines.extend(np.atleast_1d(np.asarray(shapely.linestrings(ends.reshape(-1, 2, 2)))))
    # Small nodes: a search for the nearest then measures fewer lines (18 against 26 us in Longgang)
    return shapely.STRtree(lines, node_capacity=4)
