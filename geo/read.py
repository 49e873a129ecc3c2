"""From any file that GDAL reads to a checked edition, or to every fault that it has.

Nothing is repaired silently: a broken ring, a double code, a layer that lies elsewhere are named,
feature by feature, and the layer is refused as a whole.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError
from shapely.geometry.base import BaseGeometry

from geo.attributes import Attributes
from geo.crs import checked_crs, many_to_wgs84
from geo.editions import CRS, Edition, Kind
from geo.errors import BadCrs, BadLayer, Fault
from geo.metric import Floats, distance_m
from geo.shapes import drawn_forward, shape_faults
from geo.shifted import shift_faults
from geo.stored import conflicts, load_edition, load_editions, name_faults, save_edition

__all__ = ["import_layer", "load_edition", "load_editions", "read_features", "save_edition"]

FAR_M: Final = 1_000.0
"""A layer none of whose features is this near to the district is not of this district."""
STRAY_M: Final = 100_000.0
"""A single feature farther away than this is a mistake in whatever layer."""


def import_layer(
    source: Path,
    *,
    kind: Kind,
    edition: str,
    valid_from: date,
    ceases_on: date | None = None,
    columns: Mapping[str, str] | None = None,
    crs: str | None = None,
    near: BaseGeometry | None = None,
    beside: Iterable[Edition] = (),
) -> Edition:
    """The edition that a file holds, checked, in WGS84; nothing is stored.

    `columns` maps our column to the file's, or to a value for all features when it begins with
    "=" (`{"zone": "=water"}`); a column that is not mapped is looked for under our name. Roads
    need no code: without one they are numbered by row. `crs` overrides what the file declares.
    `near` is the ground of the district in WGS84; without it nothing is found to be elsewhere.
    `beside` are editions that the new one must be able to stand beside; a file that lies beside
    them as GCJ-02 lies beside WGS84 is refused, unless `crs` says that it is right.

    Raises BadLayer with every fault found, each with its feature.
    """
    label = source.name
    frame, faults = _opened(source)
    faults += [*name_faults(edition), *_date_faults(valid_from, ceases_on)]
    placed = _in_wgs84(label, frame, crs, faults)
    table = Attributes(label, kind, placed, columns or {})
    attributes = table.read()
    shapes = drawn_forward(placed.geometry, kind, table.turned)
    faults += table.faults
    faults += shape_faults(shapes, kind, table.label)
    if near is not None:
        faults += _faults_elsewhere(shapes, near, table.label)
    standing = tuple(beside)
    if not faults and crs is None:
        faults += shift_faults(label, shapes, kind, standing)
    if faults:
        raise BadLayer(label, faults)
    made = Edition.made(
        kind=kind,
        name=edition,
        valid_from=valid_from,
        ceases_on=ceases_on,
        frame=gpd.GeoDataFrame(attributes, geometry=shapes, crs=CRS),
    )
    faults = conflicts(made, standing)
    if faults:
        raise BadLayer(label, faults)
    return made


def read_features(source: Path, crs: str | None = None) -> gpd.GeoDataFrame:
    """The features of a file as they are, in WGS84, with all its columns.

    Shapes are not checked. Raises BadLayer when it cannot be read or placed.
    """
    frame, faults = _opened(source)
    placed = _in_wgs84(source.name, frame, crs, faults)
    if faults:
        raise BadLayer(source.name, faults)
    return placed


def _opened(source: Path) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """The features of the only layer of a file, and what GDAL says of shapes it could not read.

    Raises BadLayer when nothing can be read.
    """
    label = source.name

    def refused(zh: str, en: str) -> BadLayer:
        return BadLayer(label, [Fault(label, zh, en)])

    if not source.exists():
        raise refused(f"找不到文件 {source}", f"there is no file {source}")
    try:
        layers = [str(name) for name, shape in pyogrio.list_layers(source) if shape is not None]
        if len(layers) > 1:
            names = ", ".join(layers)
            raise refused(
                f"文件含多个图层（{names}）；请只保留一个",
                f"the file holds several layers ({names}); keep one of them",
            )
        frame, said = _read(source)
    except (DataSourceError, DataLayerError, FeatureError, GeometryError) as error:
        raise refused(
            f"GDAL 无法读取：{error}", f"GDAL cannot read it as a layer: {error}"
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise refused("没有图形列", "it has no shapes, only a table")
    if frame.empty:
        raise refused("没有任何要素，无法作为图层", "it has no features, so it is no layer")
    return frame.reset_index(drop=True), [
        Fault(label, f"GDAL 提示：{warning}", f"GDAL says: {warning}") for warning in said
    ]


def _read(source: Path) -> tuple[pd.DataFrame, list[str]]:
    """What GDAL reads, and what it says of shapes that it could not read.

    What cannot become a shape is left empty, to be named with its feature by whoever checks them.
    """
    with warnings.catch_warnings(record=True) as heard, np.errstate(invalid="ignore"):
        warnings.simplefilter("always")
        frame = pyogrio.read_dataframe(source, on_invalid="ignore")
    if isinstance(frame, gpd.GeoDataFrame) and frame.geometry.isna().any():
        return frame, sorted({str(warning.message) for warning in heard})
    for warning in heard:
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    return frame, []


def _in_wgs84(
    label: str, frame: gpd.GeoDataFrame, crs: str | None, faults: list[Fault]
) -> gpd.GeoDataFrame:
    """The features in WGS84; what stands in the way is added to the faults."""
    name = crs
    if name is None:
        if frame.crs is None:
            faults.append(
                Fault(
                    f"{label}:crs",
                    "文件没有注明坐标系；请用 --crs 指明",
                    "the file declares no coordinate system; say which with --crs",
                )
            )
            return frame
        if frame.crs.to_epsg() == 4326:
            return frame
        return frame.to_crs(CRS)
    try:
        name = checked_crs(name)
    except BadCrs as error:
        faults.append(Fault(error.field, error.zh, error.en))
        return frame

    def moved(pairs: Floats) -> Floats:
        lons, lats = many_to_wgs84(pairs[:, 0], pairs[:, 1], name)
        return np.column_stack([lons, lats])

    shapes = shapely.transform(shapely.force_2d(np.asarray(frame.geometry.values)), moved)
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=CRS))


def _date_faults(valid_from: date, ceases_on: date | None) -> list[Fault]:
    if ceases_on is None or ceases_on > valid_from:
        return []
    return [
        Fault(
            "until",
            f"失效日 {ceases_on} 应晚于生效日 {valid_from}",
            f"ceases on {ceases_on}, which must be after {valid_from}",
        )
    ]


def _faults_elsewhere(
    shapes: gpd.GeoSeries, near: BaseGeometry, label: Callable[[int], str]
) -> list[Fault]:
    """The features that lie far from the district; all of them when none is near."""
    distances: list[tuple[int, float]] = []
    for row, shape in enumerate(shapes):
        pairs = shapely.get_coordinates(shape)
        if not len(pairs) or not (np.abs(pairs) <= (180, 90)).all():
            continue
        line = shapely.shortest_line(near, shape)
        (lon, lat), (to_lon, to_lat) = shapely.get_coordinates(line).tolist()
        distances.append((row, distance_m(lon=lon, lat=lat, to_lon=to_lon, to_lat=to_lat)))
    elsewhere = all(distance > FAR_M for _, distance in distances)
    return [
        Fault(
            label(row),
            f"距本区 {distance / 1000:,.0f} 千米：请核对坐标系（--crs）和文件",
            f"lies {distance / 1000:,.0f} km from the district: check the coordinate system "
            "(--crs) and the file",
        )
        for row, distance in distances
        if elsewhere or distance > STRAY_M
    ]
