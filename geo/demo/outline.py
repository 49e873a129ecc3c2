"""The schematic district's borders, drawn by hand: which patch of ground is whose, and when.

Every border is one line, written down once, and two areas that meet share that line. Joining all
lines and closing them to faces therefore gives areas without a gap and without an overlap. Names
are real; the corners were chosen by hand on a grid of 0.005 degrees (about half a kilometre), so
nothing here is a survey. Editions are not made here (see `geo.demo.areas`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from shapely import LineString, Point, Polygon, polygonize, union_all
from shapely.geometry.base import BaseGeometry

# The days on which land left the district or a street was split (first day of the new state).
DRAWN_FROM = date(2004, 1, 1)
PINGSHAN_LEFT = date(2009, 6, 30)
DAPENG_LEFT = date(2011, 12, 30)
STREETS_SPLIT = date(2016, 12, 26)
PINGSHAN_A_DISTRICT = date(2017, 1, 7)

# "lon lat, lon lat, …" in degrees. The first and the last point of a line are corners where several
# lines meet; a line that does not fit goes on in the next row.
_BORDERS = """
# the inner borders of the western streets
114.085 22.660, 114.090 22.645, 114.085 22.630, 114.085 22.610, 114.080 22.600
114.085 22.660, 114.095 22.670
114.095 22.670, 114.105 22.670, 114.115 22.660
114.115 22.660, 114.110 22.645, 114.125 22.630
114.125 22.630, 114.110 22.625, 114.105 22.615, 114.095 22.605, 114.100 22.595
114.125 22.630, 114.135 22.620, 114.135 22.605, 114.135 22.585
114.115 22.660, 114.130 22.665, 114.140 22.660, 114.145 22.645, 114.155 22.645
114.155 22.645, 114.160 22.635, 114.170 22.625, 114.165 22.610
114.155 22.645, 114.170 22.655
# … of the middle and the north
114.195 22.605, 114.205 22.615, 114.205 22.630, 114.210 22.650, 114.200 22.655,
    114.205 22.675
114.205 22.675, 114.190 22.680
114.205 22.675, 114.205 22.685, 114.215 22.695, 114.230 22.685, 114.240 22.680,
    114.250 22.685
114.250 22.685, 114.265 22.670
114.250 22.685, 114.250 22.700
114.250 22.700, 114.250 22.715, 114.260 22.730, 114.255 22.740, 114.225 22.740,
    114.205 22.745
114.250 22.700, 114.270 22.705
114.270 22.705, 114.270 22.690, 114.275 22.675
114.270 22.705, 114.285 22.710, 114.300 22.710, 114.305 22.725, 114.310 22.745
114.310 22.745, 114.320 22.745, 114.335 22.750
114.310 22.745, 114.295 22.750, 114.275 22.755, 114.265 22.765, 114.255 22.770,
    114.250 22.785
# … of the east
114.265 22.670, 114.265 22.655
114.265 22.670, 114.275 22.675
114.275 22.675, 114.300 22.680, 114.315 22.690, 114.320 22.705, 114.335 22.715,
    114.335 22.730, 114.335 22.750
114.335 22.750, 114.340 22.760
114.340 22.760, 114.350 22.770
114.340 22.760, 114.350 22.745, 114.365 22.730, 114.385 22.720, 114.400 22.725
114.335 22.635, 114.350 22.630, 114.365 22.635, 114.380 22.645, 114.405 22.655,
    114.425 22.665
114.485 22.670, 114.475 22.640, 114.465 22.610, 114.445 22.570
114.500 22.555, 114.485 22.550
# towards 罗湖
114.070 22.595, 114.080 22.600
114.080 22.600, 114.090 22.600, 114.100 22.595
114.100 22.595, 114.110 22.590, 114.125 22.590, 114.135 22.585
114.135 22.585, 114.145 22.585, 114.155 22.600, 114.165 22.610
114.165 22.610, 114.185 22.620, 114.195 22.605
114.195 22.605, 114.210 22.600, 114.215 22.590
# towards 盐田
114.215 22.590, 114.225 22.595, 114.230 22.615, 114.245 22.625, 114.260 22.625,
    114.260 22.635, 114.255 22.650, 114.265 22.655
114.265 22.655, 114.280 22.645, 114.285 22.625, 114.300 22.630, 114.320 22.625,
    114.335 22.635
114.335 22.635, 114.330 22.615, 114.340 22.600
114.215 22.590, 114.205 22.570, 114.200 22.555
# towards 龙华 (宝安 before 2011)
114.070 22.595, 114.055 22.605, 114.055 22.620, 114.045 22.635, 114.050 22.660,
    114.060 22.675, 114.075 22.670, 114.085 22.660
114.095 22.670, 114.090 22.690, 114.090 22.705, 114.105 22.720
114.105 22.720, 114.085 22.750, 114.070 22.770
# towards 东莞
114.105 22.720, 114.115 22.725, 114.125 22.715, 114.140 22.715, 114.140 22.705,
    114.155 22.695, 114.160 22.685, 114.155 22.670, 114.170 22.655
114.170 22.655, 114.180 22.665, 114.190 22.680
114.190 22.680, 114.190 22.700, 114.195 22.715, 114.205 22.730, 114.205 22.745
114.205 22.745, 114.200 22.750, 114.195 22.765, 114.180 22.770, 114.180 22.785,
    114.200 22.790, 114.210 22.805, 114.220 22.815, 114.230 22.805, 114.240 22.785,
    114.250 22.785
# towards 惠州
114.250 22.785, 114.265 22.790, 114.280 22.810, 114.295 22.805, 114.315 22.805,
    114.330 22.810, 114.345 22.805, 114.340 22.785, 114.350 22.770
