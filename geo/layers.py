"""The editions of a district together: which of them are in force on a day."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from itertools import combinations
from pathlib import Path

from geo.areas import AreaIndex
from geo.cells import AreaCells
from geo.editions import Edition, Kind, clashes
from geo.errors import BadLayer
from geo.locate import MapOn
from geo.register import RegisterEntry
from geo.road_cells import RoadCells
from geo.roads import RoadIndex, RoadLines
from geo.stored import load_editions, load_register

__all__ = ["Atlas", "Edition", "Kind"]

Used = tuple[Edition, frozenset[str]]


class Atlas:
    """All editions and the road register of a district; `on` gives the map of a day.

    Of one kind (zones: of one kind of zone) on one day, an imported edition beats a schematic one.
    Threads may share it.
    """

    def __init__(
        self, editions: Iterable[Edition], register_entries: Iterable[RegisterEntry] = ()
    ) -> None:
        """Take the editions; raises BadLayer when two that rank alike are in force together."""
        self.editions: tuple[Edition, ...] = tuple(
            sorted(editions, key=lambda e: (e.kind, e.valid_from, e.name, e.schematic))
        )
        self.register_entries: tuple[RegisterEntry, ...] = tuple(register_entries)
        faults = [
            fault for one, other in combinations(self.editions, 2) for fault in clashes(one, other)
        ]
        if faults:
            raise BadLayer("layers", faults)
        dated: list[Edition | RegisterEntry] = [*self.editions, *self.register_entries]
        self._changes = sorted(
            {each.valid_from for each in dated}
            | {each.ceases_on for each in dated if each.ceases_on is not None}
        )
        self._maps: dict[int, MapOn] = {}
        self._areas: dict[tuple[Used, ...], AreaCells] = {}
        self._lines: dict[Edition, RoadCells] = {}
        self._lock = threading.Lock()

    @classmethod
    def load(
        cls,
        folder: Path,
        drawn: Iterable[Edition] = (),
        register_entries: Iterable[RegisterEntry] = (),
    ) -> Atlas:
        """The atlas of a folder of stored editions and registers, with drawn ones beside them.

        A folder that does not exist is empty. A stored register replaces `register_entries`.
        """
        stored = load_register(folder)
        return cls([*load_editions(folder), *drawn], stored or register_entries)

    def on(self, day: date) -> MapOn:
        """The map of a day. Days between two changes share one map, which says its first day."""
        interval = bisect_right(self._changes, day)
        known = self._maps.get(interval)
        if known is not None:
            return known
        with self._lock:
            known = self._maps.get(interval)
            if known is None:
                known = self._maps[interval] = self._made(day)
        return known

    def in_force(self, day: date) -> tuple[Used, ...]:
        """The editions used on a day, each with the subjects (kinds of zone) it is used for."""
        chosen: dict[tuple[Kind, str], Edition] = {}
        for edition in self.editions:
            if edition.in_force(day):
                for subject in edition.subjects:
                    known = chosen.get((edition.kind, subject))
                    if known is None or known.schematic:
                        chosen[edition.kind, subject] = edition
        used: dict[Edition, set[str]] = {}
        for (_, subject), edition in chosen.items():
            used.setdefault(edition, set()).add(subject)
        return tuple(
            (edition, frozenset(used[edition])) for edition in self.editions if edition in used
        )

    def _made(self, day: date) -> MapOn:
        used = self.in_force(day)
        areas = tuple(pair for pair in used if pair[0].kind not in (Kind.ROAD, Kind.GRID))
        if areas not in self._areas:
            self._areas[areas] = AreaCells(AreaIndex(areas))
        roads = road_cells = None
        for edition, _ in used:
            if edition.kind is Kind.ROAD:
                if edition not in self._lines:
                    self._lines[edition] = RoadCells(RoadLines(edition))
                entries = [entry for entry in self.register_entries if entry.in_force(day)]
                road_cells = self._lines[edition]
                roads = RoadIndex(road_cells.lines, entries)
        named = tuple((str(edition.kind), edition.name) for edition, _ in used)
        return MapOn(day, self._areas[areas], roads, road_cells, named)
