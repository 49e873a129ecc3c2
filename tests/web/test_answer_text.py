"""An answer on the terminal reads as a colleague would say it, in Chinese or English."""

from __future__ import annotations

from typing import Any

import pytest

from rules.model import Text
from web.answer_text import answer_text
from web.asking import Asked
from web.contract import (
    CallOut,
    ContactOut,
    DeadlineOut,
    ResolutionOut,
    SafetyOut,
    TextOut,
)
from web.desk import Desk
from web.wrapping import columns

WEST = "114.007,22.008"
BORDER = "114.01,22.008"
SHOP = ("stage=shop", "licence=licensed")


def answer(desk: Desk, **asked: object) -> ResolutionOut:
    where = {} if "road" in asked or "area" in asked else {"at": WEST}
    given: dict[str, Any] = {"matter": "food", **where, **asked}
    return ResolutionOut.model_validate(desk.answer(Asked(**given)).as_dict())


def told(desk: Desk, lang: str = "zh", width: int = 80, **asked: object) -> str:
    return shown(desk, answer(desk, **asked), lang, width)


def shown(desk: Desk, given: ResolutionOut, lang: str = "zh", width: int = 80) -> str:
    matter = desk.district.book.matter(given.matter)
    streets = {"W": Text("西街道", "West"), "E": Text("东街道", "East")}
    return answer_text(given, matter, lang, width=width, streets=streets)


def test_the_first_line_is_the_unit(toy_desk: Desk) -> None:
    assert told(toy_desk, facts=SHOP).splitlines()[:3] == [
        "trade局",
        "主办单位",
        "食品（food），2008-11-05 办理",
    ]
    assert told(toy_desk, "en", facts=SHOP).splitlines()[0] == "trade"


def test_it_says_whether_the_matter_is_yours(toy_desk: Desk) -> None:
    mine = ("stage=shop", "licence=unlicensed")
    assert told(toy_desk, facts=mine, asker="team_w").startswith("team_w局（属于你）")
    assert told(toy_desk, facts=mine, asker="team_e").startswith("team_w局（不属于你）")
    assert "属于你" not in told(toy_desk, facts=mine)


def test_it_gives_reasons_assists_basis_and_other_readings(toy_desk: Desk) -> None:
    text = told(toy_desk, facts=SHOP)
    assert "为什么  SHOP：销售（SHOP）" in text
    assert "协办    health局：技术支持" in text
    assert "依据    旧法第1条" in text
    other = told(toy_desk, "en", facts=("stage=shop", "licence=unlicensed"))
    assert "Other view  another reading → trade (Standing law, art. 3)" in other


def test_what_occurred_on_another_day_cites_that_day(toy_desk: Desk) -> None:
    text = told(toy_desk, "en", facts=SHOP, on="2009-07-01", occurred_on="2009-05-31")
    assert "handled on 2009-07-01, occurred on 2009-05-31" in text
    assert "Old law, art. 1" in text


def test_it_says_where_and_how_far_from_a_border(toy_desk: Desk) -> None:
    assert "位置    西街道，距街道边界约 222 米，定位精度 10 米" in told(toy_desk, facts=SHOP)
    assert "West, about 222 m from the nearest street border" in told(toy_desk, "en", facts=SHOP)
    road = told(toy_desk, "en", matter="hole", road="R1", stake="K0+300")
    assert "R1 大路 K0+300, city road" in road


def test_what_the_circle_touches_is_told_even_when_it_changes_nothing(toy_desk: Desk) -> None:
    assert "误差圈内还可能在：西街道；责任单位相同" in told(toy_desk, at=BORDER, facts=SHOP)


def test_a_missing_fact_shows_who_acts_now_and_one_question_with_its_choices(
    toy_desk: Desk,
) -> None:
    lines = told(toy_desk).splitlines()
    assert lines[0] == "team_w局"
    assert lines[1].startswith("暂管单位")
    assert "还需要一个问题：哪个环节？" in lines
    assert "  --fact stage=kitchen  餐饮" in lines
    assert "  --fact stage=unknown  不清楚" in lines
    assert any(line.startswith("可能") for line in lines)
    assert any(line.startswith("未知") for line in lines)


def test_what_is_not_known_but_changes_nothing_is_said_to_change_nothing(toy_desk: Desk) -> None:
    text = told(toy_desk, "en", facts=("licence=unlicensed", "stage=shop", "colour=unknown"))
    assert "Not known   colour (Which colour?) (the lead does not depend on it)" in text


