"""The seams of the road network are found, and names are joined without guessing."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd
import pytest

from geo import demo
from geo.editions import Kind
from geo.layers import Atlas
from geo.register import RegisterEntry
from geo.road_check import RoadFinding, RoadFlaw, road_faults
from geo.road_names import join_names
from geo.stakes import Stake
from tests.geo.builders import DAY, METRE, MIDDLE, entry, layer, on_map, road, streets


def km(stakes: float) -> Stake:
    return Stake("", stakes * 1000)


def staked(code: str, west: float, east: float, from_m: float, to_m: float) -> Mapping[str, object]:
    return road(
        code, (114.0 + west, MIDDLE), (114.0 + east, MIDDLE), ref="S28", from_m=from_m, to_m=to_m,
        direction="up",
    )  # fmt: skip


def found_in(
    rows: Sequence[Mapping[str, object]], *register: RegisterEntry
) -> tuple[RoadFinding, ...]:
    entries = register or tuple(entry("u", segment=str(row["code"])) for row in rows)
    roads = on_map(streets(), layer(Kind.ROAD, rows), register=entries).roads
    assert roads is not None
    return road_faults(roads, entries)


A, B = staked("a", 0.0, 0.01, 0, 1000), staked("b", 0.01, 0.02, 1000, 2000)


def test_a_network_whose_stakes_and_owners_meet_has_no_seams() -> None:
    assert found_in([A, B]) == ()


def test_a_segment_without_an_owner_is_told_with_its_length() -> None:
    (found,) = found_in([A, B], entry("u", segment="a"))
    assert (found.flaw, found.segments, found.function) == (RoadFlaw.UNOWNED, ("b",), "maintain")
    assert found.length_m == pytest.approx(0.01 / METRE, rel=0.01)


def test_only_the_part_between_two_stakes_without_an_owner_counts() -> None:
    (found,) = found_in([A], entry("u", ref="S28", stakes=(km(0), km(0.75))))
    assert found.flaw is RoadFlaw.UNOWNED
    assert found.length_m == pytest.approx(0.25 * 0.01 / METRE, rel=0.01)


def test_a_function_with_two_owners_is_told_whichever_function_it_is() -> None:
    (found,) = found_in(
        [A],
        entry("u", segment="a"),
        entry("v", segment="a", function="build"),
        entry("w", segment="a", function="build"),
    )
    assert (found.flaw, found.function, found.owners) == (RoadFlaw.CONTESTED, "build", ("v", "w"))


@pytest.mark.parametrize(
    ("begins", "flaw", "stakes"),
    [
        (1100, RoadFlaw.STAKE_HOLE, ("K1+000", "K1+100")),
        (900, RoadFlaw.STAKE_OVERLAP, ("K0+900", "K1+000")),
    ],
)
def test_stakes_that_leave_a_hole_or_overlap_are_told(
    begins: float, flaw: RoadFlaw, stakes: tuple[str, str]
) -> None:
    (found,) = found_in([A, staked("b", 0.01, 0.02, begins, 2000)])
    assert (found.flaw, found.segments, found.stakes) == (flaw, ("a", "b"), stakes)
    assert found.length_m == 100.0


def test_a_segment_within_another_is_an_overlap_and_hides_no_hole() -> None:
    found = found_in([A, staked("b", 0.002, 0.004, 200, 400), staked("c", 0.01, 0.02, 1500, 2000)])
    assert [(one.flaw, one.segments, one.length_m) for one in found] == [
        (RoadFlaw.STAKE_HOLE, ("a", "c"), 500.0),
        (RoadFlaw.STAKE_OVERLAP, ("a", "b"), 200.0),
    ]


def test_stakes_that_meet_where_the_lines_do_not_are_a_break_in_the_chain() -> None:
    (found,) = found_in([A, staked("b", 0.012, 0.02, 1000, 2000)])
    assert (found.flaw, found.stakes) == (RoadFlaw.CHAIN_BREAK, ("K1+000", "K1+000"))
    assert found.length_m == pytest.approx(0.002 / METRE, rel=0.01)


def test_falling_stakes_meet_at_their_other_ends() -> None:
    back = [
        road("a", (114.01, MIDDLE), (114.0, MIDDLE), ref="S28", from_m=1000.0, to_m=0.0),
        road("b", (114.02, MIDDLE), (114.01, MIDDLE), ref="S28", from_m=2000.0, to_m=1000.0),
    ]
    assert found_in(back) == ()


def test_an_entry_for_what_the_layer_does_not_have_is_told() -> None:
    (found,) = found_in([A], entry("u", segment="a"), entry("u", segment="gone"))
    assert (found.flaw, found.segments, found.owners) == (RoadFlaw.UNMATCHED, ("gone",), ("u",))


def test_an_entry_for_stakes_of_an_unknown_road_is_told_with_them() -> None:
    found = found_in([A], entry("u", segment="a"), entry("u", ref="G9", stakes=(km(0), km(2))))
    assert [(one.ref, one.stakes, one.shape) for one in found] == [
        ("G9", ("K0+000", "K2+000"), None)
    ]


def test_a_chain_that_breaks_along_another_road_shares_it_and_is_no_seam() -> None:
    through = road("g", (114.005, MIDDLE), (114.015, MIDDLE), ref="G205")
    found = found_in([A, through, staked("b", 0.012, 0.02, 1000, 2000)])
    assert [(one.flaw, one.along) for one in found] == [(RoadFlaw.SHARED, ("G205",))]


def test_every_seam_has_its_place_on_the_map() -> None:
    """Half a segment without an owner is half a segment on the map, whichever way stakes run."""
    falling = road("a", (114.0, MIDDLE), (114.01, MIDDLE), ref="S28", from_m=1000.0, to_m=0.0)
    (found,) = found_in([falling], entry("u", ref="S28", stakes=(km(0), km(0.75))))
    assert found.shape is not None
    assert found.shape.bounds == pytest.approx((114.0, MIDDLE, 114.0025, MIDDLE), abs=1e-6)
    overlap = found_in([A, staked("b", 0.01, 0.02, 900, 2000)])[0].shape
    assert overlap is not None
    assert overlap.bounds[0] == pytest.approx(114.009, abs=1e-6)
    assert overlap.bounds[2] == pytest.approx(114.01 + 0.01 / 11, abs=1e-6)


def test_the_drawn_network_only_pauses_where_a_road_runs_along_another() -> None:
    """Its 707 km are all owned by one unit each; two S roads share the G205, as real ones do."""
    roads = Atlas(demo.editions(), demo.register()).on(DAY).roads
    assert roads is not None
    in_force = [one for one in demo.register() if one.in_force(DAY)]
    found = road_faults(roads, in_force)
    assert [(one.flaw, one.ref, one.along) for one in found] == [
        (RoadFlaw.SHARED, "S208", ("G205",)),
        (RoadFlaw.SHARED, "S210", ("G205",)),
    ]


# --- names ----------------------------------------------------------------------------------------

LISTED = pd.DataFrame(
    {
        "ref": ["S28", "S29", "S29", "G1", "G2"],
        "name_zh": ["水官高速", "清平高速", "清平高速", "同名", "同名"],
    }
)


def roads_of(*about: tuple[str | None, str | None]) -> gpd.GeoDataFrame:
    line = road("r", (114.0, MIDDLE), (114.0 + 1000 * METRE, MIDDLE))["geometry"]
    rows = [
        {"ref": ref, "name": name, "class": "motorway", "geometry": line} for ref, name in about
    ]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


def test_a_number_gives_the_name_and_a_name_the_number() -> None:
    joined = join_names(roads_of(("S28", None), (None, "清平高速"), (None, None)), LISTED)
    assert list(joined.frame["ref"])[:2] == ["S28", "S29"]
    assert list(joined.frame["name"])[:2] == ["水官高速", "清平高速"]
    assert (joined.refs_joined, joined.names_joined) == (1, 1)
    assert joined.unnamed_km == joined.expressways_unnumbered_km == pytest.approx(1, rel=0.01)
    assert joined.absent == ("G1", "G2")


def test_a_name_of_two_numbers_tells_none_and_what_is_there_stays() -> None:
    joined = join_names(roads_of((None, "同名"), ("S28", "旧名")), LISTED)
    assert list(joined.frame["ref"].isna()) == [True, False]
    assert list(joined.frame["name"]) == ["同名", "旧名"]
