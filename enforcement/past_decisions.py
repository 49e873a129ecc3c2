"""Tables of past decisions as files, and the street that each of their rows was in.

The street is found as an answer finds it: the same map, the same points that are no location.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from python_calamine import CalamineError

from enforcement.district import District
from enforcement.errors import LearningRefused
from enforcement.nowhere import NOWHERE, is_no_location
from geo.errors import BadPoint
from geo.points import Point
from rules.errors import Fault


def read_decisions(path: Path) -> pd.DataFrame:
    """The table of a Parquet, CSV (UTF-8) or XLSX file (first sheet), cells as they are.

    Raises `LearningRefused` for a file that is not there or is none of these.
    """
    try:
        match path.suffix.lower():
            case ".parquet":
                return pd.read_parquet(path)
            case ".csv":
                return pd.read_csv(path, dtype=str, keep_default_na=False)
            case ".xlsx":
                return pd.read_excel(path, dtype=str, engine="calamine", keep_default_na=False)
    except (OSError, ValueError, CalamineError) as error:
        raise LearningRefused(
            [Fault(path.name, f"无法读取：{error}", f"cannot be read: {error}")]
        ) from error
    raise LearningRefused(
        [
            Fault(
                path.name,
                "请给出 .parquet、.csv 或 .xlsx 文件",
                "give a .parquet, .csv or .xlsx file",
            )
        ]
    )


def streets_of(
    frame: pd.DataFrame, *, lon: str, lat: str, district: District, on: date
) -> list[str | None]:
    """For each row the code of the street that its position is in on a day.

    `nowhere` for a position that the district lists as no location; None where there is no
    position, no street, or more than one. Raises `LearningRefused` for columns that are not there.
    """
    missing = [one for one in (lon, lat) if one not in frame.columns]
    if missing:
        listed = ", ".join(map(str, frame.columns))
        raise LearningRefused(
            Fault("at", f"表中没有“{one}”列；有：{listed}", f"no column {one!r}; it has: {listed}")
            for one in missing
        )
    numbers = frame[[lon, lat]].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    known: dict[tuple[float, float], str | None] = {}
    found = []
    for at_lon, at_lat in numbers.tolist():
        if (at_lon, at_lat) not in known:
            known[at_lon, at_lat] = _street(at_lon, at_lat, district, on)
        found.append(known[at_lon, at_lat])
    return found


def _street(lon: float, lat: float, district: District, on: date) -> str | None:
    try:
        point = Point.checked(lon=lon, lat=lat)
    except BadPoint:
        return None
    if is_no_location(point, district.settings):
        return NOWHERE
    places = district.atlas.on(on).at(point, 0.0, roads=False).places
    streets = {place.street for place in places}
    street = streets.pop() if len(streets) == 1 else None
    return None if street is None else street.code