def test_a_seam_is_named_with_the_functions_that_clash(toy_desk: Desk) -> None:
    overlap = told(toy_desk, facts=("stage=odd", "licence=unlicensed"))
    assert "缝隙    交叉：不同职能都有依据（餐饮监管，流通监管）" in overlap
    vacancy = told(toy_desk, "en", facts=("stage=fumes", "licence=licensed"))
    assert "Vacancy: a function is named, but no unit held it" in vacancy


def test_outside_the_district_it_names_who_runs_the_place(toy_desk: Desk) -> None:
    text = told(toy_desk, at="114.025,22.005", facts=SHOP)
    assert text.splitlines()[0] == "far_gov局"
    assert "不在本辖区" in text.splitlines()[1]
    assert "远区" in text


def test_danger_comes_before_the_unit(toy_desk: Desk) -> None:
    safety = SafetyOut(
        zh="立即围挡", en="Fence it off", call=[CallOut(zh="应急", en="Emergency", phone="119")]
    )
    given = answer(toy_desk, facts=SHOP).model_copy(update={"safety": safety})
    lines = shown(toy_desk, given).splitlines()
    assert lines[:2] == ["危险！先做：立即围挡", "打电话：应急 119"]
    assert "trade局" in lines


def test_doubts_deadlines_contacts_and_the_place_to_act_are_told(toy_desk: Desk) -> None:
    given = answer(toy_desk, facts=SHOP)
    note = TextOut(zh="虚构号码", en="made-up number")
    assert given.lead is not None
    given = given.model_copy(
        update={
            "lead": given.lead.model_copy(
                update={"contact": ContactOut(phone="0755-0000-0101", note=note)}
            ),
            "because": [given.because[0].model_copy(update={"confidence": "L"})],
            "enforcement_point": TextOut(zh="高速出口", en="the exit"),
            "deadlines": [
                DeadlineOut(
                    id="D06",
                    step="作出处罚决定",
                    step_en="decide on the penalty",
                    limit=90,
                    unit="day",
                    basis="行政处罚法第60条",
                    basis_en="Penalties Law, art. 60",
                    confidence="H",
                    note=None,
                )
            ],
            "notices": [TextOut(zh="示意数据", en="schematic data")],
        }
    )
    text = shown(toy_desk, given, "en")
    assert "Phone 0755-0000-0101 (made-up number)" in text
    assert "the legal basis still has to be checked (SHOP)" in text
    assert "Act at     the exit" in text
    assert "decide on the penalty: 90 days (Penalties Law, art. 60)" in text
    assert "schematic data" in text


def every_answer(desk: Desk) -> list[ResolutionOut]:
    return [
        answer(desk, facts=SHOP),
        answer(desk),
        answer(desk, at=BORDER, facts=("licence=unlicensed", "stage=shop")),
        answer(desk, facts=("stage=odd", "licence=unlicensed")),
        answer(desk, facts=("stage=fumes", "licence=licensed")),
        answer(desk, at="114.5,21"),
        answer(desk, matter="hole", at="114.005,22.00505"),
        answer(desk, area="W", facts=("stage=shop", "licence=unlicensed"), asker="team_e"),
    ]


@pytest.mark.parametrize("width", [40, 57, 80, 100])
def test_no_line_is_wider_than_the_terminal(toy_desk: Desk, width: int) -> None:
    for given in every_answer(toy_desk):
        for lang in ("zh", "en"):
            lines = shown(toy_desk, given, lang, width).splitlines()
            assert all(columns(line) <= width for line in lines)


def test_english_is_whole_but_for_names_on_the_map(toy_desk: Desk) -> None:
    for given in every_answer(toy_desk):
        english = shown(toy_desk, given, "en")
        for name in ("大路", "辅路", "远区"):
            english = english.replace(name, "")
        assert not any("\u4e00" <= character <= "\u9fff" for character in english)


def test_a_hostile_name_changes_nothing_but_the_text(toy_desk: Desk) -> None:
    given = answer(toy_desk, facts=SHOP)
    assert given.place.street is not None
    evil = given.place.street.model_copy(
        update={"code": "?", "name": "\x1b[2J\u202e街" + "长" * 500}
    )
    place = given.place.model_copy(update={"street": evil})
    text = shown(toy_desk, given.model_copy(update={"place": place}))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert all(columns(line) <= 80 for line in text.splitlines())
