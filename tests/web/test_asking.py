"""What a person typed becomes a question, or every fault of it is told at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.resolution import AtPoint, AtStake, InArea
from geo.points import Point
from tests.enforcement import toy
from web.asking import Asked, Posed, day, pose
from web.desk import Desk
from web.errors import BadInput

WEST = "114.007,22.008"


def posed(desk: Desk, **asked: object) -> Posed:
    where = {} if {"road", "stake", "area", "site"} & set(asked) else {"at": WEST}
    given: dict[str, Any] = {"matter": "food", **where, **asked}
    question = Asked(**given)
    return pose(question, district=desk.district, sites=desk.kept, today=desk.today())


def faults(desk: Desk, **asked: object) -> dict[str, str]:
    with pytest.raises(BadInput) as caught:
        posed(desk, **asked)
    return {fault.field: f"{fault.zh} / {fault.en}" for fault in caught.value.faults}


# --- what is taken ---------------------------------------------------------------------------


def test_a_position_is_longitude_then_latitude_and_is_trusted_to_ten_metres(toy_desk: Desk) -> None:
    assert posed(toy_desk).question.where == AtPoint(Point(114.007, 22.008), 10)


def test_a_position_may_be_given_as_numbers_with_an_accuracy(toy_desk: Desk) -> None:
    question = posed(toy_desk, at=(114.007, 22.008), accuracy=25).question
    assert question.where == AtPoint(Point(114.007, 22.008), 25)
    assert posed(toy_desk, accuracy="25").question.where == question.where


def test_a_chinese_comma_and_spaces_between_the_numbers_do_no_harm(toy_desk: Desk) -> None:
    assert posed(toy_desk, at=" 114.007，22.008 ").question == posed(toy_desk).question


def test_a_position_of_a_chinese_map_is_moved_by_some_hundred_metres(toy_desk: Desk) -> None:
    where = posed(toy_desk, crs="gcj02").question.where
    assert isinstance(where, AtPoint)
    assert 0.002 < 114.007 - where.point.lon < 0.008


def test_a_stake_and_an_area_are_other_ways_to_say_where(toy_desk: Desk) -> None:
    stake = posed(toy_desk, road="R1", stake="K0+300", direction="up").question.where
    assert stake == AtStake("R1", "K0+300", "up")
    assert posed(toy_desk, area="W").question.where == InArea("W")


def test_both_days_default_to_today_and_what_happened_to_the_day_it_is_handled(
    toy_desk: Desk,
) -> None:
    today = posed(toy_desk).question
    assert (today.on, today.occurred_on) == (toy.DAY, toy.DAY)
    earlier = posed(toy_desk, on="2008-01-02").question
    assert (earlier.on, earlier.occurred_on) == (date(2008, 1, 2), date(2008, 1, 2))
    both = posed(toy_desk, on="2008-01-02", occurred_on="2007-12-31").question
    assert both.occurred_on == date(2007, 12, 31)


def test_facts_are_taken_as_texts_or_by_name_and_may_be_unknown(toy_desk: Desk) -> None:
    typed = posed(toy_desk, facts=("stage=shop", "licence=unknown")).question
    assert typed.facts == {"stage": "shop", "licence": "unknown"}
    assert posed(toy_desk, facts={"stage": "shop", "licence": "unknown"}).question == typed


def test_the_same_fact_twice_with_one_value_is_one_fact(toy_desk: Desk) -> None:
    assert posed(toy_desk, facts=("stage=shop", "stage=shop")).question.facts == {"stage": "shop"}


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "at",
    ["200,22", "114,91", "nan,22", "114,inf", "-inf,22", "1e400,22", "114", "114,22,3", "", "a,b"],
)
def test_a_position_that_is_none_is_refused_by_name(toy_desk: Desk, at: str) -> None:
    assert set(faults(toy_desk, at=at)) == {"at"}


@pytest.mark.parametrize("accuracy", ["-1", "nan", "inf", "ten", "100000", ""])
def test_an_accuracy_that_is_none_is_refused_with_what_is_allowed(
    toy_desk: Desk, accuracy: str
) -> None:
    assert "0" in faults(toy_desk, accuracy=accuracy)["accuracy"]


@pytest.mark.parametrize(
    "given",
    [
        "2008-02-30",
        "2008-13-01",
        "2008-1-1",
        "20081105",
        "2008-W45-3",
        "yesterday",
        "",
        "2008-11-05T00:00",
        "２００８-11-05",
    ],
)
def test_a_date_that_is_none_is_refused_with_an_example(toy_desk: Desk, given: str) -> None:
    assert "2008-11-05" in faults(toy_desk, on=given)["on"]
    assert set(faults(toy_desk, occurred_on=given)) == {"occurred_on"}


def test_a_day_that_no_pack_covers_is_refused_with_the_days_covered(toy_desk: Desk) -> None:
    assert "2004-01-01" in faults(toy_desk, on="1999-12-31")["on"]


def test_nothing_can_have_happened_after_it_was_handled(toy_desk: Desk) -> None:
    assert set(faults(toy_desk, on="2008-11-05", occurred_on="2008-11-06")) == {"occurred_on"}


def test_an_unknown_matter_is_refused_with_those_that_exist(toy_desk: Desk) -> None:
    assert "food" in faults(toy_desk, matter="foot")["matter"]


def test_unknown_facts_and_values_are_refused_with_those_that_exist(toy_desk: Desk) -> None:
    told = faults(toy_desk, facts=("stage=moon", "colours=red"))
    assert "kitchen" in told["fact stage"]
    assert "colour" in told["fact colours"]


@pytest.mark.parametrize("text", ["stage", "=shop", "stage=", "", "="])
def test_a_fact_is_written_name_equals_value(toy_desk: Desk, text: str) -> None:
    assert "stage=catering" in faults(toy_desk, facts=(text,))["fact"]


def test_a_fact_cannot_have_two_values(toy_desk: Desk) -> None:
    assert set(faults(toy_desk, facts=("stage=shop", "stage=kitchen"))) == {"fact stage"}


def test_one_way_of_saying_where_is_needed_and_no_more(toy_desk: Desk) -> None:
    assert set(faults(toy_desk, at=None)) == {"at"}
    assert set(faults(toy_desk, at=WEST, area="W")) == {"area"}
    assert set(faults(toy_desk, at=WEST, road="R1", stake="K0+1")) == {"road"}


def test_a_stake_needs_its_road_and_a_road_its_stake(toy_desk: Desk) -> None:
    assert set(faults(toy_desk, stake="K0+300")) == {"road"}
    assert set(faults(toy_desk, road="R1")) == {"stake"}
    assert set(faults(toy_desk, road="R1", stake="300 m")) == {"stake"}


def test_what_belongs_to_another_way_of_saying_where_is_refused(toy_desk: Desk) -> None:
    assert set(faults(toy_desk, area="W", accuracy="5", crs="gcj02")) == {"accuracy", "crs"}
    assert set(faults(toy_desk, at=WEST, direction="up")) == {"direction"}


def test_an_unknown_coordinate_system_is_refused_with_those_that_exist(toy_desk: Desk) -> None:
    assert "gcj02" in faults(toy_desk, crs="mars")["crs"]


def test_an_unknown_site_is_refused(toy_desk: Desk) -> None:
    assert set(faults(toy_desk, site="S-404")) == {"site"}


def test_everything_that_is_wrong_is_told_at_once(toy_desk: Desk) -> None:
    told = faults(
        toy_desk,
        at="200,22",
        on="2008-02-30",
        occurred_on="never",
        accuracy="-1",
        facts=("stage=moon", "nonsense"),
    )
    assert set(told) == {"at", "on", "occurred_on", "accuracy", "fact stage", "fact"}
    told = faults(toy_desk, matter="foot", road="R9", stake="K0+300")
    assert set(told) == {"matter", "road"}


def test_faults_say_what_is_wrong_in_both_languages(toy_desk: Desk) -> None:
    with pytest.raises(BadInput) as caught:
        posed(toy_desk, at="x", matter="?", on="?", accuracy="?", facts=("?",))
    for fault in caught.value.faults:
        assert any("\u4e00" <= character <= "\u9fff" for character in fault.zh)
        assert not any("\u4e00" <= character <= "\u9fff" for character in fault.en)


# --- what must always hold -------------------------------------------------------------------

texts = st.text(max_size=80) | st.none()


@given(
    matter=st.text(max_size=40),
    at=texts,
    accuracy=texts,
    crs=texts,
    road=texts,
    stake=texts,
    direction=texts,
    area=texts,
    asker=texts,
    on=texts,
    occurred_on=texts,
    facts=st.lists(st.text(max_size=40), max_size=4),
)
def test_whatever_is_typed_is_a_question_or_a_refusal(
    toy_desk: Desk,
    **asked: Any,  # noqa: ANN401 - texts and lists of texts
) -> None:
    def put() -> Posed:
        return pose(Asked(**asked), district=toy_desk.district, sites=toy_desk.kept, today=toy.DAY)

    try:
        found = put()
    except BadInput:
        with pytest.raises(BadInput, match=r".+ / .+"):
            put()
    else:
        assert found.question.matter in toy_desk.district.book.catalogue.matters


@given(st.dates())
def test_every_real_day_is_read_back_as_it_was_written(one: date) -> None:
    assert day("on", one.isoformat()) == one


def test_a_long_text_is_not_repeated_whole(toy_desk: Desk) -> None:
    long = "x" * 100_000
    for field, value in {"at": long, "on": long, "facts": (f"stage={long}",)}.items():
        assert all(len(said) < 2_000 for said in faults(toy_desk, **{field: value}).values())


def test_the_day_of_today_moves_with_the_clock(toy_desk: Desk) -> None:
    tomorrow = toy.DAY + timedelta(days=1)
    later = replace(toy_desk, today=lambda: tomorrow)
    assert posed(later).question.on == tomorrow
