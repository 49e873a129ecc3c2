"""Sentences that officers said, each with the unit that has to answer for it.

The leads bind; the assists named here are those on which rule and case agree. Asked of the
schematic district with the facts that the sentence tells and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pytest

from enforcement.district import District, open_district
from enforcement.resolution import AtPoint, AtStake, InArea, Question, resolve
from geo.points import Point

SEED = date(2008, 11, 5)
CONTRACT = date(2008, 10, 1)
TODAY = date(2026, 11, 20)
BUJI, NANWAN, PINGDI = "440307014", "440307012", "440307006"
LONGCHENG, HENGGANG, DAPENG = "440307015", "440307016", "440307010"
S28 = AtStake("S28", "K12+300", "up")


@dataclass(frozen=True)
class Said:
    """One sentence: the day, the matter and facts it comes to, where, and who answers."""

    sentence: str
    on: date
    matter: str
    facts: Mapping[str, str]
    lead: str
    assist: frozenset[str] = frozenset()
    where: str | AtStake = BUJI


def said(  # noqa: PLR0917 - a table reads in columns
    sentence: str,
    on: date,
    matter: str,
    facts: str,
    lead: str,
    assist: str = "",
    where: str | AtStake = BUJI,
) -> Said:
    named = dict(one.split("=") for one in facts.split())
    return Said(sentence, on, matter, named, lead, frozenset(assist.split()), where)


FOOD = "food.safety"
REPAIR = "road.asset_defect"
CASES = [
    said(
        "布吉街道学校门口流动摊贩无牌无证卖炒粉",
        SEED,
        FOOD,
        "stage=catering licence=unlicensed premises=mobile zone.school=inside",
        "street_enf.440307014",
        "edu psb",
    ),
    said(
        "有卫生许可证的餐馆用过期肉",
        SEED,
        FOOD,
        "stage=catering licence=licensed premises=fixed",
        "health",
    ),
    said(
        "有QS的饼干厂车间卫生差",
        SEED,
        FOOD,
        "stage=processing licence=licensed premises=fixed",
        "aqts",
        "health",
    ),
    said(
        "菜地农户用禁用农药(坪地菜场)",
        SEED,
        FOOD,
        "stage=primary_production premises=farm",
        "agr",
        "street_office.440307006",
        PINGDI,
    ),
    said(
        "南湾山边私宰点杀病猪",
        SEED,
        FOOD,
        "stage=slaughter licence=unlicensed",
        "street_enf.440307012",
        "psb animal trade",
        NANWAN,
    ),
    said(
        "农贸市场肉档猪肉无检疫章",
        SEED,
        FOOD,
        "stage=circulation licence=licensed premises=market special=no_quarantine_proof",
        "aic",
        "animal",
    ),
    said(
        "工厂饭堂(有证)集体腹泻",
        SEED,
        FOOD,
        "stage=catering licence=licensed premises=fixed special=food_poisoning",
        "health",
    ),
    said(
        "非水源区山坡非农业用地养猪",
        SEED,
        "livestock.rearing",
        "zone.water=none zone.livestock_ban=none land=non_farm",
        "street_enf.440307014",
        "agr plan",
    ),
    said(
        "水官高速 K12+300 上行护栏损坏",
        SEED,
        REPAIR,
        "asset=guardrail",
        "exp_s28",
        "trans0 tp",
        S28,
    ),
    said(
        "龙城城市主干道路灯不亮",
        SEED,
        REPAIR,
        "asset=streetlight road.class=arterial",
        "umb",
        "",
        LONGCHENG,
    ),
    said(
        "商店门口高音喇叭招徕",
        CONTRACT,
        "street.noise",
        "noise_source=commercial",
        "street_enf.440307014",
        "epb",
    ),
    said("KTV 超员经营", CONTRACT, "street.entertainment", "", "ctsb", "psb"),
    said(
        "出租屋未许可存放危险化学品",
        CONTRACT,
        "street.hazardous_chemicals",
        "",
        "work_safety",
        "psb street_office.440307014",
    ),
    said(
        "无证流动摊贩在布吉街道学校门口卖炒粉",
        TODAY,
        FOOD,
        "stage=catering licence=unlicensed premises=mobile zone.school=inside "
        "zone.vendor_area=none",
        "street_cle.440307014",
        "amr edu",
    ),
    said(
        "划定摊贩区内有登记卡摊贩卖凉菜",
        TODAY,
        FOOD,
        "stage=catering licence=licensed premises=mobile zone.vendor_area=inside",
        "amr",
        "street_cle.440307014",
    ),
    said(
        "无证餐饮店(固定, 有营业执照无食品许可)",
        TODAY,
        FOOD,
        "stage=catering licence=unlicensed premises=fixed",
        "amr",
        "street_cle.440307014",
    ),
    said(
        "无照卖服装(不需许可, 固定门店)",
        TODAY,
        "street.unlicensed_business",
        "trade_place=fixed",
        "amr",
    ),
    said(
        "公园里发现死猪",
        TODAY,
        "animal.dead",
        "where_found=public_place",
        "street_office.440307014",
        "animal",
    ),
    said(
        "外卖平台上的幽灵厨房(无证)",
        TODAY,
        FOOD,
        "stage=catering licence=unlicensed premises=online",
        "amr",
    ),
    said(
        "只卖预包装食品的小店未备案",
        TODAY,
        FOOD,
        "stage=circulation licence=unlicensed premises=fixed special=prepackaged_only",
        "amr",
    ),
    said(
        "养猪场在水源保护区",
        TODAY,
        "livestock.rearing",
        "zone.water=level1 land=farmland",
        "epb",
        "street_cle.440307014 water amr",
    ),
    said(
        "经营性高速 K12+300 护栏损坏",
        TODAY,
        REPAIR,
        "asset=guardrail",
        "exp_s28",
        "trans_enf tp",
        S28,
    ),
    said(
        "停车场内重型车尾气抽测超标",
        TODAY,
        "road.vehicle_exhaust",
        "road.here=none vehicle_state=parked",
        "epb",
        "tp",
    ),
    said(
        "城市道路人行道井盖缺失(供水)",
        TODAY,
        REPAIR,
        "asset=manhole_water road.class=arterial",
        "util_water",
        "trans2",
    ),
    said(
        "机动车停在人行道",
        TODAY,
        "road.parking",
        "vehicle=motor",
        "tp",
        "street_cle.440307014",
    ),
    said(
        "高速公路两侧 20 m 处搭建铁皮房",
        TODAY,
        "building.illegal",
        "near.road=expressway building.distance_m=20",
        "trans_enf",
        "street_cle.440307014 plan",
    ),
    said(
        "泥头车在龙岗大道撒漏",
        TODAY,
        "road.litter_truck",
        "road.legal_here=city_road",
        "street_cle.440307014",
        "tp hcb",
    ),
    said(
        "涉嫌犯罪 (食品中掺入有毒物)",
        TODAY,
        FOOD,
        "stage=processing licence=licensed premises=fixed special=suspected_crime",
        "amr",
        "psb",
    ),
]


@pytest.fixture(scope="module")
def longgang(tmp_path_factory: pytest.TempPathFactory) -> District:
    return open_district(None, data=tmp_path_factory.mktemp("longgang"))


@pytest.mark.parametrize("one", CASES, ids=[f"{case.on.year} {case.sentence}" for case in CASES])
def test_the_sentence_has_its_unit(longgang: District, one: Said) -> None:
    where = InArea(one.where) if isinstance(one.where, str) else one.where
    answer = resolve(Question(one.matter, one.on, one.on, where, one.facts), longgang).as_dict()
    lead = answer["lead"]
    assert lead is not None, (answer["outcome"], answer["ask"], answer["candidates"])
    assert lead["unit"] == one.lead
    assert one.assist <= {unit["unit"] for unit in answer["assist"]}
    assert answer["basis"]


def segment_kept_by(longgang: District, on: date, owner: str) -> tuple[str, str]:
    """A road and stake that this unit maintains on the day."""
    roads = longgang.atlas.on(on).roads
    assert roads is not None
    frame = next(e for e in longgang.atlas.editions if e.kind == "road" and e.in_force(on)).frame
    for entry in longgang.atlas.register_entries:
        if entry.function == "maintain" and entry.owner == owner and entry.in_force(on):
            row = frame[frame.code == entry.segment].iloc[0]
            if row.ref and row.from_m == row.from_m:
                middle = int((row.from_m + row.to_m) / 2)
                return str(row.ref), f"K{middle // 1000}+{middle % 1000:03d}"
    raise AssertionError(owner)


def test_a_hole_in_a_road_of_the_district_bureau_is_the_bureaus(longgang: District) -> None:
    ref, stake = segment_kept_by(longgang, SEED, "hwy_d")
    question = Question(REPAIR, SEED, SEED, AtStake(ref, stake), {"asset": "pavement"})
    answer = resolve(question, longgang).as_dict()
    assert answer["lead"]["unit"] == "hwy_d"
    assert "street_office" in {unit["role"] for unit in answer["assist"]}


def test_a_road_not_handed_over_is_the_builders(longgang: District) -> None:
    on = SEED
    frame = next(e for e in longgang.atlas.editions if e.kind == "road" and e.in_force(on)).frame
    open_road = frame[frame.handed_over == False].iloc[0]  # noqa: E712 - a column of None and bool
    spot = open_road.geometry.interpolate(0.5, normalized=True)
    where = AtPoint(Point.checked(lon=spot.x, lat=spot.y), 3.0)
    answer = resolve(Question(REPAIR, on, on, where, {"asset": "collapse"}), longgang).as_dict()
    assert answer["lead"]["unit"] == "property"


def test_a_restaurant_in_dapeng_is_outside_today_and_says_who_runs_it(longgang: District) -> None:
    frame = next(
        e for e in longgang.atlas.editions if e.kind == "street" and e.in_force(SEED)
    ).frame
    spot = frame[frame.code == DAPENG].iloc[0].geometry.representative_point()
    where = AtPoint(Point.checked(lon=spot.x, lat=spot.y), 10.0)
    facts = {"stage": "catering", "licence": "unlicensed", "premises": "fixed"}
    then = resolve(Question(FOOD, date(2009, 11, 20), date(2009, 11, 20), where, facts), longgang)
    now = resolve(Question(FOOD, TODAY, TODAY, where, facts), longgang)
    assert then.outcome == "decided"
    assert (now.outcome, now.certain) == ("outside", False)
    assert now.interim is not None
    assert now.interim["unit"] == "dapeng"
