"""A table in, the same table with answers out: row for row what one at a time says."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from enforcement.bulk import ManyAnswers
from enforcement.errors import EnforcementError
from geo.errors import GeoError
from rules.errors import RulesError
from tests.enforcement import toy
from web.asking import Asked
from web.cli import main
from web.cli.speaking import Speaker
from web.desk import Desk
from web.errors import BadInput, WebError
from web.many_rows import OURS, Asking, Defaults, told_columns
from web.many_tables import Chunk, Source
from web.settings import Lang

HEADER = ("matter", "lon", "lat", "accuracy", "on", "occurred_on", "asker", "stage", "fact.licence")
Row = dict[str, str]

METRE = 1 / 103_000
spots = st.tuples(
    st.one_of(
        st.sampled_from(
            ["114.01", "114.0", "114.02", "114.03", "114.004", "", "abc", "200", "nan"]
        ),
        st.integers(-40, 40).map(lambda steps: repr(114.01 + steps * METRE)),
        st.floats(113.99, 114.04).map(repr),
    ),
    st.one_of(
        st.sampled_from(["22.0", "22.005", "22.003", "22.01", ""]),
        st.integers(-40, 40).map(lambda steps: repr(22.005 + steps * METRE)),
        st.floats(21.99, 22.02).map(repr),
    ),
)
rows = st.builds(
    lambda spot, **cells: {"lon": spot[0], "lat": spot[1], **cells},
    spots,
    matter=st.sampled_from(["food", "food", "hole", "mast", "nope", ""]),
    accuracy=st.sampled_from(["", "0", "3", "10", "60", "-1", "x"]),
    on=st.sampled_from(["", "2008-11-05", "2009-10-01", "2009-09-30", "1999-01-01", "soon"]),
    occurred_on=st.sampled_from(["", "2008-01-01", "2030-01-01"]),
    asker=st.sampled_from(["", "team_w", "market", "office"]),
    stage=st.sampled_from(["", "shop", "kitchen", "farm", "odd", "fumes", "unknown", "no"]),
    **{"fact.licence": st.sampled_from(["", "licensed", "unlicensed", "unknown"])},
)


def one_at_a_time(desk: Desk, row: Row) -> dict[str, object]:
    """What the row is answered when it is asked by itself."""
    facts = {}
    if row["stage"] and row["matter"] == "food":  # a plain column is asked where it is a fact
        facts["stage"] = row["stage"]
    if row["fact.licence"]:
        facts["licence"] = row["fact.licence"]
    given = {name: row[name] or None for name in ("on", "occurred_on", "asker")}
    at = f"{row['lon']},{row['lat']}" if row["lon"] or row["lat"] else None
    accuracy = (row["accuracy"] or None) if at else None
    empty: dict[str, object] = dict.fromkeys(OURS)
    try:
        answer = desk.answer(
            Asked(matter=row["matter"], facts=facts, at=at, accuracy=accuracy, **given)
        ).as_dict()
    except (BadInput, RulesError, GeoError, EnforcementError, WebError) as error:
        return empty | {"error": str(error)}
    place: dict[str, Any] = answer["place"]
    lead, interim = answer["lead"], answer["interim"]
    return empty | {
        "outcome": answer["outcome"],
        "certain": answer["certain"],
        "lead": lead and lead["unit"],
        "lead_name": lead and lead["name"]["zh"],
        "interim": interim and interim["unit"],
        "rules": ";".join(one["rule"] for one in answer["because"]) or None,
        "ask": ";".join(one["fact"] for one in answer["ask"]) or None,
        "street": place["street"] and place["street"]["code"],
        "street_name": place["street"] and place["street"]["name"],
        "zones": ";".join(f"{kind}={'+'.join(g)}" for kind, g in place["zones"].items() if g)
        or None,
        "road": place["road"] and place["road"]["segment"],
        "border_m": place["border_m"],
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(rows, min_size=1, max_size=12))
def test_each_row_is_told_what_it_is_told_by_itself(toy_desk: Desk, given_rows: list[Row]) -> None:
    table = pa.Table.from_pylist(given_rows, schema=pa.schema([(n, pa.string()) for n in HEADER]))
    source = Source(HEADER, len(given_rows), lambda: iter([Chunk(table)]))
    asking = Asking(toy_desk, source, {}, Defaults())
    answers = asking.answered(Chunk(table), ManyAnswers(toy_desk.district))
    columns = {name: column.to_pylist() for name, column in told_columns(answers, "zh")}
    for at, row in enumerate(given_rows):
        told = {name: columns[name][at] for name in OURS}
        assert told == one_at_a_time(toy_desk, row), row


# --- files -------------------------------------------------------------------------------------


def run(desk: Desk, *words: object) -> Result:
    speaker = Speaker(desk.settings, Lang.ZH)
    speaker.opened = desk
    return CliRunner().invoke(main, ["resolve-many", *map(str, words)], obj=speaker)


def answered(desk: Desk, in_: Path, out: Path, *words: str) -> None:
    done = run(desk, in_, out, *words)
    assert done.exit_code == 0, done.output


TABLE = """\
id,matter,lon,lat,stage,licence,note
1,food,114.005,22.005,shop,licensed,"a, ""b"" and
c"
2,food,114.015,22.005,shop,unlicensed,
3,food,,,shop,,no place
4,food,114.005
5,food,114.005,22.005,shop,licensed,x,y
"6"x,food,114.005,22.005,shop,licensed,
7,food,114.005,22.005,shop,licensed,=1+1
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_of_a_csv_comes_out_in_its_place_bad_ones_with_their_error(
    toy_desk: Desk, table: Path, tmp_path: Path
) -> None:
    answered(toy_desk, table, tmp_path / "out.csv")
    out = read(tmp_path / "out.csv")
    assert [row["id"] for row in out] == [
        "1",
        "2",
        "3",
        "4",
        "5",
        '"6"x,food,114.005,22.005,shop,licensed,',
        "7",
    ]
    assert out[0]["outcome"] == "decided", out[0]
    assert [row["lead"] for row in out] == ["trade", "team_e", "", "", "", "", "trade"]
    assert [bool(row["error"]) for row in out] == [False, False, True, True, True, True, False]
    assert out[0]["note"] == 'a, "b" and\nc'
    assert "多出：y" in out[4]["error"]
    assert out[1]["certain"] == "true"


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "gpkg"])
def test_the_other_kinds_say_the_same_as_csv(
    toy_desk: Desk, table: Path, tmp_path: Path, kind: str
) -> None:
    answered(toy_desk, table, tmp_path / "out.csv")
    answered(toy_desk, table, tmp_path / f"out.{kind}")
    answered(toy_desk, tmp_path / f"out.{kind}", tmp_path / "again.csv")
    out, again = read(tmp_path / "out.csv"), read(tmp_path / "again.csv")
    for one, other in zip(out, again, strict=True):
        for name in ("id", "note", "lead", "border_m", "rules"):
            assert one[name] == other[name]
        if one["outcome"]:
            assert other["answer_lead"] == one["lead"]


