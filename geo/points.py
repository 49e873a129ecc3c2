"""A position on the earth, checked once."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geo.errors import BadPoint


@dataclass(frozen=True, slots=True)
class Point:
    """A WGS84 position in degrees; made by `Point.checked`, so that what has it need not check.

    >>> Point.checked(lon=114.1172, lat=22.6046)
    Point(lon=114.1172, lat=22.6046)
    """

    lon: float
    lat: float

    @classmethod
    def checked(cls, *, lon: float, lat: float) -> Point:
        """A point with finite coordinates in range; raises BadPoint otherwise.

        Shapely finds nothing for NaN or longitude 200 and says nothing, so this must.
        """
        for name, zh, value, limit in (("lon", "经度", lon, 180), ("lat", "纬度", lat, 90)):
            if not math.isfinite(value) or abs(value) > limit:
                raise BadPoint(
                    field="at",
                    zh=f"{zh} {value} 无效：应为 -{limit} 至 {limit} 之间的数"
                    "（先经度后纬度，WGS84）",
                    en=f"{name} {value} is refused: a number from -{limit} to {limit} is needed "
                    "(longitude first, then latitude, WGS84)",
                )
        return cls(lon=float(lon), lat=float(lat))
