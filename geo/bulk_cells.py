"""A fine grid over areas: one look-up says of most positions what covers them.

No border passes through most cells, so every position in one of them is covered by the same areas.
How many cells away the next border is bounds its distance from below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.bulk_borders import Ints
from geo.metric import Floats, metres_per_degree

CELLS: Final = 2048
"""Along each side; 15 m in a district of 30 km."""
_RINGS: Final = 8
_SLACK: Final = 1e-6
"""Of a cell: far more than what a floating-point number is off."""
_SAFE: Final = 0.999


class Cells:
    """The grid over the extent of some border pieces."""

    def __init__(self, ends: Floats, covering: Callable[[Floats, Floats], Ints]) -> None:
        """Draw `ends` into the grid; `covering` gives the number of what covers a position."""
        self._west, self._south = ends[:, [0, 2]].min(), ends[:, [1, 3]].min()
        east, north = ends[:, [0, 2]].max(), ends[:, [1, 3]].max()
        self._wide = (east - self._west) / CELLS or 1.0
        self._high = (north - self._south) / CELLS or 1.0
        furthest = max(abs(float(self._south)), abs(float(north)))
        least = (metres_per_degree(furthest)[0], metres_per_degree(0.0)[1])
        cell_m = _SAFE * min(float(self._wide) * least[0], float(self._high) * least[1])
        # One cell is lost because the position may be at the near edge of its own
        self._clear_m = np.maximum(np.arange(_RINGS + 1) - 1.0, 0.0) * cell_m
        crossed = self._crossed(ends)
        self._rings = _rings(crossed)
        self._spots = self._filled(crossed, covering)

    def look_up(self, lons: Floats, lats: Floats) -> tuple[npt.NDArray[np.int32], Floats]:
        """What covers each position, and how many metres the next border is away at least.

        Zero metres where the grid cannot tell; what covers the position is then not known either.
        """
        column = (lons - self._west) / self._wide
        row = (lats - self._south) / self._high
        inside = (column >= 0) & (column < CELLS) & (row >= 0) & (row < CELLS)
        flat = np.where(inside, row, 0.0).astype(np.int32) * CELLS
        flat += np.where(inside, column, 0.0).astype(np.int32)
        rings = np.where(inside, self._rings[flat], 0)
        return self._spots[flat], self._clear_m[rings]

    def _crossed(self, ends: Floats) -> npt.NDArray[np.bool_]:
        """The cells that a piece touches: in each row, from where it enters to where it leaves."""
        x1, x2 = ((ends[:, at] - self._west) / self._wide for at in (0, 2))
        y1, y2 = ((ends[:, at] - self._south) / self._high for at in (1, 3))
        low, high = np.minimum(y1, y2), np.maximum(y1, y2)
        first = _cell(low - _SLACK)
        counts = _cell(high + _SLACK) - first + 1
        piece = np.repeat(np.arange(len(ends)), counts)
        row = first[piece] + np.arange(len(piece)) - np.repeat(np.cumsum(counts) - counts, counts)
        rise = np.where(high == low, 1.0, y2 - y1)[piece]
        level = high[piece] - low[piece] <= _SLACK

        def across(y: Floats, end: Floats) -> Floats:
            part = (np.clip(y, low[piece], high[piece]) - y1[piece]) / rise
            return np.where(level, end[piece], x1[piece] + part * (x2 - x1)[piece])

        one, other = across(row - _SLACK, x1), across(row + 1 + _SLACK, x2)
        west = _cell(np.minimum(one, other) - _SLACK)
        beyond = _cell(np.maximum(one, other) + _SLACK) + 1
        size = CELLS * (CELLS + 1)
        begins = np.bincount(row * (CELLS + 1) + west, minlength=size)
        ends_ = np.bincount(row * (CELLS + 1) + beyond, minlength=size)
        depth = np.cumsum((begins - ends_).reshape(CELLS, CELLS + 1), axis=1)
        return np.asarray(depth[:, :CELLS] > 0)

    def _filled(
        self, crossed: npt.NDArray[np.bool_], covering: Callable[[Floats, Floats], Ints]
    ) -> npt.NDArray[np.int32]:
        """What covers each cell, asked once for each run of cells between two borders in a row."""
        begins = ~crossed
        begins[:, 1:] &= crossed[:, :-1]
        row, column = np.nonzero(begins)
        spots = covering(
            self._west + (column + 0.5) * self._wide, self._south + (row + 0.5) * self._high
        )
        run = np.cumsum(begins.reshape(-1)) - 1
        return np.where(crossed.reshape(-1), 0, spots[np.maximum(run, 0)]).astype(np.int32)


def _cell(at: Floats) -> Ints:
    return np.clip(np.floor(at), 0, CELLS - 1).astype(np.int64)


def _rings(crossed: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    """How many cells away the nearest crossed cell is, in any direction; at most `_RINGS`."""
    rings = np.full(crossed.shape, _RINGS, dtype=np.uint8)
    reached = crossed.copy()
    for ring in range(_RINGS):
        rings[reached & (rings == _RINGS)] = ring
        wider = reached.copy()
        wider[1:] |= reached[:-1]
        wider[:-1] |= reached[1:]
        reached = wider.copy()
        reached[:, 1:] |= wider[:, :-1]
        reached[:, :-1] |= wider[:, 1:]
    return rings.reshape(-1)
