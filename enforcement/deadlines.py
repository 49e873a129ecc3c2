"""The clock: when a limit of days, working days, working hours or months ends.

The start day is not counted; a limit of calendar days or months that ends on a holiday ends on
the next working day; working days and hours count only days on which offices work, make-up days
included (chinesecalendar, corrected by an override file). A year without an official calendar is
counted by weekdays and says so. Days are those of the district, times are naive local times.

Source of the counting rules: 行政处罚法 art. 85, 行政强制法 art. 69, 民法典 art. 203.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal

import chinese_calendar
from pydantic import BaseModel, ConfigDict

from enforcement.errors import DistrictRefused
from rules.errors import Fault
from rules.model import Text
from rules.reading import parsed, read_yaml

TimeUnit = Literal["hour", "working_hour", "day", "working_day", "month", "year"]
END_OF_DAY = time(23, 59, 59)
OFFICE_HOURS = ((time(9), time(12)), (time(14), time(18)))
"""A project default, not law; a district may set its own."""
_SATURDAY = 5
_LONGEST = 366 * 40
_PUBLISHED_YEARS = frozenset(day.year for day in chinese_calendar.holidays)


class _OverridesS(BaseModel):
    model_config = ConfigDict(extra="forbid")
    holidays: list[date] = []
    workdays: list[date] = []
    official_years: list[int] = []


@dataclass(frozen=True, slots=True)
class Due:
    """The last moment of a limit, and the years that were counted without an official calendar."""

    at: datetime
    unofficial_years: tuple[int, ...] = ()

    @property
    def warning(self) -> Text | None:
        """What a reader must see beside the date, or None."""
        if not self.unofficial_years:
            return None
        years = ", ".join(map(str, self.unofficial_years))
        return Text(
            f"{years} 年的放假安排尚未公布或未录入，按周一至周五推算",
            f"no official calendar for {years}; counted by weekdays",
        )


@dataclass(frozen=True)
class WorkCalendar:
    """Which days offices work: the published calendar, corrected by hand.

    `overrides` maps days to True (offices work) or False; `official_years` are the years for
    which the overrides are the whole published arrangement.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    official_years: frozenset[int] = frozenset()
    office_hours: tuple[tuple[time, time], ...] = OFFICE_HOURS

    def is_workday(self, day: date) -> bool:
        """Whether offices work on `day`; by weekdays where no calendar is published."""
        if day in self.overrides:
            return self.overrides[day]
        if _published(day.year):
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < _SATURDAY

    def is_official(self, year: int) -> bool:
        """Whether the year's arrangement is known."""
        return year in self.official_years or _published(year)

    def due(self, start: datetime, limit: int, unit: TimeUnit) -> Due:
        """When a limit that starts at `start` ends.

        Hours run on; working hours run in office hours; all others end with their last day.
        Raises ValueError for a negative limit or one of more than forty years.
        """
        if not 0 <= limit <= _LONGEST:
            raise ValueError(f"a limit is 0 to {_LONGEST}, not {limit}")
        if unit == "hour":
            end = start + timedelta(hours=limit)
        elif unit == "working_hour":
            end = self._working_hours(start, limit)
        elif unit == "working_day":
            end = datetime.combine(self.after_workdays(start.date(), limit), END_OF_DAY)
        else:
            months = {"day": 0, "month": limit, "year": 12 * limit}[unit]
            last = _months_later(start.date(), months)
            if unit == "day":
                last += timedelta(days=limit)
            while not self.is_workday(last):
                last += timedelta(days=1)
            end = datetime.combine(last, END_OF_DAY)
        years = range(start.year, end.year + 1) if unit != "hour" else ()
        return Due(end, tuple(year for year in years if not self.is_official(year)))

    def after_workdays(self, start: date, count: int) -> date:
        """The day on which `count` working days after `start` are full; `start` is not counted."""
        day = start
        while count > 0:
            day += timedelta(days=1)
            if self.is_workday(day):
                count -= 1
        return day

    def workdays_in(self, year: int) -> int:
        """How many days of the year offices work."""
        days = (date(year, 12, 31) - date(year, 1, 1)).days + 1
        return sum(self.is_workday(date(year, 1, 1) + timedelta(days=n)) for n in range(days))

    def _working_hours(self, start: datetime, hours: int) -> datetime:
        left = timedelta(hours=hours)
        moment = start
        while True:
            day = moment.date()
            spans = self.office_hours if self.is_workday(day) else ()
            for opens, closes in spans:
                begin = max(moment, datetime.combine(day, opens))
                end = datetime.combine(day, closes)
                if begin >= end:
                    continue
                if left <= end - begin:
                    return begin + left
                left -= end - begin
            moment = datetime.combine(day + timedelta(days=1), time())


def work_calendar(path: Path | None) -> WorkCalendar:
    """The calendar with the corrections of a YAML file: `holidays`, `workdays`, `official_years`.

    Raises `DistrictRefused` when the file does not fit or a day is both.
    """
    if path is None or not path.exists():
        return WorkCalendar()
    faults: list[Fault] = []
    raw = read_yaml(path, path.name, faults)
    given = parsed(_OverridesS, raw or {}, path.name, faults)
    if given is not None:
        faults += [
            Fault(
                f"{path.name}:{day}",
                "同一天既是假日又是工作日",
                "the day is both a holiday and a working day",
            )
            for day in sorted(set(given.holidays) & set(given.workdays))
        ]
    if faults or given is None:
        raise DistrictRefused(faults)
    overrides = dict.fromkeys(given.holidays, False) | dict.fromkeys(given.workdays, True)
    return WorkCalendar(overrides, frozenset(given.official_years))


def _published(year: int) -> bool:
    """Whether chinesecalendar has the year; it has its first holiday of each such year."""
    return year in _PUBLISHED_YEARS


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or the month's last day when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
