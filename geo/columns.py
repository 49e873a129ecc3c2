"""What a column of a layer may hold, and how it may be written in the file that is imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from geo.editions import Kind, is_missing
from geo.errors import BadStake
from geo.register import DIRECTIONS
from geo.segments import LEGAL_CLASSES, ROAD_CLASSES
from geo.stakes import Stake

REQUIRED: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.STREET: ("code", "name"),
    Kind.COMMUNITY: ("code", "name"),
    Kind.GRID: ("code",),
    Kind.DISTRICT: ("code", "name"),
    Kind.ZONE: ("code", "name", "zone", "grade"),
    Kind.ROAD: (),
}

ALSO_CALLED: Final[Mapping[str, tuple[str, ...]]] = {"code": ("id",), "road_class": ("class",)}
"""What a road layer's column is looked for under when the file has none of our name."""

# OpenStreetMap's classes say nothing about the law: its "primary" may be a highway or a city road
_OSM_WORDS: Final[Mapping[str, str]] = {
    "trunk": "arterial",
    "primary": "arterial",
    "secondary": "collector",
    "tertiary": "branch",
    "tertiary_level": "branch",
    "arterial_unclassified": "unknown",
    "minor_or_link": "unknown",
    "unclassified": "unknown",
}
_OTHER_WORDS: Final[Mapping[str, str]] = {
    "motorway": "expressway",
    "motorway_link": "expressway",
    "高速公路": "expressway",
    "国道": "national",
    "省道": "provincial",
    "县道": "county",
    "乡道": "township",
    "村道": "village",
    "主干路": "arterial",
    "次干路": "collector",
    "支路": "branch",
}
_LEGAL_BY_CLASS: Final[Mapping[str, str]] = {
    "expressway": "highway",
    "national": "highway",
    "provincial": "highway",
    "county": "highway",
    "township": "highway",
    "village": "highway",
    "arterial": "city_road",
    "collector": "city_road",
    "branch": "city_road",
    "estate": "estate_road",
}
_LEGAL_WORDS: Final[Mapping[str, str]] = {
    "公路": "highway",
    "城市道路": "city_road",
    "小区道路": "estate_road",
}
_YES: Final = frozenset({"1", "true", "yes", "y", "是", "t"})
_NO: Final = frozenset({"0", "false", "no", "n", "否", "f"})


class NotAllowed(ValueError):
    """A cell that its column cannot hold; says what may stand there, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


def text(value: object) -> str:
    """A cell as text without blanks around it; whole numbers without a decimal point.

    >>> text(440307014.0)
    '440307014'
    """
    if is_missing(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def road_class(value: object) -> str:
    """The road class that a cell means; "unknown" when empty."""
    word = text(value).lower() or "unknown"
    return _one_of(_OSM_WORDS.get(word) or _OTHER_WORDS.get(word, word), ROAD_CLASSES)


def legal_class(value: object) -> str:
    """The legal class that a cell means; empty when the file does not say."""
    word = text(value).lower()
    return _one_of(_LEGAL_WORDS.get(word, word), LEGAL_CLASSES) if word else ""


def legal_class_of(value: object) -> str:
    """The legal class that follows from what a file says of the road class.

    A national road (国道) is a highway by 公路法 art 6, an arterial road (主干路) a city road; from
    OpenStreetMap's words nothing follows but for motorways.
    """
    if text(value).lower() in _OSM_WORDS:
        return "unknown"
    return _LEGAL_BY_CLASS.get(road_class(value), "unknown")


def direction(value: object) -> str:
    """The direction of a carriageway, "up" or "down"; empty for both."""
    word = text(value).lower()
    if word and word not in DIRECTIONS:
        raise NotAllowed("应为 up（上行）、down（下行）或留空", "up, down or nothing is needed")
    return DIRECTIONS[word] if word else ""


def series(value: object) -> str:
    """The series of stakes: a letter on ramps; empty on the main line."""
    word = text(value).upper()
    if word and not (len(word) == 1 and word.isascii() and word.isalpha()):
        raise NotAllowed("应为一个字母或留空", "one letter or nothing is needed")
    return word


def stake_metres(value: object) -> float | None:
    """A stake in metres, given as a number or as K12+300; None when empty."""
    word = text(value)
    if not word:
        return None
    try:
        return float(word)
    except ValueError:
        pass
    try:
        return Stake.parsed(word).metres
    except BadStake as error:
        raise NotAllowed("应为米数或 K12+300", "metres or K12+300 is needed") from error


def flag(value: object) -> bool | None:
    """Yes or no; None when empty."""
    word = text(value).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    if not word:
        return None
    raise NotAllowed("应为 1/0、true/false 或 是/否", "1/0, true/false or yes/no is needed")


def oneway(value: object) -> int | None:
    """1 for one way as drawn, -1 for one way against it, 0 for both; None when empty."""
    word = text(value).lower()
    if word in ("-1", "reverse"):
        return -1
    known = flag(value)
    return None if known is None else int(known)


def _one_of(word: str, allowed: tuple[str, ...]) -> str:
    if word not in allowed:
        said = ", ".join(allowed)
        raise NotAllowed(f"应为 {said} 之一", f"one of {said} is needed")
    return word


READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "road_class": road_class,
    "legal_class": legal_class,
    "direction": direction,
    "series": series,
    "from_m": stake_metres,
    "to_m": stake_metres,
    "handed_over": flag,
    "oneway": oneway,
}
"""How each column is read; those that are not named are plain text."""
