"""The proof over rules, mandates, map and dates: every seam of a district, or that there is none.

Three parts, reported apart, because three people mend them: the tables prove roles, the mandates
prove units, the map proves one scope element per point. A seam is *open* when it can leave a case
without its one unit and no entry of the register covers it; everything else is told as well, but
does not fail the proof.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from enforcement.district import District
from enforcement.found import HORIZON, Found, Kind, Part
from enforcement.posts import Posts
from enforcement.register import Entry
from enforcement.seams_of_mandates import mandate_seams
from enforcement.seams_of_map import MapFigures, map_figures, map_seams
from enforcement.seams_of_rules import rule_seams
from enforcement.seams_of_tables import table_seams
from rules.periods import Period
from rules.table import Table


@dataclass(frozen=True, slots=True)
class MatterFigures:
    """How large the proof of one matter was, and how much of it is seams.

    `combinations` are of values, over the matter's largest interval; `excluded` the largest share
    of impossible ones; `asked` the combinations that the engine was asked, over all intervals;
    `seam_share` the share of all possible combinations on all days up to the horizon that are a
    seam, registered or open, in which nobody or not one unit leads.
    """

    matter: str
    intervals: int
    combinations: int
    asked: int
    excluded: float
    seam_share: float


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proven, and everything that was found.

    `filled` are the entries of the register that a mandate settles for now: while it does, they
    excuse nothing, so a hole in that mandate is an open seam. `stale` are the other entries that
    cover no seam any more.
    """

    matters: tuple[MatterFigures, ...]
    rules: int
    cases: int
    units: int
    mandates: int
    entries: int
    map: MapFigures
    seconds: float
    found: tuple[Found, ...]
    filled: tuple[Entry, ...]
    stale: tuple[str, ...]

    @property
    def open(self) -> tuple[Found, ...]:
        """The seams that nothing excuses: with one of them the proof fails."""
        return tuple(one for one in self.found if one.blocking and one.entry is None)

    @property
    def registered(self) -> tuple[Found, ...]:
        """The seams that entries of the register cover."""
        return tuple(one for one in self.found if one.entry is not None)

    def of(self, part: Part) -> tuple[Found, ...]:
        """What was found in one part."""
        return tuple(one for one in self.found if one.part is part)


def prove(district: District, entries: Sequence[Entry] = ()) -> Proof:
    """Every seam of the district's rules, mandates and map, with the register's entries applied."""
    started = time.perf_counter()
    posts = Posts(district)
    filled, applied = settled_for_now(district, entries)
    found = list(_all(district, posts, applied))
    book = district.book
    return Proof(
        matters=tuple(
            MatterFigures(
                matter=code,
                intervals=len(tables),
                combinations=max(table.raw_combinations for table in tables),
                asked=sum(table.combinations for table in tables),
                excluded=max(table.excluded_share for table in tables),
                seam_share=_share(tables, [one for one in found if one.matter == code]),
            )
            for code, tables in book.tables.items()
        ),
        rules=len(book.catalogue.rules),
        cases=len(book.catalogue.cases),
        units=len(district.registry.units),
        mandates=len(district.registry.mandates),
        entries=len(entries),
        map=map_figures(district),
        seconds=time.perf_counter() - started,
        found=tuple(found),
        filled=filled,
        stale=tuple(sorted({one.id for one in applied} - {one.entry for one in found})),
    )


def settled_for_now(
    district: District, entries: Iterable[Entry]
) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """The entries that a mandate of the district settles for now, and those that excuse seams."""
    named = {one.fills for one in district.registry.mandates}
    filled: list[Entry] = []
    applied: list[Entry] = []
    for one in entries:
        (filled if one.id in named else applied).append(one)
    return tuple(filled), tuple(applied)


def _share(tables: Sequence[Table], found: Iterable[Found]) -> float:
    """The share of the possible combinations, weighed by days, on which not one unit leads."""
    possible = sum(
        int(table.weights[table.possible[table.cells]].sum()) * _days(table.period)
        for table in tables
    )
    seams = sum(
        one.combinations * one.days
        for one in found
        if one.kind in (Kind.GAP, Kind.OVERLAP, Kind.VACANCY) and not one.assists
    )
    return seams / possible if possible else 0.0


def _days(period: Period) -> int:
    return max(0, ((period.ceases_on or HORIZON) - period.valid_from).days)


def _all(district: District, posts: Posts, entries: Sequence[Entry]) -> Iterable[Found]:
    yield from rule_seams(district.book)
    for code in district.book.tables:
        yield from table_seams(code, district, posts, entries)
    yield from mandate_seams(district, posts)
    yield from map_seams(district)
