"""The workbook holds every possible combination once, as text that a lawyer reads."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from rules.export import export_xlsx, rows_of
from tests.rules.packs import Pack, rule, text, when

PACK = Pack(
    {"colour": ["red", "green", "blue"], "size": ["small", "large"]},
    [
        rule("G", {}, "north", ceases_on="2010-01-01"),
        rule(
            "H",
            {"colour": "red"},
            "south",
            valid_from="2010-01-01",
            assist=[{"role": "east", "duty": "joint"}],
            readings=[{"says": text("else"), "confidence": "M"}],
        ),
    ],
    cannot=[when("c1", {"colour": "blue"})],
)


def test_each_row_is_a_region_with_lead_and_reasons(tmp_path: Path) -> None:
    head, *rows = rows_of(PACK.book(tmp_path), "m", "en")
    assert head[:4] == ("from", "to", "?", "?")
    never = ("blue", "—", "(impossible)", "", "it cannot be", "", "c1", "", "", "")
    before, after = ("2000-01-01", "2009-12-31"), ("2010-01-01", "")
    basis = "law, art. 1"
    assert rows == [
        (*before, "—", "—", "north", "", "G", basis, "G", "H", "", "4"),
        (*before, *never),
        (*after, "red", "—", "south", "east", "H", basis, "H", "H", "else", "2"),
        (*after, "green", "—", "(nobody)", "", "", "", "", "", "", "2"),
        (*after, *never),
    ]


def test_the_workbook_has_a_sheet_per_matter_and_no_formula(tmp_path: Path) -> None:
    pack = Pack({"colour": ["red"]}, [rule("G", {}, "north", says=text("=1+1"))])
    path = tmp_path / "rules.xlsx"
    export_xlsx(pack.book(tmp_path), path)
    book = load_workbook(path)
    assert book.sheetnames == ["目录", "m"]
    assert [cell.value for cell in book["目录"][2]] == ["m", "m", "m"]
    cells = [cell for row in book["m"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]
    assert book["m"].freeze_panes == "A2"
