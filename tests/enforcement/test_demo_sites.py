"""The made-up sites are what an import takes without a doubt, and lie where they say."""

import csv
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import shapely
import yaml
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from enforcement.check_digits import doubts
from enforcement.demo_sites import COLUMNS, demo_sites
from enforcement.district import SCHEMATIC
from enforcement.district_files import NeighbourS, SettingsFile, StreetS
from enforcement.sites import facts_on
from enforcement.sites_import import read_sites, sites_from_rows
from geo import demo
from geo.layers import Atlas, Kind
from geo.points import Point

STAGES = ("primary_production", "slaughter", "processing", "circulation", "catering")
PREMISES = ("fixed", "mobile", "market", "farm", "school")
ALLOWED = {"stage": STAGES, "premises": PREMISES}
ARTICLE_ERA = date(2008, 11, 5)
TODAY = date(2026, 11, 20)


def row_named(name: str) -> Mapping[str, str]:
    (found,) = [row for row in demo_sites() if name in row["name"]]
    return found


def facts(name: str, day: date, stage: str | None = None) -> Mapping[str, str]:
    (site,) = sites_from_rows([row_named(name)], name="demo", allowed=ALLOWED).sites
    return facts_on(site, day, stage).facts


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return Atlas(demo.editions(), demo.register())


def test_there_are_200_sites_with_the_columns_of_the_import() -> None:
    assert len(demo_sites()) == 200
    assert all(tuple(row) == COLUMNS for row in demo_sites())
    assert len({row["id"] for row in demo_sites()}) == 200
    assert len({row["name"] for row in demo_sites()}) == 200


def test_an_import_from_a_file_takes_every_row_without_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(demo_sites())
    found = read_sites(path, allowed=ALLOWED)
    assert len(found.sites) == 200
    assert found.warnings == ()
    assert [fault for site in found.sites for fault in doubts(site)] == []


def test_every_code_and_number_has_its_right_check_digit() -> None:
    codes = [row["uscc"] for row in demo_sites() if row["uscc"]]
    assert len(set(codes)) == len(codes) > 100
    assert all(uscc.is_valid(code) and code[2:8] == "440307" for code in codes)
    numbers = {
        licence.split("|")[0]
        for row in demo_sites()
        for licence in row["licences"].split(";")
        if licence[:2] in {"SC", "JY", "YB"}
    }
    assert len(numbers) > 80
    for number in numbers:
        assert mod_11_10.is_valid(number[2:]), number
        assert "440307" in number
        assert len(number) == 16, number


def test_everything_made_up_says_so() -> None:
    for row in demo_sites():
        assert row["name"].endswith("（虚构）")
        assert row["address"].endswith("（虚构）")
        assert "FAKE" in row["uscc"] or not row["uscc"]


def test_every_site_lies_in_a_street_and_away_from_its_border(atlas: Atlas) -> None:
    for row in demo_sites():
        found = atlas.on(ARTICLE_ERA).at(
            Point.checked(lon=float(row["lon"]), lat=float(row["lat"]))
        )
        assert len({place.street for place in found.places}) == 1, row["id"]
        assert found.places[0].street is not None, row["id"]
        assert found.border_m is not None
        assert found.border_m > 20, row["id"]


def test_a_site_lies_in_the_community_of_its_address(atlas: Atlas) -> None:
    communities = {
        name: shape
        for edition in atlas.editions
        if edition.kind is Kind.COMMUNITY and edition.in_force(ARTICLE_ERA)
        for name, shape in zip(edition.frame["name"], edition.frame.geometry, strict=True)
    }
    for row in demo_sites():
        place = communities[row["address"].partition("示范路")[0]]
        assert place.covers(shapely.Point(float(row["lon"]), float(row["lat"]))), row["id"]


def test_there_are_sites_in_all_13_streets_and_in_today_s_11(atlas: Atlas) -> None:
    for day, count in [(ARTICLE_ERA, 13), (TODAY, 11)]:
        streets = Counter(
            place.street.code
            for row in demo_sites()
            for place in atlas.on(day)
            .at(Point.checked(lon=float(row["lon"]), lat=float(row["lat"])))
            .places[:1]
            if place.street
        )
        assert len(streets) == count
        assert min(streets.values()) >= 3


