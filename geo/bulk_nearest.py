"""Which of many straight pieces is nearest to a position, for many positions.

The ground is halved again and again into cells, each with the few pieces that can be nearest
somewhere in it; a position then measures only those.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.bulk_borders import Ints
from geo.metric import Floats

_FIRST: Final = 5
_LAST: Final = 11
_FEW: Final = (6, 12)
"""So many pieces are measured rather than the cell halved: of few pieces, of `_DENSE` or more."""
_DENSE: Final = 20_000
_TOGETHER: Final = 100_000
"""Pairs of coarse cell and piece that are halved together, so that memory stays small."""
_AROUND: Final = 0.1
"""Of the extent: how far beyond the pieces the cells reach."""
_SLACK: Final = 1e-9
_AT_ONCE: Final = 65_536


class NearestPieces:
    """Pieces in a plane, with the cells in which few of them can be nearest."""

    def __init__(self, ends: Floats, tree: shapely.STRtree) -> None:
        """`ends` has rows of x, y, x, y; `tree` holds the same pieces in the same order."""
        self._x1, self._y1, x2, y2 = (np.ascontiguousarray(each) for each in ends.T)
        self._dx, self._dy = x2 - self._x1, y2 - self._y1
        square = self._dx * self._dx + self._dy * self._dy
        self._lengths = np.sqrt(square)
        self._per_square = 1.0 / np.where(square == 0.0, 1.0, square)
        self._tree = tree
        xs, ys = ends[:, [0, 2]], ends[:, [1, 3]]
        size = max(float(np.ptp(xs)), float(np.ptp(ys)), 1e-6) * (1 + 2 * _AROUND)
        self._size = size
        self._west = float(xs.min() + xs.max() - size) / 2
        self._south = float(ys.min() + ys.max() - size) / 2
        self._leaf, self._first, self._pieces = self._built()

    def look_up(self, x: Floats, y: Floats) -> Ints:
        """The number of a nearest piece to each position of the plane."""
        found = np.empty(len(x), dtype=np.int64)
        for begin in range(0, len(x), _AT_ONCE):
            part = slice(begin, begin + _AT_ONCE)
            found[part] = self._nearest(x[part], y[part])
        return found

    def _nearest(self, x: Floats, y: Floats) -> Ints:
        side = 1 << _LAST
        column = (x - self._west) * (side / self._size)
        row = (y - self._south) * (side / self._size)
        inside = (column >= 0) & (column < side) & (row >= 0) & (row < side)
        flat = np.where(inside, row, 0).astype(np.int64) * side
        flat += np.where(inside, column, 0).astype(np.int64)
        leaf = self._leaf[flat]
        first, counts = self._first[leaf], self._first[leaf + 1] - self._first[leaf]
        found = self._pieces[first]
        several = np.flatnonzero(inside & (counts > 1))
        best = self._square(found[several], x[several], y[several])
        rank = 1
        while several.size:
            piece = self._pieces[first[several] + rank]
            square = self._square(piece, x[several], y[several])
            nearer = square < best
            found[several[nearer]] = piece[nearer]
            best = np.where(nearer, square, best)
            rank += 1
            more = counts[several] > rank
            several, best = several[more], best[more]
        if not inside.all():
            beyond = np.flatnonzero(~inside)
            spots = shapely.points(x[beyond], y[beyond])
            found[beyond] = self._tree.query_nearest(spots, all_matches=False)[1]
        return found

    def _square(self, piece: Ints, x: Floats, y: Floats) -> Floats:
        """The square of the distance from each position to its own piece."""
        across_x, across_y = self._across(piece, x, y)
        square: Floats = across_x * across_x + across_y * across_y
        return square

    def _across(self, piece: Ints, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """The way from the nearest point of each piece to its own position."""
        from_x, from_y = x - self._x1[piece], y - self._y1[piece]
        dx, dy = self._dx[piece], self._dy[piece]
        along = (from_x * dx + from_y * dy) * self._per_square[piece]
        np.minimum(along, 1.0, out=along)
        np.maximum(along, 0.0, out=along)
        return from_x - along * dx, from_y - along * dy

    def _built(self) -> tuple[npt.NDArray[np.int32], Ints, Ints]:
        """The leaf of each finest cell; where the pieces of each leaf begin; the pieces."""
        side = 1 << _FIRST
        row, column = (each.reshape(-1) for each in np.mgrid[0:side, 0:side])
        cell, piece = self._at_first(column, row)
        leaf = np.empty((1 << _LAST, 1 << _LAST), dtype=np.int32)
        counts: list[Ints] = [np.zeros(1, dtype=np.int64)]
        pieces: list[Ints] = []
        made = begin = 0
        upto = np.searchsorted(cell, np.arange(len(row) + 1))
        while begin < len(row):
            end = int(np.searchsorted(upto, upto[begin] + _TOGETHER, side="right")) - 1
            end = min(max(end, begin + 1), len(row))
            part = slice(upto[begin], upto[end])
            for rows, columns, level, count, held in self._leaves(
                row[begin:end], column[begin:end], cell[part] - begin, piece[part]
            ):
                size = 1 << (_LAST - level)
                blocks = leaf.reshape(1 << level, size, 1 << level, size)
                number = (made + np.arange(len(rows))).astype(np.int32)
                blocks[rows, :, columns, :] = number[:, None, None]
                made += len(rows)
                counts.append(count)
                pieces.append(held)
            begin = end
        return leaf.reshape(-1), np.cumsum(np.concatenate(counts)), np.concatenate(pieces)

    def _leaves(
        self, row: Ints, column: Ints, cell: Ints, piece: Ints
    ) -> Iterator[tuple[Ints, Ints, int, Ints, Ints]]:
        """The leaves within some coarse cells: rows, columns, level, counts and their pieces."""
        few = _FEW[len(self._lengths) >= _DENSE]
        for level in range(_FIRST, _LAST + 1):
            cell, piece = self._possible(column, row, level, cell, piece)
            count = np.bincount(cell, minlength=len(row))
            done = (count <= few) | (level == _LAST)
            yield row[done], column[done], level, count[done], piece[done[cell]]
            if done.all():
                return
            parted = ~done
            cell, piece = _quartered(cell, piece, count, parted)
            row = _quarters(row[parted], (0, 0, 1, 1))
            column = _quarters(column[parted], (0, 1, 0, 1))

    def _at_first(self, column: Ints, row: Ints) -> tuple[Ints, Ints]:
        """Pairs of coarse cell and piece that may be nearest in it, in order of cells."""
        x, y, half = self._middles(column, row, _FIRST)
        spots = shapely.points(x, y)
        nearest = self._tree.query_nearest(spots, all_matches=False)[1]
        reach = np.sqrt(self._square(nearest, x, y)) + 2 * half * (1 + _SLACK)
        cell, piece = self._tree.query(spots, predicate="dwithin", distance=reach)
        order = np.argsort(cell, kind="stable")
        return cell[order], piece[order]

    def _middles(self, column: Ints, row: Ints, level: int) -> tuple[Floats, Floats, float]:
        """The middles of cells of a level, and half of a cell's diagonal."""
        size = self._size / (1 << level)
        x: Floats = (self._west + (column + 0.5) * size).astype(np.float64)
        y: Floats = (self._south + (row + 0.5) * size).astype(np.float64)
        return x, y, size * math.sqrt(0.5)

    def _possible(
        self, column: Ints, row: Ints, level: int, cell: Ints, piece: Ints
    ) -> tuple[Ints, Ints]:
        """The pairs without those pieces that are nearest nowhere in their cell.

        The square of the distance to a piece changes by twice the way to its nearest point, and
        that point moves no further than the position does. So a piece q, at the distance d(q) from
        the middle, is beaten all over a cell of half-diagonal h by the piece n that is nearest to
        the middle when d(q)^2 - d(n)^2 > 2h (|q' - n'| + the most that both points move), with q'
        and n' the points of q and n that are nearest to the middle.
        """
        x, y, half = self._middles(column, row, level)
        at_x, at_y = self._across(piece, x[cell], y[cell])
        square = at_x * at_x + at_y * at_y
        nearest = np.lexsort((square, cell))[np.searchsorted(cell, np.arange(len(row)))][cell]
        moves = np.minimum(half, self._lengths[piece])
        parts = np.hypot(at_x - at_x[nearest], at_y - at_y[nearest])
        bound = 2 * half * (parts + moves + moves[nearest])
        held = square - square[nearest] <= bound * (1 + _SLACK) + _SLACK * half**2
        return cell[held], piece[held]


def _quarters(at: Ints, shift: tuple[int, ...]) -> Ints:
    """The rows (or columns) of the quarters of cells, on the next level."""
    quarters: Ints = (at[:, None] * 2 + np.array(shift)).reshape(-1)
    return quarters


def _quartered(
    cell: Ints, piece: Ints, count: Ints, parted: npt.NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Pairs of quarter and piece: each quarter of a parted cell has all pieces of the whole."""
    pieces, counts = piece[parted[cell]], count[parted]
    starts, four = np.cumsum(counts) - counts, np.repeat(counts, 4)
    shift = np.repeat(np.repeat(starts, 4) - (np.cumsum(four) - four), four)
    return np.repeat(np.arange(len(four)), four), pieces[np.arange(len(shift)) + shift]
