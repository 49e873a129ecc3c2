"""The register of sites on each kind of database: import, look, find."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from enforcement.errors import NoSuchSite, SitesRefused
from enforcement.services.sites import find_site, import_sites, list_sites, seed_demo_sites
from enforcement.sites import Licence, LicenceKind, Site, facts_on
from enforcement.store.engine import Store, reading
from enforcement.store.sites import AT_ONCE, imports
from geo.points import Point

STALL = {
    "id": "LG0001",
    "name": "布吉市场 7 号档",
    "licences": "SP4403071210000123|circulation|2008-01-01|2008-11-05",
    "stages": "slaughter;circulation",
    "premises": "market",
    "lon": "114.1172",
    "lat": "22.6046",
}
CANTEEN = {
    "id": "LG0002",
    "name": "Canteen 100%_A",
    "uscc": "92440307MA5FAKE00F",
    "licences": "JY14403070000017|operation|2016-01-01|",
    "stages": "catering",
    "premises": "school",
    "address": "横岗街道",
}


def as_list(folder: Path, *rows: Mapping[str, str]) -> Path:
    path = folder / "sites.csv"
    with path.open("w", newline="") as file:
        out = csv.DictWriter(
            file, fieldnames=list(dict.fromkeys(key for row in rows for key in row))
        )
        out.writeheader()
        out.writerows(rows)
    return path


def ids(sites: Sequence[Site]) -> list[str]:
    return [site.id for site in sites]


def test_what_was_imported_is_found_as_it_was_read(store: Store, tmp_path: Path) -> None:
    report = import_sites(store, as_list(tmp_path, CANTEEN, STALL), by="ana")
    assert (report.added, report.changed, report.unchanged) == (2, 0, 0)
    assert report.warnings == ()
    assert find_site(store, "LG0001") == Site(
        id="LG0001",
        name="布吉市场 7 号档",
        licences=(
            Licence(
                "SP4403071210000123",
                LicenceKind.CIRCULATION,
                date(2008, 1, 1),
                date(2008, 11, 5),
            ),
        ),
        stages=("slaughter", "circulation"),
        premises="market",
        point=Point.checked(lon=114.1172, lat=22.6046),
    )


def test_a_licence_that_ended_the_day_before_makes_a_found_site_unlicensed(
    store: Store, tmp_path: Path
) -> None:
    import_sites(store, as_list(tmp_path, STALL), by="ana")
    site = find_site(store, "LG0001")
    assert facts_on(site, date(2008, 11, 4), "circulation").facts["licence"] == "licensed"
    assert facts_on(site, date(2008, 11, 5), "circulation").facts["licence"] == "unlicensed"


def test_a_refused_list_leaves_the_register_as_it_was(store: Store, tmp_path: Path) -> None:
    import_sites(store, as_list(tmp_path, STALL), by="ana")
    changed = STALL | {"name": "新名"}
    with pytest.raises(SitesRefused):
        import_sites(store, as_list(tmp_path, changed, CANTEEN | {"lat": "91"}), by="ana")
    assert ids(list_sites(store)) == ["LG0001"]
    assert find_site(store, "LG0001").name == "布吉市场 7 号档"
    with reading(store) as session:
        assert len(imports(session)) == 1


def test_the_same_list_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = as_list(tmp_path, STALL, CANTEEN)
    import_sites(store, path, by="ana")
    before = list_sites(store)
    report = import_sites(store, path, by="ana")
    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)
    assert list_sites(store) == before


def test_a_newer_list_renews_and_keeps_the_past(store: Store, tmp_path: Path) -> None:
    import_sites(store, as_list(tmp_path, STALL, CANTEEN), by="ana")
    newer = {"id": "LG0001", "name": "新名", "licences": "SP9|circulation|2009-01-01|"}
    report = import_sites(store, as_list(tmp_path, newer), by="ben")
    assert (report.added, report.changed, report.unchanged) == (0, 1, 0)
    site = find_site(store, "LG0001")
    assert (site.name, site.premises) == ("新名", "market")
    assert [one.number for one in site.licences] == ["SP4403071210000123", "SP9"]
    assert ids(list_sites(store)) == ["LG0001", "LG0002"]


def test_a_list_without_licences_says_nothing_about_them(store: Store, tmp_path: Path) -> None:
    import_sites(store, as_list(tmp_path, CANTEEN), by="ana")
    report = import_sites(store, as_list(tmp_path, {"id": "LG0002", "name": "新名"}), by="ana")
    assert (report.changed, report.warnings) == (1, ())
    assert len(find_site(store, "LG0002").licences) == 1


def test_a_site_may_be_no_more_than_an_id_and_a_name(store: Store, tmp_path: Path) -> None:
    import_sites(store, as_list(tmp_path, {"id": "S1", "name": "店"}), by="ana")
    assert find_site(store, "S1") == Site("S1", "店")


def test_a_licence_in_force_that_a_newer_list_leaves_out_is_kept_with_a_warning(
    store: Store, tmp_path: Path
) -> None:
    import_sites(store, as_list(tmp_path, CANTEEN), by="ana")
    report = import_sites(store, as_list(tmp_path, CANTEEN | {"licences": ""}), by="ana")
    assert report.unchanged == 1
    assert [one.field for one in report.warnings] == ["LG0002.licences"]
    ended = CANTEEN | {"licences": "JY14403070000017|operation|2016-01-01||2020-05-01"}
    assert import_sites(store, as_list(tmp_path, ended), by="ana").warnings == ()
    assert find_site(store, "LG0002").licences[0].revoked_on == date(2020, 5, 1)


def test_each_import_is_recorded_with_who_and_when_and_what(store: Store, tmp_path: Path) -> None:
    start = datetime.now(UTC)
    import_sites(store, as_list(tmp_path, STALL), by="ana")
    with reading(store) as session:
        (record,) = imports(session)
    assert (record.by, record.source, record.added) == ("ana", "sites.csv", 1)
    assert start <= record.at <= datetime.now(UTC)
    assert len(record.sha256) == 64


def test_more_sites_than_one_query_may_name_are_imported_and_renewed(
    store: Store, tmp_path: Path
) -> None:
    rows = [STALL | {"id": f"S{at:05}"} for at in range(AT_ONCE * 2 + 1)]
    assert import_sites(store, as_list(tmp_path, *rows), by="ana").added == len(rows)
    moved = [row | {"premises": "fixed"} for row in rows]
    assert import_sites(store, as_list(tmp_path, *moved), by="ana").changed == len(rows)
    assert {site.premises for site in list_sites(store)} == {"fixed"}


@pytest.mark.parametrize(
    ("looked_for", "found"),
    [
        ("布吉", ["LG0001"]),
        ("横岗", ["LG0002"]),
        ("canteen", ["LG0002"]),
        ("lg000", ["LG0001", "LG0002"]),
        ("jy1440307", ["LG0002"]),
        ("ma5fake", ["LG0002"]),
        ("100%", ["LG0002"]),
        ("%_", ["LG0002"]),
        ("7%7", []),
        ("'; DROP TABLE site", []),
    ],
)
def test_sites_are_found_by_any_part_of_what_is_written_on_them(
    store: Store, tmp_path: Path, looked_for: str, found: list[str]
) -> None:
    import_sites(store, as_list(tmp_path, STALL, CANTEEN), by="ana")
    assert ids(list_sites(store, text=looked_for)) == found


def test_sites_are_listed_by_stage_and_premises_and_page_by_page(
    store: Store, tmp_path: Path
) -> None:
    import_sites(store, as_list(tmp_path, STALL, CANTEEN), by="ana")
    assert ids(list_sites(store, stage="circulation")) == ["LG0001"]
    assert ids(list_sites(store, premises="school")) == ["LG0002"]
    assert ids(list_sites(store, stage="circulation", premises="school")) == []
    assert ids(list_sites(store, limit=1)) == ["LG0001"]
    assert ids(list_sites(store, limit=1, after="LG0001")) == ["LG0002"]


def test_a_site_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(NoSuchSite, match="LG9") as missing:
        find_site(store, "LG9")
    assert missing.value.field == "site"
    with pytest.raises(NoSuchSite, match="…"):
        find_site(store, "x" * 500)


def test_demo_sites_fill_an_empty_register_once(store: Store, tmp_path: Path) -> None:
    report = seed_demo_sites(store, [STALL])
    assert report is not None
    assert (report.source, report.added) == ("demo", 1)
    assert report.as_dict()["warnings"] == []
    assert seed_demo_sites(store, [STALL, CANTEEN]) is None
    assert ids(list_sites(store)) == ["LG0001"]
