"""The places around many positions, by the same rules as `MapOn.at` but without roads.

What covers a position is asked of the same areas by the same exact predicate; a grid
(`geo.bulk_cells`) spares the question where no border is near. A position whose circle no border
comes near is certain. Where all border pieces in the circle divide the same areas
(`geo.bulk_borders`) and come well into it, there are two places: what covers the position, and the
same with those areas exchanged. Everything else (corners, positions on a border, borders that just
touch the circle) goes to `MapOn.at` itself. What lies within `_MARGIN` of a decision is never
decided here. Sets of areas are told apart by 64-bit keys.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
import shapely

from geo.bulk_borders import DividingPieces, Ints, Keys, Spots
from geo.bulk_cells import Cells
from geo.bulk_nearest import NearestPieces
from geo.locate import MapOn
from geo.metric import Floats, Plane, mercator_lats
from geo.places import Place
from geo.points import Point

Places = tuple[Place, ...]

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
_KEY_SEED: Final = 20081105


class ManyPlaces:
    """The areas of a map, for many positions. Not to be shared by threads.

    `found` are the places met so far. With `uses_cells`, grids of some 60 MB are made and kept.
    """

    def __init__(self, on_map: MapOn) -> None:
        self._map = on_map
        areas = on_map.areas
        random = np.random.default_rng(_KEY_SEED)
        self._area_keys: Keys = random.integers(
            1, np.iinfo(np.uint64).max, size=len(areas.features), dtype=np.uint64
        )
        self._dividing = DividingPieces(areas.shapes, self._area_keys)
        self.found: list[Places] = []
        self._numbers: dict[Places, int] = {}
        self._rows: dict[int, frozenset[int]] = {0: frozenset()}
        self._spot_of_key: dict[int, int] = {}
        self._spot_of_pair: dict[tuple[int, int], int] = {}
        self.uses_cells = False

    def around(self, lons: Floats, lats: Floats, accuracy_m: Floats) -> Ints:
        """The number in `found` of the places in each circle, without their roads."""
        if not self.uses_cells or self._cells is None:
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
                self._map.areas.places(tuple(sorted(each)))
                for each in (rows, rows ^ self._dividing.areas[kind])
            )
            spot = -1
            if len(here) == len(beyond) == 1:
                spot = self._spot(here if here == beyond else here + beyond)
            self._spot_of_pair[key, kind] = spot
        return spot

    def _alone(self, spots: Spots, accuracy_m: Floats, at: int) -> int:
        point = Point(lon=float(spots.lons[at]), lat=float(spots.lats[at]))
        return self._spot(self._map.at(point, float(accuracy_m[at]), roads=False).places)

    def _spot(self, places: Places) -> int:
        number = self._numbers.setdefault(places, len(self.found))
        if number == len(self.found):
            self.found.append(places)
        return number

    def _spots_of(self, keys: Keys) -> Ints:
        """The spots of what covers positions; the keys are those that `_covering` gave."""
        distinct, number = np.unique(keys, return_inverse=True)
        spots = []
        for key in distinct.tolist():
            spot = self._spot_of_key.get(key)
            if spot is None:
                places = self._map.areas.places(tuple(sorted(self._rows[key])))
                spot = self._spot_of_key[key] = self._spot(places)
            spots.append(spot)
        return np.array(spots, dtype=np.int64)[number.reshape(-1)]

    def _covering(self, lons: Floats, lats: Floats) -> Keys:
        """The key of the areas that cover each position, borders included."""
        areas = self._map.areas
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

    def border_m(self, spots: Spots) -> Floats:
        """Metres to the nearest street border, rounded as one at a time; there must be streets."""
        borders = self._map.areas.street_borders
        lats = mercator_lats(spots.lats)
        if self.uses_cells:
            piece = self._nearest.look_up(spots.lons, lats)
        else:
            tree = borders.tree
            piece = tree.query_nearest(shapely.points(spots.lons, lats), all_matches=False)[1]
        metres = spots.to_pieces(borders.ends[piece])[0]
        told: Floats = np.round(metres, 3)
        steps = metres / _SAME_M
        for at in np.flatnonzero(np.abs(steps - np.floor(steps) - 0.5) < _TIE).tolist():
            plane = Plane.at(float(spots.lons[at]), float(spots.lats[at]))
            told[at] = self._map.areas.border_m(plane)
        return told

    @cached_property
    def _cells(self) -> Cells | None:
        ends = self._dividing.ends
        if not len(ends):
            return None
        return Cells(ends, lambda lons, lats: self._spots_of(self._covering(lons, lats)))

    @cached_property
    def _nearest(self) -> NearestPieces:
        borders = self._map.areas.street_borders
        drawn = borders.ends.copy()
        drawn[:, 1], drawn[:, 3] = mercator_lats(drawn[:, 1]), mercator_lats(drawn[:, 3])
        return NearestPieces(drawn, borders.tree)