def test_text_that_looks_like_a_formula_stays_text(
    toy_desk: Desk, table: Path, tmp_path: Path
) -> None:
    answered(toy_desk, table, tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert isinstance(sheet, Worksheet)
    assert sheet.cell(8, 7).value == "=1+1"
    assert sheet.cell(8, 7).data_type == "s"


def test_parquet_keeps_the_types_of_its_columns(toy_desk: Desk, tmp_path: Path) -> None:
    given_table = pa.table(
        {
            "n": pa.array([1, 2], pa.int8()),
            "on": pa.array([date(2008, 11, 5), date(2009, 10, 1)]),
            "lon": [114.005, 114.005],
            "lat": [22.005, 22.005],
            "stage": pa.array(["shop", "shop"]).dictionary_encode(),
            "licence": ["licensed", "licensed"],
        }
    )
    pq.write_table(given_table, tmp_path / "in.parquet")
    answered(toy_desk, tmp_path / "in.parquet", tmp_path / "out.parquet", "--matter", "food")
    out = pq.read_table(tmp_path / "out.parquet")
    assert out.select(given_table.column_names).equals(given_table)
    assert out.column("lead").to_pylist() == ["trade", "market"]
    assert out.column("certain").type == pa.bool_()


def test_a_geopackage_says_where_by_its_points_in_its_own_system(
    toy_desk: Desk, tmp_path: Path
) -> None:
    shapes = shapely.to_wkb(shapely.points([[114.005, 22.005], [114.015, 22.005]]))
    layer = pa.table({"name": ["w", "e"], "geometry": pa.array([*shapes], pa.binary())})
    pyogrio.write_arrow(
        layer,
        tmp_path / "in.gpkg",
        driver="GPKG",
        geometry_name="geometry",
        geometry_type="Point",
        crs="EPSG:4326",
    )
    answered(
        toy_desk,
        tmp_path / "in.gpkg",
        tmp_path / "out.gpkg",
        "--matter",
        "mast",
        "--column",
        "height_m==12",
    )
    out = pyogrio.read_dataframe(tmp_path / "out.gpkg")
    assert list(out["lead"]) == ["team_w", "team_e"]
    assert list(out.geometry.x) == [114.005, 114.015]


def test_gb18030_as_chinese_excel_saves_it_is_read(toy_desk: Desk, tmp_path: Path) -> None:
    text = "名称,经度,纬度\n肉铺,114.005,22.005\n"
    (tmp_path / "in.csv").write_bytes(text.encode("gb18030"))
    columns = [
        f"--column={one}" for one in ("lon=经度", "lat=纬度", "stage==shop", "licence==licensed")
    ]
    answered(toy_desk, tmp_path / "in.csv", tmp_path / "out.csv", "--matter", "food", *columns)
    out = read(tmp_path / "out.csv")
    assert (out[0]["名称"], out[0]["lead"], out[0]["lead_name"]) == ("肉铺", "trade", "trade局")


def test_a_table_without_rows_stays_one(toy_desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("matter,lon,lat\n", encoding="utf-8")
    for kind in ("csv", "xlsx", "parquet"):
        answered(toy_desk, tmp_path / "in.csv", tmp_path / f"out.{kind}")
        assert (tmp_path / f"out.{kind}").exists()


def test_border_and_roads_can_be_left_out(toy_desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("lon,lat\n114.005,22.005\n", encoding="utf-8")
    answered(toy_desk, tmp_path / "in.csv", tmp_path / "a.csv", "--matter=hole", "--accuracy=2")
    answered(
        toy_desk,
        tmp_path / "in.csv",
        tmp_path / "b.csv",
        "--matter=hole",
        "--no-border",
        "--no-roads",
    )
    with_all, without = read(tmp_path / "a.csv")[0], read(tmp_path / "b.csv")[0]
    assert (with_all["lead"], with_all["road"]) == ("works", "R1")
    assert with_all["border_m"]
    assert (without["road"], without["border_m"]) == ("", "")


@pytest.mark.parametrize(
    ("header", "words", "field"),
    [
        ("matter,x", (), "lon"),
        ("lon,lat", (), "matter"),
        ("matter,lon,lat", ("--column", "lon=nope"), "column"),
        ("matter,lon,lat,fact.nope", (), "fact.nope"),
        ("matter,lon,lon", (), "in.csv"),
        ("matter,lon,lat", ("--crs", "mars"), "crs"),
    ],
)
def test_a_table_that_cannot_be_asked_is_refused_and_nothing_is_written(
    toy_desk: Desk, tmp_path: Path, header: str, words: tuple[str, ...], field: str
) -> None:
    (tmp_path / "in.csv").write_text(f"{header}\n", encoding="utf-8")
    refused = run(toy_desk, tmp_path / "in.csv", tmp_path / "out.csv", *words)
    assert refused.exit_code == 2
    assert field in refused.output
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_another_kind_of_file_is_refused(toy_desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "in.doc").write_text("x", encoding="utf-8")
    assert run(toy_desk, tmp_path / "in.doc", tmp_path / "out.csv").exit_code == 2
    assert run(toy_desk, tmp_path / "none.csv", tmp_path / "out.csv").exit_code == 2


def test_the_toy_day_is_the_default_day(toy_desk: Desk) -> None:
    assert toy_desk.today() == toy.DAY
