"""One question in, one accountable unit out; or one question back, or one seam with one interim."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.district import District
from enforcement.errors import BadQuestion
from enforcement.resolution import (
    AtPoint,
    AtStake,
    InArea,
    Question,
    Resolution,
    resolve,
)
from geo.points import Point
from rules.errors import DateNotCovered, ImpossibleFacts, UnknownMatter
from tests.enforcement import toy

WEST = (114.007, 22.008)
EAST = (114.015, 22.008)
BORDER = (114.01, 22.008)
POND = (114.002, 22.001)
SHORE = (114.004, 22.001)
FAR_EAST = (114.025, 22.005)
AT_SEA = (114.5, 21.0)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return toy.district(tmp_path_factory.mktemp("toy"))


def asked(
    district: District,
    matter: str = "food",
    at: tuple[float, float] | AtStake | InArea = WEST,
    *,
    accuracy_m: float = 10,
    on: date = toy.DAY,
    occurred_on: date | None = None,
    asker: str | None = None,
    known: Mapping[str, str] | None = None,
    **facts: str,
) -> Resolution:
    where = (
        AtPoint(Point.checked(lon=at[0], lat=at[1]), accuracy_m) if isinstance(at, tuple) else at
    )
    named = {name.replace("__", "."): value for name, value in (facts | dict(known or {})).items()}
    return resolve(Question(matter, on, occurred_on or on, where, named, asker), district)


def lead_of(resolution: Resolution) -> str | None:
    return None if resolution.lead is None else str(resolution.lead["unit"])


def interim_of(resolution: Resolution) -> str | None:
    return None if resolution.interim is None else str(resolution.interim["unit"])


def question_of(resolution: Resolution) -> Mapping[str, Any]:
    (only,) = resolution.answer["ask"]
    found: Mapping[str, Any] = only
    return found


def values_asked(resolution: Resolution) -> list[str]:
    return [one["value"] for one in question_of(resolution)["values"]]


# --- decided ---------------------------------------------------------------------------------


def test_the_stage_decides_among_licensed_premises(district: District) -> None:
    assert lead_of(asked(district, stage="shop", licence="licensed")) == "trade"
    assert lead_of(asked(district, stage="kitchen", licence="licensed")) == "health"


def test_the_street_team_is_that_of_the_place(district: District) -> None:
    assert lead_of(asked(district, at=WEST, licence="unlicensed", stage="shop")) == "team_w"
    assert lead_of(asked(district, at=EAST, licence="unlicensed", stage="shop")) == "team_e"


def test_a_reform_changes_the_unit_on_its_day_and_not_before(district: District) -> None:
    facts = {"stage": "shop", "licence": "licensed"}
    before = asked(district, on=toy.REFORM - timedelta(days=1), known=facts)
    assert (lead_of(before), lead_of(asked(district, on=toy.REFORM, known=facts))) == (
        "trade",
        "market",
    )


def test_what_occurred_earlier_is_cited_by_the_law_of_its_day(district: District) -> None:
    resolution = asked(
        district,
        on=toy.REFORM,
        occurred_on=date(2009, 5, 31),
        stage="shop",
        licence="licensed",
    )
    assert lead_of(resolution) == "market"
    assert [one["cite"] for one in resolution.answer["basis"]] == ["旧法第1条"]


def test_the_answer_says_why_who_assists_and_what_else_it_could_be(district: District) -> None:
    answer = asked(district, stage="shop", licence="licensed").answer
    assert answer["because"][0]["says"] == {"zh": "SHOP：销售", "en": "SHOP: Selling"}
    assert answer["because"][0]["matched"] == {"stage": "shop", "licence": "licensed"}
    assert [(one["unit"], one["duty"]) for one in answer["assist"]] == [("health", "technical")]
    street = asked(district, stage="shop", licence="unlicensed").answer
    assert [(one["unit"], one["confidence"]) for one in street["readings"]] == [("trade", "M")]


def test_a_unit_does_not_assist_itself(district: District) -> None:
    resolution = asked(district, on=toy.REFORM, stage="shop", licence="licensed")
    assert lead_of(resolution) == "market"
    assert resolution.answer["assist"] == []


def test_an_exception_beats_the_general_rule_and_the_loser_is_told(district: District) -> None:
    resolution = asked(district, at=POND, stage="farm", licence="unlicensed")
    assert lead_of(resolution) == "epb"
    assert [(one["rule"], one["unit"], one["lost_to"]) for one in resolution.answer["rivals"]] == [
        ("STREET", "team_w", "WATER")
    ]
    assert lead_of(asked(district, at=EAST, stage="farm", licence="unlicensed")) == "team_e"


def test_the_asker_is_told_that_it_is_its_own(district: District) -> None:
    facts = {"stage": "shop", "licence": "unlicensed"}
    own = asked(district, asker="team_w", known=facts).lead
    other = asked(district, at=EAST, asker="team_w", known=facts).lead
    assert own is not None
    assert other is not None
    assert (own["is_asker"], other["is_asker"]) == (True, False)


# --- unknown facts -----------------------------------------------------------------------------


def test_one_question_is_asked_and_the_asker_holds_meanwhile(district: District) -> None:
    resolution = asked(district, licence="licensed", asker="epb")
    assert resolution.outcome == "needs_facts"
    assert question_of(resolution)["fact"] == "stage"
    assert interim_of(resolution) == "epb"


def test_without_an_asker_the_street_team_holds(district: District) -> None:
    assert interim_of(asked(district, at=EAST, licence="licensed")) == "team_e"


def test_a_fact_that_cannot_change_the_lead_is_never_asked(district: District) -> None:
    resolution = asked(district, stage="kitchen")
    assert question_of(resolution)["fact"] == "licence"
    assert "colour" not in str(asked(district).answer["ask"])
    assert asked(district, at=POND, stage="farm").outcome == "decided"


def test_i_do_not_know_is_an_answer_and_leads_to_the_next_question(district: District) -> None:
    first = asked(district)
    assert question_of(first)["fact"] == "stage"
    second = asked(district, stage="unknown")
    assert question_of(second)["fact"] == "licence"
    third = asked(district, stage="unknown", licence="unknown")
    assert (third.outcome, third.answer["ask"]) == ("needs_facts", [])
    assert interim_of(third) == "team_w"
    assert third.answer["facts"] == {
        "licence": "unknown",
        "stage": "unknown",
        "zone.water": "none",
    }


def test_one_unit_left_is_a_decision_whatever_stays_open(district: District) -> None:
    resolution = asked(district, on=toy.REFORM, licence="licensed", stage="kitchen")
    assert (lead_of(resolution), resolution.certain) == ("market", True)
    assert "colour" not in resolution.answer["open"]


def test_only_values_that_are_still_possible_are_offered(district: District) -> None:
    assert values_asked(asked(district, stage="unknown")) == ["licensed", "unlicensed"]
    assert "farm" not in values_asked(asked(district, licence="licensed"))


def test_a_number_falls_into_the_upper_band_at_its_threshold(district: District) -> None:
    assert lead_of(asked(district, "mast", height_m="29.9")) == "team_w"
    assert lead_of(asked(district, "mast", height_m="30")) == "epb"
    assert lead_of(asked(district, "mast", height_m="tall")) == "epb"


# --- seams -------------------------------------------------------------------------------------


def test_two_leads_are_contested_and_one_unit_holds(district: District) -> None:
    resolution = asked(district, stage="odd", licence="unlicensed")
    assert resolution.outcome == "contested"
    assert resolution.answer["seam"]["kind"] == "overlap"
    assert interim_of(resolution) == "team_w"


def test_two_roles_of_one_unit_are_not_contested(district: District) -> None:
    resolution = asked(district, on=toy.REFORM, stage="odd", licence="unlicensed")
    assert (resolution.outcome, lead_of(resolution)) == ("decided", "market")


def test_a_gap_and_a_role_without_a_unit_are_vacant(district: District) -> None:
    gap = asked(district, stage="fumes", licence="unlicensed")
    vacancy = asked(district, stage="fumes", licence="licensed")
    assert (gap.outcome, gap.answer["seam"]["kind"]) == ("vacant", "gap")
    assert (vacancy.outcome, vacancy.answer["seam"]["kind"]) == ("vacant", "vacancy")
    assert interim_of(gap) == interim_of(vacancy) == "team_w"


# --- the circle ----------------------------------------------------------------------------------


def test_on_the_border_the_street_is_asked_and_settles_it(district: District) -> None:
    facts = {"stage": "shop", "licence": "unlicensed"}
    resolution = asked(district, at=BORDER, known=facts)
    assert (resolution.outcome, resolution.certain) == ("needs_facts", False)
    assert question_of(resolution)["fact"] == "place.street"
    assert sorted(values_asked(resolution)) == ["E", "W"]
    assert lead_of(asked(district, at=BORDER, place__street="E", known=facts)) == "team_e"


def test_a_border_that_no_question_settles_is_contested(district: District) -> None:
    resolution = asked(
        district, at=BORDER, stage="shop", licence="unlicensed", place__street="unknown"
    )
    assert resolution.outcome == "contested"
    assert interim_of(resolution) in {"team_w", "team_e"}


def test_a_border_between_streets_does_not_matter_to_a_district_unit(district: District) -> None:
    resolution = asked(district, at=BORDER, stage="shop", licence="licensed")
    assert (lead_of(resolution), resolution.certain) == ("trade", True)


def test_at_the_edge_of_a_zone_the_zone_is_asked(district: District) -> None:
    resolution = asked(district, at=SHORE, stage="farm", licence="unlicensed")
    assert question_of(resolution)["fact"] == "zone.water"
    settled = asked(district, at=SHORE, stage="farm", licence="unlicensed", zone__water="none")
    assert lead_of(settled) == "team_w"


def test_a_larger_circle_never_turns_into_another_certain_answer(district: District) -> None:
    near = (114.0098, 22.008)
    small = asked(district, at=near, accuracy_m=5, stage="shop", licence="unlicensed")
    large = asked(district, at=near, accuracy_m=50, stage="shop", licence="unlicensed")
    assert (lead_of(small), lead_of(large)) == ("team_w", None)


def test_two_carriageways_too_close_to_tell_are_asked(district: District) -> None:
    between = (114.005, 22.005)
    blurred = asked(district, "hole", between, accuracy_m=20)
    assert question_of(blurred)["fact"] == "place.road"
    assert sorted(values_asked(blurred)) == ["R1", "R2"]
    sharp = asked(district, "hole", between, accuracy_m=3)
    assert (lead_of(sharp), sharp.certain) == ("works", True)
    said = asked(district, "hole", between, accuracy_m=20, place__road="R2")
    assert lead_of(said) == "builder"


def test_the_register_names_the_maintainer_at_a_stake(district: District) -> None:
    assert lead_of(asked(district, "hole", AtStake("R1", "K0+500"))) == "works"


def test_a_road_that_the_map_does_not_know_is_asked_for_not_guessed(district: District) -> None:
    resolution = asked(district, "hole", WEST, road__road_class="branch")
    assert (resolution.outcome, resolution.certain) == ("needs_facts", False)
    question = question_of(resolution)
    assert (question["fact"], question["values"]) == ("place.road", [])
    assert interim_of(resolution) == "team_w"
    settled = asked(district, "hole", AtStake("R1", "K0+500"), road__road_class="branch")
    assert lead_of(settled) == "works"


def test_who_does_not_know_the_road_gets_a_unit_that_holds_the_case(district: District) -> None:
    resolution = asked(district, "hole", WEST, road__road_class="branch", place__road="unknown")
    assert (resolution.outcome, resolution.answer["ask"]) == ("needs_facts", [])
    assert interim_of(resolution) == "team_w"


def test_somebody_on_the_spot_overrules_the_map_and_the_answer_says_so(
    district: District,
) -> None:
    resolution = asked(district, at=EAST, stage="farm", licence="unlicensed", zone__water="inside")
    assert lead_of(resolution) == "epb"
    assert any("按现场认定" in one["zh"] for one in resolution.answer["notices"])


def test_an_area_is_a_place_too(district: District) -> None:
    assert lead_of(asked(district, at=InArea("E"), stage="shop", licence="unlicensed")) == "team_e"
    farm = asked(district, at=InArea("W"), stage="farm", licence="unlicensed")
    assert question_of(farm)["fact"] == "zone.water"


# --- outside -------------------------------------------------------------------------------------


def test_outside_is_said_with_who_runs_it_and_never_certain(district: District) -> None:
    resolution = asked(district, at=FAR_EAST, stage="shop", licence="licensed")
    assert (resolution.outcome, resolution.certain) == ("outside", False)
    assert interim_of(resolution) == "far_gov"


def test_at_sea_the_intake_unit_holds_and_nobody_is_recorded(district: District) -> None:
    resolution = asked(district, at=AT_SEA, stage="shop", licence="licensed")
    assert (resolution.outcome, interim_of(resolution)) == ("outside", "gov")


def test_at_the_edge_of_the_district_the_street_question_offers_outside(
    district: District,
) -> None:
    resolution = asked(district, at=(114.02, 22.008), stage="shop", licence="licensed")
    assert resolution.outcome == "needs_facts"
    assert sorted(values_asked(resolution)) == ["E", "outside"]
    assert (
        asked(
            district,
            at=(114.02, 22.008),
            stage="shop",
            licence="licensed",
            place__street="outside",
        ).outcome
        == "outside"
    )


# --- refused -------------------------------------------------------------------------------------


def test_facts_that_exclude_each_other_are_refused_naming_both(district: District) -> None:
    with pytest.raises(ImpossibleFacts, match="stage=farm") as refused:
        asked(district, stage="farm", licence="licensed")
    assert "licence=licensed" in refused.value.en
    assert "no such licence" in refused.value.en


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"stage": "moon"}, "shop, kitchen, farm"),
        ({"taste": "sweet"}, "it has: stage, licence"),
        ({"place__street": "E"}, "possible there: W"),
        ({"place__road": "R9"}, "possible there"),
    ],
)
def test_what_the_matter_does_not_know_is_refused_with_what_it_does(
    district: District, facts: dict[str, str], says: str
) -> None:
    with pytest.raises(BadQuestion, match=says):
        asked(district, known=facts)


@pytest.mark.parametrize("height", ["-1", "nan", "inf", "high", ""])
def test_a_senseless_number_is_refused(district: District, height: str) -> None:
    with pytest.raises(BadQuestion, match="height_m"):
        asked(district, "mast", height_m=height)


@pytest.mark.parametrize("asker", ["nobody", "office", "builder"])
def test_only_a_unit_with_powers_may_be_the_asker(district: District, asker: str) -> None:
    with pytest.raises(BadQuestion, match="asker"):
        asked(district, asker=asker)


def test_an_unknown_matter_and_a_day_without_rules_are_refused(district: District) -> None:
    with pytest.raises(UnknownMatter, match="food, hole, mast"):
        asked(district, "weather")
    with pytest.raises(DateNotCovered, match="2004-01-01 to now"):
        asked(district, on=date(2003, 12, 31))


# --- always --------------------------------------------------------------------------------------


@given(
    lon=st.floats(113.99, 114.03),
    lat=st.floats(21.995, 22.015),
    accuracy=st.sampled_from([0.0, 3.0, 10.0, 60.0]),
    on=st.dates(date(2004, 1, 1), date(2026, 12, 31)),
    stage=st.sampled_from([None, "shop", "kitchen", "farm", "odd", "fumes", "unknown"]),
    licence=st.sampled_from([None, "licensed", "unlicensed", "unknown"]),
)
def test_always_one_lead_or_one_interim_never_a_coordination_body(
    district: District,
    *,
    lon: float,
    lat: float,
    accuracy: float,
    on: date,
    stage: str | None,
    licence: str | None,
) -> None:
    facts = {k: v for k, v in {"stage": stage, "licence": licence}.items() if v}
    if facts == {"stage": "farm", "licence": "licensed"}:
        return
    resolution = asked(district, at=(lon, lat), accuracy_m=accuracy, on=on, known=facts)
    holder = resolution.lead or resolution.interim
    assert holder is not None
    assert (resolution.lead is None) is (resolution.interim is not None)
    unit = district.registry.units[holder["unit"]]
    assert unit.kind != "coordination"
    assert unit.period.covers(on)
    assert len(resolution.answer["ask"]) <= 1
    again = asked(district, at=(lon, lat), accuracy_m=accuracy, on=on, known=facts)
    assert again.as_dict() == resolution.as_dict()