114.350 22.770, 114.370 22.765, 114.385 22.765, 114.395 22.785, 114.410 22.775,
    114.410 22.745, 114.400 22.725
114.400 22.725, 114.420 22.715, 114.440 22.700, 114.435 22.680, 114.425 22.665
114.425 22.665, 114.455 22.670, 114.485 22.670
114.485 22.670, 114.500 22.650, 114.530 22.655, 114.565 22.655, 114.590 22.660
114.250 22.785, 114.255 22.825, 114.250 22.870
# the coast
114.340 22.600, 114.350 22.605, 114.370 22.610, 114.400 22.610, 114.425 22.595,
    114.435 22.575, 114.445 22.570
114.445 22.570, 114.460 22.565, 114.475 22.560, 114.485 22.550
114.485 22.550, 114.485 22.525, 114.480 22.505, 114.485 22.470, 114.490 22.455,
    114.510 22.450, 114.525 22.470, 114.545 22.485, 114.575 22.480, 114.595 22.495,
    114.620 22.515, 114.600 22.545, 114.575 22.555, 114.550 22.570, 114.520 22.555,
    114.500 22.555
114.500 22.555, 114.505 22.585, 114.520 22.595, 114.545 22.590, 114.575 22.605,
    114.580 22.625, 114.595 22.650, 114.590 22.660
114.200 22.555, 114.220 22.550, 114.250 22.560, 114.285 22.575, 114.310 22.585,
    114.340 22.600
# the far sides of the neighbours
114.070 22.595, 114.080 22.580, 114.095 22.570, 114.100 22.540, 114.120 22.535,
    114.165 22.545, 114.200 22.555
114.070 22.595, 114.020 22.600, 113.970 22.620, 113.960 22.700, 113.980 22.750,
    114.030 22.775, 114.070 22.770
114.070 22.770, 114.080 22.830, 114.140 22.870, 114.250 22.870
114.250 22.870, 114.450 22.880, 114.640 22.860, 114.650 22.700, 114.590 22.660
"""

# A point inside each face names it. A patch is the smallest piece of ground that changed hands.
_PATCH_OF = {
    "平湖": (114.123, 22.692),
    "布吉": (114.118, 22.607),
    "吉华": (114.102, 22.636),
    "坂田": (114.067, 22.636),
    "南湾": (114.148, 22.620),
    "横岗": (114.186, 22.643),
    "园山": (114.228, 22.645),
    "龙城": (114.222, 22.715),
    "宝龙西": (114.258, 22.690),
    "宝龙东": (114.300, 22.697),
    "龙岗": (114.230, 22.765),
    "坪地": (114.305, 22.780),
    "坪山": (114.350, 22.690),
    "坑梓": (114.385, 22.745),
    "葵涌": (114.415, 22.635),
    "大鹏": (114.520, 22.620),
    "南澳": (114.530, 22.510),
    "罗湖": (114.140, 22.560),
    "盐田": (114.260, 22.590),
    "龙华": (114.020, 22.680),
    "东莞": (114.160, 22.760),
    "惠州": (114.500, 22.760),
}

LONGGANG_TODAY = (
    *("平湖", "布吉", "吉华", "坂田", "南湾", "横岗", "园山", "龙城"),
    *("宝龙西", "宝龙东", "龙岗", "坪地"),
)
PINGSHAN = ("坪山", "坑梓")
DAPENG = ("葵涌", "大鹏", "南澳")
DISTRICT_2004 = (*LONGGANG_TODAY, *PINGSHAN, *DAPENG)


@dataclass(frozen=True, slots=True)
class Ground:
    """A part of the district of 2004 that stayed in it, or left it as one on one day."""

    patches: tuple[str, ...]
    left: date | None  # first day on which it was no longer Longgang's


GROUNDS = (
    Ground(LONGGANG_TODAY, None),
    Ground(PINGSHAN, PINGSHAN_LEFT),
    Ground(DAPENG, DAPENG_LEFT),
)


@cache
def patches() -> dict[str, Polygon]:
    """Every patch by name, in EPSG:4326; neighbours share their vertices exactly."""
    return closed(_BORDERS, _PATCH_OF)


def closed(borders: str, points: Mapping[str, tuple[float, float]]) -> dict[str, Polygon]:
    """The faces that the borders close, each under the name of the point that lies in it.

    Raises ValueError when a name has no face, two names share one, or a face has no name.
    """
    rows = [row for row in borders.splitlines() if not row.startswith("#")]
    texts = "\n".join(rows).replace(",\n", ",").strip().splitlines()
    faces = list(polygonize([_line(text) for text in texts]).geoms)
    named: dict[str, Polygon] = {}
    for name, (lon, lat) in points.items():
        inside = [face for face in faces if face.covers(Point(lon, lat))]
        if len(inside) != 1:
            raise ValueError(f"the borders of {name} do not close: {len(inside)} faces")
        named[name] = polygon(inside[0])
    if len({face.wkb for face in named.values()}) != len(named) or len(faces) != len(named):
        raise ValueError(f"{len(faces)} faces for {len(named)} names: a border runs astray")
    return named


@cache
def joined(names: tuple[str, ...]) -> Polygon:
    """The named patches as one polygon (EPSG:4326). Raises ValueError when they lie apart."""
    return polygon(union_all([patches()[name] for name in names]))


def polygon(shape: BaseGeometry) -> Polygon:
    """The shape, if it is one polygon; else ValueError."""
    if not isinstance(shape, Polygon):
        raise ValueError(f"one polygon was expected, not a {shape.geom_type}")  # noqa: TRY004 - the drawing is wrong, not a type
    return shape


def _line(text: str) -> LineString:
    points = [pair.split() for pair in text.split(",")]
    return LineString([(float(lon), float(lat)) for lon, lat in points])
