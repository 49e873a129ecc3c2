"""One carriageway of a road layer: what is known of it, and where its stakes are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ROAD_CLASSES: Final = (
    "expressway",
    "national",
    "provincial",
    "county",
    "township",
    "village",
    "arterial",
    "collector",
    "branch",
    "estate",
    "unknown",
)
LEGAL_CLASSES: Final = ("highway", "city_road", "estate_road", "unknown")

CITY_REACH_M: Final = 15.0
EXPRESSWAY_REACH_M: Final = 30.0
TELLS_UP_TO_M: Final = 100.0
"""With a worse accuracy a position says nothing about roads, and none is looked for."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One carriageway of the layer. Stakes run from `from_m` at its first vertex to `to_m`."""

    code: str
    name: str
    ref: str
    road_class: str
    legal_class: str
    direction: str | None
    series: str
    from_m: float | None
    to_m: float | None
    handed_over: bool | None
    length_m: float

    @property
    def reach_m(self) -> float:
        """How far from its line a position still counts as on it, before accuracy."""
        return EXPRESSWAY_REACH_M if self.road_class == "expressway" else CITY_REACH_M

    def metres_at(self, along_m: float) -> float | None:
        """The stake in metres at a distance from the first vertex; None without stakes."""
        if self.from_m is None or self.to_m is None:
            return None
        return self.from_m + (self.to_m - self.from_m) * (along_m / self.length_m)

    def has(self, metres: float) -> bool:
        """Whether the stake lies on it, both ends included."""
        if self.from_m is None or self.to_m is None:
            return False
        return min(self.from_m, self.to_m) <= metres <= max(self.from_m, self.to_m)


def segment_of(values: Mapping[str, object], length_m: float) -> Segment:
    """The segment of a row of a road edition's frame."""

    def text(column: str) -> str:
        return str(values[column])

    def number(column: str) -> float | None:
        value = values[column]
        return value if isinstance(value, float) and math.isfinite(value) else None

    handed_over = values["handed_over"]
    return Segment(
        code=text("code"),
        name=text("name"),
        ref=text("ref"),
        road_class=text("road_class") or "unknown",
        legal_class=text("legal_class") or "unknown",
        direction=text("direction") or None,
        series=text("series"),
        from_m=number("from_m"),
        to_m=number("to_m"),
        handed_over=handed_over if isinstance(handed_over, bool) else None,
        length_m=length_m,
    )
