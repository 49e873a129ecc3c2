"""A pack with faults is refused with every fault at once, each with its file and key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from rules.errors import Fault, PackRefused
from rules.loader import load_catalogue
from rules.model import Power
from tests.rules.packs import Pack, fact, plain, rule, text, when

COLOURS = ["red", "green", "blue"]


def small(**more: object) -> Pack:
    pack = Pack({"colour": COLOURS}, [rule("G", {}, "north")])
    for name, value in more.items():
        setattr(pack, name, value)
    return pack


def faults(pack: Pack, folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(PackRefused) as caught:
        pack.catalogue(folder)
    return caught.value.faults


def with_rule(when_: object = None, lead: str = "north", **keys: object) -> Pack:
    return small(rules=[rule("G", {} if when_ is None else when_, lead) | dict(keys)])


def with_matter(**keys: object) -> Pack:
    return small(matter=dict(keys))


def with_common(file: str, **keys: object) -> Pack:
    pack = small()
    pack.common[file] = pack.common[file] | dict(keys)
    return pack


def with_law(**keys: object) -> Pack:
    pack = small()
    pack.common["laws.yaml"]["laws"]["law"] |= keys
    return pack


def with_deadline(**keys: object) -> Pack:
    pack = small()
    pack.common["deadlines.yaml"]["deadlines"]["D1"] |= keys
    return pack


BAND = {
    "name": text("band"),
    "unit": "m",
    "values": [{"value": 30, "valid_from": "1990-01-01"}],
}


def with_band(
    number: object = None, bands: Sequence[str] = ("near", "far"), **keys: object
) -> Pack:
    distance = fact(bands, number=number or {"unit": "m", "cuts": ["band"]})
    return small(facts={"distance": distance}, parameters={"band": BAND | keys})


def with_case(**keys: object) -> Pack:
    case = {
        "id": "K1",
        "name": "a sentence",
        "on": "2010-01-01",
        "matter": "m",
        "facts": {"colour": "red"},
        "expect": {"lead": "north"},
    }
    return small(cases=[case | dict(keys)])


ONE_FAULT: dict[str, tuple[Callable[[], Pack], str, str]] = {
    # rules
    "a role that does not exist": (
        lambda: with_rule({}, "west"),
        "small/rules.yaml:G.lead",
        "there is no role west",
    ),
    "a coordination body that leads": (
        lambda: with_rule({}, "council"),
        "small/rules.yaml:G.lead",
        "council (coordinate) may not lead m (enforcement)",
    ),
    "an owner that enforces": (
        lambda: with_rule({}, "owner"),
        "small/rules.yaml:G.lead",
        "owner (maintain) may not lead m (enforcement)",
    ),
    "a fact that does not exist": (
        lambda: with_rule({"size": "large"}, "north"),
        "small/rules.yaml:G.when",
        "there is no fact size",
    ),
    "a value that the fact does not have": (
        lambda: with_rule({"colour": ["red", "pink"]}, "north"),
        "small/rules.yaml:G.when.colour",
        "pink is not a value; allowed: red, green, blue",
    ),
    "a negation that nothing satisfies": (
        lambda: with_rule({"colour": {"not": COLOURS}}, "north"),
        "small/rules.yaml:G.when.colour",
        "no value can satisfy this",
    ),
    "an empty list of values": (
        lambda: with_rule({"colour": []}, "north"),
        "small/rules.yaml:G.when.colour",
        "no value can satisfy this",
    ),
    "too many alternatives": (
        lambda: with_rule([{"colour": "red"}] * 65, "north"),
        "small/rules.yaml:G.when",
        "must have 1 to 64 alternatives, has 65",
    ),
    "no alternative": (
        lambda: with_rule([], "north"),
        "small/rules.yaml:G.when",
        "must have 1 to 64 alternatives, has 0",
    ),
    "a period that ends before it begins": (
        lambda: with_rule(ceases_on="1999-01-01", basis=[{"law": "law"}]),
        "small/rules.yaml:G",
        "ceases_on 1999-01-01 must be after valid_from 2000-01-01",
    ),
    "a law that does not exist": (
        lambda: with_rule(basis=[{"law": "law"}, {"law": "lore"}]),
        "small/rules.yaml:G.basis",
        "there is no law lore",
    ),
    "a citation outside the days of its law": (
        lambda: with_rule(basis=[{"law": "law"}, {"law": "law", "ceases_on": "1980-01-01"}]),
        "small/rules.yaml:G.basis",
        "law is not in force on the days given (1990-01-01 …)",
    ),
    "a day without a basis": (
        lambda: with_rule(
            basis=[
                {"law": "law", "ceases_on": "2010-01-01"},
                {"law": "law", "valid_from": "2010-01-02"},
            ]
        ),
        "small/rules.yaml:G.basis",
        "no basis is in force on 2010-01-01 … 2010-01-01",
    ),
    "no basis at all": (
        lambda: with_rule(basis=[]),
        "small/rules.yaml:G.basis",
        "no basis is in force on 2000-01-01 …",
    ),
    "a source that does not exist": (
        lambda: with_rule(source=["A", "B99"]),
        "small/rules.yaml:G.source",
        "there is no source B99",
    ),
    "a deadline that does not exist": (
        lambda: with_rule(deadlines=["D9"]),
        "small/rules.yaml:G.deadlines",
        "there is no deadline D9",
    ),
    "an assisting role that does not exist": (
        lambda: with_rule(assist=[{"role": "west", "duty": "joint"}]),
        "small/rules.yaml:G.assist",
        "there is no role west",
    ),
    "a reading by a role that does not exist": (
        lambda: with_rule(readings=[{"says": text("r"), "lead": "west", "confidence": "M"}]),
        "small/rules.yaml:G.readings.0.lead",
        "there is no role west",
    ),
    "a rule that beats an unknown one": (
        lambda: with_rule(overrides=["H"]),
        "small/rules.yaml:G.overrides",
        "there is no rule H of the same matter",
    ),
    "a rule without a lead that beats one with a lead": (
        lambda: small(rules=[rule("G", {}, "north"), rule("H", {}, overrides=["G"])]),
        "small/rules.yaml:H.overrides",
        "a rule without a lead may not beat G, which has one",
    ),
    "rules that beat each other": (
        lambda: small(
            rules=[
                rule("G", {}, "north", overrides=["H"]),
                rule("H", {}, "south", overrides=["G"]),
            ]
        ),
        "small/rules.yaml:G",
        "rules beat each other in a circle: G → H → G",
    ),
    "a rule id that stands twice": (
        lambda: small(rules=[rule("G", {}, "north"), rule("G", {}, "south")]),
        "small/rules.yaml:G",
        "the rule id G stands twice",
    ),
    "a rule of an unknown matter": (
        lambda: small(rules=[rule("G", {}, "north", matter=["m", "n"])]),
        "small/rules.yaml:G.matter",
        "there is no matter n in this pack",
    ),
    "a rule that asks what its matter does not": (
        lambda: Pack(
            {"colour": COLOURS, "size": ["large"]},
            [rule("G", {"size": "large"}, "north")],
            matter={"facts": ["colour"]},
        ),
        "small/rules.yaml:G.when",
        "the matter m has no fact size",
    ),
    "an unknown key": (
        lambda: with_rule(priority=3),
        "small/rules.yaml:G:priority",
        "given 3: Extra inputs are not permitted",
    ),
    "an unknown duty": (
        lambda: with_rule(assist=[{"role": "east", "duty": "watch"}]),
        "small/rules.yaml:G:assist.0.duty",
        "given 'watch': Input should be 'inform', 'evidence', 'joint' or 'technical'",
    ),
    # pack.yaml
    "a matter that asks an unknown fact": (
        lambda: with_matter(facts=["colour", "size"]),
        "small/pack.yaml:matters.m.facts",
        "there is no fact size",
    ),
    "a matter that asks a fact twice": (
        lambda: with_matter(facts=["colour", "colour"]),
        "small/pack.yaml:matters.m.facts",
        "colour stands twice",
    ),
    "a matter with an unknown deadline": (
        lambda: with_matter(deadlines=["D9"]),
        "small/pack.yaml:matters.m.deadlines",
        "there is no deadline D9",
    ),
    "periods of a pack that overlap": (
        lambda: small(periods=[{"valid_from": "2000-01-01"}, {"valid_from": "2001-01-01"}]),
        "small/pack.yaml:periods",
        "2000-01-01 … overlaps another period",
    ),
    "periods of a matter that overlap": (
        lambda: with_matter(periods=[{"valid_from": "2000-01-01"}, {"valid_from": "2001-01-01"}]),
        "small/pack.yaml:matters.m.periods",
        "2000-01-01 … overlaps another period",
    ),
    "an otherwise that is no value": (
        lambda: small(facts={"colour": fact(COLOURS, otherwise="pink")}),
        "small/pack.yaml:facts.colour.otherwise",
        "pink is not a value; allowed: red, green, blue",
    ),
    "a value called unknown": (
        lambda: small(facts={"colour": [*COLOURS, "unknown"]}),
        "small/pack.yaml:facts.colour",
        "unknown is not a value",
    ),
    "a clause id that stands twice": (
        lambda: small(
            cannot=[when("c1", {"colour": "red"}), when("c1", {"colour": "blue"})],
        ),
        "small/pack.yaml:matters.m.cannot",
        "c1 stands twice",
    ),
    "a clause with the id of a rule": (
        lambda: small(cannot=[when("G", {"colour": "red"})]),
        "matter m.cannot",
        "G is the id of a rule already",
    ),
    "a card with an unknown deadline": (
        lambda: with_matter(card={"on_the_spot": {"possible": True, "deadlines": ["D9"]}}),
        "small/pack.yaml:matters.m.card.on_the_spot",
        "there is no deadline D9",
    ),
    # numbers
    "a band too few": (
        lambda: with_band(bands=["near"]),
        "small/pack.yaml:facts.distance",
        "1 cuts need 2 values",
    ),
    "a threshold that does not exist": (
        lambda: with_band({"unit": "m", "cuts": ["strip"]}),
        "small/pack.yaml:facts.distance",
        "there is no parameter strip",
    ),
    "a threshold without a value on some days": (
        lambda: with_band(values=[{"value": 30, "ceases_on": "2010-01-01"}]),
        "parameter band",
        "m needs it, but it has no value on 2010-01-01 …",
    ),
    "a threshold with two values on one day": (
        lambda: small(
            parameters={
                "band": BAND
                | {"values": [{"value": 30}, {"value": 20, "valid_from": "2010-01-01"}]}
            },
        ),
        "small/parameters.yaml:band",
        "1900-01-01 … overlaps another period",
    ),
    # what is common
    "a law by an unknown source": (
        lambda: with_law(source=["B99"]),
        "common/laws.yaml:law.source",
        "there is no source B99",
    ),
    "a deadline without a unit": (
        lambda: with_deadline(unit=None),
        "common/deadlines.yaml:D1",
        "needs unit and confidence",
    ),
    "a deadline with two limits on one day": (
        lambda: with_deadline(
            values=[
                {"limit": 3, "unit": "day", "confidence": "H"},
                {
                    "limit": 5,
                    "unit": "working_day",
                    "confidence": "H",
                    "valid_from": "2021-07-15",
                },
            ]
        ),
        "common/deadlines.yaml:D1",
        "1900-01-01 … overlaps another period",
    ),
    # cases
    "a case of an unknown matter": (
        lambda: with_case(matter="n"),
        "small/cases.yaml:K1",
        "there is no matter n",
    ),
    "a case with a value that does not exist": (
        lambda: with_case(facts={"colour": "pink"}),
        "small/cases.yaml:K1",
        "colour=pink does not belong to m",
    ),
    "a case with a fact that does not exist": (
        lambda: with_case(facts={"size": "red"}),
        "small/cases.yaml:K1",
        "size=red does not belong to m",
    ),
    "a case that expects an unknown role": (
        lambda: with_case(expect={"lead": "west"}),
        "small/cases.yaml:K1",
        "there is no role west",
    ),
    "a case that expects an unknown rule": (
        lambda: with_case(expect={"lead": "north", "rules": ["Z"]}),
        "small/cases.yaml:K1",
        "there is no rule Z",
    ),
}


@pytest.mark.parametrize("what", ONE_FAULT)
def test_it_is_refused_with_its_place_and_reason(what: str, tmp_path: Path) -> None:
    build, key, reason = ONE_FAULT[what]
    (fault,) = faults(build(), tmp_path)
    assert (fault.field, fault.en) == (key, reason)
    assert fault.zh


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    pack = Pack(
        {"colour": COLOURS},
        [rule("G", {"colour": "pink"}, "west"), rule("H", {}, "council", source=["B99"])],
        cases=[{"id": "K1", "name": "n", "on": "2010-01-01", "matter": "n", "expect": {}}],
    )
    found = faults(pack, tmp_path)
    assert {fault.field for fault in found} == {
        "small/rules.yaml:G.when.colour",
        "small/rules.yaml:G.lead",
        "small/rules.yaml:H.lead",
        "small/rules.yaml:H.source",
        "small/cases.yaml:K1",
    }
    message = str(PackRefused(found))
    assert all(str(fault) in message for fault in found)


def test_a_case_id_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    pack = with_case()
    pack.cases = pack.cases * 2
    (fault,) = faults(pack, tmp_path)
    assert fault.en == "the case id K1 stands twice"


def test_a_matter_of_two_packs_and_a_rule_of_another_pack_are_faults(tmp_path: Path) -> None:
    first, second = small(), small(name="two", rules=[rule("H", {}, "north")])
    homes = [first.write(tmp_path)[0], second.write(tmp_path)[0]]
    with pytest.raises(PackRefused, match="the matter stands twice"):
        load_catalogue(homes, tmp_path / "common")


def test_a_parameter_of_two_packs_is_a_fault_and_one_of_another_pack_is_not(
    tmp_path: Path,
) -> None:
    first = with_band()
    second = small(
        name="another", matters={"n": {"name": text("n"), "kind": "upkeep", "facts": []}}
    )
    head = second.head()
    del head["matters"]["m"]
    second.head = lambda: head  # type: ignore[method-assign]
    second.rules = []
    second.parameters = {"band": BAND}
    first.parameters = {}
    homes = [one.write(tmp_path)[0] for one in (first, second)]
    assert load_catalogue(homes, tmp_path / "common").matters["m"].facts[0].is_number
    first.parameters = {"band": BAND}
    first.write(tmp_path)
    with pytest.raises(PackRefused, match="the parameter stands twice"):
        load_catalogue(homes, tmp_path / "common")


# --- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("small/rules.yaml", "a: [", "is not valid YAML"),
        ("small/rules.yaml", "a: b", "must be a list"),
        ("small/rules.yaml", "- just words", "given 'just words'"),
        ("small/cases.yaml", "- id: K1", "Field required"),
        ("small/cases.yaml", "- 3", "given 3"),
        ("small/pack.yaml", "pack: small\npack: small", "the key 'pack' stands twice"),
        ("small/pack.yaml", "? [a]\n: b", "cannot be a key"),
        ("small/pack.yaml", "periods: 2008-02-30", "is not valid YAML"),
        ("small/pack.yaml", "[]", "given []"),
        ("common/roles.yaml", "roles: {x: {name: {zh: 甲, en: x}, power: rule}}", "given 'rule'"),
        ("common/laws.yaml", "laws: 3", "given 3"),
        ("common/sources.yaml", "sources: []", "given []"),
        ("common/deadlines.yaml", "deadlines: []", "given []"),
        ("small/parameters.yaml", "parameters: []", "given []"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_named(
    file: str, content: str, reason: str, tmp_path: Path
) -> None:
    homes = small().write(tmp_path)
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(PackRefused) as caught:
        load_catalogue([homes[0]], homes[1])
    assert any(
        fault.field.startswith(file) and reason in fault.en for fault in caught.value.faults
    ), caught.value


def test_a_missing_file_and_one_that_is_not_text_are_named(tmp_path: Path) -> None:
    home, shared = small().write(tmp_path)
    (home / "pack.yaml").unlink()
    (shared / "laws.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(PackRefused) as caught:
        load_catalogue([home], shared)
    assert {fault.field for fault in caught.value.faults} == {
        "small/pack.yaml",
        "common/laws.yaml",
    }


def test_a_pack_may_have_neither_parameters_nor_cases_nor_rules(tmp_path: Path) -> None:
    home, shared = small().write(tmp_path)
    for name in ("parameters.yaml", "cases.yaml"):
        (home / name).unlink()
    (home / "rules.yaml").write_text("", encoding="utf-8")
    catalogue = load_catalogue([home], shared)
    assert (dict(catalogue.rules), catalogue.cases, dict(catalogue.parameters)) == ({}, (), {})


def test_on_yes_and_no_are_words_and_true_becomes_a_value(tmp_path: Path) -> None:
    pack = small(
        facts={"light": ["on", "no", "true"]}, rules=[rule("G", {"light": ["no", "true"]})]
    )
    home, shared = pack.write(tmp_path)
    text_ = (home / "rules.yaml").read_text(encoding="utf-8").replace("'no'", "no")
    (home / "rules.yaml").write_text(text_.replace("'true'", "true"), encoding="utf-8")
    rule_ = load_catalogue([home], shared).rules["G"]
    assert rule_.alternatives == ({"light": frozenset({"no", "true"})},)


# --- what comes out -----------------------------------------------------------------------------


def test_the_order_of_files_and_entries_means_nothing(tmp_path: Path) -> None:
    rules = [rule("G", {}, "north"), rule("H", {"colour": "red"}, "south")]
    one = small(rules=rules).catalogue(tmp_path / "one")
    other = small(rules=rules[::-1]).catalogue(tmp_path / "other")
    assert list(one.rules) == list(other.rules) == ["G", "H"]
    assert one.rules == other.rules
    assert one.sha256 != other.sha256


def test_the_hash_names_the_content_and_not_the_folder(tmp_path: Path) -> None:
    one = small().catalogue(tmp_path / "one")
    assert one.sha256 == small().catalogue(tmp_path / "other").sha256
    changed = small(rules=[rule("G", {}, "south")]).catalogue(tmp_path / "third")
    assert changed.sha256 != one.sha256


def test_everything_that_a_pack_may_say_is_read(tmp_path: Path) -> None:
    pack = small(
        matter={
            "words": ["走鬼"],
            "deadlines": ["D1"],
            "periods": [
                {"valid_from": "2001-01-01", "ceases_on": "2002-01-01"},
                {"valid_from": "2003-01-01"},
            ],
            "card": {
                "look": [text("look")],
                "tell": [text("tell")],
                "on_the_spot": {"possible": False, "deadlines": ["D1"], "note": text("no")},
            },
        },
        rules=[
            rule(
                "G",
                {},
                "north",
                rows=["F01"],
                assist=[{"role": "council", "duty": "inform"}],
                readings=[
                    {
                        "says": text("else"),
                        "lead": "south",
                        "basis": [{"law": "law"}],
                        "confidence": "M",
                        "source": ["A"],
                    }
                ],
                enforcement_point=text("exit"),
                safety=text("stop") | {"call": [text("fire") | {"phone": "119"}]},
                deadlines=["D1"],
                note=text("doubt"),
                basis=[{"law": "law", "article": 7}],
            )
        ],
        cases=[
            {
                "id": "K1",
                "name": "n",
                "on": "2001-01-01",
                "matter": "m",
                "expect": {"seam": "gap"},
                "place": {"street": "440307014"},
                "unit": "aic",
            }
        ],
    )
    pack.common["deadlines.yaml"]["deadlines"]["D2"] = {
        "step": text("hear"),
        "values": [
            {"limit": 3, "unit": "day", "confidence": "H", "ceases_on": "2021-07-15"},
            {
                "limit": 5,
                "unit": "working_day",
                "confidence": "H",
                "valid_from": "2021-07-15",
                "basis": [{"law": "law", "article": "64"}],
                "source": ["A"],
            },
        ],
    }
    found = pack.catalogue(tmp_path)
    matter, rule_ = found.matters["m"], found.rules["G"]
    assert matter.card is not None
    assert matter.card.on_the_spot is False
    assert len(matter.periods) == 2
    assert rule_.assist[0].role.power is Power.COORDINATE
    assert rule_.basis[0].cite == "law第7条"
    assert rule_.basis[0].cited("en") == "law, art. 7"
    assert rule_.readings[0].basis[0].cited("zh") == "law"
    assert rule_.readings[0].basis[0].cited("en") == "law"
    assert rule_.safety is not None
    assert rule_.safety.call[0][1] == "119"
    assert [limit.limit for limit in found.deadlines["D2"].limits] == [3, 5]
    assert found.cases[0].street == "440307014"
    assert found.rules_of("m") == (rule_,)
    assert found.rules_of("n") == ()


def test_a_pack_may_bring_roles_and_laws_of_its_own_but_none_that_exist(tmp_path: Path) -> None:
    home, shared = small(rules=[rule("G", {}, "west")]).write(tmp_path)
    before = load_catalogue([small().write(tmp_path / "other")[0]], shared).sha256
    west = {"west": {"name": text("west"), "power": "enforce"}}
    (home / "roles.yaml").write_text(plain({"roles": west}), encoding="utf-8")
    found = load_catalogue([home], shared)
    assert found.rules["G"].lead == found.roles["west"]
    assert found.sha256 != before
    (home / "roles.yaml").write_text(
        plain({"roles": west | {"north": west["west"]}}), encoding="utf-8"
    )
    with pytest.raises(PackRefused, match="north stands twice"):
        load_catalogue([home], shared)
