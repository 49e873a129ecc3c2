"""The faults of layers in words, and as a GeoJSON map that any GIS opens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import shapely

from geo.editions import DECIMALS
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


def says(finding: Finding) -> tuple[str, str]:
    """The fault in one line, in Chinese and in English: what, how large, where, between whom."""
    zh, en = FLAWS[finding.flaw]
    between = " | ".join(map(str, finding.sides)) or "-"
    where = f"{finding.lon:.6f}, {finding.lat:.6f}"
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
        "sides": [
            {"code": side.code, "name": side.name, "source": side.source} for side in finding.sides
        ],
        "reason": finding.reason or None,
        "says": {"zh": zh, "en": en},
    }


def as_geojson(findings: Iterable[Finding]) -> str:
    """All faults as one GeoJSON: a feature each, in WGS84, its attributes flat for a table."""
    features = []
    for finding in findings:
        zh, en = says(finding)
        shape = shapely.transform(finding.shape, lambda pairs: pairs.round(DECIMALS + 1))
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "flaw": finding.flaw.value,
                    "area_m2": finding.area_m2,
                    "codes": ", ".join(side.code for side in finding.sides),
                    "names": ", ".join(side.name for side in finding.sides),
                    "sources": ", ".join(side.source for side in finding.sides),
                    "zh": zh,
                    "en": en,
                },
                "geometry": json.loads(shapely.to_geojson(shape)),
            }
        )
    whole = {"type": "FeatureCollection", "name": "faults", "features": features}
    return json.dumps(whole, ensure_ascii=False)
