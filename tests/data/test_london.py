"""London's food register: the boroughs decide by place, and nothing else was tuned.

The district is the one that docs/bring-your-district.md builds.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from enforcement.district import District, open_district
from enforcement.resolution import AtPoint, Question, Resolution, resolve
from geo.points import Point
from tests.data.walkthrough import prepare, run, section, steps

DAY = date(2021, 6, 1)


@pytest.fixture(scope="module")
def london(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> District:
    folder = tmp_path_factory.mktemp("london")
    with pytest.MonkeyPatch.context() as patch:
        prepare(folder, shared_data, patch)
        for step in steps(section("London")):
            if " resolve " not in step.command:
                run(step, patch)
        return open_district(Path("london").absolute(), data=Path("var").absolute())


@pytest.fixture(scope="module")
def register(shared_data: Path) -> pd.DataFrame:
    return pd.read_parquet(shared_data / "london_food_businesses.parquet")


Row = tuple[str, str, float, float]


def rows(register: pd.DataFrame) -> list[Row]:
    """Type, owner, longitude and latitude of each business."""
    named: list[Row] = list(
        zip(
            register.btype.astype(str).tolist(),
            register.owner.astype(str).tolist(),
            register.lon.astype(float).tolist(),
            register.lat.astype(float).tolist(),
            strict=True,
        )
    )
    return named


def asked(
    london: District, matter: str, where: tuple[float, float], accuracy_m: float, **facts: str
) -> Resolution:
    point = Point.checked(lon=where[0], lat=where[1])
    return resolve(Question(matter, DAY, DAY, AtPoint(point, accuracy_m), facts), london)


def name(one: Resolution) -> str | None:
    return None if one.lead is None else str(one.lead["name"]["en"])


def test_the_place_alone_names_the_owner(london: District, register: pd.DataFrame) -> None:
    right = sum(
        name(asked(london, "food.place", (lon, lat), 0.0)) == owner
        for _, owner, lon, lat in rows(register)
    )
    assert right / len(register) >= 0.993


def test_answers_that_are_certain_are_right_and_mobile_caterers_are_asked(
    london: District, register: pd.DataFrame
) -> None:
    right = certain = asked_vans = vans = 0
    for kind, owner, lon, lat in rows(register):
        one = asked(london, "food.hygiene", (lon, lat), 20.0, kind=kind)
        if kind == "Mobile caterer":
            vans += 1
            asked_vans += [ask["fact"] for ask in one.answer["ask"]] == ["registered"]
            assert one.lead is None
        if one.outcome == "outside":
            assert not one.certain
        if one.certain and one.lead is not None:
            certain += 1
            right += name(one) == owner
    assert right / certain >= 0.996
    assert certain / len(register) >= 0.95
    assert asked_vans == vans


def test_a_mobile_caterer_is_asked_where_it_is_registered(london: District) -> None:
    def van(**facts: str) -> Resolution:
        return asked(london, "food.hygiene", (-0.1426, 51.539), 20.0, kind="mobile", **facts)

    assert [ask["fact"] for ask in van().answer["ask"]] == ["registered"]
    assert name(van(registered="here")) == "Camden"
    assert van(registered="elsewhere").outcome == "vacant"
