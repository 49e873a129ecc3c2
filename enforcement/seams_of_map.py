"""The map: every point in one street on every day, every registered stretch with one living owner.

What the register leaves out is counted in kilometres and told, not failed: a road that nobody has
registered is asked about, and the answer is a vacancy with an interim unit. So are faults that put
no point of ours into two streets or none: slivers narrower than any position is known, other layers
of areas, stakes. Each is one line with how many and how much; `seamless layers check` and the map
of the seams tell them one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import shapely

from enforcement.counted_faults import STREET_FLAWS, counted_faults
from enforcement.district import District
from enforcement.found import Found, Kind, Part, dated
from enforcement.units import UnitKind
from geo import topology
from geo.editions import Edition
from geo.editions import Kind as Layer
from geo.kilometres import roads_summary
from geo.locate import MapOn
from rules.model import Text
from rules.periods import Period, cut


@dataclass(frozen=True, slots=True)
class MapFigures:
    """What the map's proof looked at: editions, street areas, road kilometres by register.

    `unregistered_km` are by function, on the last day that the map covers.
    """

    editions: int
    streets: int
    road_km: float
    unregistered_km: tuple[tuple[str, float], ...]


def map_figures(district: District) -> MapFigures:
    """The figures of the map as it is in force at the end."""
    day = max((one.valid_from for one in district.atlas.editions), default=date.min)
    on_map = district.atlas.on(day)
    lengths = [
        (function, roads_summary(on_map.roads, function)) for function in functions_of(district)
    ]
    return MapFigures(
        editions=len(district.atlas.editions),
        streets=len(_streets(district, day)),
        road_km=roads_summary(on_map.roads).total_km,
        unregistered_km=tuple((function, one.unowned_km) for function, one in lengths),
    )


def map_seams(district: District) -> Iterator[Found]:
    """Holes and overlaps of streets, streets that map and settings disagree on, bad owners."""
    matters = district.book.catalogue.matters.values()
    if not matters:
        return
    start = min(one.valid_from for matter in matters for one in matter.periods)
    days = {one.valid_from for one in district.atlas.editions}
    days |= {one.ceases_on for one in district.atlas.editions if one.ceases_on is not None}
    days |= {one.period.valid_from for one in district.settings.streets}
    seen: set[str] = set()
    for period in cut([Period(start)], days):
        yield from _streets_agree(district, period)
        for edition, _ in district.atlas.in_force(period.valid_from):
            if edition.kind is Layer.STREET and edition.sha256 not in seen:
                seen.add(edition.sha256)
                yield from _one_street_per_point(edition, district.settings.crs_metric)
    yield from counted_faults(district)
    yield from _owners(district)


def _streets(district: District, day: date) -> set[str]:
    return {
        str(code)
        for edition, _ in district.atlas.in_force(day)
        if edition.kind is Layer.STREET
        for code in edition.frame["code"]
    }


def _streets_agree(district: District, period: Period) -> Iterator[Found]:
    day = period.valid_from
    drawn = _streets(district, day)
    known = {one.code for one in district.settings.streets if one.period.covers(day)}
    if drawn == known:
        return
    only_map, only_list = sorted(drawn - known), sorted(known - drawn)
    yield Found(
        part=Part.MAP,
        kind=Kind.STREETS,
        period=period,
        says=dated(
            period,
            Text(
                f"地图与 district.yaml 的街道不一致：只在地图上 {only_map}，只在名单上 {only_list}",
                f"map and settings differ: on the map only {only_map}, listed only {only_list}",
            ),
        ),
        closes=Text("改正图层或街道名单的日期", "mend the layer or the dates of the streets"),
        elements=(*only_map, *only_list),
    )


def _one_street_per_point(edition: Edition, crs_metric: str) -> Iterator[Found]:
    """Ground that two streets have, or none, in one edition of the street layer."""
    period = Period(edition.valid_from, edition.ceases_on)
    for one in topology.faults_in(topology.Layer.of(edition.frame, crs_metric)):
        if one.flaw not in STREET_FLAWS:
            continue
        point = shapely.Point(one.lon, one.lat)
        held = edition.frame["code"][edition.frame.geometry.covers(point)]
        codes = tuple(sorted(map(str, held)))
        where = f"{one.lon:.6f}, {one.lat:.6f}"
        size = round(one.area_m2)
        if codes:
            says = Text(
                f"图层 {edition.name} 在 {where} 有约 {size} 平方米同属 {'、'.join(codes)}",
                f"in {edition.name} about {size} m² at {where} belong to {' and '.join(codes)}",
            )
        else:
            says = Text(
                f"图层 {edition.name} 在 {where} 有约 {size} 平方米不属于任何街道",
                f"in {edition.name} about {size} m² at {where} belong to no street",
            )
        yield Found(
            part=Part.MAP,
            kind=Kind.MAP_OVERLAP if codes else Kind.HOLE,
            period=period,
            says=dated(period, says),
            closes=Text("修正边界后重新导入图层", "mend the border and import the layer again"),
            elements=codes,
        )


# --- the road register ----------------------------------------------------------------------------


def functions_of(district: District) -> list[str]:
    """The functions by which mandates give roles to the owners of segments."""
    return sorted({one.register for one in district.registry.mandates if one.register is not None})


def _owners(district: District) -> Iterator[Found]:
    """Stretches with two owners, and owners that do not exist or have no power, day by day."""
    entries = district.atlas.register_entries
    days = {one.valid_from for one in entries}
    days |= {one.ceases_on for one in entries if one.ceases_on is not None}
    days |= {one.valid_from for one in district.atlas.editions if one.kind is Layer.ROAD}
    units = district.registry.units
    days |= {units[one.owner].period.valid_from for one in entries if one.owner in units}
    ends = (units[one.owner].period.ceases_on for one in entries if one.owner in units)
    days |= {end for end in ends if end is not None}
    functions = functions_of(district)
    matters = district.book.catalogue.matters.values()
    start = min(one.valid_from for matter in matters for one in matter.periods)
    for period in cut([Period(start)], days) if functions else ():
        on_map = district.atlas.on(period.valid_from)
        for function in functions:
            yield from _contested(on_map, function, period)
            yield from _lost(district, on_map, function, period)
            yield from _bare(on_map, function, period)


def _contested(on_map: MapOn, function: str, period: Period) -> Iterator[Found]:
    for one in roads_summary(on_map.roads, function).lengths:
        if len(one.owners) > 1:
            yield _road(
                Kind.DOUBLE,
                period,
                one.owners,
                Text(
                    f"{one.km:.1f} 公里{one.road_class}的“{function}”同时登记给"
                    + "、".join(one.owners),
                    f"{one.km:.1f} km of {one.road_class} have several owners for {function}: "
                    + ", ".join(one.owners),
                ),
            )


def _lost(district: District, on_map: MapOn, function: str, period: Period) -> Iterator[Found]:
    owners = {
        owner for one in roads_summary(on_map.roads, function).lengths for owner in one.owners
    }
    for owner in sorted(owners):
        unit = district.registry.units.get(owner)
        if unit is None or not unit.period.covers(period.valid_from):
            yield _road(
                Kind.OWNERS,
                period,
                (owner,),
                Text(
                    f"道路台账把“{function}”登记给当时不存在的单位 {owner}",
                    f"the road register names {owner} for {function}, which does not exist then",
                ),
            )
        elif unit.kind is UnitKind.COORDINATION:
            yield _road(
                Kind.COORDINATION,
                period,
                (owner,),
                Text(
                    f"道路台账把“{function}”登记给议事协调机构 {unit.name(period.valid_from).zh}",
                    f"the road register names {owner}, which only coordinates, for {function}",
                ),
            )


def _bare(on_map: MapOn, function: str, period: Period) -> Iterator[Found]:
    summary = roads_summary(on_map.roads, function)
    if summary.unowned_km > 0:
        yield _road(
            Kind.UNREGISTERED,
            period,
            (),
            Text(
                f"{summary.total_km:.1f} 公里道路中有 {summary.unowned_km:.1f} 公里"
                f"没有登记“{function}”的单位",
                f"{summary.unowned_km:.1f} of {summary.total_km:.1f} km of road have no owner "
                f"for {function}",
            ),
        )


def _road(kind: Kind, period: Period, owners: tuple[str, ...], says: Text) -> Found:
    return Found(
        part=Part.MAP,
        kind=kind,
        period=period,
        says=dated(period, says),
        closes=Text("改正道路台账", "mend the road register"),
        units=owners,
    )
