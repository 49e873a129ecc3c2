"""Whether the shapes of a layer can be what their kind says: the faults, feature by feature."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.editions import DECIMALS, Kind
from geo.errors import Fault

_GROUND: Final = frozenset({"Polygon", "MultiPolygon"})
_LINES: Final = frozenset({"LineString"})


def shape_faults(shapes: gpd.GeoSeries, kind: Kind, label: Callable[[int], str]) -> list[Fault]:
    """What is wrong with each shape, in the order of the features; `label` names a feature."""
    faults = []
    for row, shape in enumerate(shapes):
        said = _fault_of(shape, kind)
        if said is not None:
            faults.append(Fault(label(row), *said))
    return faults


def drawn_forward(shapes: gpd.GeoSeries, kind: Kind, turned: Collection[int]) -> gpd.GeoSeries:
    """Road lines in one piece where their parts meet, those of the rows `turned` from end to start.

    Other kinds of shapes as they are.
    """
    if kind is not Kind.ROAD:
        return shapes
    lines = np.array(shapes.values, dtype=object)
    several = shapely.get_type_id(lines) == shapely.GeometryType.MULTILINESTRING
    lines[several] = shapely.line_merge(lines[several], directed=True)
    rows = list(turned)
    lines[rows] = shapely.reverse(lines[rows])
    return gpd.GeoSeries(lines, index=shapes.index, crs=shapes.crs)


def _fault_of(shape: BaseGeometry | None, kind: Kind) -> tuple[str, str] | None:
    """What is wrong with a shape, in both languages; None when nothing is."""
    if shape is None or shape.is_empty:
        return "没有图形", "has no shape"
    if kind is Kind.ROAD and shape.geom_type == "MultiLineString":
        # It could neither carry stakes nor have a direction
        count = shapely.get_num_geometries(shape)
        return (
            f"由 {count} 段互不相接的线组成：请拆成多个要素",
            f"consists of {count} lines that do not meet: split it into features",
        )
    allowed = _LINES if kind is Kind.ROAD else _GROUND
    if shape.geom_type not in allowed:
        return (
            f"图形是 {shape.geom_type}，应为 {'线' if kind is Kind.ROAD else '面'}",
            f"is a {shape.geom_type}; a {'line' if kind is Kind.ROAD else 'polygon'} is needed",
        )
    pairs = shapely.get_coordinates(shape)
    if not np.isfinite(pairs).all():
        return "坐标含非数值", "has coordinates that are no numbers"
    beyond = pairs[(np.abs(pairs) > (180, 90)).any(axis=1)]
    if len(beyond):
        lon, lat = beyond[0].tolist()
        return (
            f"坐标 {lon:g}, {lat:g} 超出经纬度范围：请核对坐标系（--crs）与经纬度顺序",
            f"has the position {lon:g}, {lat:g}, out of range: check the crs (--crs) and the order",
        )
    return _fault_of_ground(shape) if kind is not Kind.ROAD else _fault_of_line(shape)


def _fault_of_ground(shape: BaseGeometry) -> tuple[str, str] | None:
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        return f"面无效：{reason}", f"is no valid polygon: {reason}"
    if shapely.set_precision(shape, 10.0**-DECIMALS).is_empty:
        return "面积小到取整后消失", "is so small that nothing is left at 1e-6 degrees"
    return None


def _fault_of_line(shape: BaseGeometry) -> tuple[str, str] | None:
    rounded = np.round(shapely.get_coordinates(shape), DECIMALS)
    if (rounded == rounded[0]).all():
        return "线长为零", "is a line of no length"
    return None
