"""Who owns which function of which stretch of a segment: the register joined to the road layer."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geo.places import Owners
from geo.register import RegisterEntry
from geo.segments import Segment


@dataclass(frozen=True, slots=True)
class Stretch:
    """Who owns a function of a segment, between two stakes (metres) or, with None, on all of it."""

    function: str
    owner: str
    from_m: float | None
    to_m: float | None


def joined_to(
    segments: Sequence[Segment],
    by_code: Mapping[str, int],
    by_ref: Mapping[str, Iterable[int]],
    entries: Iterable[RegisterEntry],
) -> Mapping[int, tuple[Stretch, ...]]:
    """The entries of each segment, by row; with stakes they reach only as far as those say."""
    joined: dict[int, list[Stretch]] = defaultdict(list)
    for entry in entries:
        if entry.segment:
            row = by_code.get(entry.segment)
            rows: Iterable[int] = () if row is None else (row,)
        else:
            rows = by_ref.get(entry.ref, ())
        for row in rows:
            stretch = _stretch(segments[row], entry)
            if stretch is not None:
                joined[row].append(stretch)
    return {row: tuple(stretches) for row, stretches in joined.items()}


def owners_at(stretches: Iterable[Stretch], metres: float | None) -> Owners:
    """The pairs of function and owner at a stake; at any stake when it is None."""
    return tuple(
        sorted(
            {
                (s.function, s.owner)
                for s in stretches
                if s.from_m is None
                or s.to_m is None
                or metres is None
                or s.from_m <= metres < s.to_m
            }
        )
    )


def _stretch(segment: Segment, entry: RegisterEntry) -> Stretch | None:
    """What of the segment the entry speaks of; None when nothing."""
    if entry.direction is not None and segment.direction not in (None, entry.direction):
        return None
    if entry.from_stake is None or entry.to_stake is None:
        return Stretch(entry.function, entry.owner, None, None)
    if segment.from_m is None or segment.to_m is None or entry.from_stake.series != segment.series:
        return None
    begins, ends = sorted((segment.from_m, segment.to_m))
    from_m = max(begins, entry.from_stake.metres)
    to_m = min(ends, entry.to_stake.metres)
    if from_m >= to_m:
        return None
    if from_m == begins and to_m == ends:
        return Stretch(entry.function, entry.owner, None, None)
    # The last stake of a segment belongs to it, although an entry ends before its last stake
    return Stretch(entry.function, entry.owner, from_m, math.inf if to_m == ends else to_m)
