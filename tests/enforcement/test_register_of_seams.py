"""The register of seams: entries without wildcards, citing a doubt; a ruling proposes a rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from enforcement.district import SCHEMATIC
from enforcement.errors import DistrictRefused
from enforcement.register import FILE, Entry, load_register, overdue, proposed_rule
from enforcement.units import Unit
from rules.loader import load_catalogue
from rules.model import Catalogue
from tests.enforcement.small_district import unit
from tests.rules.packs import Data, Pack, plain, rule, text

UNITS: dict[str, Unit] = {"a": unit("a"), "b": unit("b")}


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    pack = Pack(
        {"colour": ["red", "green", "blue"]},
        [
            rule("G", {"colour": "red"}, "north", rows=["F01"], confidence="M"),
            rule("H", {"colour": "green"}, "north", rows=["F02"]),
            rule(
                "I",
                {"colour": "green"},
                rows=["F03"],
                readings=[{"says": text("else"), "confidence": "L"}],
            ),
        ],
        matters={"n": {"name": text("n"), "kind": "upkeep", "facts": []}},
    )
    return pack.catalogue(tmp_path / "pack")


def given(**more: object) -> Data:
    entry: Data = {
        "id": "R1",
        "what": text("who minds blue"),
        "matter": "m",
        "kind": "gap",
        "facts": {"colour": "blue"},
        "valid_from": "2010-01-01",
        "claimants": ["north", "b"],
        "owner": "a",
        "deadline": "2027-01-01",
        "interim": text("the asker"),
        "cites": ["F01", "§10.6"],
    }
    return entry | dict(more)


def loaded(folder: Path, catalogue: Catalogue, *entries: Data) -> tuple[Entry, ...]:
    (folder / FILE).write_text(plain({"entries": list(entries)}), encoding="utf-8")
    return load_register(folder, catalogue, UNITS)


def test_a_district_without_the_file_has_no_entries(tmp_path: Path, catalogue: Catalogue) -> None:
    assert load_register(tmp_path, catalogue, UNITS) == ()


def test_entries_are_read_in_order_of_their_ids(tmp_path: Path, catalogue: Catalogue) -> None:
    found = loaded(
        tmp_path, catalogue, given(id="R2", facts={"colour": ["green", "blue"]}), given()
    )
    assert [(one.id, one.facts) for one in found] == [
        ("R1", {"colour": ("blue",)}),
        ("R2", {"colour": ("green", "blue")}),
    ]


def test_a_matter_that_asks_nothing_needs_no_facts(tmp_path: Path, catalogue: Catalogue) -> None:
    (found,) = loaded(tmp_path, catalogue, given(matter="n", facts={}))
    assert found.speaks_of("n", "gap", (), date(2010, 1, 1))
    assert not found.speaks_of("n", "gap", (), date(2009, 12, 31))


RULING: Data = {
    "lead": "south",
    "on": "2026-12-01",
    "valid_from": "2027-01-01",
    "by": text("the district"),
    "says": text("blue is for the south"),
    "basis": [{"law": "law", "article": "7"}],
    "source": ["A"],
}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"matter": "x"}, "there is no matter x"),
        ({"facts": {}}, "an entry has no wildcards"),
        ({"facts": {"colour": ["red", "green", "blue"]}}, "an entry has no wildcards"),
        ({"facts": {"colour": []}}, "an entry has no wildcards"),
        ({"facts": {"colour": ["blue", "pink"]}}, "colour=pink does not belong to m"),
        ({"facts": {"colour": "blue", "size": "x"}}, "size=x does not belong to m"),
        ({"ceases_on": "2009-01-01"}, "ceases_on must be after valid_from"),
        ({"roles": ["west"]}, "there is no role west"),
        ({"claimants": ["west"]}, "there is no unit or role west"),
        ({"owner": "z"}, "there is no unit z"),
        ({"cites": ["F02"]}, "F02 is neither a doubt"),
        ({"cites": ["F99"]}, "F99 is neither a doubt"),
        ({"cites": ["§10.12"]}, "there is no doubt §10.12"),
        ({"cites": []}, "at least 1 item"),
        ({"kind": "latent"}, "given 'latent'"),
        ({"deadline": "soon"}, "given 'soon'"),
        ({"decision": RULING | {"lead": "west"}}, "there is no role west"),
        ({"decision": RULING | {"basis": [{"law": "lore"}]}}, "there is no law lore"),
        ({"decision": RULING | {"basis": []}}, "at least 1 item"),
    ],
)
def test_an_entry_with_a_fault_is_refused(
    change: Data, says: str, tmp_path: Path, catalogue: Catalogue
) -> None:
    with pytest.raises(DistrictRefused) as caught:
        loaded(tmp_path, catalogue, given(**change))
    assert any(says in fault.en for fault in caught.value.faults), caught.value.en
    assert all(fault.field.startswith(FILE) for fault in caught.value.faults)


def test_an_id_that_stands_twice_and_a_broken_file_are_refused(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    with pytest.raises(DistrictRefused, match="the id stands twice"):
        loaded(tmp_path, catalogue, given(), given())
    (tmp_path / FILE).write_text("entries: [", encoding="utf-8")
    with pytest.raises(DistrictRefused, match="is not valid YAML"):
        load_register(tmp_path, catalogue, UNITS)


def test_a_row_with_a_doubtful_reading_may_be_cited(tmp_path: Path, catalogue: Catalogue) -> None:
    (found,) = loaded(tmp_path, catalogue, given(cites=["F03"]))
    assert found.cites == ("F03",)


def test_entries_past_their_deadline_without_a_decision_are_overdue(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    entries = loaded(
        tmp_path,
        catalogue,
        given(),
        given(id="R2", deadline="2026-01-01"),
        given(id="R3", deadline="2025-01-01"),
        given(id="R4", deadline="2025-01-01", decision=RULING),
    )
    assert [one.id for one in overdue(entries, date(2026, 1, 2))] == ["R3", "R2"]
    assert [one.id for one in overdue(entries, date(2026, 1, 1))] == ["R3"]


def test_a_ruling_becomes_a_rule_that_the_loader_takes_and_that_closes_the_seam(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    (entry,) = loaded(tmp_path, catalogue, given(decision=RULING))
    proposal = proposed_rule(entry)
    assert proposal is not None
    (proposed,) = yaml.safe_load(proposal)
    home, shared = Pack({"colour": ["red", "green", "blue"]}, []).write(tmp_path / "with")
    (home / "rules.yaml").write_text(proposal, encoding="utf-8")
    adopted = load_catalogue([home], shared).rules["R1.ruling"]
    assert adopted.alternatives == ({"colour": frozenset({"blue"})},)
    assert adopted.lead is not None
    assert (adopted.lead.id, adopted.period.valid_from) == ("south", date(2027, 1, 1))
    assert "the district of 2026-12-01 on the registered item R1" in proposed["note"]["en"]


def test_without_a_ruling_nothing_is_proposed(tmp_path: Path, catalogue: Catalogue) -> None:
    (entry,) = loaded(tmp_path, catalogue, given())
    assert proposed_rule(entry) is None


def test_the_schematic_districts_register_has_a_file() -> None:
    assert (SCHEMATIC / FILE).exists()
