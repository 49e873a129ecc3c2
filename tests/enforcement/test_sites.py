"""What the register of sites knows of a site on a day."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.check_digits import doubts
from enforcement.sites import NAMES, Licence, LicenceKind, Site, facts_on, in_order, renewed

DAY = date(2008, 11, 5)
BEFORE = DAY - timedelta(days=1)
AFTER = DAY + timedelta(days=1)

DAYS = st.dates(min_value=date(2007, 1, 1), max_value=date(2027, 12, 31))
FOOD_KINDS = [
    kind
    for kind in LicenceKind
    if kind not in (LicenceKind.BUSINESS, LicenceKind.EXEMPT, LicenceKind.SLAUGHTER)
]


def licence(
    valid_from: date = date(2008, 1, 1),
    ceases_on: date | None = None,
    revoked_on: date | None = None,
    kind: LicenceKind = LicenceKind.CIRCULATION,
    number: str = "粤食流通 7",
) -> Licence:
    return Licence(number, kind, valid_from, ceases_on, revoked_on)


def stall(*licences: Licence) -> Site:
    return Site(
        "S1", "布吉市场 7 号档", licences=licences, stages=("circulation",), premises="market"
    )


@st.composite
def any_licence(draw: st.DrawFn, kinds: Sequence[LicenceKind]) -> Licence:
    valid_from = draw(DAYS)
    ceases_on = draw(st.none() | st.integers(1, 4000).map(lambda n: valid_from + timedelta(n)))
    revoked_on = draw(st.none() | st.integers(0, 4000).map(lambda n: valid_from + timedelta(n)))
    return licence(valid_from, ceases_on, revoked_on, draw(st.sampled_from(kinds)))


def test_a_licensed_market_stall_is_known_whole() -> None:
    known = facts_on(stall(licence()), DAY)
    assert known.facts == {"stage": "circulation", "licence": "licensed", "premises": "market"}
    assert known.stages == ()


def test_each_fact_says_why_and_names_the_licence_it_rests_on() -> None:
    held = licence(ceases_on=date(2012, 1, 1))
    known = {fact.name: fact for fact in facts_on(stall(held), DAY).known}
    assert known["licence"].licence == held
    assert "粤食流通 7" in known["licence"].says.zh
    assert "粤食流通 7" in known["licence"].says.en
    assert known["stage"].licence is None
    assert "登记" in known["stage"].says.zh


@pytest.mark.parametrize(
    ("held", "state"),
    [
        (licence(valid_from=AFTER), "unlicensed"),
        (licence(valid_from=DAY), "licensed"),
        (licence(ceases_on=AFTER), "licensed"),
        (licence(ceases_on=DAY), "unlicensed"),
        (licence(revoked_on=AFTER), "licensed"),
        (licence(revoked_on=DAY), "unlicensed"),
        (licence(ceases_on=AFTER, revoked_on=BEFORE), "unlicensed"),
        (licence(ceases_on=BEFORE, revoked_on=AFTER), "unlicensed"),
        (licence(valid_from=BEFORE, revoked_on=BEFORE), "unlicensed"),
    ],
)
def test_a_licence_counts_from_its_first_day_to_the_day_before_it_ceases(
    held: Licence, state: str
) -> None:
    assert facts_on(stall(held), DAY).facts["licence"] == state


def test_a_licence_that_ended_the_day_before_is_named_as_the_reason() -> None:
    fact = facts_on(stall(licence(ceases_on=DAY)), DAY).known[1]
    assert (fact.value, fact.licence) == ("unlicensed", licence(ceases_on=DAY))
    assert "2008-11-05" in fact.says.zh
    assert "2008-11-05" in fact.says.en


def test_a_revoked_licence_is_said_to_be_revoked() -> None:
    fact = facts_on(stall(licence(ceases_on=AFTER, revoked_on=BEFORE)), DAY).known[1]
    assert "吊销" in fact.says.zh
    assert "revoked" in fact.says.en


def test_a_site_without_any_licence_is_unlicensed() -> None:
    assert facts_on(stall(), DAY).facts["licence"] == "unlicensed"


def test_a_renewal_counts_as_soon_as_it_begins() -> None:
    renewal = licence(DAY, number="粤食流通 8")
    known = facts_on(stall(licence(ceases_on=DAY), renewal), DAY)
    assert known.facts["licence"] == "licensed"
    assert known.known[1].licence == renewal


def test_a_business_licence_is_no_food_licence() -> None:
    assert facts_on(stall(licence(kind=LicenceKind.BUSINESS)), DAY).facts["licence"] == "unlicensed"


def test_a_market_stall_of_farm_produce_may_be_recorded_as_needing_no_licence() -> None:
    exempt = licence(kind=LicenceKind.EXEMPT, number="", ceases_on=AFTER)
    assert facts_on(stall(exempt), DAY).facts["licence"] == "not_required"
    assert facts_on(stall(exempt), AFTER).facts["licence"] == "unlicensed"


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        ("primary_production", "not_required"),
        ("circulation", "not_required"),
        ("slaughter", "unlicensed"),
        ("catering", "unlicensed"),
    ],
)
def test_a_farm_needs_no_licence_to_grow_and_to_sell_but_to_slaughter_and_to_cater(
    stage: str, state: str
) -> None:
    farm = Site("F1", "坪地菜场", stages=(stage,), premises="farm")
    assert facts_on(farm, DAY).facts["licence"] == state


def test_only_a_slaughter_licence_makes_slaughter_licensed() -> None:
    market = Site(
        "M1",
        "活禽市场",
        licences=(licence(),),
        stages=("circulation", "slaughter"),
        premises="market",
    )
    assert facts_on(market, DAY, "circulation").facts["licence"] == "licensed"
    assert facts_on(market, DAY, "slaughter").facts["licence"] == "unlicensed"
    assert "licence" not in facts_on(market, DAY).facts


def test_a_slaughter_licence_permits_nothing_else() -> None:
    house = Site("H1", "屠宰场", licences=(licence(kind=LicenceKind.SLAUGHTER),))
    assert facts_on(house, DAY, "slaughter").facts["licence"] == "licensed"
    assert facts_on(house, DAY, "catering").facts["licence"] == "unlicensed"


def test_a_site_of_several_stages_leaves_the_stage_to_the_officer() -> None:
    shop = Site("P1", "前店后厂", stages=("processing", "circulation"), premises="fixed")
    known = facts_on(shop, DAY)
    assert known.facts == {"licence": "unlicensed", "premises": "fixed"}
    assert known.stages == ("processing", "circulation")
    chosen = facts_on(shop, DAY, "processing")
    assert chosen.facts["stage"] == "processing"
    assert chosen.stages == ()


def test_a_stage_that_the_register_does_not_have_is_said_to_be_missing() -> None:
    known = facts_on(stall(licence()), DAY, "catering")
    assert known.facts["stage"] == "catering"
    assert "没有这一环节" in known.known[0].says.zh
    assert "没有登记环节" in facts_on(Site("S2", "x"), DAY, "catering").known[0].says.zh


def test_of_a_site_without_stages_and_premises_only_the_licence_is_known() -> None:
    assert facts_on(Site("S3", "某店"), DAY).facts == {"licence": "unlicensed"}


def test_facts_that_a_matter_does_not_ask_are_left_out() -> None:
    known = facts_on(stall(licence()), DAY)
    assert known.among({"stage": ["circulation"], "licence": ["unlicensed"]}).facts == {
        "stage": "circulation"
    }
    several = facts_on(Site("P1", "x", stages=("processing", "packing")), DAY)
    assert several.among({"stage": ["processing"]}).stages == ("processing",)
    assert several.among({}).stages == ()


@given(st.lists(any_licence(FOOD_KINDS), max_size=5), DAYS)
def test_a_shop_is_licensed_on_a_day_iff_some_licence_covers_the_day(
    licences: list[Licence], day: date
) -> None:
    covered = any(
        one.valid_from <= day
        and (one.ceases_on is None or day < one.ceases_on)
        and (one.revoked_on is None or day < one.revoked_on)
        for one in licences
    )
    fact = facts_on(stall(*licences), day).known[1]
    assert fact.value == ("licensed" if covered else "unlicensed")
    assert fact.licence is None or fact.licence in licences
    assert not covered or (fact.licence is not None and fact.licence.covers(day))


@given(
    st.lists(any_licence(list(LicenceKind)), max_size=4),
    st.lists(st.sampled_from(["slaughter", "circulation", "catering"]), unique=True),
    st.sampled_from([None, "farm", "market"]),
    DAYS,
)
def test_what_is_known_of_all_stages_is_known_of_each(
    licences: list[Licence], stages: list[str], premises: str | None, day: date
) -> None:
    site = Site("S", "x", licences=tuple(licences), stages=tuple(stages), premises=premises)
    known = facts_on(site, day)
    for stage in stages:
        of_stage = facts_on(site, day, stage).facts
        assert known.facts.items() <= of_stage.items()
        assert set(of_stage) == {"stage", "licence"} | ({"premises"} if premises else set())


@given(st.permutations([licence(number=str(n), ceases_on=AFTER) for n in range(4)]))
def test_the_order_of_licences_in_a_list_does_not_matter(licences: list[Licence]) -> None:
    assert in_order(licences) == in_order(licences[::-1])


def test_a_newer_list_changes_what_it_mentions_and_keeps_the_rest() -> None:
    old = stall(licence(), licence(date(2006, 1, 1), DAY, number="旧"))
    new = Site("S1", "新名", licences=(licence(ceases_on=AFTER),))
    assert renewed(old, new, ["id", "name"]) == Site(
        "S1", "新名", licences=in_order(old.licences), stages=("circulation",), premises="market"
    )
    held = renewed(old, new, ["id", "name", "licences", "stages"])
    assert held.stages == ()
    assert [one.ceases_on for one in held.licences] == [DAY, AFTER]


def test_every_kind_of_licence_has_a_name() -> None:
    assert set(NAMES) == set(LicenceKind)


def test_a_site_can_be_written_as_json() -> None:
    given_ = stall(licence(ceases_on=AFTER)).as_dict()
    assert given_["licences"] == [
        {
            "number": "粤食流通 7",
            "kind": "circulation",
            "name": {"zh": "食品流通许可证", "en": "food circulation licence"},
            "valid_from": "2008-01-01",
            "ceases_on": "2008-11-06",
            "revoked_on": None,
        }
    ]
    assert facts_on(stall(licence()), DAY).as_dict()["on"] == "2008-11-05"


@pytest.mark.parametrize(
    "number",
    [
        "SC10444030700011",
        "JY14403070000017",
        "JY24403070000020",
        "JY34403070000032",
        "粤卫食证字[2007]第0307A01234号",
        "QS440307010001",
        "SP4403071210000123",
    ],
)
def test_numbers_that_check_or_have_no_check_digit_are_not_doubted(number: str) -> None:
    assert doubts(Site("S", "x", licences=(licence(number=number),))) == ()


@pytest.mark.parametrize(
    "number", ["SC10444030700012", "jy14403070000018", "JY1440307000001", "SC"]
)
def test_numbers_that_fail_their_check_digit_are_doubted_by_site(number: str) -> None:
    (doubt,) = doubts(Site("S9", "x", licences=(licence(number=number),)))
    assert doubt.field == "S9.licences"
    assert number in doubt.zh
    assert number in doubt.en


def test_a_code_that_fails_its_check_is_doubted() -> None:
    assert doubts(Site("S", "x", uscc="92440307MA5FAKE00F")) == ()
    assert [one.field for one in doubts(Site("S", "x", uscc="92440307MA5FAKE00G"))] == ["S.uscc"]
