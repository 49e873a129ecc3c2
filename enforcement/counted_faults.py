"""Faults of the map that leave no case without its one unit: counted for the proof, not failed.

Slivers narrower than any position is known, other layers of areas than streets, stakes, entries of
the register that match nothing. Each is one line with how many and how much; `seamless layers
check`, `seamless roads check` and the map of the seams tell them one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from enforcement.district import District
from enforcement.found import Found, Kind, Part, dated, joined
from geo import topology
from geo.editions import Edition
from geo.editions import Kind as Layer
from geo.fault_map import FLAWS, ROAD_FLAWS
from geo.map_check import PARTITIONS, area_faults
from geo.road_check import RoadFlaw, road_faults
from rules.model import Text
from rules.periods import Period, cut

STREET_FLAWS: Final = frozenset({topology.Flaw.INVALID, topology.Flaw.HOLE, topology.Flaw.OVERLAP})
"""What leaves a position in no street, or in two: of the street layer it is a seam."""


def counted_faults(district: District) -> Iterator[Found]:
    """What is wrong with the layers and the register day by day, by layer and kind."""
    for one in joined([*_areas(district), *_roads(district)]):
        yield replace(one, says=dated(one.period, one.says))


def _areas(district: District) -> Iterator[Found]:
    """How much is wrong with the areas in force, by layer and kind, without `STREET_FLAWS`."""
    known: dict[tuple[Edition, ...], tuple[topology.Finding, ...]] = {}
    for period in _editions_change(district):
        used = tuple(
            one for one, _ in district.atlas.in_force(period.valid_from) if one.kind in PARTITIONS
        )
        if used not in known:
            known[used] = area_faults(used, district.settings.crs_metric)
        by_layer: dict[tuple[str, topology.Flaw], list[float]] = defaultdict(list)
        for one in known[used]:
            layers = sorted({side.source for side in one.sides})
            of_streets = all(source.startswith(f"{Layer.STREET}/") for source in layers)
            if not (of_streets and one.flaw in STREET_FLAWS):
                by_layer[", ".join(layers), one.flaw].append(one.area_m2)
        for (layer, flaw), areas in sorted(by_layer.items()):
            zh, en = FLAWS[flaw]
            yield _counted(
                period,
                Text(
                    f"{layer}：{zh}，{len(areas)} 处，共 {sum(areas):,.0f} 平方米",
                    f"{layer}: {en}, {len(areas)} places, {sum(areas):,.0f} m² in all",
                ),
            )


def _roads(district: District) -> Iterator[Found]:
    """How many stakes are wrong, and how many entries match no segment; owners are told apart."""
    days = {one.valid_from for one in district.atlas.register_entries}
    days |= {one.ceases_on for one in district.atlas.register_entries if one.ceases_on is not None}
    for period in _editions_change(district, days):
        roads = district.atlas.on(period.valid_from).roads
        if roads is None:
            continue
        entries = [
            one for one in district.atlas.register_entries if one.in_force(period.valid_from)
        ]
        by_flaw: dict[RoadFlaw, list[float]] = defaultdict(list)
        for one in road_faults(roads, entries, ()):
            if one.flaw is not RoadFlaw.CONTESTED:
                by_flaw[one.flaw].append(one.length_m / 1000)
        for flaw, lengths in sorted(by_flaw.items()):
            zh, en = ROAD_FLAWS[flaw]
            km = sum(lengths)
            in_all = Text(f"，共 {km:.2f} 千米", f", {km:.2f} km in all") if km else Text("", "")
            yield _counted(
                period,
                Text(
                    f"道路：{zh}，{len(lengths)} 处{in_all.zh}",
                    f"roads: {en}, {len(lengths)} places{in_all.en}",
                ),
            )


def _editions_change(district: District, more: Iterable[date] = ()) -> tuple[Period, ...]:
    matters = district.book.catalogue.matters.values()
    start = min(one.valid_from for matter in matters for one in matter.periods)
    days = {one.valid_from for one in district.atlas.editions}
    days |= {one.ceases_on for one in district.atlas.editions if one.ceases_on is not None}
    return cut([Period(start)], days | set(more))


def _counted(period: Period, says: Text) -> Found:
    return Found(
        part=Part.MAP,
        kind=Kind.FAULTS,
        period=period,
        says=says,
        closes=Text(
            "逐处见 seamless layers check、roads check 或网页上的“地图上的缝”",
            "place by place: seamless layers check, roads check, or the page Seams on the map",
        ),
    )
