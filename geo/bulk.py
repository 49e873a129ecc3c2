"""Where many positions are: the answers of `MapOn.at` for arrays, a hundred times as fast.

How it comes to the same answers. What covers a position is asked of the same areas by the same
exact predicate; a grid (`geo.bulk_cells`) spares the question where no border is near. A position
whose circle no border comes near is certain. Where all border pieces in the circle divide the same
areas (`geo.bulk_borders`) and come well into it, there are two places: what covers the position,
and the same with those areas exchanged. Everything else (corners, positions on a border, borders
that just touch the circle) goes to `MapOn.at` itself, as do roads that are too close to a limit
(`geo.bulk_roads`). What lies within `_MARGIN` of a decision is never decided here.

Sets of areas and of roads are told apart by 64-bit keys.

Not done here: shares and, per position, stake and distance on a road.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.bulk_borders import DividingPieces, Ints, Keys, Spots
from geo.bulk_cells import Cells
from geo.bulk_nearest import NearestPieces
from geo.bulk_roads import Bools, Hits, ManyOnRoads
from geo.locate import MapOn
from geo.metric import Floats, Plane, mercator_lats
from geo.places import Place
from geo.points import Point
from geo.segments import TELLS_UP_TO_M

Places = tuple[Place, ...]

_WORTH_CELLS: Final = 20_000
"""From so many positions at once on, the grids are made; they stay for those that follow."""
_MARGIN: Final = 0.002
"""Of the accuracy: within it of a border, whether the circle touches is left to `MapOn.at`.