@pytest.mark.parametrize("day", [ARTICLE_ERA, TODAY])
def test_every_stage_comes_with_every_state_that_it_can_have(day: date) -> None:
    found = sites_from_rows(demo_sites(), name="demo", allowed=ALLOWED).sites
    seen = {
        (stage, facts_on(site, day, stage).facts["licence"])
        for site in found
        for stage in site.stages
    }
    assert seen == {
        ("primary_production", "not_required"),
        *((stage, state) for stage in STAGES[1:] for state in ("licensed", "unlicensed")),
        ("circulation", "not_required"),
    }
    assert {site.premises for site in found} == set(PREMISES)


def test_a_licensed_stall_is_licensed_in_both_eras() -> None:
    expected = {"stage": "circulation", "licence": "licensed", "premises": "market"}
    assert facts("喜盈门鲜肉档", ARTICLE_ERA) == expected
    assert facts("喜盈门鲜肉档", TODAY) == expected


@pytest.mark.parametrize(
    ("day", "licence"),
    [
        (date(2008, 11, 4), "licensed"),
        (ARTICLE_ERA, "unlicensed"),
        (date(2026, 11, 19), "licensed"),
        (TODAY, "unlicensed"),
    ],
)
def test_a_licence_that_ended_the_day_before_makes_a_stall_unlicensed(
    day: date, licence: str
) -> None:
    assert facts("旧年糕点档", day)["licence"] == licence


@pytest.mark.parametrize(
    ("name", "day", "stage", "licence"),
    [
        ("百家农贸市场", ARTICLE_ERA, "circulation", "licensed"),
        ("百家农贸市场", ARTICLE_ERA, "slaughter", "unlicensed"),
        ("万户超市", TODAY, "processing", "licensed"),
        ("坂田星河小学食堂", ARTICLE_ERA, "catering", "licensed"),
        ("门口炒粉摊", ARTICLE_ERA, "catering", "unlicensed"),
        ("三更炒粉摊", ARTICLE_ERA, "catering", "unlicensed"),
        ("三更炒粉摊", TODAY, "catering", "licensed"),
        ("水边养猪场", TODAY, "primary_production", "not_required"),
        ("大锅饭中央厨房", TODAY, "catering", "licensed"),
        ("没牌饺子馆", TODAY, "catering", "unlicensed"),
        ("老规矩定点屠宰场", ARTICLE_ERA, "slaughter", "licensed"),
        ("后山宰杀点", ARTICLE_ERA, "slaughter", "unlicensed"),
        ("半夜撤证酒楼", date(2008, 8, 31), "catering", "licensed"),
        ("半夜撤证酒楼", date(2008, 9, 1), "catering", "unlicensed"),
    ],
)
def test_a_case_that_people_ask_about_is_there(
    name: str, day: date, stage: str, licence: str
) -> None:
    assert facts(name, day, stage)["licence"] == licence


@pytest.mark.parametrize(
    ("name", "day", "kind", "grade"),
    [
        ("水边养猪场", TODAY, "water", "level2"),
        ("坂田星河小学食堂", TODAY, "school", "inside"),
        ("门口炒粉摊", ARTICLE_ERA, "school", "inside"),
        ("三更炒粉摊", TODAY, "vendor_area", "inside"),
    ],
)
def test_a_site_that_is_about_a_zone_stands_in_it(
    atlas: Atlas, name: str, day: date, kind: str, grade: str
) -> None:
    row = row_named(name)
    found = atlas.on(day).at(Point.checked(lon=float(row["lon"]), lat=float(row["lat"])))
    for place in found.places:
        assert dict(place.zones)[kind] == (grade,)


@pytest.mark.parametrize(
    "day",
    [
        date(2004, 1, 1),
        ARTICLE_ERA,
        date(2009, 6, 30),
        date(2011, 12, 30),
        date(2016, 12, 26),
        date(2017, 1, 7),
        TODAY,
    ],
)
def test_the_district_s_settings_and_its_drawing_name_the_same_areas(
    atlas: Atlas, day: date
) -> None:
    """Two hands wrote them: one for the answers, one for the map."""
    text = (SCHEMATIC / "district.yaml").read_text(encoding="utf-8")
    given = SettingsFile.model_validate(yaml.safe_load(text))
    layers: list[tuple[Kind, list[StreetS] | list[NeighbourS]]] = [
        (Kind.STREET, given.streets),
        (Kind.DISTRICT, given.neighbours),
    ]
    for kind, entries in layers:
        (edition,) = [e for e in atlas.editions if e.kind is kind and e.in_force(day)]
        drawn = dict(edition.frame[["code", "name"]].itertuples(index=False))
        written = {
            one.code: one.name.zh
            for one in entries
            if (one.valid_from or date.min) <= day
            and (one.ceases_on is None or day < one.ceases_on)
        }
        assert drawn == written
