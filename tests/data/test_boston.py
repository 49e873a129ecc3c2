"""Boston's service requests: a learned pack is the pandas majority look-up, row for row.

The rows on the default coordinate are a place of their own, `nowhere`, in the pack and in the
look-up alike: they lie in one district only because a system put them there.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from enforcement.bulk import ManyAnswers, Told
from enforcement.district import District, open_district
from enforcement.learned_pack import About, pack_files
from enforcement.learning import learn
from enforcement.nowhere import NOWHERE
from enforcement.past_decisions import read_decisions, streets_of
from enforcement.resolution import AtPoint, Question, Resolution, resolve
from geo.points import Point
from rules.model import Text
from tests.data.walkthrough import prepare, run, section, steps

DAY = date(2016, 1, 1)
DEFAULT = (-71.0587, 42.3594)
KEY = ["type", "place.street"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    """The district before anything was learned."""
    home = tmp_path_factory.mktemp("boston")
    with pytest.MonkeyPatch.context() as patch:
        prepare(home, shared_data, patch)
        for step in steps(section("Boston")):
            if not any(word in step.command for word in (" resolve ", " learn ", "head ")):
                run(step, patch)
        return Path("boston").absolute()


@pytest.fixture(scope="module")
def requests(folder: Path, shared_data: Path) -> pd.DataFrame:
    district = open_district(folder, data=folder.parent / "var")
    frame = read_decisions(shared_data / "boston_311.parquet")
    frame["place.street"] = streets_of(frame, lon="lon", lat="lat", district=district, on=DAY)
    return frame[frame["place.street"].notna()]


def majority(train: pd.DataFrame) -> pd.DataFrame:
    """The look-up in plain pandas: the one queue that took most, where there is one."""
    counts = train.groupby([*KEY, "queue"]).size().rename("n").reset_index()
    first = counts[counts.n == counts.groupby(KEY).n.transform("max")]
    return first[~first.duplicated(KEY, keep=False)][[*KEY, "queue"]]


def learned(folder: Path, train: pd.DataFrame) -> District:
    what = learn(train, columns=KEY, lead="queue", minimum=1, majority=0.0)
    about = About("requests", Text("请求", "Requests"), "half of the rows", date(2015, 1, 1))
    pack = folder / "packs" / "requests"
    for old in pack.glob("*.yaml"):
        old.unlink()
    for name, text in pack_files(what, about).items():
        (pack / name).write_text(text, encoding="utf-8")
    return open_district(folder, data=folder.parent / "var")


def answer(district: District, type_: str, lon: float, lat: float) -> Resolution:
    where = AtPoint(Point.checked(lon=lon, lat=lat), 0.0)
    return resolve(Question("requests", DAY, DAY, where, {"type": type_}), district)


def answers(district: District, rows: pd.DataFrame) -> list[Told]:
    """What each request is told; in bulk, which gives the answers of one at a time."""
    numbers, types = pd.factorize(rows.type)
    where = AtPoint(Point.checked(lon=0, lat=0))
    told = ManyAnswers(district, border=False).of(
        [Question("requests", DAY, DAY, where, {"type": str(one)}) for one in types],
        np.asarray(numbers, dtype=np.int64),
        rows.lon.to_numpy(dtype=np.float64),
        rows.lat.to_numpy(dtype=np.float64),
        np.zeros(len(rows)),
    )
    return [told.told[code] for code in told.code.tolist()]


def test_a_learned_pack_is_the_majority_look_up_row_for_row(
    folder: Path, requests: pd.DataFrame
) -> None:
    rights, rights_located = [], []
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(requests))
        half = len(requests) // 2
        train, unseen = requests.iloc[order[:half]], requests.iloc[order[half:]]
        district = learned(folder, train)
        looked_up = unseen.merge(
            majority(train), on=KEY, how="left", suffixes=("", "_expected")
        ).queue_expected
        expected = looked_up.astype(object).where(looked_up.notna(), None).tolist()
        told = answers(district, unseen)
        assert all(one.outcome == ("vacant" if one.lead is None else "decided") for one in told)
        found = [None if one.lead_name is None else one.lead_name.en for one in told]
        assert found == expected
        for type_ in set(unseen.type) - set(train.type):
            assert answer(district, type_, -71.0703, 42.3523).outcome == "vacant"
        right = np.array(found, dtype=object) == unseen.queue.to_numpy(dtype=object)
        located = (unseen["place.street"] != NOWHERE).to_numpy()
        rights.append(right.mean())
        rights_located.append(right[located].mean())
    assert np.mean(rights) >= 0.81
    assert np.mean(rights_located) >= 0.81


def test_the_default_coordinate_is_no_location(folder: Path, requests: pd.DataFrame) -> None:
    on_default = (requests.lon == DEFAULT[0]) & (requests.lat == DEFAULT[1])
    assert on_default.sum() > 8_000
    assert (requests["place.street"] == NOWHERE).equals(on_default)
    district = learned(folder, requests)
    resolution = answer(district, "Pothole Repair (Internal)", *DEFAULT)
    one = resolution.as_dict()
    assert not resolution.certain
    assert one["place"]["street"]["code"] == NOWHERE
    assert any("no location" in notice["en"] for notice in one["notices"])
    assert one["place"]["border_m"] is None


def test_a_type_that_was_never_seen_is_vacant(folder: Path, requests: pd.DataFrame) -> None:
    district = learned(folder, requests)
    one = answer(district, "A type of tomorrow", -71.0703, 42.3523)
    assert (one.outcome, one.answer["facts"]) == ("vacant", {"type": "not_seen"})
