"""The ways to say where without a position: areas, stakes, junctions, sites."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import shapely

from enforcement.services.sites import list_sites
from enforcement.sites import Site
from geo.editions import Kind
from geo.junctions import junctions, road_names, rows_of
from geo.locate import MapOn
from geo.points import Point
from rules.errors import Fault
from web.errors import BadInput
from web.officer.place_view import area_name
from web.officer.question_view import NAME_ROAD
from web.officer.reader import Reader
from web.officer.safe_text import shown
from web.officer.said import Said

View = dict[str, Any]
MOST_SITES = 12
LONGEST_ROAD = 60
_WAYS = (("cross", "junction"), ("stake", "stake"), ("road", "stake"), ("area", "area"),
         ("site", "site"))  # fmt: skip


def where_view(reader: Reader, said: Said, day: date, site_name: str) -> View:
    """What the step "where" offers on that day, with what was typed before still in it."""
    on_map = reader.desk.district.atlas.on(day)
    place = said.place
    typed = {name: place.get(name, "") for name in ("area", "road", "stake", "direction", "cross")}
    way = next((way for name, way in _WAYS if name in place), "")
    if said.step == NAME_ROAD:
        way = "stake"
    return {
        "streets": [
            {
                "code": one.code,
                "name": area_name(one, reader, day),
            }
            for one in on_map.streets()
        ],
        "communities": _communities(reader, on_map, day),
        "refs": _refs(on_map),
        "names": _names(on_map),
        "sites": [_site(one) for one in _sites(reader, site_name)],
        "typed": typed | {"site_name": site_name},
        "open_way": "site" if site_name else way,
        "junctions": [],
    }


def crossings(reader: Reader, said: Said, day: date) -> tuple[Point, ...]:
    """Where the two roads that were named meet; raises `BadInput` when they do not."""
    place = said.place
    on_map = reader.desk.district.atlas.on(day)
    lines = None if on_map.roads is None else on_map.roads.lines
    if lines is None:
        raise BadInput([Fault("road", f"{day} 没有道路图层", f"there is no road layer on {day}")])
    rows, faults = [], []
    for name in ("road", "cross"):
        found = rows_of(lines, place[name])
        if not found:
            said_road = shown(place[name], 40)
            faults.append(
                Fault(
                    name,
                    f"当日路网没有“{said_road}”；请从列表中选择道路的编号或名称",
                    f"there is no road {said_road!r} on that day; choose its number or name "
                    "from the list",
                )
            )
        rows.append(found)
    if faults:
        raise BadInput(faults)
    met = junctions(lines, *rows)
    if not met:
        one, two = shown(place["road"], 40), shown(place["cross"], 40)
        raise BadInput(
            [
                Fault(
                    "cross",
                    f"“{one}”和“{two}”在图上不相交；请换一条路，或在地图上放图钉",
                    f"{one!r} and {two!r} do not meet on the map; name another road, or put a "
                    "pin on the map",
                )
            ]
        )
    return met


def junction_choices(reader: Reader, met: tuple[Point, ...], day: date) -> list[View]:
    """Several junctions of the same two roads, each with its street."""
    on_map = reader.desk.district.atlas.on(day)
    found = []
    for at, point in enumerate(met, start=1):
        place = on_map.at(point, 0.0, roads=False).places[0]
        area = place.street or place.neighbour
        name = reader.say("place.nowhere") if area is None else area_name(area, reader, day)
        found.append(
            {
                "at": f"{point.lon:.6f},{point.lat:.6f}",
                "label": reader.say("where.junction_n", n=at, street=name),
            }
        )
    return found


def _communities(reader: Reader, on_map: MapOn, day: date) -> list[View]:
    """Communities by street, from where a point inside each lies."""
    areas = on_map.areas
    groups: dict[str, list[View]] = defaultdict(list)
    for row, feature in enumerate(areas.features):
        if feature.kind is not Kind.COMMUNITY:
            continue
        inner = shapely.point_on_surface(areas.shapes[row])
        place = on_map.at(Point(lon=inner.x, lat=inner.y), 0.0, roads=False).places[0]
        street = place.street
        name = reader.say("place.nowhere") if street is None else area_name(street, reader, day)
        groups[name].append({"code": feature.area.code, "name": shown(feature.area.name, 60)})
    return [
        {"name": name, "areas": sorted(found, key=lambda one: one["code"])}
        for name, found in sorted(groups.items())
    ]


def _names(on_map: MapOn) -> list[str]:
    """Numbers and names of roads that can be typed as they are shown."""
    found = () if on_map.roads is None else road_names(on_map.roads.lines)
    return [name for name in found if shown(name, LONGEST_ROAD) == name]


def _refs(on_map: MapOn) -> list[View]:
    if on_map.roads is None:
        return []
    names: dict[str, set[str]] = defaultdict(set)
    for segment in on_map.roads.lines.segments:
        known = shown(segment.ref, LONGEST_ROAD) == segment.ref
        if segment.ref and known and segment.from_m is not None:
            names[segment.ref].add(segment.name)
    return [
        {"value": ref, "label": shown(" ".join((ref, *sorted(found - {""}))), 80)}
        for ref, found in sorted(names.items())
    ]


def _sites(reader: Reader, site_name: str) -> tuple[Site, ...]:
    if not site_name.strip():
        return ()
    return list_sites(reader.desk.kept.store, text=site_name.strip(), limit=MOST_SITES)


def _site(site: Site) -> View:
    return {
        "id": site.id,
        "name": shown(site.name, 80),
        "more": shown(" · ".join(part for part in (site.address, site.id) if part), 120),
    }
