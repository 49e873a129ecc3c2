"""London's food register: the boroughs decide by place, and nothing else was tuned.

The district is the one that docs/bring-your-district.md builds.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from enforcement.bulk import ManyAnswers, Told
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


def answers(
    london: District, matter: str, register: pd.DataFrame, accuracy_m: float, *, kinds: bool
) -> list[Told]:
    """What each business is told; in bulk, which gives the answers of one at a time."""
    numbers, types = pd.factorize(register.btype)
    nowhere = AtPoint(Point.checked(lon=0, lat=0))
    questions = [
        Question(matter, DAY, DAY, nowhere, {"kind": str(one)} if kinds else {}) for one in types
    ]
    told = ManyAnswers(london, border=False).of(
        questions,
        np.asarray(numbers, dtype=np.int64),
        register.lon.to_numpy(dtype=np.float64),
        register.lat.to_numpy(dtype=np.float64),
        np.full(len(register), accuracy_m),
    )
    return [told.told[code] for code in told.code.tolist()]


def named(one: Told) -> str | None:
    return None if one.lead_name is None else one.lead_name.en


def asked(
    london: District, matter: str, where: tuple[float, float], accuracy_m: float, **facts: str
) -> Resolution:
    point = Point.checked(lon=where[0], lat=where[1])
    return resolve(Question(matter, DAY, DAY, AtPoint(point, accuracy_m), facts), london)


def name(one: Resolution) -> str | None:
    return None if one.lead is None else str(one.lead["name"]["en"])


def test_the_place_alone_names_the_owner(london: District, register: pd.DataFrame) -> None:
    told = answers(london, "food.place", register, 0.0, kinds=False)
    right = sum(named(one) == owner for one, owner in zip(told, register.owner, strict=True))
    assert right / len(register) >= 0.993


def test_answers_that_are_certain_are_right_and_mobile_caterers_are_asked(
    london: District, register: pd.DataFrame
) -> None:
    told = answers(london, "food.hygiene", register, 20.0, kinds=True)
    right = certain = asked_vans = vans = 0
    for one, kind, owner in zip(told, register.btype, register.owner, strict=True):
        if kind == "Mobile caterer":
            vans += 1
            asked_vans += one.ask == "registered"
            assert one.lead is None
            # The circle of some touches two boroughs, and a few stand outside all of them
            assert one.ask in {"registered", "place.street"} or one.outcome == "outside"
        if one.outcome == "outside":
            assert not one.certain
        if one.certain and one.lead is not None:
            certain += 1
            right += named(one) == owner
    assert right / certain >= 0.996
    assert certain / len(register) >= 0.95
    assert asked_vans >= 0.95 * vans


def test_a_mobile_caterer_is_asked_where_it_is_registered(london: District) -> None:
    def van(**facts: str) -> Resolution:
        return asked(london, "food.hygiene", (-0.1426, 51.539), 20.0, kind="mobile", **facts)

    assert [ask["fact"] for ask in van().answer["ask"]] == ["registered"]
    assert name(van(registered="here")) == "Camden"
    assert van(registered="elsewhere").outcome == "vacant"
