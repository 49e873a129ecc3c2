"""Typing what one sees finds the matter: Chinese, pinyin, initials, everyday words, sentences."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from enforcement.district import SCHEMATIC
from rules.loader import CATALOGUE, load_catalogue
from rules.model import Catalogue
from web.officer.everyday import Everyday, read_everyday
from web.officer.search import MOST, Hit, Index

DEFECT, STALL = "road.asset_defect", "food.safety"

# Everyday phrases and the matter that each means: 34 in Chinese, 31 in pinyin or initials,
# 4 in English
PHRASES = {
    "走鬼": STALL,
    "卖炒粉的": STALL,
    "无证餐馆": STALL,
    "黑作坊": STALL,
    "过期肉": STALL,
    "学校饭堂": STALL,
    "外卖没有证": STALL,
    "吃坏肚子": STALL,
    "私宰": STALL,
    "井盖": DEFECT,
    "井盖不见了": DEFECT,
    "供水井盖": DEFECT,
    "路灯不亮": DEFECT,
    "路面有坑": DEFECT,
    "护栏坏了": DEFECT,
    "红绿灯坏了": DEFECT,
    "公交站亭": DEFECT,
    "油烟": "env.cooking_fume",
    "楼下饭店油烟大": "env.cooking_fume",
    "黑烟车": "road.vehicle_exhaust",
    "尾气": "road.vehicle_exhaust",
    "泥头车": "road.litter_truck",
    "店外经营": "road.occupation",
    "占道": "road.occupation",
    "乱停车": "road.parking",
    "共享单车乱放": "road.parking",
    "广场舞太吵": "street.noise",
    "半夜施工": "street.noise",
    "狗不牵绳": "street.dogs",
    "违建": "building.illegal",
    "铁皮房": "building.illegal",
    "死猪": "animal.dead",
    "养猪": "livestock.rearing",
    "黑诊所": "street.clinic",
    # pinyin
    "zougui": STALL,
    "chaofen": STALL,
    "wuzhengcanyin": STALL,
    "sizai": STALL,
    "jinggai": DEFECT,
    "jing gai": DEFECT,
    "ludeng": DEFECT,
    "hulan": DEFECT,
    "honglvdeng": DEFECT,
    "youyan": "env.cooking_fume",
    "heiyanche": "road.vehicle_exhaust",
    "weiqi": "road.vehicle_exhaust",
    "nitouche": "road.litter_truck",
    "zhandao": "road.occupation",
    "zandao": "road.occupation",
    "weiting": "road.parking",
    "zaosheng": "street.noise",
    "zaoyin": "street.noise",
    "weijian": "building.illegal",
    "sizhu": "animal.dead",
    "yangzhu": "livestock.rearing",
    "guanggaopai": "street.advertising",
    # initials
    "zg": STALL,
    "jg": DEFECT,
    "hyc": "road.vehicle_exhaust",
    "ntc": "road.litter_truck",
    "zdjy": "road.occupation",
    "ltc": "road.parking",
    "gcw": "street.noise",
    "wj": "building.illegal",
    # English
    "manhole cover missing": DEFECT,
    "street food": STALL,
    "barking dog": "street.dogs",
    "black smoke": "road.vehicle_exhaust",
}

# The natural sentences of the acceptance cases
SENTENCES = {
    "K14": "livestock.rearing",
    "K16": DEFECT,
    "K18": DEFECT,
    "K20": DEFECT,
    "K22": DEFECT,
    "K23": "street.noise",
    "K25": "street.entertainment",
    "K27": "street.hazardous_chemicals",
    "K35": "street.unlicensed_business",
    "K37": "animal.dead",
    "K43": "livestock.rearing",
    "K45": DEFECT,
    "K47": "road.vehicle_exhaust",
    "K48": DEFECT,
    "K51": "road.parking",
    "K52": "building.illegal",
    "K54": "road.litter_truck",
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    folders = [path for path in CATALOGUE.iterdir() if (path / "pack.yaml").exists()]
    return load_catalogue(folders)


@pytest.fixture(scope="module")
def everyday(catalogue: Catalogue) -> Everyday:
    return read_everyday(SCHEMATIC, catalogue)


@pytest.fixture(scope="module")
def index(catalogue: Catalogue, everyday: Everyday) -> Index:
    return Index(catalogue, everyday.phrases)


def top(index: Index, typed: str) -> list[str]:
    return [hit.matter.code for hit in index.find(typed)[:3]]


def first(index: Index, typed: str) -> Hit:
    return index.find(typed)[0]


def test_there_are_sixty_phrases_and_twenty_of_them_in_pinyin_or_initials() -> None:
    spelt = [phrase for phrase in PHRASES if phrase.isascii()]
    assert len(PHRASES) >= 60
    assert len(spelt) - 4 >= 20


@pytest.mark.parametrize(("typed", "matter"), PHRASES.items(), ids=list(PHRASES))
def test_an_everyday_phrase_finds_its_matter_among_the_first_three(
    index: Index, typed: str, matter: str
) -> None:
    assert matter in top(index, typed)


def test_the_sentences_of_the_cases_find_their_matter_among_the_first_three(
    index: Index, shared_data: Path
) -> None:
    cases = yaml.safe_load((shared_data.parent / "domain" / "cases.yaml").read_text("utf-8"))
    missed = {
        case["text"]: top(index, case["text"])
        for case in cases
        if SENTENCES.get(case["id"], STALL) not in top(index, case["text"])
    }
    assert missed == {}


def test_the_names_and_words_of_every_matter_find_it(index: Index, catalogue: Catalogue) -> None:
    for matter in catalogue.matters.values():
        for words in (matter.code, matter.name.zh, matter.name.en, *matter.words):
            if words.isascii() and len(words) < 3:
                continue
            assert matter.code in [hit.matter.code for hit in index.find(words)], words


def test_the_worked_cases_beside_the_rules_find_their_matter(
    index: Index, catalogue: Catalogue
) -> None:
    """No promise for each, for a name may speak of what it is not; nine in ten must."""
    cases = [case for case in catalogue.cases if case.seam is None]
    if not cases:
        pytest.skip("the packs have no worked cases yet")
    found = [case for case in cases if case.matter in top(index, case.name)]
    assert len(found) / len(cases) >= 0.9


def test_a_word_that_settles_a_fact_carries_it(index: Index) -> None:
    assert dict(first(index, "供水井盖").facts) == {"asset": "manhole_water"}
    assert dict(first(index, "路灯不亮").facts) == {"asset": "streetlight"}
    assert dict(first(index, "走鬼").facts)["premises"] == "mobile"
    assert dict(first(index, "ludeng").facts) == {"asset": "streetlight"}


def test_a_word_that_several_values_share_offers_them_and_settles_none(index: Index) -> None:
    hit = first(index, "井盖")
    assert hit.facts == ()
    assert {choice.value for choice in hit.choices} >= {"manhole_water", "manhole_drain"}
    assert {choice.fact for choice in hit.choices} == {"asset"}


def test_a_long_story_settles_only_what_an_everyday_phrase_says(index: Index) -> None:
    """ "工厂" in a sentence about a canteen must not make it a factory."""
    facts = dict(first(index, "工厂饭堂(有证)集体腹泻").facts)
    assert facts.get("stage") == "catering"


def test_what_the_map_knows_is_never_taken_from_words(index: Index, catalogue: Catalogue) -> None:
    for phrase in ("学校门口走鬼", "水源保护区养猪", "高速公路护栏"):
        for hit in index.find(phrase):
            for name, _ in (*hit.facts, *((one.fact, one.value) for one in hit.choices)):
                fact = catalogue.matters[hit.matter.code].fact(name)
                assert fact is not None
                assert fact.place is None


def test_nothing_fits_gibberish(index: Index) -> None:
    assert index.find("") == ()
    assert index.find("   ") == ()
    assert index.find("\x00\u202e<>") == ()
    assert index.find("qqqqzzzzxxxx") == ()


@given(st.text(max_size=60))
def test_any_text_gives_hits_or_none_always_the_same_and_never_an_error(
    index: Index, typed: str
) -> None:
    found = index.find(typed)
    assert len(found) <= MOST
    assert found == index.find(typed)
    assert all(hit.score > 0 for hit in found)


def test_ten_thousand_characters_are_cut_and_cost_nothing(index: Index) -> None:
    assert top(index, "井盖" + "x" * 10_000) == top(index, "井盖" + "x" * 398)


def test_every_tile_and_phrase_names_what_exists_and_there_are_ten_tiles(
    everyday: Everyday, catalogue: Catalogue
) -> None:
    assert len(everyday.tiles) == 10
    for tile in everyday.tiles:
        matter = catalogue.matters[tile.matter]
        for name, values in tile.among:
            fact = matter.fact(name)
            assert fact is not None
            assert set(values) <= set(fact.values)
