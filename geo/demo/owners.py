"""The schematic road register: who plans, builds, manages, maintains and enforces, and when.

Until the reform of October 2009 the highway bureaus of the district and the city kept the highways
and the city management bureau the city roads; then the transport commission's branch, from 2019 the
transport bureau's. Companies keep their expressways throughout and never enforce. The marks R01 to
R11 are the rows of the collected facts; a function of which they say nothing has no entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from geo.demo.outline import DRAWN_FROM
from geo.demo.roads import Segment, segments
from geo.register import RegisterEntry

_TRANSPORT_COMMISSION = date(2009, 10, 1)
_TRANSPORT_BUREAU = date(2019, 1, 1)
# Unit and the first day on which it no longer has the function.
Turn = tuple[str, date | None]
_AFTER_2009: tuple[Turn, ...] = (("trans1", _TRANSPORT_BUREAU), ("trans2", None))
_HIGHWAY_ENFORCED_BY: tuple[Turn, ...] = (("trans0", _TRANSPORT_COMMISSION), ("trans_enf", None))
_CITY_ROAD_ENFORCED_BY: tuple[Turn, ...] = (("umb", _TRANSPORT_COMMISSION), ("trans_enf", None))
_PLANNED_BY: tuple[Turn, ...] = (("plan", None),)


@cache
def register() -> tuple[RegisterEntry, ...]:
    """An entry for each segment, function and period; none outlasts the ground's membership."""
    return tuple(
        entry
        for segment in segments()
        for function, turns in _functions(segment)
        for entry in _entries(segment, function, turns)
    )


def _functions(segment: Segment) -> Iterator[tuple[str, tuple[Turn, ...]]]:
    kept_by: tuple[Turn, ...] = ((segment.keeper, None),)
    if segment.keeper in {"hwy_c", "hwy_d", "umb"}:
        kept_by = ((segment.keeper, _TRANSPORT_COMMISSION), *_AFTER_2009)
    yield "maintain", kept_by  # R01, R04, R05, R08, R10, R11
    yield "manage", kept_by
    if segment.legal_class == "highway":
        yield "plan", _PLANNED_BY  # R07
        yield "enforce", _HIGHWAY_ENFORCED_BY  # R02
    if segment.legal_class == "city_road":
        yield "enforce", _CITY_ROAD_ENFORCED_BY  # R09
    if segment.road_class == "expressway" or not segment.handed_over:
        yield "build", kept_by  # 谁建设谁管理 (R01, R11)


def _entries(segment: Segment, function: str, turns: tuple[Turn, ...]) -> Iterator[RegisterEntry]:
    valid_from = DRAWN_FROM
    for owner, until in turns:
        ends = [day for day in (until, segment.left) if day is not None]
        ceases_on = min(ends, default=None)
        if ceases_on is None or valid_from < ceases_on:
            yield RegisterEntry(
                segment=segment.code,
                ref="",
                from_stake=None,
                to_stake=None,
                direction=None,
                function=function,
                owner=owner,
                valid_from=valid_from,
                ceases_on=ceases_on,
            )
        if until is not None:
            valid_from = until
