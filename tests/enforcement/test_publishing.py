"""Rules are published only when proven and tested, and every published version can be asked."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from enforcement.case_units import check_units
from enforcement.district import open_district
from enforcement.errors import DistrictRefused
from enforcement.publishing import folder_of, publish, versions
from enforcement.resolution import InArea, Question, resolve
from enforcement.units import Scope
from rules.table import Verdict
from tests.enforcement.small_district import (
    EAST,
    WEST,
    Small,
    mandate,
    owned,
    road_edition,
    square,
    streets_edition,
    unit,
)
from tests.rules.packs import Data, Pack, plain, rule, text

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def folder(at: Path, pack: Pack) -> Path:
    """A district's folder with one unit for each role and no map: nothing to prove about it."""
    pack.write(at / "packs")
    (at / "packs" / "common").rename(at / "common")
    settings: Data = {
        "code": "1",
        "name": text("small"),
        "intake_unit": "a",
        "first_contact": "north",
        "packs": ["small"],
    }
    units: Data = {
        "units": [
            {"id": id_, "names": [text(id_)], "kind": "org", "valid_from": "2000-01-01"}
            for id_ in ("a", "b")
        ],
        "mandates": [
            {"role": role, "scope": "district", "unit": unit_, "valid_from": "2000-01-01"}
            for role, unit_ in (("north", "a"), ("south", "b"))
        ],
    }
    (at / "district.yaml").write_text(plain(settings), encoding="utf-8")
    (at / "units.yaml").write_text(plain(units), encoding="utf-8")
    return at


def pack(**more: object) -> Pack:
    found = Pack(
        {"colour": ["red", "green"]},
        [rule("G", {}, "north")],
        cases=[case("K1", {"colour": "red"}, lead="north")],
    )
    for name, value in more.items():
        setattr(found, name, value)
    return found


def case(id_: str, facts: Data, lead: str, **more: object) -> Data:
    given: Data = {"id": id_, "name": "n", "on": "2010-01-01", "matter": "m", "facts": facts}
    return given | {"expect": {"lead": lead}} | dict(more)


def test_a_version_is_kept_whole_and_can_be_asked_later(tmp_path: Path) -> None:
    home, data = folder(tmp_path / "home", pack()), tmp_path / "data"
    first, ready = publish(home, data=data, at=NOW)
    assert (first.number, len(ready.cases)) == (1, 1)
    changed = pack(
        rules=[rule("G", {}, "south")], cases=[case("K1", {"colour": "red"}, lead="south")]
    )
    changed.write(home / "packs")
    for path in (home / "packs" / "common").iterdir():
        path.rename(home / "common" / path.name)
    (home / "packs" / "common").rmdir()
    second, _ = publish(home, data=data, at=NOW)
    assert [one.name for one in versions(data)] == [first.name, second.name]
    old = open_district(folder_of("1", data), data=data).book
    new = open_district(folder_of(second.name, data), data=data).book
    assert old.table("m", date(2010, 1, 1)).verdict({"colour": "red"}) == Verdict(("G",))
    roles = [book.catalogue.rules["G"].lead for book in (old, new)]
    assert [role and role.id for role in roles] == ["north", "south"]


def test_publishing_the_same_again_gives_the_same_version(tmp_path: Path) -> None:
    home, data = folder(tmp_path / "home", pack()), tmp_path / "data"
    first, _ = publish(home, data=data, at=NOW)
    again, _ = publish(home, data=data, at=datetime(2027, 1, 1, tzinfo=UTC))
    assert again == first
    assert publish(first.folder, data=data, at=NOW)[0] == first


def test_an_open_seam_refuses_publication_and_an_entry_allows_it(tmp_path: Path) -> None:
    gap = pack(rules=[rule("G", {"colour": "red"}, "north", confidence="M", rows=["F1"])])
    home, data = folder(tmp_path / "home", gap), tmp_path / "data"
    with pytest.raises(DistrictRefused) as caught:
        publish(home, data=data, at=NOW)
    (fault,) = caught.value.faults
    assert fault.field == "seam m"
    assert "(colour: green): no rule names a lead" in fault.en
    assert versions(data) == ()
    entry: Data = {
        "id": "R1",
        "what": text("who"),
        "matter": "m",
        "kind": "gap",
        "facts": {"colour": "green"},
        "valid_from": "2000-01-01",
        "owner": "a",
        "deadline": "2027-01-01",
        "interim": text("the asker"),
        "cites": ["F1"],
    }
    (home / "register.yaml").write_text(plain({"entries": [entry]}), encoding="utf-8")
    _, ready = publish(home, data=data, at=NOW)
    assert [one.entry for one in ready.proof.registered] == ["R1"]


def test_a_failing_case_refuses_publication(tmp_path: Path) -> None:
    wrong = pack(cases=[case("K1", {"colour": "red"}, lead="south")])
    with pytest.raises(DistrictRefused) as caught:
        publish(folder(tmp_path / "home", wrong), data=tmp_path / "data", at=NOW)
    assert [fault.field for fault in caught.value.faults] == ["case K1"]


