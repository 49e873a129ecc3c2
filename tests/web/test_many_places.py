"""Where rows are: copies in another coordinate system, sites, positions that are none, chunks."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from click.testing import CliRunner, Result
from geopandas import GeoDataFrame

from enforcement.district import District
from geo.crs import many_from_wgs84
from geo.points import Point
from tests.conftest import skip_or_fail
from web.asking import Asked
from web.cli import main
from web.cli.speaking import Speaker
from web.desk import Desk, open_desk
from web.settings import Lang, Settings

Floats = npt.NDArray[np.float64]
Row = dict[str, str]
COPIES = 10_000
FACTS = {"stage": "catering", "licence": "unlicensed", "premises": "mobile"}


def run(desk: Desk, *words: object) -> Result:
    speaker = Speaker(desk.settings, Lang.ZH)
    speaker.opened = desk
    return CliRunner().invoke(main, ["resolve-many", *map(str, words)], obj=speaker)


def answered(desk: Desk, in_: Path, out: Path, *words: str) -> list[Row]:
    done = run(desk, in_, out, *words)
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(path: Path, header: str, rows: Sequence[str]) -> Path:
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


# --- another coordinate system -----------------------------------------------------------------


def spread(ground: shapely.Geometry, count: int) -> tuple[Floats, Floats]:
    """Positions over the box of the streets, always the same."""
    west, south, east, north = shapely.bounds(ground).tolist()
    found = np.random.default_rng(10_000).uniform((west, south), (east, north), (count, 2))
    return found[:, 0], found[:, 1]


def answers_of_copies(
    desk: Desk, folder: Path, where: tuple[Floats, Floats], crs: str, on: str
) -> list[Row]:
    """What a table of the positions in `crs`, tagged, is answered."""
    lons, lats = where if crs == "wgs84" else many_from_wgs84(*where, crs)
    table = pa.table({"lon": lons, "lat": lats})
    pq.write_table(table, folder / f"{crs}.parquet")
    facts = [f"--column={name}=={value}" for name, value in FACTS.items()]
    words = ("--matter=food.safety", f"--on={on}", f"--crs={crs}", *facts)
    return answered(desk, folder / f"{crs}.parquet", folder / f"{crs}.out.csv", *words)


SAME = ("outcome", "certain", "lead", "interim", "rules", "ask", "street", "zones", "road", "error")


def moved_copies_agree(desk: Desk, folder: Path, on: str, crs: str) -> None:
    ground = desk.district.atlas.on(date.fromisoformat(on)).areas
    where = spread(shapely.union_all(ground.shapes), COPIES)
    originals = answers_of_copies(desk, folder, where, "wgs84", on)
    copies = answers_of_copies(desk, folder, where, crs, on)
    assert len(originals) == len(copies) == COPIES
    told = [tuple(row[name] for name in SAME) for row in originals]
    assert told == [tuple(row[name] for name in SAME) for row in copies]
    assert len({row["lead"] for row in originals}) >= 8
    moved = many_from_wgs84(*where, crs)
    for at in range(0, COPIES, 50):
        at_all = [
            desk.answer(
                Asked(
                    matter="food.safety",
                    facts=dict(FACTS),
                    on=on,
                    at=f"{xy[0][at]!r},{xy[1][at]!r}",
                    crs=name,
                )
            ).as_dict()
            for xy, name in ((_plain(where), "wgs84"), (_plain(moved), crs))
        ]
        assert at_all[0]["lead"] == at_all[1]["lead"]
        assert at_all[0]["outcome"] == at_all[1]["outcome"] == originals[at]["outcome"]


def _plain(where: tuple[Floats, Floats]) -> tuple[list[float], list[float]]:
    return where[0].tolist(), where[1].tolist()


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
def test_tagged_copies_in_a_map_applications_system_go_to_the_same_units(
    longgang: Desk, tmp_path: Path, crs: str
) -> None:
    moved_copies_agree(longgang, tmp_path, "2008-11-05", crs)


def test_tagged_copies_go_to_the_same_units_on_the_real_map(
    shared_data: Path, tmp_path: Path
) -> None:
    file = shared_data / "longgang_streets.geojson"
    if not file.is_file():
        skip_or_fail(f"no {file.name} in the evaluation data")
    environment = {"SEAMLESS_DATA": str(tmp_path), "SEAMLESS_DISTRICT": "", "DATABASE_URL": ""}
    words = ("--kind", "street", "--edition", "2017", "--from", "2016-12-26")
    done = CliRunner().invoke(main, ["layers", "import", str(file), *words], env=environment)
    assert done.exit_code == 0, done.output
    settings = Settings(data=tmp_path, database_url=f"sqlite:///{tmp_path / 'seamless.db'}")
    desk = open_desk(settings, today=lambda: date(2026, 11, 20))
    moved_copies_agree(desk, tmp_path, "2026-11-20", "gcj02")


# --- positions that are none, sites, faults, chunks ----------------------------------------------

NO_STREET = "nowhere"
NOWHERE = Point.checked(lon=114.005, lat=22.007)


def with_no_location(desk: Desk) -> Desk:
    """The toy desk in a district that lists one position as no location."""
    district = desk.district
    settings = replace(district.settings, no_location=(NOWHERE,))
    known = District(settings, district.book, district.registry, district.atlas)
    return replace(desk, district=known)


def test_the_position_that_a_district_lists_as_none_is_told_as_one_at_a_time(
    toy_desk: Desk, tmp_path: Path
) -> None:
    desk = with_no_location(toy_desk)
    rows = [f"{NOWHERE.lon},{NOWHERE.lat}", "114.005,22.0071", f"{NOWHERE.lon},{NOWHERE.lat}"]
    in_ = written(tmp_path / "in.csv", "lon,lat", rows)
    facts = ("--column=stage==shop", "--column=licence==unlicensed")
    out = answered(desk, in_, tmp_path / "out.csv", "--matter=food", *facts)
    alone = desk.answer(
        Asked(
            matter="food",
            facts={"stage": "shop", "licence": "unlicensed"},
            at=f"{NOWHERE.lon},{NOWHERE.lat}",
        )
    ).as_dict()
    assert out[1]["lead"] == "team_w"
    for row in (out[0], out[2]):
        assert row["lead"] == (alone["lead"] or {}).get("unit", "")
        assert row["lead"] != "team_w"
        assert row["street"] == NO_STREET
        assert (row["outcome"], row["certain"]) == (
            alone["outcome"],
            str(alone["certain"]).lower(),
        )
        assert row["ask"] == ";".join(one["fact"] for one in alone["ask"])


def test_rows_about_sites_stand_among_rows_with_positions_in_their_order(
    longgang: Desk, tmp_path: Path
) -> None:
    sites = [f"D{n:03}" for n in range(1, 31, 5)]
    rows = [
        line
        for site in sites
        for line in (f"{site},,,", ",114.1172,22.6046,catering", "NO SUCH SITE,,,")
    ]
    in_ = written(tmp_path / "in.csv", "site,lon,lat,stage", rows)
    out = answered(longgang, in_, tmp_path / "out.csv", "--matter=food.safety", "--on=2026-11-20")
    assert [row["site"] for row in out] == [line.split(",", maxsplit=1)[0] for line in rows]
    for at, site in enumerate(sites):
        mine, plain, wrong = out[3 * at : 3 * at + 3]
        asked = Asked(matter="food.safety", facts={}, on="2026-11-20", site=site)
        alone = longgang.answer(asked).as_dict()
        assert mine["error"] == ""
        assert mine["lead"] == (alone["lead"] or {}).get("unit", "")
        assert mine["outcome"] == alone["outcome"]
        assert plain["street"] == "440307014"
        assert "NO SUCH SITE" in wrong["error"]
        assert wrong["outcome"] == ""


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "gpkg"])
@pytest.mark.parametrize("into", ["csv", "xlsx", "parquet", "gpkg"])
def test_every_kind_goes_in_and_every_kind_comes_out(
    toy_desk: Desk, tmp_path: Path, kind: str, into: str
) -> None:
    rows = ["1,114.005,22.005", "2,114.015,22.005", "3,114.005,22.005"]
    first = written(tmp_path / "first.csv", "id,lon,lat", rows)
    words = ("--matter=mast", "--column=height_m==12")
    in_ = tmp_path / f"in.{kind}"
    if kind == "gpkg":
        at = shapely.points([[114.005, 22.005], [114.015, 22.005], [114.005, 22.005]])
        cells = {"id": [1, 2, 3], "lon": shapely.get_x(at), "lat": shapely.get_y(at)}
        frame = GeoDataFrame(cells, geometry=at, crs="EPSG:4326")
        pyogrio.write_dataframe(frame, in_, driver="GPKG")
    else:
        assert run(toy_desk, first, in_, *words).exit_code == 0
    out = tmp_path / f"out.{into}"
    done = run(toy_desk, in_, out, *words)
    assert done.exit_code == 0, done.output
    back = answered(toy_desk, out, tmp_path / "back.csv", *words)
    # A file that was answered before keeps those columns; the new ones say that they are answers.
    lead = "answer_lead"
    assert [row[lead] for row in back] == ["team_w", "team_e", "team_w"]
    assert [row["id"] for row in back] == ["1", "2", "3"]


def test_the_progress_and_the_count_are_on_stderr_only(toy_desk: Desk, tmp_path: Path) -> None:
    in_ = written(tmp_path / "in.csv", "lon,lat", ["114.005,22.005", "x,22.005"])
    done = run(toy_desk, in_, tmp_path / "out.csv", "--matter=hole")
    assert done.stdout == ""
    assert "2 行，其中 1 行有误" in done.stderr


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> int:
    """Chunks of seven rows, for every kind of file."""
    for module in ("csv", "xlsx", "arrow"):
        monkeypatch.setattr(f"web.many_{module}.CHUNK", 7)
    return 7


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "gpkg"])
def test_rows_keep_their_order_and_their_faults_over_many_chunks(
    toy_desk: Desk, tmp_path: Path, small_chunks: int, kind: str
) -> None:
    rows = [
        f"{n},{114.005 if n % 2 else 114.015},{'x' if n % 10 == 3 else 22.005}" for n in range(40)
    ]
    in_ = written(tmp_path / "in.csv", "id,lon,lat", rows)
    assert len(rows) > 5 * small_chunks
    words = ("--matter=mast", "--column=height_m==12")
    done = run(toy_desk, in_, tmp_path / f"out.{kind}", *words)
    assert done.exit_code == 0, done.output
    back = answered(toy_desk, tmp_path / f"out.{kind}", tmp_path / "back.csv", *words)
    assert [row["id"] for row in back] == [str(n) for n in range(40)]
    for n, row in enumerate(back):
        wrong = n % 10 == 3
        assert bool(row["error"]) is wrong
        assert row["lead"] == ("" if wrong else "team_w" if n % 2 else "team_e")
