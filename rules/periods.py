"""Periods of days: from the first day in force up to, not including, the first day it is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `valid_from` (in force) to `ceases_on` (no longer in force); open when None.

    >>> Period(date(2008, 1, 1), date(2009, 1, 1)).covers(date(2008, 12, 31))
    True
    >>> Period(date(2008, 1, 1), date(2009, 1, 1)).covers(date(2009, 1, 1))
    False
    """

    valid_from: date
    ceases_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return self.valid_from <= day and (self.ceases_on is None or day < self.ceases_on)

    def meets(self, other: Period) -> bool:
        """Whether the two share at least one day."""
        return (other.ceases_on is None or self.valid_from < other.ceases_on) and (
            self.ceases_on is None or other.valid_from < self.ceases_on
        )

    @property
    def last_day(self) -> date | None:
        """The last day in force, or None when it is open."""
        return None if self.ceases_on is None else self.ceases_on - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.valid_from} … {self.last_day or ''}".rstrip()


def cut(spans: Iterable[Period], changes: Iterable[date]) -> tuple[Period, ...]:
    """The spans in order, cut at every change that falls inside one.

    >>> [str(p) for p in cut([Period(date(2008, 1, 1))], [date(2009, 1, 1)])]
    ['2008-01-01 … 2008-12-31', '2009-01-01 …']
    """
    days = sorted(set(changes))
    pieces: list[Period] = []
    for span in sorted(spans, key=lambda period: period.valid_from):
        start = span.valid_from
        for day in days:
            if start < day and span.covers(day):
                pieces.append(Period(start, day))
                start = day
        pieces.append(Period(start, span.ceases_on))
    return tuple(pieces)


def uncovered(needed: Period, by: Iterable[Period]) -> tuple[Period, ...]:
    """The parts of `needed` that none of `by` covers, in order; empty when all is covered."""
    start: date | None = needed.valid_from
    holes: list[Period] = []
    for period in sorted(by, key=lambda one: one.valid_from):
        if start is None or (needed.ceases_on is not None and start >= needed.ceases_on):
            break
        if period.ceases_on is not None and period.ceases_on <= start:
            continue
        if needed.ceases_on is not None and period.valid_from >= needed.ceases_on:
            break
        if period.valid_from > start:
            holes.append(Period(start, period.valid_from))
        start = period.ceases_on
    if start is not None and (needed.ceases_on is None or start < needed.ceases_on):
        holes.append(Period(start, needed.ceases_on))
    return tuple(holes)
