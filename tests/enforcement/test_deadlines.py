"""When limits end: the start day is not counted, holidays move the end, make-up days count."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.deadlines import TimeUnit, WorkCalendar, work_calendar
from enforcement.errors import DistrictRefused

CALENDAR = WorkCalendar()
MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2026, 6, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("start", "count", "ends"),
    [
        (date(2009, 1, 23), 5, date(2009, 2, 4)),
        (date(2009, 9, 30), 5, date(2009, 10, 14)),
        (date(2026, 9, 30), 5, date(2026, 10, 13)),
        (date(2026, 2, 13), 7, date(2026, 3, 2)),
        (date(2008, 1, 2), 967, date(2011, 11, 16)),
    ],
)
def test_working_days_over_holidays_and_make_up_days(start: date, count: int, ends: date) -> None:
    due = CALENDAR.due(datetime.combine(start, time(10)), count, "working_day")
    assert due.at.date() == ends
    assert due.warning is None


def test_the_year_of_the_article_has_251_working_days() -> None:
    assert CALENDAR.workdays_in(2008) == 251
    assert CALENDAR.workdays_in(2026) == 248


def test_calendar_days_that_end_on_a_holiday_end_on_the_next_working_day() -> None:
    due = CALENDAR.due(datetime(2008, 9, 16, 9), 15, "day")  # noqa: DTZ001
    assert due.at.date() == date(2008, 10, 6)


def test_a_month_ends_on_the_same_day_or_on_the_last_of_a_shorter_month() -> None:
    due = CALENDAR.due(datetime(2008, 1, 31, 9), 3, "month")  # noqa: DTZ001
    assert due.at.date() == date(2008, 4, 30)


def test_two_hours_run_through_the_night() -> None:
    due = CALENDAR.due(datetime(2026, 11, 20, 23), 2, "hour")  # noqa: DTZ001
    assert due.at == datetime(2026, 11, 21, 1)  # noqa: DTZ001


def test_working_hours_pause_over_lunch_the_night_and_the_weekend() -> None:
    due = CALENDAR.due(datetime(2026, 11, 20, 17), 4, "working_hour")  # noqa: DTZ001
    assert due.at == datetime(2026, 11, 23, 12)  # noqa: DTZ001


def test_a_year_without_an_official_calendar_is_counted_by_weekdays_and_says_so() -> None:
    due = CALENDAR.due(datetime(2030, 1, 4, 9), 1, "working_day")  # noqa: DTZ001
    assert due.at.date() == date(2030, 1, 7)
    assert due.unofficial_years == (2030,)
    assert due.warning is not None
    assert "2030" in due.warning.zh


def test_an_override_file_corrects_the_calendar(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text("holidays: [2030-01-07]\nworkdays: [2030-01-05]\nofficial_years: [2030]\n")
    mine = work_calendar(file)
    due = mine.due(datetime(2030, 1, 4, 9), 2, "working_day")  # noqa: DTZ001
    assert due.at.date() == date(2030, 1, 8)
    assert due.warning is None


def test_a_day_cannot_be_both(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text("holidays: [2030-01-07]\nworkdays: [2030-01-07]\n")
    with pytest.raises(DistrictRefused, match="2030-01-07"):
        work_calendar(file)


def test_no_file_means_the_published_calendar(tmp_path: Path) -> None:
    assert work_calendar(None) == work_calendar(tmp_path / "none.yaml") == CALENDAR


@pytest.mark.parametrize("limit", [-1, 10**6])
def test_a_senseless_limit_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match=str(limit)):
        CALENDAR.due(datetime(2026, 1, 5), limit, "day")  # noqa: DTZ001


@given(
    MOMENTS,
    st.integers(0, 60),
    st.sampled_from(["hour", "working_hour", "day", "working_day", "month"]),
)
def test_a_longer_limit_never_ends_earlier(start: datetime, limit: int, unit: TimeUnit) -> None:
    assert CALENDAR.due(start, limit, unit).at <= CALENDAR.due(start, limit + 1, unit).at


@given(MOMENTS, st.integers(1, 60))
def test_working_days_end_on_a_working_day(start: datetime, limit: int) -> None:
    last = CALENDAR.due(start, limit, "working_day").at.date()
    assert CALENDAR.is_workday(last)
    between = [start.date() + timedelta(days=n + 1) for n in range((last - start.date()).days)]
    assert sum(map(CALENDAR.is_workday, between)) == limit
