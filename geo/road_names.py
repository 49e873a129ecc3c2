"""Numbers and names of roads, joined from a list of expressways; what stays unknown is counted.

A name is joined by the number and a number by the name, never by nearness: a list of expressways
draws them from interchange to interchange, hundreds of metres beside their carriageways.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.editions import is_missing
from geo.metric import lengths_m


@dataclass(frozen=True, slots=True)
class Joined:
    """The roads with what was joined, and the kilometres (of carriageway) of each outcome.

    `absent` are the numbers on the list that no road has, in order.
    """

    frame: gpd.GeoDataFrame
    refs_joined: int
    names_joined: int
    total_km: float
    unnamed_km: float
    unnumbered_km: float
    expressways_unnumbered_km: float
    absent: tuple[str, ...]


def join_names(
    roads: gpd.GeoDataFrame, listed: pd.DataFrame, *, ref: str = "ref", name: str = "name_zh"
) -> Joined:
    """The roads (WGS84; `ref`, `name`, `class` or `road_class`) joined to a list of names.

    A name that the list gives to two numbers joins to none. What a road already says is kept.
    """
    names: dict[str, str] = {}
    for number, told in zip(map(_text, listed[ref]), map(_text, listed[name]), strict=True):
        if number and told:
            names.setdefault(number, told)
    numbers_of = Counter(names.values())
    numbers = {told: number for number, told in names.items() if numbers_of[told] == 1}
    refs, called = (_column(roads, column) for column in ("ref", "name"))
    had = (sum(map(bool, refs)), sum(map(bool, called)))
    refs = [one or numbers.get(name_, "") for one, name_ in zip(refs, called, strict=True)]
    called = [one or names.get(ref_, "") for one, ref_ in zip(called, refs, strict=True)]
    km = _km(roads)
    classes = _column(roads, "road_class" if "road_class" in roads.columns else "class")
    fast = np.array([one in ("motorway", "expressway") for one in classes], dtype=bool)
    without_ref = np.array([not one for one in refs], dtype=bool)
    without_name = np.array([not one for one in called], dtype=bool)
    frame = roads.assign(
        ref=pd.Series([one or None for one in refs], index=roads.index, dtype="object"),
        name=pd.Series([one or None for one in called], index=roads.index, dtype="object"),
    )
    return Joined(
        frame=frame,
        refs_joined=sum(map(bool, refs)) - had[0],
        names_joined=sum(map(bool, called)) - had[1],
        total_km=float(km.sum()),
        unnamed_km=float(km[without_name].sum()),
        unnumbered_km=float(km[without_ref].sum()),
        expressways_unnumbered_km=float(km[fast & without_ref].sum()),
        absent=tuple(sorted({_text(one) for one in listed[ref]} - set(refs) - {""})),
    )


def _km(roads: gpd.GeoDataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    coordinates, row = shapely.get_coordinates(np.asarray(roads.geometry.values), return_index=True)
    joined = row[1:] == row[:-1]
    metres = lengths_m(np.hstack([coordinates[:-1][joined], coordinates[1:][joined]]))
    return np.bincount(row[:-1][joined], weights=metres, minlength=len(roads)) / 1000


def _column(frame: pd.DataFrame, column: str) -> list[str]:
    return list(map(_text, frame[column])) if column in frame.columns else [""] * len(frame)


def _text(value: object) -> str:
    return "" if is_missing(value) else str(value).strip()
