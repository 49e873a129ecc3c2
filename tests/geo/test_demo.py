"""The schematic district holds what it promises: kilometres, clean areas, dates, places."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from geo import demo, register
from geo.demo import layers as drawing
from geo.demo import network
from geo.demo.areas import NEIGHBOURS, STREETS
from geo.demo.outline import DISTRICT_2004, PINGSHAN, closed, joined, patches
from geo.demo.places import communities, community_areas
from geo.demo.roads import segments
from geo.demo.zones import VENDOR_AREAS_FROM, beside, schools
from geo.layers import Atlas, Edition, Kind
from geo.points import Point as Position

GEOD = Geod(ellps="WGS84")
TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:4547", always_xy=True)
ARTICLE_ERA = date(2008, 11, 5)
TODAY = date(2026, 11, 20)
STREETS_ON = [
    (date(2004, 1, 1), 13),
    (ARTICLE_ERA, 13),
    (date(2009, 6, 29), 13),
    (date(2009, 6, 30), 11),
    (date(2011, 12, 29), 11),
    (date(2011, 12, 30), 8),
    (date(2016, 12, 25), 8),
    (date(2016, 12, 26), 11),
    (TODAY, 11),
]
KEEPERS = {
    "hwy_d": 214,
    "hwy_c": 401,
    "expressways": 92,
}


def frame_on(kind: Kind, day: date) -> gpd.GeoDataFrame:
    (edition,) = [e for e in demo.editions() if e.kind is kind and e.in_force(day)]
    return edition.frame


def length_km(lines: Iterable[LineString]) -> float:
    return sum(GEOD.geometry_length(line) for line in lines) / 1000


def in_metres(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda xy: np.column_stack(TO_METRES.transform(*xy.T)))


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return Atlas(demo.editions(), demo.register())


# ------------------------------------------------------------------------------ areas


@pytest.mark.parametrize(("day", "count"), STREETS_ON)
def test_the_number_of_streets_is_that_of_the_day(day: date, count: int) -> None:
    assert len(frame_on(Kind.STREET, day)) == count


@pytest.mark.parametrize(
    "edition",
    [e for e in demo.editions() if e.kind in {Kind.STREET, Kind.COMMUNITY, Kind.DISTRICT}],
    ids=str,
)
def test_areas_of_an_edition_leave_no_gap_and_never_overlap(edition: Edition) -> None:
    shapes = list(edition.frame.geometry)
    assert all(isinstance(shape, shapely.Polygon) and shape.is_valid for shape in shapes)
    # valid as a coverage: neighbours share every vertex of their border, and no ground
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.union_all(shapes)
    assert whole.area == pytest.approx(sum(shape.area for shape in shapes), rel=1e-12)
    if edition.kind is not Kind.DISTRICT:
        pieces = shapely.get_parts(whole)
        # without 坪山 the east was an exclave until it left as well
        assert len(pieces) == (2 if edition.name == "schematic-2009" else 1)
        assert not any(piece.interiors for piece in pieces), "no hole between the streets"


def test_streets_and_neighbours_of_a_day_share_their_borders_too() -> None:
    for day, _ in STREETS_ON:
        streets = list(frame_on(Kind.STREET, day).geometry)
        neighbours = list(frame_on(Kind.DISTRICT, day).geometry)
        assert shapely.coverage_is_valid([*streets, *neighbours]), day


def test_the_district_shrinks_by_what_the_new_areas_took() -> None:
    before, after = (
        shapely.union_all(list(frame_on(Kind.STREET, day).geometry))
        for day in (date(2009, 6, 29), date(2009, 6, 30))
    )
    assert before.difference(after).equals(joined(PINGSHAN))


def test_a_split_street_and_its_successors_cover_the_same_ground() -> None:
    before = frame_on(Kind.STREET, date(2016, 12, 25)).set_index("code").geometry
    after = frame_on(Kind.STREET, date(2016, 12, 26)).set_index("code").geometry
    for old, new in [
        (["440307014"], ["440307014", "440307018"]),
        (["440307017"], ["440307017", "440307020"]),
        (["440307015", "440307016"], ["440307015", "440307016", "440307019"]),
    ]:
        assert shapely.union_all(before[old]).equals(shapely.union_all(after[new]))


def test_the_codes_are_those_of_the_statistics_bureau() -> None:
    assert dict(frame_on(Kind.STREET, TODAY)[["code", "name"]].itertuples(index=False)) == {
        "440307003": "平湖街道",
        "440307006": "坪地街道",
        "440307012": "南湾街道",
        "440307013": "坂田街道",
        "440307014": "布吉街道",
        "440307015": "龙城街道",
        "440307016": "龙岗街道",
        "440307017": "横岗街道",
        "440307018": "吉华街道",
        "440307019": "宝龙街道",
        "440307020": "园山街道",
    }


@pytest.mark.parametrize(
    ("where", "position", "day", "expected"),
    [
        ("the article's example in 布吉", (114.1172, 22.6046), ARTICLE_ERA, ("440307014", None)),
        ("the same place today", (114.1172, 22.6046), TODAY, ("440307014", None)),
        ("吉华, which was 布吉", (114.1020, 22.6360), ARTICLE_ERA, ("440307014", None)),
        ("吉华 today", (114.1020, 22.6360), TODAY, ("440307018", None)),
        (
            "鹏城 in 大鹏, in the article's era",
            (114.5150, 22.6050),
            ARTICLE_ERA,
            ("440307010", None),
        ),
        ("鹏城 in 大鹏 today", (114.5150, 22.6050), TODAY, (None, "440307-DP")),
        (
            "坪山 the day before it left",
            (114.3460, 22.7040),
            date(2009, 6, 29),
            ("440307007", None),
        ),
        ("坪山 the day it left", (114.3460, 22.7040), date(2009, 6, 30), (None, "440310")),
        ("龙华 when it was 宝安's", (114.0200, 22.6600), ARTICLE_ERA, (None, "440306")),
        ("龙华 today", (114.0200, 22.6600), TODAY, (None, "440309")),
        ("罗湖", (114.1300, 22.5600), TODAY, (None, "440303")),
        ("凤岗 in 东莞, between 平湖 and 龙城", (114.1750, 22.7000), TODAY, (None, "441900")),
        ("惠阳", (114.4500, 22.7800), TODAY, (None, "441303")),
        ("the open sea south of 南澳", (114.5300, 22.4000), ARTICLE_ERA, (None, None)),
    ],
)
def test_a_known_place_is_run_by_whom_one_expects(
    atlas: Atlas,
    where: str,
    position: tuple[float, float],
    day: date,
    expected: tuple[str | None, str | None],
) -> None:
    lon, lat = position
    place = atlas.on(day).at(Position.checked(lon=lon, lat=lat)).places[0]
    street = place.street and place.street.code
    neighbour = place.neighbour and place.neighbour.code
    assert (street, neighbour) == expected, where


def test_every_community_lies_in_its_street_and_begins_with_its_code() -> None:
    for day, _ in STREETS_ON:
        streets = frame_on(Kind.STREET, day).set_index("code").geometry
        found = frame_on(Kind.COMMUNITY, day)
        assert found["code"].is_unique
        for code, shape in zip(found["code"], found.geometry, strict=True):
            assert len(code) == 12
            assert streets[code[:9]].covers(shape.representative_point())
        counts = Counter(code[:9] for code in found["code"])
        assert min(counts.values()) >= 5 or day >= date(2016, 12, 26)
        assert set(counts) == set(streets.index)


def test_a_community_lies_around_its_own_centre() -> None:
    for community, ground in community_areas().items():
        assert ground.contains(Point(community.lon, community.lat)), community.name
        assert patches()[community.patch].buffer(1e-6).covers(ground), community.name


def test_dated_layers_begin_in_the_article_s_era_and_never_pause() -> None:
    for kind in (Kind.STREET, Kind.COMMUNITY, Kind.DISTRICT, Kind.ROAD, Kind.ZONE):
        own = [edition for edition in demo.editions() if edition.kind is kind]
        assert own[0].valid_from == date(2004, 1, 1)
        assert own[-1].ceases_on is None
        assert all(one.ceases_on == other.valid_from for one, other in pairwise(own))
        assert all(edition.schematic for edition in own)
        assert all(edition.name.startswith("schematic-") for edition in own)


def test_a_mistake_in_the_drawing_is_refused() -> None:
    square = "0 0, 1 0, 1 1, 0 1, 0 0"
    assert set(closed(square, {"one": (0.5, 0.5)})) == {"one"}
    with pytest.raises(ValueError, match="the borders of one do not close: 0 faces"):
        closed("0 0, 1 0, 1 1, 0 1", {"one": (0.5, 0.5)})
    with pytest.raises(ValueError, match="1 faces for 2 names"):
        closed(square, {"one": (0.5, 0.5), "other": (0.6, 0.5)})
    with pytest.raises(ValueError, match="2 faces for 1 names"):
        closed(f"{square}\n2 0, 3 0, 3 1, 2 0", {"one": (0.5, 0.5)})
    with pytest.raises(ValueError, match="one polygon was expected, not a MultiPolygon"):
        joined(("平湖", "南澳"))
    with pytest.raises(ValueError, match="平湖 lies too close to the border"):
        beside(communities()[0], metres=50_000, degrees=0)
    with pytest.raises(ValueError, match="no road leads from community 0 to community -1"):
        network._shortest_path(0, -1)


def test_names_of_states_and_patches_fit_together() -> None:
    for day, streets in STREETS.items():
        covered = [patch for street in streets for patch in street.patches]
        assert len(covered) == len(set(covered)), day
        others = [
            patch
            for one in NEIGHBOURS[max(d for d in NEIGHBOURS if d <= day)]
            for patch in one.patches
        ]
        assert not set(covered) & set(others), day
        assert {*covered, *others} == set(patches()), day


# ------------------------------------------------------------------------------ roads


def test_the_highways_make_exactly_the_article_s_kilometres() -> None:
    km: dict[str, float] = defaultdict(float)
    for segment in segments():
        if segment.legal_class == "highway":
            keeper = "expressways" if segment.road_class == "expressway" else segment.keeper
            km[keeper] += length_km([segment.line])
    assert set(km) == set(KEEPERS)
    for keeper, expected in KEEPERS.items():
        assert km[keeper] == pytest.approx(expected, rel=5e-4), keeper
    assert sum(km.values()) == pytest.approx(707, rel=5e-4)


def test_the_register_gives_the_same_kilometres_on_the_article_s_day() -> None:
    lines = frame_on(Kind.ROAD, ARTICLE_ERA).set_index("code")
    km: dict[str, float] = defaultdict(float)
    for entry in demo.register():
        if entry.function == "maintain" and entry.in_force(ARTICLE_ERA):
            road = lines.loc[entry.segment]
            if road["legal_class"] == "highway":
                km[entry.owner] += length_km([road["geometry"]])
    companies = sum(length for owner, length in km.items() if owner.startswith("exp_"))
    assert km["hwy_d"] == pytest.approx(214, rel=5e-4)
    assert km["hwy_c"] == pytest.approx(401, rel=5e-4)
    assert companies == pytest.approx(92, rel=5e-4)
    assert set(km) == {
        *("hwy_d", "hwy_c"),
        *("exp_g15", "exp_g25", "exp_s28", "exp_g0422", "exp_s29"),
    }


@pytest.mark.parametrize("day", [day for day, _ in STREETS_ON])
def test_every_segment_lies_inside_the_district_of_its_day(day: date) -> None:
    # rounding moves a vertex by a tenth of a metre at most
    district = shapely.union_all(list(frame_on(Kind.STREET, day).geometry)).buffer(1e-6)
    roads = frame_on(Kind.ROAD, day)
    outside = [
        code
        for code, line in zip(roads["code"], roads.geometry, strict=True)
        if not district.covers(line)
    ]
    assert not outside


def test_stakes_run_on_without_a_break_along_each_road() -> None:
    by_ref: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    for segment in segments():
        assert (segment.ref == "") == (segment.from_m is None) == (segment.to_m is None)
        if segment.from_m is not None and segment.to_m is not None:
            by_ref[segment.ref].append((segment.from_m, segment.to_m, segment.length_m))
    for ref, stretches in by_ref.items():
        assert stretches[0][0] == 0, ref
        assert all(one[1] == other[0] for one, other in pairwise(stretches)), ref
        assert all(abs(to - start - length) <= 1 for start, to, length in stretches), ref


def test_every_expressway_has_its_company_and_a_known_stake(atlas: Atlas) -> None:
    roads = {segment.ref: segment for segment in segments() if segment.road_class == "expressway"}
    assert {ref: road.keeper for ref, road in roads.items()} == {
        "G15": "exp_g15",
        "G25": "exp_g25",
        "S28": "exp_s28",
        "G0422": "exp_g0422",
        "S29": "exp_s29",
    }
    found = atlas.on(ARTICLE_ERA).at_stake("S28", "K12+300", "up")
    road = found.places[0].road
    assert road is not None
    assert (road.ref, road.stake) == ("S28", "K12+300")
    assert dict(road.owners)["maintain"] == "exp_s28"
    assert dict(road.owners)["enforce"] == "trans0"


@pytest.mark.parametrize(
    ("keeper", "function", "day", "owner"),
    [
        ("hwy_d", "maintain", date(2009, 9, 30), "hwy_d"),
        ("hwy_d", "maintain", date(2009, 10, 1), "trans1"),
        ("hwy_d", "maintain", date(2018, 12, 31), "trans1"),
        ("hwy_d", "maintain", date(2019, 1, 1), "trans2"),
        ("hwy_c", "manage", ARTICLE_ERA, "hwy_c"),
        ("hwy_c", "manage", TODAY, "trans2"),
        ("hwy_c", "plan", TODAY, "plan"),
        ("hwy_c", "enforce", ARTICLE_ERA, "trans0"),
        ("exp_s28", "maintain", TODAY, "exp_s28"),
        ("exp_s28", "build", ARTICLE_ERA, "exp_s28"),
        ("exp_s28", "enforce", date(2009, 10, 1), "trans_enf"),
        ("umb", "maintain", ARTICLE_ERA, "umb"),
        ("umb", "enforce", ARTICLE_ERA, "umb"),
        ("umb", "enforce", TODAY, "trans_enf"),
        ("umb", "maintain", TODAY, "trans2"),
        ("property", "maintain", ARTICLE_ERA, "property"),
        ("property", "maintain", TODAY, "property"),
    ],
)
def test_a_function_is_with_the_unit_of_the_day(
    keeper: str, function: str, day: date, owner: str
) -> None:
    codes = {s.code for s in segments() if s.keeper == keeper and s.left is None}
    owners = {
        entry.owner
        for entry in demo.register()
        if entry.segment in codes and entry.function == function and entry.in_force(day)
    }
    assert owners == {owner}


@given(day=st.dates(date(2004, 1, 1), date(2030, 12, 31)))
def test_on_any_day_each_segment_has_one_keeper_and_no_two_owners(day: date) -> None:
    there = {s.code for s in segments() if s.left is None or day < s.left}
    owned = Counter((e.segment, e.function) for e in demo.register() if e.in_force(day))
    assert set(owned.values()) == {1}
    assert {code for code, function in owned if function == "maintain"} == there
    assert {code for code, _ in owned} == there


def test_functions_are_those_of_the_register() -> None:
    assert {entry.function for entry in demo.register()} == set(register.FUNCTIONS)


def test_there_is_one_road_of_each_odd_kind() -> None:
    (new_road,) = [s for s in segments() if not s.handed_over]
    assert (new_road.legal_class, new_road.keeper) == ("city_road", "property")
    (estate,) = [s for s in segments() if s.legal_class == "estate_road"]
    assert (estate.road_class, estate.keeper) == ("estate", "property")
    (main,) = [s for s in segments() if s.name == "龙岗大道（市政段）"]
    (beside,) = [s for s in segments() if s.name == "龙岗大道（市政段）辅路"]
    gap = in_metres(main.line).hausdorff_distance(in_metres(beside.line))
    assert 20 < gap < 30, "metres between the main line and its service road"


def test_ids_of_segments_are_unique_and_no_segment_is_a_scrap() -> None:
    codes = [segment.code for segment in segments()]
    assert len(codes) == len(set(codes))
    assert min(segment.length_m for segment in segments()) > 100


def test_every_street_has_highways_and_a_city_road() -> None:
    streets = frame_on(Kind.STREET, ARTICLE_ERA)
    for name, shape in zip(streets["name"], streets.geometry, strict=True):
        classes = {s.legal_class for s in segments() if s.line.intersects(shape)}
        assert {"highway", "city_road"} <= classes, name


# ------------------------------------------------------------------------------ zones


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (ARTICLE_ERA, {"water", "school", "expressway_band", "highway_land", "livestock_ban"}),
        (
            TODAY,
            {"water", "school", "expressway_band", "highway_land", "livestock_ban", "vendor_area"},
        ),
    ],
)
def test_the_kinds_of_zone_are_those_of_the_day(day: date, kinds: set[str]) -> None:
    assert set(frame_on(Kind.ZONE, day)["zone"]) == kinds


def test_vendor_areas_begin_with_the_regulation_and_lie_in_no_school_s_surroundings() -> None:
    before = frame_on(Kind.ZONE, VENDOR_AREAS_FROM - timedelta(days=1))
    after = frame_on(Kind.ZONE, VENDOR_AREAS_FROM)
    assert "vendor_area" not in set(before["zone"])
    areas = shapely.union_all(list(after[after["zone"] == "vendor_area"].geometry))
    near_schools = shapely.union_all(list(after[after["zone"] == "school"].geometry))
    assert areas.disjoint(near_schools)


def test_water_zones_have_three_grades_that_do_not_overlap() -> None:
    zones = frame_on(Kind.ZONE, ARTICLE_ERA)
    water = zones[zones["zone"] == "water"]
    assert set(water["grade"]) == {"level1", "level2", "quasi"}
    total = sum(shape.area for shape in water.geometry)
    # rings are rounded vertex by vertex: what overlaps is thinner than a hand
    assert shapely.union_all(list(water.geometry)).area == pytest.approx(total, rel=1e-5)


def test_forty_schools_stand_in_all_streets_with_200_m_around_each() -> None:
    assert len(schools()) == 40
    streets = frame_on(Kind.STREET, ARTICLE_ERA)
    for name, shape in zip(streets["name"], streets.geometry, strict=True):
        assert any(shape.contains(Point(s.lon, s.lat)) for s in schools()), name
    zones = frame_on(Kind.ZONE, ARTICLE_ERA)
    for school, (_, zone) in zip(
        schools(), zones[zones["zone"] == "school"].iterrows(), strict=True
    ):
        gate = in_metres(Point(school.lon, school.lat))
        ring = in_metres(zone.geometry.exterior)
        assert 195 < gate.distance(ring) <= gate.hausdorff_distance(ring) < 201


def test_the_control_band_ends_50_m_from_the_centre_line_of_an_expressway() -> None:
    zones = frame_on(Kind.ZONE, TODAY).set_index("code").geometry
    line = in_metres(shapely.union_all([s.line for s in segments() if s.ref == "S28"]))
    band = in_metres(zones["EB-S28"])
    assert band.boundary.distance(line) == pytest.approx(50, abs=3)
    assert line.hausdorff_distance(band.boundary) == pytest.approx(50, abs=3)


# ------------------------------------------------------------------------------ as a whole


def test_the_atlas_takes_the_whole_drawing(atlas: Atlas) -> None:
    for community in communities():
        place = atlas.on(ARTICLE_ERA).at(Position.checked(lon=community.lon, lat=community.lat))
        assert place.places[0].street is not None, community.name
        assert place.places[0].community is not None, community.name


def test_the_drawing_is_the_same_each_time_and_quick() -> None:
    for part in (patches, community_areas, communities, segments, drawing.editions):
        part.cache_clear()
    begun = time.process_time()
    again = drawing.editions()
    assert time.process_time() - begun < 2
    assert [edition.sha256 for edition in again] == [e.sha256 for e in demo.editions()]


def test_coordinates_have_six_decimals() -> None:
    for edition in demo.editions():
        coordinates = shapely.get_coordinates(edition.frame.geometry)
        assert abs(coordinates - coordinates.round(6)).max() == 0, edition


def test_the_old_district_is_one_piece_of_plausible_size() -> None:
    area_m2, _ = GEOD.geometry_area_perimeter(joined(DISTRICT_2004))
    assert 800e6 < abs(area_m2) < 900e6
