"""What the page's map draws: street borders, and roads by who maintains them. Made to be small.

The borders are simplified together, so that neighbours still meet. Nothing is decided on these
shapes: the server answers from the layers themselves.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import numpy as np
import shapely

from enforcement.district import District
from enforcement.units import UnitKind
from geo.editions import Kind
from geo.locate import MapOn
from geo.roads import RoadLines

SIMPLER_DEG: Final = 0.00005
PLACES: Final = 5
MAINTAINS: Final = "maintain"
OTHER: Final = "other"
OPERATORS: Final = 2
"""Hue 2 is for owners, which on expressways are the operators; 0 and 1 are for bodies."""

Json = dict[str, object]


def streets_json(on_map: MapOn, district: District, lang: str) -> bytes:
    """The street areas of a day as gzipped GeoJSON with code and name, simplified."""
    areas = on_map.areas
    rows = [row for row, one in enumerate(areas.features) if one.kind is Kind.STREET]
    shapes = np.asarray([areas.shapes[row] for row in rows], dtype=object)
    if len(shapes):
        shapes = shapely.coverage_simplify(shapes, SIMPLER_DEG)
    names = {one.code: one.name for one in district.settings.streets}
    features = []
    for row, shape in zip(rows, shapes, strict=True):
        area = areas.features[row].area
        known = names.get(area.code)
        name = area.name if known is None else (known.en if lang == "en" else known.zh)
        features.append(_feature(shape, {"code": area.code, "name": name}))
    return _packed(features)


def roads_json(on_map: MapOn, district: District, lang: str) -> bytes:
    """The roads of a day as gzipped GeoJSON, one feature for each hue.

    Bodies with the most kilometres have a hue each; owners share one; what nobody is registered
    for has none, and hue -1.
    """
    index = on_map.roads
    if index is None:
        return _packed([])
    by_unit: dict[str, list[int]] = defaultdict(list)
    for row in range(len(index.lines.segments)):
        owners = dict(index.owners(row, None))
        by_unit[owners.get(MAINTAINS, OTHER)].append(row)
    hues: dict[int, list[str]] = defaultdict(list)
    bodies = []
    for unit_id in by_unit:
        unit = district.registry.units.get(unit_id)
        if unit is None:
            hues[-1].append(unit_id)
        elif unit.kind is UnitKind.OWNER:
            hues[OPERATORS].append(unit_id)
        else:
            bodies.append(unit_id)
    lengths = {
        unit_id: sum(index.lines.segments[row].length_m for row in rows)
        for unit_id, rows in by_unit.items()
    }
    for at, unit_id in enumerate(sorted(bodies, key=lambda one: (-lengths[one], one))):
        hues[at if at < OPERATORS else -1].append(unit_id)
    return _packed(
        [
            _feature(
                _lines(index.lines, [row for one in units for row in by_unit[one]]),
                {"hue": hue, "name": _owner_name(hue, units, district, on_map, lang)},
            )
            for hue, units in sorted(hues.items())
        ]
    )


def _owner_name(
    hue: int, units: Iterable[str], district: District, on_map: MapOn, lang: str
) -> str | None:
    """The one body's name; owners, and what is not registered, have a common name on the page."""
    if hue not in range(OPERATORS):
        return None
    names = [district.registry.units[one].name(on_map.day) for one in units]
    return ", ".join(name.en if lang == "en" else name.zh for name in names)


def _lines(lines: RoadLines, rows: Iterable[int]) -> shapely.Geometry:
    wanted = set(rows)
    ends = [piece[:4] for piece in lines.pieces if piece[4] in wanted]
    pieces = shapely.MultiLineString([[four[:2], four[2:]] for four in ends])
    return shapely.line_merge(pieces).simplify(SIMPLER_DEG)


def _feature(shape: shapely.Geometry, properties: Json) -> Json:
    geometry = json.loads(shapely.to_geojson(shape))
    geometry["coordinates"] = _rounded(geometry["coordinates"])
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _rounded(value: object) -> object:
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return round(value, PLACES) if isinstance(value, float) else value


def _packed(features: list[Json]) -> bytes:
    text = json.dumps(
        {"type": "FeatureCollection", "features": features},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return gzip.compress(text.encode(), 9, mtime=0)
