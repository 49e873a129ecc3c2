"""Learning a pack: what a majority decides, and what it leaves to people."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.district import District, open_district
from enforcement.errors import LearningRefused
from enforcement.learned_pack import SEAMS, About, pack_files, slugs
from enforcement.learning import Learned, Why, learn
from enforcement.questions import InArea, Question
from enforcement.resolution import resolve
from enforcement.starting import start_district
from rules.model import Text

DAY = date(2020, 1, 1)
ABOUT = About("learned", Text("学到的", "Learned"), "a table", DAY)


def table(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["type", "size", "lead"])


PAST = table(
    *[("pothole", "big", "roads")] * 4,
    ("pothole", "big", "parks"),
    *[("pothole", "small", "roads")] * 2,
    *[("tree", "big", "parks")] * 3,
    *[("tree", "big", "roads")] * 3,
    *[("light", "big", one) for one in ("a", "a", "b", "c", "d")],
)


def past(minimum: int = 3, majority: float = 0.5) -> Learned:
    return learn(PAST, columns=["type", "size"], lead="lead", minimum=minimum, majority=majority)


def test_a_majority_decides_and_everything_else_is_told_with_its_votes() -> None:
    cells = {cell.labels: cell for cell in past().cells}
    assert cells["pothole", "big"].lead == "roads"
    assert cells["pothole", "big"].share == pytest.approx(0.8)
    whys = {labels: cell.why for labels, cell in cells.items() if cell.lead is None}
    assert whys == {
        ("pothole", "small"): Why.THIN,
        ("tree", "big"): Why.TIE,
        ("light", "big"): Why.DIVIDED,
    }
    assert cells["tree", "big"].votes == (("parks", 3), ("roads", 3))


@given(st.permutations(range(len(PAST))))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    shuffled = PAST.iloc[order]
    again = learn(shuffled, columns=["type", "size"], lead="lead", minimum=3, majority=0.5)
    assert again == past()


def test_rows_without_a_value_are_left_out_and_counted() -> None:
    frame = table(("pothole", "big", "roads"), ("", "big", "roads"), ("tree", " ", "roads"))
    frame.loc[len(frame)] = [None, "big", "roads"]
    learned = learn(frame, columns=["type", "size"], lead="lead", minimum=1, majority=0)
    assert (learned.rows, learned.without) == (1, 3)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(LearningRefused) as caught:
        learn(PAST, columns=["kind", "size"], lead="who", minimum=0, majority=2)
    fields = [fault.field for fault in caught.value.faults]
    assert fields == ["columns", "lead", "minimum", "majority"]


def test_a_table_that_gives_too_many_combinations_is_refused() -> None:
    frame = pd.DataFrame({"a": range(300), "b": range(300), "lead": "x"})
    learned = learn(frame, columns=["a", "b"], lead="lead", minimum=1, majority=0)
    with pytest.raises(LearningRefused, match="a 301 × b 301"):
        pack_files(learned, ABOUT)


def test_names_are_made_once_whatever_the_order() -> None:
    labels = ["A b", "a-b", "道路破损", "(!)", "not seen"]
    made = slugs(labels, ["not_seen"])
    assert made == slugs(labels[::-1], ["not_seen"])
    assert made["道路破损"] == "dao_lu_po_sun"
    assert len(set(made.values())) == len(labels)
    assert "not_seen" not in made.values()


def district(home: Path, files: dict[str, str]) -> District:
    start_district(home, pack="learned", valid_from=DAY)
    pack = home / "packs" / "learned"
    for old in pack.glob("*"):
        old.unlink()
    for name, text in files.items():
        (pack / name).write_text(text, encoding="utf-8")
    return open_district(home, data=home.parent / "data")


def test_the_learned_files_open_as_a_district_and_their_seams_are_listed(tmp_path: Path) -> None:
    files = dict(pack_files(past(), ABOUT))
    opened = district(tmp_path / "mine", files)
    assert files[SEAMS].splitlines()[0] == "type,size,rows,why,votes"
    assert len(files[SEAMS].splitlines()) == 4
    verdict = opened.book.table("learned", DAY).verdict({"type": "pothole", "size": "big"})
    role = opened.book.catalogue.rules[verdict.standing[0]].lead
    assert role is not None
    assert role.name.en == "roads"
    assert not opened.book.table("learned", DAY).verdict({"type": "tree", "size": "big"}).standing


def test_the_same_table_gives_the_same_files() -> None:
    assert pack_files(past(), ABOUT) == pack_files(past(), ABOUT)


def test_a_lead_that_is_a_unit_already_is_not_made_again() -> None:
    files = pack_files(past(), About("learned", ABOUT.name, "a table", DAY, units=["roads"]))
    assert "id: learned.roads, names" not in files["units.yaml"]
    assert "unit: roads" in files["units.yaml"]


def test_a_question_in_a_district_without_a_map_names_the_area(tmp_path: Path) -> None:
    opened = district(tmp_path / "mine", dict(pack_files(past(), ABOUT)))
    with pytest.raises(Exception, match="no street or community"):
        resolve(Question("learned", DAY, DAY, InArea("X")), opened)
