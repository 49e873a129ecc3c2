"""How many kilometres of road each unit has for a function, and how many nobody has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from geo.errors import BadRegister, Fault
from geo.owners import Stretch
from geo.register import FUNCTIONS
from geo.roads import RoadIndex
from geo.segments import Segment


@dataclass(frozen=True, slots=True, order=True)
class Kilometres:
    """A length of carriageway with the same owners: none is a gap, two or more an overlap."""

    owners: tuple[str, ...]
    legal_class: str
    road_class: str
    km: float


@dataclass(frozen=True, slots=True)
class RoadsSummary:
    """The kilometres of all carriageways of the layer for one function, each counted once."""

    function: str
    lengths: tuple[Kilometres, ...]

    @property
    def total_km(self) -> float:
        """All kilometres of the layer."""
        return sum(length.km for length in self.lengths)

    @property
    def unowned_km(self) -> float:
        """The kilometres for which the register names nobody."""
        return sum(length.km for length in self.lengths if not length.owners)

    @property
    def contested_km(self) -> float:
        """The kilometres for which it names more than one unit."""
        return sum(length.km for length in self.lengths if len(length.owners) > 1)

    def by_owner(self, legal_class: str | None = None) -> dict[str, float]:
        """Kilometres of each unit that is a sole owner, of one legal class or of all."""
        km: dict[str, float] = defaultdict(float)
        for length in self.lengths:
            if len(length.owners) == 1 and legal_class in (None, length.legal_class):
                km[length.owners[0]] += length.km
        return dict(km)


def roads_summary(roads: RoadIndex | None, function: str = "maintain") -> RoadsSummary:
    """Who has how many kilometres for a function; nothing without a road layer.

    Lengths are those of the layer's lines, so a road drawn as two carriageways counts twice.
    Raises BadRegister for a function that there is not.
    """
    if function not in FUNCTIONS:
        raise BadRegister(
            "function",
            [
                Fault(
                    "function",
                    f"“{function}”不是职能；应为 {'、'.join(FUNCTIONS)}",
                    f'"{function}" is no function; one of {", ".join(FUNCTIONS)} is needed',
                )
            ],
        )
    km: dict[tuple[tuple[str, ...], str, str], float] = defaultdict(float)
    if roads is not None:
        for row, segment in enumerate(roads.lines.segments):
            stretches = [s for s in roads.stretches.get(row, ()) if s.function == function]
            for owners, metres in owned_lengths(segment, stretches):
                km[owners, segment.legal_class, segment.road_class] += metres / 1000
    return RoadsSummary(
        function, tuple(sorted(Kilometres(*what, length) for what, length in km.items()))
    )


def owned_lengths(
    segment: Segment, stretches: Iterable[Stretch]
) -> list[tuple[tuple[str, ...], float]]:
    """The segment cut where its owners change: the owners of each part, and its metres."""
    return [(owners, ends - begins) for owners, begins, ends in owned_parts(segment, stretches)]


def owned_parts(
    segment: Segment, stretches: Iterable[Stretch]
) -> list[tuple[tuple[str, ...], float, float]]:
    """The segment cut where its owners change, in the order of its stakes.

    Of each part the owners, and where it begins and ends in metres from the first vertex.
    """
    given = list(stretches)
    whole = {s.owner for s in given if s.from_m is None}
    partial = [
        (s.from_m, s.to_m, s.owner) for s in given if s.from_m is not None and s.to_m is not None
    ]
    if not partial or segment.from_m is None or segment.to_m is None:
        return [(tuple(sorted(whole)), 0.0, segment.length_m)]
    begins, ends = sorted((segment.from_m, segment.to_m))
    stakes = {stake for from_m, to_m, _ in partial for stake in (from_m, to_m)}
    cuts = sorted({begins, ends} | {stake for stake in stakes if begins < stake < ends})
    per_stake = segment.length_m / (segment.to_m - segment.from_m)
    parts = []
    for start, stop in pairwise(cuts):
        owners = whole | {owner for from_m, to_m, owner in partial if from_m <= start < to_m}
        near, far = sorted((at - segment.from_m) * per_stake for at in (start, stop))
        parts.append((tuple(sorted(owners)), near, far))
    return parts