def test_what_an_interrupted_publication_left_is_replaced(tmp_path: Path) -> None:
    home, data = folder(tmp_path / "home", pack()), tmp_path / "data"
    version, _ = publish(home, data=data, at=NOW)
    version.folder.rename(version.folder.with_suffix(".partial"))
    assert versions(data) == ()
    assert publish(home, data=data, at=NOW)[0] == version


def test_a_name_is_a_number_a_version_a_folder_or_current(tmp_path: Path) -> None:
    home, data = folder(tmp_path / "home", pack()), tmp_path / "data"
    version, _ = publish(home, data=data, at=NOW)
    assert folder_of("current", data) is None
    assert folder_of("1", data) == folder_of(version.sha256, data) == version.folder
    assert folder_of(str(home), data) == home
    with pytest.raises(DistrictRefused, match=version.name):
        folder_of("7", data)


def test_a_folder_without_settings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DistrictRefused):
        publish(tmp_path, data=tmp_path / "data", at=NOW)


# --- cases by unit --------------------------------------------------------------------------------


def results(small: Small, at: Path) -> list[str]:
    return [fault.en for one in check_units(small.build(at)) for fault in one.faults]


def by_unit(*cases: Data) -> Small:
    return Small(
        pack=Pack(
            {"colour": ["red", "green"]},
            [rule("G", {"colour": "red"}, "north"), rule("E", {"colour": "green"}, "east")],
            cases=list(cases),
        )
    )


def test_the_unit_that_holds_the_role_must_be_the_one_expected(tmp_path: Path) -> None:
    red = {"colour": "red"}
    assert results(by_unit(case("K1", red, "north", unit="a")), tmp_path / "1") == []
    assert results(by_unit(case("K1", red, "north", unit="b")), tmp_path / "2") == [
        "expected the unit b, found a"
    ]


def test_a_case_in_a_street_is_asked_there(tmp_path: Path) -> None:
    green = {"colour": "green"}
    cases = [
        case("K1", green, "east", unit="w", place={"street": WEST}),
        case("K2", green, "east", unit="e", place={"street": EAST}),
        case("K3", green, "east", unit="w", place={"street": "300"}),
        case("K4", green, "east", unit="w"),
    ]
    assert results(by_unit(*cases), tmp_path) == ["there is no street 300 on 2010-01-01"]


def test_a_role_that_nobody_holds_has_no_unit(tmp_path: Path) -> None:
    small = by_unit(case("K1", {"colour": "red"}, "north", unit="a"))
    small.mandates = small.mandates[1:]
    assert results(small, tmp_path) == ["expected the unit a, found -"]


def test_a_role_of_the_road_register_is_held_by_an_owner_in_it(tmp_path: Path) -> None:
    small = Small(
        pack=Pack(
            {"colour": ["red"]},
            [rule("G", {}, "owner")],
            matter={"kind": "upkeep"},
            cases=[
                case("K1", {}, "owner", unit="a"),
                case("K2", {}, "owner", unit="b"),
            ],
        ),
        editions=[
            streets_edition({WEST: square(114.0), EAST: square(114.1)}),
            road_edition(["r1"]),
        ],
        register=[owned("r1", "a")],
    )
    small.units.append(unit("k"))
    small.mandates.append(mandate("owner", None, scope=Scope.SEGMENT, register="maintain"))
    assert results(small, tmp_path) == ["expected the unit b, found -"]


def test_a_version_of_the_schematic_district_answers_alike_without_the_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The packs that it takes from the catalogue are in the version, with what is common."""
    data = tmp_path / "data"
    version, _ = publish(None, data=data, at=NOW)
    day = date(2026, 11, 20)
    question = Question("food.safety", day, day, InArea("440307014"), {"stage": "catering"})
    before = resolve(question, open_district(None, data=data)).as_dict()
    gone = tmp_path / "no-catalogue"
    monkeypatch.setattr("enforcement.district.CATALOGUE", gone)
    after = resolve(question, open_district(version.folder, data=data)).as_dict()
    assert json.dumps(after, sort_keys=True) == json.dumps(before, sort_keys=True)


def test_a_pack_brings_its_own_roles_laws_and_units_into_the_version(tmp_path: Path) -> None:
    home, data = folder(tmp_path / "home", pack()), tmp_path / "data"
    own = home / "packs" / "small"
    units: Data = {
        "units": [{"id": "c", "names": [text("c")], "kind": "org", "valid_from": "2000-01-01"}],
        "mandates": [{"role": "own", "scope": "district", "unit": "c", "valid_from": "2000-01-01"}],
    }
    (own / "units.yaml").write_text(plain(units), encoding="utf-8")
    roles: Data = {"roles": {"own": {"name": text("own"), "power": "enforce"}}}
    (own / "roles.yaml").write_text(plain(roles), encoding="utf-8")
    version, _ = publish(home, data=data, at=NOW)
    shutil.rmtree(home)
    kept = open_district(version.folder, data=data)
    assert "own" in kept.book.catalogue.roles
    assert [one.unit for one in kept.registry.of_role("own")] == ["c"]
