"""The road register: read from CSV with every fault named, and counted in kilometres."""

from datetime import date
from pathlib import Path

import pytest

from geo.editions import Kind
from geo.errors import BadRegister
from geo.layers import Atlas
from geo.register import RegisterEntry, read_register
from geo.stakes import Stake
from geo.stored import load_register, save_register
from tests.geo.builders import DAY, METRE, MIDDLE, entry, layer, on_map, road

HEADER = "segment,ref,from_stake,to_stake,direction,function,owner,valid_from,ceases_on\n"


def read(tmp_path: Path, *lines: str, header: str = HEADER) -> tuple[RegisterEntry, ...]:
    file = tmp_path / "register.csv"
    file.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    return read_register(file)


def test_an_entry_is_read_by_segment_or_by_road_and_stakes(tmp_path: Path) -> None:
    by_segment, by_stakes = read(
        tmp_path,
        "r1,,,,,maintain,hwy_d,2001-01-01,2009-10-01",
        ",s28,K0+000,K12+300,上行,enforce,trans0,2001-01-01,",
    )
    assert by_segment == entry(
        "hwy_d", segment="r1", valid_from=date(2001, 1, 1), ceases_on=date(2009, 10, 1)
    )
    assert by_stakes == entry(
        "trans0",
        function="enforce",
        ref="S28",
        stakes=(Stake("", 0.0), Stake("", 12300.0)),
        direction="up",
        valid_from=date(2001, 1, 1),
    )


def test_every_fault_of_every_line_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadRegister) as refused:
        read(
            tmp_path,
            ",,,,,maintain,hwy_d,2001-01-01,",
            "r1,,,,,clean,,2001-13-01,",
            ",S28,K1,K2+000,sideways,plan,x,2009-01-01,2008-01-01",
            ",S28,K5+000,K2+000,,plan,x,2009-01-01,",
            ",S28,K5+000,,,plan,x,2009-01-01,",
            "r1,,,,,plan,x,2009-01-01,,one too many",
        )
    fields = [fault.field.removeprefix("register.csv:") for fault in refused.value.faults]
    assert fields == [
        "2:segment",
        "3:function",
        "3:owner",
        "3:valid_from",
        "4:direction",
        "4:from_stake",
        "4:ceases_on",
        "5:to_stake",
        "6:to_stake",
        "7",
    ]
    assert "nothing was imported" in refused.value.en


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadRegister, match="owner"):
        read(tmp_path, "r1,maintain", header="segment,function\n")
    with pytest.raises(BadRegister, match="segment/ref"):
        read(tmp_path, "maintain,x,2001-01-01", header="function,owner,valid_from\n")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRegister):
        read_register(tmp_path / "none.csv")
    (tmp_path / "gbk.csv").write_bytes("路段".encode("gbk"))
    with pytest.raises(BadRegister, match=r"utf-8"):
        read_register(tmp_path / "gbk.csv")


def test_an_owner_is_one_from_its_first_day_until_the_day_it_ceases() -> None:
    roads = layer(Kind.ROAD, [road("r", (114.0, MIDDLE), (114.02, MIDDLE), ref="S28")])
    register = [
        entry("before", segment="r", ceases_on=date(2009, 10, 1)),
        entry("after", segment="r", valid_from=date(2009, 10, 1)),
    ]
    atlas = Atlas([roads], register)

    def owner(day: date) -> str:
        (name,) = atlas.on(day).roads_summary().by_owner()
        return name

    assert owner(date(2009, 9, 30)) == "before"
    assert owner(date(2009, 10, 1)) == "after"


def test_an_entry_for_a_segment_that_there_is_not_changes_nothing() -> None:
    roads = layer(Kind.ROAD, [road("r", (114.0, MIDDLE), (114.02, MIDDLE))])
    found = on_map(roads, register=[entry("x", segment="gone"), entry("x", ref="S99")])
    assert found.roads_summary().by_owner() == {}


def test_kilometres_are_summed_by_owner_and_those_of_nobody_are_told() -> None:
    about = {"ref": "S28", "road_class": "expressway", "legal_class": "highway"}
    rows = [
        road("a", (114.0, MIDDLE), (114.01, MIDDLE), from_m=0.0, to_m=1000.0, **about),
        road("b", (114.01, MIDDLE), (114.02, MIDDLE), from_m=1000.0, to_m=2000.0, **about),
        road("c", (114.0, 22.602), (114.01, 22.602), legal_class="city_road"),
    ]
    register = [
        entry("one", ref="S28", stakes=(Stake("", 0.0), Stake("", 1500.0))),
        entry("two", ref="S28", stakes=(Stake("", 1250.0), Stake("", 1750.0))),
        entry("police", ref="S28", function="enforce"),
    ]
    summary = on_map(layer(Kind.ROAD, rows), register=register).roads_summary("maintain")
    km = 0.01 / METRE / 1000
    assert [
        (length.owners, length.legal_class, length.road_class) for length in summary.lengths
    ] == [
        ((), "city_road", "unknown"),
        ((), "highway", "expressway"),
        (("one",), "highway", "expressway"),
        (("one", "two"), "highway", "expressway"),
        (("two",), "highway", "expressway"),
    ]
    assert [length.km / km for length in summary.lengths] == pytest.approx(
        [1, 0.25, 1.25, 0.25, 0.25], rel=0.001
    )
    assert summary.unowned_km == pytest.approx(km * 1.25, rel=0.001)
    assert summary.contested_km == pytest.approx(km * 0.25, rel=0.001)
    assert summary.total_km == pytest.approx(km * 3, rel=0.001)
    assert set(summary.by_owner("highway")) == {"one", "two"}
    assert summary.by_owner("city_road") == {}


def test_without_a_road_layer_there_are_no_kilometres() -> None:
    assert on_map().roads_summary().total_km == 0


def test_a_function_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadRegister, match="maintain"):
        on_map(day=DAY).roads_summary("clean")


def test_a_register_is_stored_whole_or_not_at_all_and_then_used(tmp_path: Path) -> None:
    file = tmp_path / "owners.csv"
    file.write_text(f"{HEADER}r,,,,,maintain,stored,2001-01-01,\n", encoding="utf-8")
    folder = tmp_path / "layers"
    assert save_register(folder, file) == load_register(folder)
    roads = layer(Kind.ROAD, [road("r", (114.0, MIDDLE), (114.02, MIDDLE))])
    atlas = Atlas.load(folder, [roads], [entry("drawn", segment="r")])
    assert set(atlas.on(DAY).roads_summary().by_owner()) == {"stored"}
    file.write_text(f"{HEADER}r,,,,,clean,broken,2001-01-01,\n", encoding="utf-8")
    with pytest.raises(BadRegister):
        save_register(folder, file)
    assert [found.owner for found in load_register(folder)] == ["stored"]
