"""Where the map puts its pin and circle, and which streets it tints: values for the script."""

from __future__ import annotations

from typing import Any

from web.asking import MAX_ACCURACY_M
from web.contract import PlaceOut
from web.officer.reader import Reader
from web.officer.said import BY, Said

View = dict[str, Any]


def spot_said(reader: Reader, said: Said) -> View:
    """The place as the address has it, before anything was looked up."""
    place = said.place
    at = place.get("at", "")
    return {
        "point": at if _is_pair(at) else "",
        "accuracy_m": _metres(place.get("accuracy", ""))
        or reader.desk.district.settings.accuracy_m,
        "by": _by(said),
        "border_m": "",
        "codes": [place["area"]] if "area" in place else [],
    }


def spot_found(said: Said, place: PlaceOut) -> View:
    """The place as an answer has it, with the streets that its circle touches."""
    touched = [place.street, *(one.street for one in place.touches)]
    return {
        "point": "" if place.lon is None else f"{place.lon:.6f},{place.lat:.6f}",
        "accuracy_m": place.accuracy_m,
        "by": _by(said),
        "border_m": "" if place.border_m is None else round(place.border_m),
        "codes": list(dict.fromkeys(one.code for one in touched if one is not None)),
    }


def _by(said: Said) -> str:
    by = said.place.get("by", "")
    return by if by in BY else ""


def _metres(text: str) -> float | None:
    """Metres as they were typed; None for nothing, or for what no circle can have."""
    try:
        metres = float(text)
    except ValueError:
        return None
    return metres if 0 < metres <= MAX_ACCURACY_M else None


def _is_pair(text: str) -> bool:
    parts = text.split(",")
    try:
        return len(parts) == 2 and all(abs(float(part)) <= 180 for part in parts)
    except ValueError:
        return False
