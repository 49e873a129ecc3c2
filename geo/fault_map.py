"""The faults of layers and roads in words, and as a GeoJSON map that any GIS opens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from geo.editions import DECIMALS
from geo.road_check import RoadFinding, RoadFlaw
from geo.topology import Finding, Flaw

FLAWS: Final[Mapping[Flaw, tuple[str, str]]] = {
    Flaw.INVALID: ("图形无效", "no valid polygon"),
    Flaw.HOLE: ("空洞：不属于任何一方", "hole: nobody's ground"),
    Flaw.OVERLAP: ("重叠：同属双方", "overlap: ground of both"),
    Flaw.SLIVER: ("狭缝：同一条边界画了两次", "sliver: one line drawn twice"),
    Flaw.DIFFERENCE: ("两个来源不一致", "two sources differ"),
    Flaw.OUTSIDE: ("在辖区之外", "outside the district"),
}
"""Each kind of fault, in Chinese and English."""

ROAD_FLAWS: Final[Mapping[RoadFlaw, tuple[str, str]]] = {
    RoadFlaw.UNOWNED: ("没有登记单位", "no owner registered"),
    RoadFlaw.CONTESTED: ("登记了不止一个单位", "more than one owner registered"),
    RoadFlaw.STAKE_HOLE: ("桩号不连续", "stakes leave a hole"),
    RoadFlaw.STAKE_OVERLAP: ("桩号重叠", "stakes overlap"),
    RoadFlaw.CHAIN_BREAK: ("桩号相接而线不相接", "stakes meet, the lines do not"),
    RoadFlaw.SHARED: ("与另一条路共线，桩号在此停计", "runs along another road, its stakes pause"),
    RoadFlaw.UNMATCHED: ("台账所列路段不在路网中", "registered, but not in the layer"),
}
"""Each kind of road seam, in Chinese and English."""


def says(finding: Finding) -> tuple[str, str]:
    """The fault in one line, in Chinese and in English: what, how large, where, between whom."""
    zh, en = FLAWS[finding.flaw]
    between = " | ".join(map(str, finding.sides)) or "-"
    where = f"{finding.lon:.6f}, {finding.lat:.6f}"
    if finding.part is not None:
        where += f" {finding.part}"
    reason = f" ({finding.reason})" if finding.reason else ""
    return (
        f"{zh}，{finding.area_m2:,.0f} 平方米，{where}：{between}{reason}",
        f"{en}, {finding.area_m2:,.0f} m2, {where}: {between}{reason}",
    )


def as_dict(finding: Finding) -> dict[str, Any]:
    """The fault as JSON carries it, without its shape."""
    zh, en = says(finding)
    return {
        "flaw": finding.flaw.value,
        "area_m2": finding.area_m2,
        "at": {"lon": finding.lon, "lat": finding.lat},
        "part": (part := finding.part) and {"code": part.code, "name": part.name},
        "sides": [
            {"code": side.code, "name": side.name, "source": side.source} for side in finding.sides
        ],
        "reason": finding.reason or None,
        "says": {"zh": zh, "en": en},
    }


def road_says(finding: RoadFinding) -> tuple[str, str]:
    """The road seam in one line, in Chinese and in English: what, on which road, how long."""
    zh, en = ROAD_FLAWS[finding.flaw]
    parts = [finding.ref or "-", " ".join(finding.segments), finding.function]
    parts += [" + ".join(finding.owners), "–".join(dict.fromkeys(finding.stakes or ()))]
    parts += [" + ".join(finding.along)]
    about = ", ".join(part for part in parts if part)
    length = f"{finding.length_m:,.0f}"
    return f"{zh}，{length} 米：{about}", f"{en}, {length} m: {about}"


def as_geojson(findings: Iterable[Finding], roads: Iterable[RoadFinding] = ()) -> str:
    """All faults as one GeoJSON: a feature each, in WGS84, its attributes flat for a table.

    A road seam without a place (an entry that matches no segment) has no geometry.
    """
    features = [_area_feature(one) for one in findings] + [_road_feature(one) for one in roads]
    whole = {"type": "FeatureCollection", "name": "faults", "features": features}
    return json.dumps(whole, ensure_ascii=False)


def _area_feature(finding: Finding) -> dict[str, Any]:
    zh, en = says(finding)
    return {
        "type": "Feature",
        "properties": {
            "flaw": finding.flaw.value,
            "area_m2": finding.area_m2,
            "codes": ", ".join(side.code for side in finding.sides),
            "names": ", ".join(side.name for side in finding.sides),
            "sources": ", ".join(side.source for side in finding.sides),
            "part": None if finding.part is None else str(finding.part),
            "zh": zh,
            "en": en,
        },
        "geometry": geometry(finding.shape),
    }


def _road_feature(finding: RoadFinding) -> dict[str, Any]:
    zh, en = road_says(finding)
    return {
        "type": "Feature",
        "properties": {
            "flaw": finding.flaw.value,
            "length_m": finding.length_m,
            "ref": finding.ref,
            "codes": ", ".join(finding.segments),
            "function": finding.function,
            "owners": ", ".join(finding.owners),
            "stakes": "–".join(finding.stakes or ()),
            "along": ", ".join(finding.along),
            "zh": zh,
            "en": en,
        },
        "geometry": None if finding.shape is None else geometry(finding.shape),
    }


def geometry(shape: BaseGeometry) -> dict[str, Any]:
    """The shape as GeoJSON has it, a decimal finer than the layers are."""
    rounded = shapely.transform(shape, lambda pairs: pairs.round(DECIMALS + 1))
    found: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return found
