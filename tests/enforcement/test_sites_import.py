"""A list of sites is read whole, or refused whole with every bad row named."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from enforcement.errors import SitesRefused
from enforcement.sites import Licence, LicenceKind, Site
from enforcement.sites_import import COLUMNS, read_sites, sites_from_rows
from geo.points import Point

STALL = {
    "id": "LG0001",
    "name": "布吉市场 7 号档",
    "uscc": "92440307MA5FAKE00F",
    "licences": "SP4403071210000123|circulation|2008-01-01|2011-01-01;44-1|business|2005-06-01|",
    "stages": "circulation",
    "premises": "market",
    "address": "布吉街道，市场路 1 号",
    "lon": "114.1172",
    "lat": "22.6046",
}

READ_STALL = Site(
    id="LG0001",
    name="布吉市场 7 号档",
    uscc="92440307MA5FAKE00F",
    licences=(
        Licence("44-1", LicenceKind.BUSINESS, date(2005, 6, 1)),
        Licence("SP4403071210000123", LicenceKind.CIRCULATION, date(2008, 1, 1), date(2011, 1, 1)),
    ),
    stages=("circulation",),
    premises="market",
    address="布吉街道，市场路 1 号",
    point=Point.checked(lon=114.1172, lat=22.6046),
)


def in_csv(folder: Path, rows: Iterable[Sequence[str]], encoding: str = "utf-8") -> Path:
    path = folder / "sites.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def in_xlsx(folder: Path, rows: Iterable[Sequence[object]]) -> Path:
    path = folder / "sites.xlsx"
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def refusal(row: dict[str, str]) -> list[tuple[str, str]]:
    """Where and why, in English, a list of this one row is refused."""
    with pytest.raises(SitesRefused) as refused:
        sites_from_rows([STALL | row], name="list")
    return [(fault.field, fault.en) for fault in refused.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_as_chinese_offices_save_it(tmp_path: Path, encoding: str) -> None:
    path = in_csv(tmp_path, [list(STALL), list(STALL.values())], encoding)
    read = read_sites(path)
    assert read.sites == (READ_STALL,)
    assert (read.name, read.columns, read.warnings) == ("sites.csv", COLUMNS, ())


def test_xlsx_is_read_with_numbers_as_numbers(tmp_path: Path) -> None:
    numeric = STALL | {"id": 1001, "lon": 114.1172, "lat": 22.6046}
    path = in_xlsx(tmp_path, [[], [*STALL, None], list(numeric.values()), [None, " "]])
    (site,) = read_sites(path).sites
    assert (site.id, site.point, site.licences) == (
        "1001",
        READ_STALL.point,
        READ_STALL.licences,
    )


def test_a_long_number_that_a_spreadsheet_has_rounded_is_refused(tmp_path: Path) -> None:
    path = in_xlsx(tmp_path, [["id", "name", "uscc"], ["S1", "店", 914403071234567890]])
    with pytest.raises(SitesRefused, match="15") as refused:
        read_sites(path)
    assert refused.value.faults[0].field == "sites.xlsx row 2"


def test_a_date_or_a_truth_where_text_belongs_is_read_as_text(tmp_path: Path) -> None:
    midnight = datetime(2008, 11, 5)  # noqa: DTZ001 - a spreadsheet knows no time zones
    rows = [[True, midnight, 1.5], [False, date(2008, 11, 5), -0.5]]
    path = in_xlsx(tmp_path, [["id", "name", "address"], *rows])
    assert [(site.id, site.name, site.address) for site in read_sites(path).sites] == [
        ("true", "2008-11-05", "1.5"),
        ("false", "2008-11-05", "-0.5"),
    ]


def test_only_what_a_person_sees_of_a_workbook_is_read(tmp_path: Path) -> None:
    book = Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.sheet_state = "hidden"
    hidden.append(["id", "colour"])
    shown = book.create_sheet()
    shown.append(["id", "name"])
    shown.append(["S1", datetime(2008, 11, 5, 6)])  # noqa: DTZ001 - as above
    book.save(tmp_path / "two.xlsx")
    assert read_sites(tmp_path / "two.xlsx").sites == (Site("S1", "2008-11-05T06:00:00"),)


def test_a_workbook_without_a_sheet_of_cells_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.create_chartsheet()
    assert book.active is not None
    book.remove(book.active)
    book.save(tmp_path / "chart.xlsx")
    with pytest.raises(SitesRefused, match="empty"):
        read_sites(tmp_path / "chart.xlsx")


def test_a_header_may_end_in_empty_cells(tmp_path: Path) -> None:
    read = read_sites(in_csv(tmp_path, [["id", "name", "", ""], ["S1", "店", "", ""]]))
    assert read.sites == (Site("S1", "店"),)


def test_only_id_and_name_are_needed(tmp_path: Path) -> None:
    read = read_sites(in_csv(tmp_path, [["name", "id"], ["店", "S1"], ["", ""], ["铺", "S2"]]))
    assert read.sites == (Site("S1", "店"), Site("S2", "铺"))
    assert read.columns == ("name", "id")


def test_a_list_may_name_its_columns_otherwise(tmp_path: Path) -> None:
    path = in_csv(tmp_path, [["编号", "企业名称", "环节"], ["S1", "店", "catering；circulation"]])
    read = read_sites(path, columns={"id": "编号", "name": "企业名称", "stages": "环节"})
    assert read.sites == (Site("S1", "店", stages=("catering", "circulation")),)
    assert read.columns == ("id", "name", "stages")


def test_a_header_is_refused_with_each_column_that_is_wrong(tmp_path: Path) -> None:
    header = ["id", "licenses", "lon", "uscc", "uscc", "", "x"]
    path = in_csv(tmp_path, [header, ["S1"]])
    with pytest.raises(SitesRefused) as refused:
        read_sites(path, columns={"colour": "x", "address": "地址"})
    assert [fault.field.removeprefix("sites.csv ") for fault in refused.value.faults] == [
        "column colour",
        "column address",
        "column licenses",
        "column uscc",
        "column uscc",
        "column 6",
        "column x",
        "column name",
        "column lon, lat",
    ]
    assert "licences" in refused.value.faults[2].en


def test_every_bad_row_is_named_with_its_column(tmp_path: Path) -> None:
    rows = [
        ["id", "name", "stages", "lon", "lat"],
        ["S1", "good", "catering", "114.1", "22.6"],
        ["S2", "", "catering", "22.6", "114.1"],
        ["S 3", "space", "Catering;Catering", "114,1", "22.6"],
        ["S1", "twice", "", "", ""],
        ["S4", "too long", "", "", "", "rest"],
        ["S5", "half a point", "", "114.1", ""],
    ]
    with pytest.raises(SitesRefused) as refused:
        read_sites(in_csv(tmp_path, rows))
    assert [fault.field.removeprefix("sites.csv ") for fault in refused.value.faults] == [
        "row 3 name",
        "row 3 lon, lat",
        "row 4 id",
        "row 4 stages",
        "row 4 stages",
        "row 4 stages",
        "row 4 lon",
        "row 5 id",
        "row 6",
        "row 7 lat",
    ]
    assert "row 2 already" in refused.value.faults[7].en
    assert "sites.csv row 7 lat" in str(refused.value)


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ("SC1|production", "no licence"),
        ("a|b|c|d|e|f", "no licence"),
        ("|production|2008-01-01|", "no number"),
        ("1|driving|2008-01-01|", "driving"),
        ("1|production||", "first day"),
        ("1|production|2008-02-30|", "2008-02-30"),
        ("1|production|20080101|", "no date"),
        ("1|production|2008-01-01|2008-01-01", "not after its first day"),
        ("1|production|2008-01-01||2007-12-31", "before its first day"),
        ("1|production|2008-01-01|;1|production|2008-01-01|2009-01-01", "twice"),
    ],
)
def test_a_licence_that_cannot_be_read_is_refused_with_the_reason(given_: str, why: str) -> None:
    ((field, reason),) = refusal({"licences": given_})
    assert field == "list row 1 licences"
    assert why in reason


def test_a_licence_may_be_revoked_and_only_an_exemption_has_no_number() -> None:
    text = "7|catering|2008-01-01|2012-01-01|2009-06-01; |exempt|2010-01-01"
    (site,) = sites_from_rows([STALL | {"licences": text}], name="list").sites
    assert site.licences == (
        Licence("7", LicenceKind.CATERING, date(2008, 1, 1), date(2012, 1, 1), date(2009, 6, 1)),
        Licence("", LicenceKind.EXEMPT, date(2010, 1, 1)),
    )


@pytest.mark.parametrize(
    ("column", "text", "why"),
    [
        ("lon", "200", "lon 200"),
        ("lat", "nan", "no decimal number"),
        ("name", "x" * 301, "at most 300"),
        ("address", "第一行\n第二行", "line breaks"),
        ("uscc", "9244-0307", "no code"),
        ("premises", "Market hall", "no value"),
        ("id", "../" + "x" * 90, "no id"),
    ],
)
def test_a_cell_that_cannot_be_used_is_refused(column: str, text: str, why: str) -> None:
    ((_, reason),) = refusal({column: text})
    assert why in reason


def test_values_may_be_held_to_those_of_the_rules() -> None:
    allowed = {"stage": ["circulation", "catering"], "premises": ["fixed"]}
    with pytest.raises(SitesRefused) as refused:
        sites_from_rows([STALL | {"stages": "trade"}], name="list", allowed=allowed)
    assert [(fault.field, fault.en) for fault in refused.value.faults] == [
        ("list row 1 stages", "'trade' is not a value; allowed: circulation, catering"),
        ("list row 1 premises", "'market' is not a value; allowed: fixed"),
    ]


def test_numbers_that_fail_their_check_warn_and_do_not_block() -> None:
    row = STALL | {
        "uscc": "92440307MA5FAKE00G",
        "licences": "SC10444030700012|production|2008-01-01",
    }
    read = sites_from_rows([row], name="list")
    assert [doubt.field for doubt in read.warnings] == ["LG0001.uscc", "LG0001.licences"]
    assert read.sites[0].uscc == "92440307MA5FAKE00G"


def test_rows_may_leave_columns_out_but_add_no_unknown_one() -> None:
    read = sites_from_rows([STALL, {"id": "S2", "name": "店"}], name="list")
    assert read.sites == (READ_STALL, Site("S2", "店"))
    with pytest.raises(SitesRefused, match="colour"):
        sites_from_rows([STALL, STALL | {"id": "S2", "colour": "red"}], name="list")
    assert sites_from_rows([], name="list").sites == ()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("sites.doc", b"x", "'.doc'"),
        ("sites.csv", b"", "empty"),
        ("sites.csv", b"id,name\n\xff\xff\xff", "neither UTF-8 nor GB18030"),
        ("sites.csv", b'id,name\nS1,"x', "not proper CSV"),
        ("sites.xlsx", b"no zip", "cannot be read"),
        ("sites.xlsx", b"", "cannot be read"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SitesRefused) as refused:
        read_sites(tmp_path / name)
    assert why in refused.value.en


@pytest.mark.parametrize("name", ["none.csv", "none.xlsx"])
def test_a_file_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SitesRefused, match=name):
        read_sites(tmp_path / name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), ending=st.sampled_from(["csv", "xlsx"]))
def test_whatever_the_file_holds_it_is_read_or_refused(
    tmp_path: Path, content: bytes, ending: str
) -> None:
    path = tmp_path / f"any.{ending}"
    path.write_bytes(b"id,name\n" + content if ending == "csv" else content)
    try:
        read_sites(path)
    except SitesRefused as refused:
        assert refused.faults  # noqa: PT017 - either outcome is right


@given(st.fixed_dictionaries({column: st.text(max_size=60) for column in COLUMNS}))
def test_whatever_a_row_holds_it_is_read_or_refused(row: dict[str, str]) -> None:
    try:
        (site,) = sites_from_rows([row], name="list").sites
    except SitesRefused as refused:
        assert all(fault.zh and fault.en for fault in refused.faults)  # noqa: PT017 - as above
    else:
        assert site.id
        assert site.name