The circle is a polygon 0.12 % larger than itself.
"""
_WELL_IN: Final = 0.97
"""Of the accuracy. A border that comes so far in has ground on both sides in the circle, more than
what an overlay takes for noise, unless two borders run for 14 km without parting 0.1 m."""
_STRAIGHT_IN: Final = 0.999
"""The same where the border is one straight line across the circle: even so small a cap of it is
thirty thousand times that noise."""
_SAME_M: Final = 1e-3
"""To which distances from a border are rounded one at a time."""
_TIE: Final = 1e-6
"""Of that: so close to the middle between two roundings, it is rounded one at a time."""
_AT_ONCE: Final = 262_144
_KEY_SEED: Final = 20081105


@dataclass(frozen=True, slots=True)
class Located:
    """Where many positions are: `places[code[n]]` are the places of position n.

    They are those of `Whereabouts.places`, in the same order, but that roads have neither stake nor
    distance. `border_m` is None where it was not wanted or there are no streets.
    """

    places: tuple[Places, ...]
    code: npt.NDArray[np.int32]
    border_m: Floats | None


class ManyOn:
    """The map of one day, for many positions at once. Not to be shared by threads.

    Its grids take some 100 MB; they are made at the first call with many positions.
    """

    def __init__(self, on_map: MapOn) -> None:
        self.on_map = on_map
        areas = on_map.areas
        random = np.random.default_rng(_KEY_SEED)
        self._area_keys: Keys = random.integers(
            1, np.iinfo(np.uint64).max, size=len(areas.features), dtype=np.uint64
        )
        self._dividing = DividingPieces(areas.shapes, self._area_keys)
        self._spots: list[Places] = []
        self._numbers: dict[Places, int] = {}
        self._rows: dict[int, frozenset[int]] = {0: frozenset()}
        self._spot_of_key: dict[int, int] = {}
        self._spot_of_pair: dict[tuple[int, int], int] = {}
        self._uses_cells = False

    def at(
        self,
        lons: Floats,
        lats: Floats,
        accuracy_m: Floats | float = 10.0,
        *,
        roads: bool = True,
        border: bool = True,
    ) -> Located:
        """The places of each position (WGS84 degrees) within its accuracy (metres).

        Without `roads` roads are left unknown; without `border` its distance is not measured.
        Raises BadPoint and BadAccuracy for the first value that is none.
        """
        lons, lats = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        metres = np.broadcast_to(np.asarray(accuracy_m, dtype=np.float64), lons.shape)
        self._check(lons, lats, metres)
        self._uses_cells |= len(lons) >= _WORTH_CELLS
        spot = np.empty(len(lons), dtype=np.int64)
        measured = np.empty(len(lons)) if border and self.on_map.areas.has_streets else None
        for begin in range(0, len(lons), _AT_ONCE):
            part = slice(begin, begin + _AT_ONCE)
            spot[part] = self._around(lons[part], lats[part], metres[part])
            if measured is not None:
                measured[part] = self._border_m(Spots.at(lons[part], lats[part]))
        many = self._many_on_roads if roads else None
        if many is not None:
            places, code = self._on_roads(many, spot, Spots.at(lons, lats), metres)
        else:
            held, code = _numbered(spot, len(self._spots))
            places = tuple(self._spots[at] for at in held)
        return Located(places, code, measured)

    # --- places ------------------------------------------------------------------------------

    def _on_roads(
        self, many: ManyOnRoads, spot: Ints, spots: Spots, accuracy_m: Floats
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
        places = (_on(self._spots[n // len(hits)], hits[n % len(hits)]) for n in pairs.tolist())
        return tuple(places), code.reshape(-1).astype(np.int32)

    def _around(self, lons: Floats, lats: Floats, accuracy_m: Floats) -> Ints:
        """The number in `_spots` of the places in each circle, without their roads."""
        if not self._uses_cells or self._cells is None:
            return self._near_borders(Spots.at(lons, lats), accuracy_m)
        found, clear_m = self._cells.look_up(lons, lats)
        spot = found.astype(np.int64)
        left = np.flatnonzero(clear_m <= accuracy_m * (1 + _MARGIN) + _SAME_M)
        spot[left] = self._near_borders(Spots.at(lons[left], lats[left]), accuracy_m[left])
        return spot

    def _near_borders(self, spots: Spots, accuracy_m: Floats) -> Ints:
        """The same for positions whose circle a border may touch."""
        here = self._covering(spots.lons, spots.lats)
        spot = self._spots_of(here)
        position, piece, metres = self._dividing.within(spots, accuracy_m * (1 + _MARGIN) + _SAME_M)
        if not len(position):
            return spot
        starts = np.flatnonzero(np.append([True], np.diff(position) != 0))
        touched = position[starts]
        divides = self._dividing.divides[piece]
        same = np.minimum.reduceat(divides, starts) == np.maximum.reduceat(divides, starts)
        least = np.minimum.reduceat(metres, starts)
        single = np.diff(np.append(starts, len(position))) == 1
        well_in = np.where(single, _STRAIGHT_IN, _WELL_IN) * accuracy_m[touched]
        plain = same & (least > _SAME_M) & (least < well_in - _SAME_M)
        spot[touched[~plain]] = -1
        spot[touched[plain]] = self._two_sided(here[touched[plain]], divides[starts[plain]])
        for at in np.flatnonzero(spot < 0).tolist():
            spot[at] = self._alone(spots, accuracy_m, at)
        return spot

    def _two_sided(self, here: Keys, divides: Keys) -> Ints:
        """The spots of circles that one kind of border parts; -1 where either side is several."""
        kinds, kind = np.unique(divides, return_inverse=True)
        keys, key = np.unique(here, return_inverse=True)
        pairs, pair = np.unique(key * len(kinds) + kind, return_inverse=True)
        spots = [
            self._parted(int(keys[one // len(kinds)]), int(kinds[one % len(kinds)]))
            for one in pairs.tolist()
        ]
        found: Ints = np.array(spots, dtype=np.int64)[pair.reshape(-1)]
        return found

    def _parted(self, key: int, kind: int) -> int:
        """The spot of circles with one key here and, beyond a kind of border, another."""
        spot = self._spot_of_pair.get((key, kind))
        if spot is None:
            rows = self._rows[key]
            here, beyond = (
                self.on_map.areas.places(tuple(sorted(each)))
                for each in (rows, rows ^ self._dividing.areas[kind])
            )
            spot = -1
            if len(here) == len(beyond) == 1:
                spot = self._spot(here if here == beyond else here + beyond)
            self._spot_of_pair[key, kind] = spot
        return spot

    def _alone(self, spots: Spots, accuracy_m: Floats, at: int) -> int:
        point = Point(lon=float(spots.lons[at]), lat=float(spots.lats[at]))
        return self._spot(self.on_map.at(point, float(accuracy_m[at]), roads=False).places)

    def _spot(self, places: Places) -> int:
        number = self._numbers.setdefault(places, len(self._spots))
        if number == len(self._spots):
            self._spots.append(places)
        return number

    def _spots_of(self, keys: Keys) -> Ints:
        """The spots of what covers positions; the keys are those that `_covering` gave."""
        distinct, number = np.unique(keys, return_inverse=True)
        spots = []
        for key in distinct.tolist():
            spot = self._spot_of_key.get(key)
            if spot is None:
                places = self.on_map.areas.places(tuple(sorted(self._rows[key])))
                spot = self._spot_of_key[key] = self._spot(places)
            spots.append(spot)
        return np.array(spots, dtype=np.int64)[number.reshape(-1)]

    def _covering(self, lons: Floats, lats: Floats) -> Keys:
        """The key of the areas that cover each position, borders included."""
        areas = self.on_map.areas
        keys: Keys = np.zeros(len(lons), dtype=np.uint64)
        position, row = areas.tree.query(shapely.points(lons, lats))
        held = shapely.intersects_xy(areas.shapes[row], lons[position], lats[position])
        position, row = position[held], row[held]
        if len(position):
            starts = np.flatnonzero(np.append([True], np.diff(position) != 0))
            keys[position[starts]] = np.bitwise_xor.reduceat(self._area_keys[row], starts)
            ends = np.append(starts[1:], len(position))
            for key, at in zip(*np.unique(keys[position[starts]], return_index=True), strict=True):
                covering = row[starts[at] : ends[at]].tolist()
                self._rows.setdefault(int(key), frozenset(covering))
        return keys

    # --- borders -----------------------------------------------------------------------------

    def _border_m(self, spots: Spots) -> Floats:
        borders = self.on_map.areas.street_borders
        lats = mercator_lats(spots.lats)
        if self._uses_cells:
            piece = self._nearest.look_up(spots.lons, lats)
        else:
            tree = borders.tree
            piece = tree.query_nearest(shapely.points(spots.lons, lats), all_matches=False)[1]
        metres = spots.to_pieces(borders.ends[piece])[0]
        told: Floats = np.round(metres, 3)
        steps = metres / _SAME_M
        for at in np.flatnonzero(np.abs(steps - np.floor(steps) - 0.5) < _TIE).tolist():
            plane = Plane.at(float(spots.lons[at]), float(spots.lats[at]))
            told[at] = self.on_map.areas.border_m(plane)
        return told

    def _check(self, lons: Floats, lats: Floats, accuracy_m: Floats) -> None:
        """Refuse the first position or accuracy that is none, as one at a time does."""
        good: Bools = np.isfinite(lons) & np.isfinite(lats) & (abs(lons) <= 180) & (abs(lats) <= 90)
        good &= (accuracy_m >= 0) & (accuracy_m < math.inf)
        for at in np.flatnonzero(~good)[:1].tolist():
            point = Point.checked(lon=float(lons[at]), lat=float(lats[at]))
            self.on_map.at(point, float(accuracy_m[at]))

    # --- what is made when first needed --------------------------------------------------------

    @cached_property
    def _cells(self) -> Cells | None:
        ends = self._dividing.ends
        if not len(ends):
            return None
        return Cells(ends, lambda lons, lats: self._spots_of(self._covering(lons, lats)))

    @cached_property
    def _nearest(self) -> NearestPieces:
        borders = self.on_map.areas.street_borders
        drawn = borders.ends.copy()
        drawn[:, 1], drawn[:, 3] = mercator_lats(drawn[:, 1]), mercator_lats(drawn[:, 3])
        return NearestPieces(drawn, borders.tree)

    @cached_property
    def _many_on_roads(self) -> ManyOnRoads | None:
        return None if self.on_map.roads is None else ManyOnRoads(self.on_map.roads)


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
