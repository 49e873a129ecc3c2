"""The schematic district's streets, communities and neighbours, edition by edition.

The article's era had 13 streets; 坪山 and 坑梓 left on 2009-06-30, 葵涌, 大鹏 and 南澳 on
2011-12-30, and on 2016-12-26 four streets became seven. (布吉 was in fact cut into three in 2006;
the drawing begins with the streets of the article.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import zip_longest
from types import MappingProxyType

import geopandas as gpd

from geo.demo.outline import (
    DAPENG_LEFT,
    DRAWN_FROM,
    PINGSHAN_A_DISTRICT,
    PINGSHAN_LEFT,
    STREETS_SPLIT,
    joined,
)
from geo.demo.places import community_areas
from geo.editions import CRS, Edition, Kind


@dataclass(frozen=True, slots=True)
class Street:
    """A street in one state: its code, its name and the patches it covers."""

    code: str
    name: str
    patches: tuple[str, ...]


_PINGHU = Street("440307003", "平湖街道", ("平湖",))
_PINGDI = Street("440307006", "坪地街道", ("坪地",))
_NANWAN = Street("440307012", "南湾街道", ("南湾",))
_BANTIAN = Street("440307013", "坂田街道", ("坂田",))
_UNCHANGED = (_PINGHU, _PINGDI, _NANWAN, _BANTIAN)
_BEFORE_THE_SPLIT = (
    Street("440307014", "布吉街道", ("布吉", "吉华")),
    Street("440307015", "龙城街道", ("龙城", "宝龙西")),
    Street("440307016", "龙岗街道", ("龙岗", "宝龙东")),
    Street("440307017", "横岗街道", ("横岗", "园山")),
)
_AFTER_THE_SPLIT = (
    Street("440307014", "布吉街道", ("布吉",)),
    Street("440307015", "龙城街道", ("龙城",)),
    Street("440307016", "龙岗街道", ("龙岗",)),
    Street("440307017", "横岗街道", ("横岗",)),
    Street("440307018", "吉华街道", ("吉华",)),
    Street("440307019", "宝龙街道", ("宝龙西", "宝龙东")),
    Street("440307020", "园山街道", ("园山",)),
)
# 007 and 008 are free in today's list and therefore assumed for the two streets that left.
_PINGSHAN_STREETS = (
    Street("440307007", "坪山街道", ("坪山",)),
    Street("440307008", "坑梓街道", ("坑梓",)),
)
_DAPENG_STREETS = (
    Street("440307009", "葵涌街道", ("葵涌",)),
    Street("440307010", "大鹏街道", ("大鹏",)),
    Street("440307011", "南澳街道", ("南澳",)),
)
STREETS: Mapping[date, tuple[Street, ...]] = MappingProxyType(
    {
        DRAWN_FROM: (*_UNCHANGED, *_BEFORE_THE_SPLIT, *_PINGSHAN_STREETS, *_DAPENG_STREETS),
        PINGSHAN_LEFT: (*_UNCHANGED, *_BEFORE_THE_SPLIT, *_DAPENG_STREETS),
        DAPENG_LEFT: (*_UNCHANGED, *_BEFORE_THE_SPLIT),
        STREETS_SPLIT: (*_UNCHANGED, *_AFTER_THE_SPLIT),
    }
)
"""The streets by the first day of each state, until the next."""

_ALWAYS_NEXT_DOOR = (
    Street("440303", "罗湖区", ("罗湖",)),
    Street("440308", "盐田区", ("盐田",)),
    Street("441900", "东莞市（凤岗、清溪等镇）", ("东莞",)),
    Street("441303", "惠州市惠阳区", ("惠州",)),
)
_BAOAN = Street("440306", "宝安区", ("龙华",))
_LONGHUA_NEW = Street("440309", "龙华新区", ("龙华",))
_LONGHUA = Street("440309", "龙华区", ("龙华",))
_PINGSHAN_NEW = Street("440310", "坪山新区", ("坪山", "坑梓"))
_PINGSHAN = Street("440310", "坪山区", ("坪山", "坑梓"))
_DAPENG_NEW = Street("440307-DP", "大鹏新区", ("葵涌", "大鹏", "南澳"))
NEIGHBOURS: Mapping[date, tuple[Street, ...]] = MappingProxyType(
    {
        DRAWN_FROM: (*_ALWAYS_NEXT_DOOR, _BAOAN),
        PINGSHAN_LEFT: (*_ALWAYS_NEXT_DOOR, _BAOAN, _PINGSHAN_NEW),
        DAPENG_LEFT: (*_ALWAYS_NEXT_DOOR, _LONGHUA_NEW, _PINGSHAN_NEW, _DAPENG_NEW),
        PINGSHAN_A_DISTRICT: (*_ALWAYS_NEXT_DOOR, _LONGHUA, _PINGSHAN, _DAPENG_NEW),
    }
)
"""Who runs the ground around the district, by the first day of each state. The sea is nobody's.

新区 had no code of their own before 2017: theirs of today stand for them; 大鹏新区 still has none.
"""


def street_editions() -> Iterator[Edition]:
    """The street layers `schematic-2004`, `-2009`, `-2011` and `-2016`."""
    return editions_of(Kind.STREET, tuple(STREETS), lambda day: _frame(STREETS[day]))


def district_editions() -> Iterator[Edition]:
    """The layers of the neighbours: `schematic-2004`, `-2009`, `-2011` and `-2017`."""
    return editions_of(Kind.DISTRICT, tuple(NEIGHBOURS), lambda day: _frame(NEIGHBOURS[day]))


def community_editions() -> Iterator[Edition]:
    """The community layers, whose codes begin with that of the street of the time."""
    return editions_of(Kind.COMMUNITY, tuple(STREETS), _communities)


def editions_of(
    kind: Kind, days: tuple[date, ...], drawn: Callable[[date], gpd.GeoDataFrame]
) -> Iterator[Edition]:
    """A schematic edition from each of the days until the next, the last without end."""
    for valid_from, ceases_on in zip_longest(days, days[1:]):
        yield Edition.made(
            kind=kind,
            name=f"schematic-{valid_from.year}",
            valid_from=valid_from,
            ceases_on=ceases_on,
            frame=drawn(valid_from),
            schematic=True,
        )


@cache
def street_of_patch(day: date) -> Mapping[str, Street]:
    """The street that each patch belonged to on a day; patches of other districts are missing."""
    begun = max(valid_from for valid_from in STREETS if valid_from <= day)
    return {patch: street for street in STREETS[begun] for patch in street.patches}


def _communities(day: date) -> gpd.GeoDataFrame:
    street_of = street_of_patch(day)
    rows = [
        (f"{street_of[c.patch].code}{c.serial}", f"{c.name}社区", ground)
        for c, ground in community_areas().items()
        if c.patch in street_of
    ]
    return gpd.GeoDataFrame(rows, columns=["code", "name", "geometry"], crs=CRS)


def _frame(streets: tuple[Street, ...]) -> gpd.GeoDataFrame:
    rows = [(street.code, street.name, joined(street.patches)) for street in streets]
    return gpd.GeoDataFrame(rows, columns=["code", "name", "geometry"], crs=CRS)
