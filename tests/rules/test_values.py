"""Periods, thresholds, deadlines and citations: which holds on which day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import Fault
from rules.model import (
    Basis,
    Deadline,
    Fact,
    Law,
    Limit,
    Parameter,
    ParameterValue,
    Text,
)
from rules.periods import Period, cut, uncovered

START = date(2008, 1, 1)
days = st.integers(0, 40).map(lambda n: START + timedelta(n))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = draw(days)
    length = draw(st.one_of(st.none(), st.integers(1, 15)))
    return Period(first, None if length is None else first + timedelta(length))


def every_day() -> list[date]:
    return [START + timedelta(n) for n in range(60)]


def test_the_first_day_is_in_and_the_day_it_ceases_is_out() -> None:
    period = Period(date(2009, 6, 1), date(2009, 10, 1))
    assert [
        period.covers(day)
        for day in (
            date(2009, 5, 31),
            date(2009, 6, 1),
            date(2009, 9, 30),
            date(2009, 10, 1),
        )
    ] == [False, True, True, False]
    assert period.last_day == date(2009, 9, 30)
    assert Period(START).last_day is None
    assert (str(period), str(Period(START))) == ("2009-06-01 … 2009-09-30", "2008-01-01 …")


@given(one=periods(), other=periods())
def test_periods_meet_when_they_share_a_day(one: Period, other: Period) -> None:
    shared = any(one.covers(day) and other.covers(day) for day in every_day())
    assert one.meets(other) is shared
    assert other.meets(one) is shared


@given(spans=st.lists(periods(), max_size=4), changes=st.lists(days, max_size=5))
def test_cutting_keeps_every_day_and_no_change_falls_inside_a_piece(
    spans: list[Period], changes: list[date]
) -> None:
    pieces = cut(spans, changes)
    for day in every_day():
        assert sum(p.covers(day) for p in pieces) == sum(s.covers(day) for s in spans)
    for piece in pieces:
        assert not any(piece.covers(day) and day != piece.valid_from for day in changes)


@given(needed=periods(), by=st.lists(periods(), max_size=5))
def test_what_is_uncovered_are_exactly_the_days_that_nothing_covers(
    needed: Period, by: list[Period]
) -> None:
    holes = uncovered(needed, by)
    for day in every_day():
        bare = needed.covers(day) and not any(one.covers(day) for one in by)
        assert any(hole.covers(day) for hole in holes) is bare


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(1989, 12, 31), None), (date(2011, 6, 30), 20), (date(2011, 7, 1), 30)],
)
def test_a_threshold_has_its_value_of_the_day(day: date, expected: float | None) -> None:
    values = (
        ParameterValue(Period(date(1990, 1, 1), date(2011, 7, 1)), 20, (), "H", ()),
        ParameterValue(Period(date(2011, 7, 1)), 30, (), "H", ()),
    )
    assert Parameter("band", Text("带", "band"), "m", values).on(day) == expected


def test_a_deadline_has_its_limit_of_the_day_or_none() -> None:
    limit = Limit(Period(date(2021, 7, 15)), 5, "working_day", (), "H", ())
    deadline = Deadline("D12", Text("听证", "hearing"), (limit,))
    assert deadline.on(date(2021, 7, 14)) is None
    assert deadline.on(date(2021, 7, 15)) is limit


def test_a_citation_names_law_and_article_in_both_languages() -> None:
    law = Law(
        "water", Text("水污染防治法", "Water Law"), Text("水法", "Water"), Period(START), "law", ()
    )
    assert Basis(law, "65", Period(START)).cite == "水法第65条"
    assert Basis(law, "65", Period(START)).cited("en") == "Water, art. 65"
    assert Basis(law, "", Period(START)).cite == "水法"


def test_a_fact_is_a_number_when_it_has_cuts() -> None:
    plain = Fact("stage", Text("?", "?"), {})
    assert not plain.is_number
    assert Fact("distance", Text("?", "?"), {}, unit="m", cuts=("band",)).is_number


def test_words_and_faults_can_be_shown() -> None:
    assert Text("甲", "a").as_dict() == {"zh": "甲", "en": "a"}
    assert str(Fault("f", "错", "wrong")) == "f: 错 / wrong"
