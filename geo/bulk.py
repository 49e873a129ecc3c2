"""Where many positions are: the answers of `MapOn.at` for arrays, a hundred times as fast.

How it comes to the same answers is told in `geo.bulk_places` (what covers a circle) and
`geo.bulk_roads` (which roads are near). In both, arrays decide what is clear by a margin, and what
is not goes to the code that answers one at a time.

Not done here: shares and, per position, stake and distance on a road.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from geo.bulk_borders import Ints, Spots
from geo.bulk_places import ManyPlaces, Places
from geo.bulk_roads import Bools, Hits, ManyOnRoads
from geo.locate import MapOn
from geo.metric import Floats
from geo.points import Point
from geo.segments import TELLS_UP_TO_M

T = TypeVar("T")

_WORTH_CELLS: Final = 20_000
"""From so many positions at once on, the grids are made; they stay for those that follow."""
_AT_ONCE: Final = 262_144
_REMEMBERED: Final = 8


@dataclass(frozen=True, slots=True)
class Located:
    """Where many positions are: `places[code[n]]` are the places of position n.

    They are those of `Whereabouts.places`, in the same order, but that roads have neither stake nor
    distance. `border_m` is None where it was not wanted or there are no streets.
    """

    places: tuple[Places, ...]
    code: npt.NDArray[np.int32]
    border_m: Floats | None


class ManyMaps:
    """The maps of many days for many positions. Not to be shared by threads.

    What days have in common is kept once: their areas, their roads. Some 100 MB for each set of
    areas that many positions are asked of.
    """

    def __init__(self) -> None:
        # The maps are kept too, so that nothing else takes their identity
        self._areas: dict[int, tuple[MapOn, ManyPlaces]] = {}
        self._roads: dict[int, tuple[MapOn, ManyOnRoads]] = {}

    def at(
        self,
        on_map: MapOn,
        lons: Floats,
        lats: Floats,
        accuracy_m: Floats | float = 10.0,
        *,
        roads: bool = True,
        border: bool = True,
    ) -> Located:
        """The places of each position (WGS84 degrees) within its accuracy (metres) on a map.

        Without `roads` roads are left unknown; without `border` its distance is not measured.
        Raises BadPoint and BadAccuracy for the first value that is none.
        """
        lons, lats = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        metres = np.broadcast_to(np.asarray(accuracy_m, dtype=np.float64), lons.shape)
        _check(on_map, lons, lats, metres)
        many = self._places(on_map)
        many.uses_cells |= len(lons) >= _WORTH_CELLS
        spot = np.empty(len(lons), dtype=np.int64)
        measured = np.empty(len(lons)) if border and on_map.areas.has_streets else None
        for begin in range(0, len(lons), _AT_ONCE):
            part = slice(begin, begin + _AT_ONCE)
            spot[part] = many.around(lons[part], lats[part], metres[part])
            if measured is not None:
                measured[part] = many.border_m(Spots.at(lons[part], lats[part]))
        if roads and on_map.roads is not None:
            on_roads = self._on_roads(on_map)
            places, code = _with_roads(many.found, spot, on_roads, Spots.at(lons, lats), metres)
        else:
            held, code = _numbered(spot, len(many.found))
            places = tuple(many.found[at] for at in held)
        return Located(places, code, measured)

    def _places(self, on_map: MapOn) -> ManyPlaces:
        known = self._areas.get(id(on_map.areas))
        if known is None:
            _make_room(self._areas)
            known = self._areas[id(on_map.areas)] = (on_map, ManyPlaces(on_map))
        return known[1]

    def _on_roads(self, on_map: MapOn) -> ManyOnRoads:
        index = on_map.roads
        if index is None:
            raise LookupError(on_map.day)
        known = self._roads.get(id(index))
        if known is None:
            _make_room(self._roads)
            known = self._roads[id(index)] = (on_map, ManyOnRoads(index))
        return known[1]


def _make_room(kept: dict[int, T]) -> None:
    if len(kept) >= _REMEMBERED:
        del kept[next(iter(kept))]


def _with_roads(
    found: list[Places], spot: Ints, many: ManyOnRoads, spots: Spots, accuracy_m: Floats
) -> tuple[tuple[Places, ...], npt.NDArray[np.int32]]:
    """The places with their roads, each once, and the number of each position's."""
    numbers: dict[Hits | None, int] = {None: 0}
    road = np.zeros(len(spot), dtype=np.int64)
    asked = np.flatnonzero(accuracy_m <= TELLS_UP_TO_M)
    for begin in range(0, len(asked), _AT_ONCE):
        part = asked[begin : begin + _AT_ONCE]
        number, told = many.hits(spots.among(part), accuracy_m[part])
        road[part] = np.array([numbers.setdefault(one, len(numbers)) for one in told])[number]
    hits = list(numbers)
    pairs, code = np.unique(spot * len(hits) + road, return_inverse=True)
    places = (_on(found[n // len(hits)], hits[n % len(hits)]) for n in pairs.tolist())
    return tuple(places), code.reshape(-1).astype(np.int32)


def _on(places: Places, roads: Hits | None) -> Places:
    """Each place with each road that it may be on; as they are where no road was asked."""
    if roads is None:
        return places
    return tuple(replace(place, road=road, road_known=True) for place in places for road in roads)


def _numbered(of: Ints, most: int) -> tuple[list[int], npt.NDArray[np.int32]]:
    """The distinct numbers below `most`, and for each number which of those it is."""
    held = np.zeros(most, dtype=bool)
    held[of] = True
    return np.flatnonzero(held).tolist(), (np.cumsum(held) - 1).astype(np.int32)[of]


def _check(on_map: MapOn, lons: Floats, lats: Floats, accuracy_m: Floats) -> None:
    """Refuse the first position or accuracy that is none, as one at a time does."""
    good: Bools = np.isfinite(lons) & np.isfinite(lats) & (abs(lons) <= 180) & (abs(lats) <= 90)
    good &= (accuracy_m >= 0) & (accuracy_m < math.inf)
    for at in np.flatnonzero(~good)[:1].tolist():
        point = Point.checked(lon=float(lons[at]), lat=float(lats[at]))
        on_map.at(point, float(accuracy_m[at]))
