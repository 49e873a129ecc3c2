"""What the schematic Longgang answers on the command line: the promises of the main job."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner, Result

from geo.editions import Kind
from web.cli import main
from web.cli.speaking import Speaker
from web.desk import Desk
from web.settings import Lang

ERA = "2008-11-05"
NOW = "2026-11-20"
Seamless = Callable[..., Result]


@pytest.fixture(scope="session")
def seamless(longgang: Desk) -> Seamless:
    """Calls the command line on the schematic district."""

    def call(*arguments: str) -> Result:
        speaker = Speaker(longgang.settings, Lang.ZH, longgang)
        return CliRunner().invoke(main, list(arguments), obj=speaker, prog_name="seamless")

    return call


def resolved(seamless: Seamless, matter: str, *where: str, on: str, **facts: str) -> dict[str, Any]:
    options = [f"--fact={name.replace('__', '.')}={value}" for name, value in facts.items()]
    result = seamless("resolve", matter, *where, *options, "--on", on, "--json")
    assert result.exit_code in {0, 3, 4, 5}, result.stderr
    told: dict[str, Any] = json.loads(result.stdout)
    return told | {"exit_code": result.exit_code}


def points(desk: Desk, on: str, kind: Kind = Kind.STREET) -> dict[str, str]:
    """A point inside each area of a kind, by code, as --at takes it."""
    day = date.fromisoformat(on)
    return {
        code: f"{shape.representative_point().x:.6f},{shape.representative_point().y:.6f}"
        for edition, _ in desk.district.atlas.in_force(day)
        if edition.kind is kind
        for code, shape in zip(edition.frame["code"], edition.frame.geometry, strict=True)
    }


def at(desk: Desk, code: str = "440307014", on: str = ERA) -> tuple[str, str]:
    return "--at", points(desk, on)[code]


# --- food ------------------------------------------------------------------------------------


def test_an_unlicensed_mobile_vendor_belongs_to_the_team_of_each_of_the_13_streets(
    seamless: Seamless, longgang: Desk
) -> None:
    streets = points(longgang, ERA)
    assert len(streets) == 13
    for code, point in streets.items():
        facts = {"stage": "catering", "licence": "unlicensed", "premises": "mobile"}
        told = resolved(seamless, "food.safety", "--at", point, on=ERA, **facts)
        assert (told["exit_code"], told["certain"]) == (0, True)
        assert told["lead"]["unit"] == f"street_enf.{code}"
        assert told["lead"]["name"]["zh"].endswith("执法队")
        assert told["basis"][0]["rule"] == told["because"][0]["rule"]


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"stage": "catering", "licence": "licensed", "premises": "fixed"}, "卫生"),
        ({"stage": "processing", "licence": "licensed", "premises": "fixed"}, "质量技术监督"),
        ({"stage": "circulation", "licence": "licensed", "premises": "fixed"}, "工商"),
        ({"stage": "primary_production", "licence": "not_required", "premises": "farm"}, "农"),
    ],
)
def test_in_2008_each_stage_has_its_regulator(
    seamless: Seamless, longgang: Desk, facts: dict[str, str], name: str
) -> None:
    told = resolved(seamless, "food.safety", *at(longgang), on=ERA, **facts)
    assert told["exit_code"] == 0
    assert name in told["lead"]["name"]["zh"]


def test_today_it_is_the_streets_comprehensive_team_and_the_market_regulator(
    seamless: Seamless, longgang: Desk
) -> None:
    streets = points(longgang, NOW)
    assert len(streets) == 11
    for code, point in streets.items():
        where = ("--at", point)
        facts = {"stage": "catering", "licence": "unlicensed", "premises": "mobile"}
        mobile = resolved(seamless, "food.safety", *where, on=NOW, **facts)
        assert mobile["lead"]["unit"] == f"street_cle.{code}"
        facts = {"stage": "catering", "licence": "licensed", "premises": "fixed"}
        fixed = resolved(seamless, "food.safety", *where, on=NOW, **facts)
        assert "市场监督管理" in fixed["lead"]["name"]["zh"]
        for told in (mobile, fixed):
            laws = longgang.district.book.catalogue.laws
            day = date.fromisoformat(NOW)
            assert all(laws[one["law"]].period.covers(day) for one in told["basis"])


# --- roads -----------------------------------------------------------------------------------


def test_exhaust_on_an_expressway_is_the_traffic_polices_with_evidence_at_the_exit(
    seamless: Seamless,
) -> None:
    stake = ("--road", "S28", "--stake", "K12+300")
    told = resolved(seamless, "road.vehicle_exhaust", *stake, on=ERA)
    assert told["exit_code"] == 0
    assert "交通警察" in told["lead"]["name"]["zh"]
    assert ("epb", "evidence") in {(one["unit"], one["duty"]) for one in told["assist"]}
    assert "出口" in told["enforcement_point"]["zh"]


def test_a_guardrail_is_the_operators_and_the_penalty_the_transport_authoritys(
    seamless: Seamless, longgang: Desk
) -> None:
    stake = ("--road", "S28", "--stake", "K12+300")
    told = resolved(seamless, "road.asset_defect", *stake, on=ERA, asset="guardrail")
    assert told["exit_code"] == 0
    assert told["lead"]["kind"] == "owner"
    assert told["lead"]["unit"] == told["place"]["road"]["owners"]["maintain"]
    damage = resolved(seamless, "road.damage", *stake, on=ERA)
    assert damage["exit_code"] == 0
    assert damage["lead"]["kind"] == "org"
    assert "交通" in damage["lead"]["name"]["zh"]


def test_the_roads_are_707_kilometres_of_214_and_401_and_92(seamless: Seamless) -> None:
    shown = seamless("roads", "summary", "--on", ERA).stdout.splitlines()
    assert "公路 707 = 214 + 401 + 92 千米" in shown
    assert shown[-1] == "示意数据"
    told = json.loads(seamless("roads", "summary", "--on", ERA, "--json").stdout)
    highways = told["by_class"]["highway"]
    operators = {owner: km for owner, km in highways.items() if owner.startswith("exp_")}
    assert highways["hwy_d"] == pytest.approx(214, rel=0.0005)
    assert highways["hwy_c"] == pytest.approx(401, rel=0.0005)
    assert sum(operators.values()) == pytest.approx(92, rel=0.0005)
    assert sum(highways.values()) == pytest.approx(707, rel=0.0005)
    assert told["unowned_km"] == 0


# --- questions -------------------------------------------------------------------------------


def test_leaving_the_stage_out_gives_exactly_one_question(
    seamless: Seamless, longgang: Desk
) -> None:
    facts = {"licence": "licensed", "premises": "fixed"}
    told = resolved(seamless, "food.safety", *at(longgang), on=ERA, **facts)
    assert (told["exit_code"], told["outcome"]) == (3, "needs_facts")
    assert [one["fact"] for one in told["ask"]] == ["stage"]


def test_a_question_is_asked_only_when_its_answer_can_change_the_outcome(
    seamless: Seamless, longgang: Desk
) -> None:
    """Answering in every possible way, one after the other, ends; each question has two ends."""
    where = at(longgang)
    waiting: list[dict[str, str]] = [{}]
    asked = 0
    while waiting and asked < 60:
        facts = waiting.pop()
        told = resolved(seamless, "food.safety", *where, on=ERA, **facts)
        if told["outcome"] != "needs_facts" or not told["ask"]:
            continue
        asked += 1
        (ask,) = told["ask"]
        answers = [
            resolved(
                seamless, "food.safety", *where, on=ERA, **facts, **{ask["fact"]: one["value"]}
            )
            for one in ask["values"]
        ]
        ends = {
            (one["outcome"], (one["lead"] or {}).get("unit"), len(one["candidates"]))
            for one in answers
        }
        assert len(ends) > 1, (facts, ask["fact"])
        waiting += [facts | {ask["fact"]: one["value"]} for one in ask["values"][:3]]
    assert asked > 5


def test_unknown_is_an_answer_and_is_not_asked_again(seamless: Seamless, longgang: Desk) -> None:
    where = at(longgang)
    told = resolved(seamless, "food.safety", *where, on=ERA, stage="unknown")
    assert told["facts"]["stage"] == "unknown"
    assert "stage" not in [one["fact"] for one in told["ask"]]
    assert (told["lead"] or told["interim"])["unit"]
    everything = {
        fact.name: "unknown" for fact in longgang.district.book.matter("food.safety").facts
    }
    given = [f"--fact={name}=unknown" for name in everything]
    result = seamless("resolve", "food.safety", *where, *given, "--on", ERA, "--json")
    told = json.loads(result.stdout)
    assert told["ask"] == []
    assert told["interim"]["unit"] == "street_enf.440307014"


# --- sites -----------------------------------------------------------------------------------


def test_a_licensed_market_stall_is_answered_as_its_facts_typed_by_hand(
    seamless: Seamless, longgang: Desk
) -> None:
    listed = json.loads(seamless("sites", "list", "--stage", "circulation", "--json").stdout)
    stalls = [
        one
        for one in listed
        if one["premises"] == "market" and one["stages"] == ["circulation"] and one["licences"]
    ]
    assert stalls
    stall = stalls[0]
    licence = stall["licences"][0]
    first = licence["valid_from"]
    by_site = resolved(seamless, "food.safety", "--site", stall["id"], on=first)
    assert by_site.pop("site")["facts"]
    facts = {"stage": "circulation", "licence": "licensed", "premises": "market"}
    place = f"{stall['lon']},{stall['lat']}"
    by_hand = resolved(seamless, "food.safety", "--at", place, on=first, **facts)
    assert by_site == by_hand


def test_a_licence_that_ended_the_day_before_makes_a_site_unlicensed(
    seamless: Seamless, longgang: Desk
) -> None:
    listed = json.loads(seamless("sites", "list", "--json").stdout)
    assert len(listed) == 200
    matter = longgang.district.book.matter("food.safety")
    ended = [
        (site["id"], site["licences"][0]["ceases_on"])
        for site in listed
        if len(site["licences"]) == 1
        and len(site["stages"]) == 1
        and (end := site["licences"][0]["ceases_on"]) is not None
        and matter.covers(date.fromisoformat(end))
        and site["licences"][0]["kind"] not in {"business", "exempt"}
    ]
    assert ended
    id_, end = ended[0]
    last = date.fromordinal(date.fromisoformat(end).toordinal() - 1).isoformat()
    assert (
        resolved(seamless, "food.safety", "--site", id_, on=last)["facts"]["licence"] == "licensed"
    )
    assert (
        resolved(seamless, "food.safety", "--site", id_, on=end)["facts"]["licence"] == "unlicensed"
    )


# --- refusals and places outside -------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (("--at", "200,22.6"), "at"),
        (("--at", "nan,22.6"), "at"),
        (("--fact", "stage=moon"), "fact stage"),
        (("--fact", "stage=slaughter", "--fact", "premises=online"), "stage"),
        (("--on", "2008-02-31"), "on"),
        (("--on", "1980-01-01"), "on"),
    ],
)
def test_bad_input_names_the_field(
    seamless: Seamless, longgang: Desk, options: tuple[str, ...], field: str
) -> None:
    where = () if "--at" in options else at(longgang)
    day = () if "--on" in options else ("--on", NOW)
    result = seamless("resolve", "food.safety", *where, *day, *options)
    assert result.exit_code == 2
    assert field in result.stderr.split("：")[0]


def test_an_unknown_matter_is_refused(seamless: Seamless, longgang: Desk) -> None:
    assert seamless("resolve", "food.safty", *at(longgang)).exit_code == 2


def test_a_point_at_sea_is_outside_and_somebody_takes_it_in(seamless: Seamless) -> None:
    told = resolved(seamless, "food.safety", "--at", "114.6,22.2", on=ERA)
    assert told["exit_code"] == 5
    assert told["interim"]["unit"]


def test_a_neighbouring_district_is_outside_and_it_is_said_who_runs_it(
    seamless: Seamless, longgang: Desk
) -> None:
    told = {
        code: resolved(seamless, "food.safety", "--at", point, on=NOW)
        for code, point in points(longgang, NOW, Kind.DISTRICT).items()
        if longgang.district.neighbour(code, date.fromisoformat(NOW)) is not None
    }
    outside = [one for one in told.values() if one["outcome"] == "outside"]
    assert outside
    assert all(one["exit_code"] == 5 and one["interim"]["role"] == "neighbour" for one in outside)


def test_every_answer_says_that_the_data_is_schematic(seamless: Seamless, longgang: Desk) -> None:
    told = resolved(seamless, "food.safety", *at(longgang), on=ERA)
    assert any("示意" in one["zh"] and "Schematic" in one["en"] for one in told["notices"])
    assert "示意" in seamless("resolve", "food.safety", *at(longgang)).stdout


def test_every_matter_that_is_listed_can_be_asked_about(seamless: Seamless, longgang: Desk) -> None:
    for matter in longgang.district.book.catalogue.matters.values():
        for period in matter.periods:
            day = max(period.valid_from, date(2007, 10, 1)).isoformat()
            told = resolved(seamless, matter.code, *at(longgang, on=day), on=day)
            assert told["lead"] or told["interim"]
            assert seamless("resolve", matter.code, *at(longgang, on=day), "--on", day).stdout
        assert seamless("matters", matter.code).exit_code == 0
        assert seamless("--lang", "en", "facts", matter.code).exit_code == 0


def test_rules_check_says_that_the_packs_can_be_used(seamless: Seamless) -> None:
    result = seamless("rules", "check")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[-1].endswith("可用")
