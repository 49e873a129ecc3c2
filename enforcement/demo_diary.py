"""What happened in the demo's eight working days before today: made up, and every text says so.

Two tables: `demo_week` says on which days and by whom, `demo_cases` does what they say. Of a demo
whose clock stands in the article's era, people are those whose names end in `.2008`. `market` is
who handles for the unit that leads at a licensed restaurant: the market regulator, health in 2008.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Final

# What was found: its name here, the officer of first contact, who leads (`own`: the officer's
# unit), matter, facts, the site of the register or the point, and what was written down
_FINDINGS: Final = """
tidy     officer.pinghu   own        food.safety  stage=catering;premises=mobile;licence=unlicensed 114.1270,22.6890 地铁口流动煎饼摊（虚构），油烟扰民
fruit    officer.bantian  own        food.safety  stage=catering;premises=mobile;licence=unlicensed 114.0663,22.6371 路口流动凉粉摊（虚构）占道
cakes    officer.buji     market     food.safety  stage=catering;premises=fixed;licence=licensed    114.1232,22.6068 虚构茶餐厅餐具未消毒
dogs     officer.longcheng own       street.dogs  -                                                 114.2035,22.7014 公园里遛烈性犬未拴绳（虚构）
late     officer.pinghu   own        food.safety  stage=catering;premises=mobile;licence=unlicensed 114.1330,22.7020 厂区门口流动夜宵车（虚构）
ruled    officer.nanwan   market     food.safety  stage=catering;premises=fixed;licence=licensed    114.1440,22.6140 虚构大排档后厨外移，占道加工
returned officer.buji     market     food.safety  stage=catering;premises=fixed;licence=licensed    114.1172,22.6046 示范小吃店（虚构）后厨用过期肉
disputed officer.buji     market     food.safety  stage=catering;premises=fixed;licence=licensed    114.1155,22.6086 桥下早餐铺（虚构）把炉灶搬上人行道
meals    officer.bantian  market     food.safety  stage=catering;premises=fixed;licence=licensed    D016             饭堂冷柜里有过期肉（虚构）
stall    officer.buji     own        food.safety  stage=catering;premises=mobile;licence=unlicensed 114.1190,22.6046 学校门口流动烧烤摊（虚构），油烟扰民
parking  officer.henggang handler.tp road.parking vehicle=motor                                     114.1960,22.6430 市场外机动车停满人行道（虚构）
noodles  officer.henggang own        food.safety  stage=catering;premises=mobile;licence=unlicensed 114.1810,22.6510 市场外流动炒粉摊（虚构）
silent   officer.buji     market     food.safety  stage=catering;premises=fixed;licence=licensed    114.1201,22.6079 虚构甜品店无健康证上岗
offered  officer.buji     market     food.safety  stage=catering;premises=fixed;licence=licensed    114.1121,22.6060 样板面馆（虚构）冷柜里有过期肉
called   officer.buji     own        street.dogs  -                                                 114.1182,22.6112 居民来电：楼道里养大型犬（虚构）
"""  # noqa: E501 - a table

# Working day (8 is the last one before today), time, who, act, finding, and what the act needs.
# `close` names the day of the re-check, 9 being today; `-` is the usual one.
_DIARY: Final = """
1 09:10 officer.pinghu      file     tidy
1 09:40 officer.pinghu      step     tidy     inspection 执法员乙（虚构） 两人到场检查（虚构）
1 10:05 officer.pinghu      step     tidy     on_the_spot - 当场处罚（虚构）
1 14:20 officer.bantian     file     fruit
1 14:45 officer.bantian     step     fruit    order - 责令当场搬离（虚构）
1 15:30 officer.buji        file     cakes
1 15:50 officer.buji        offer    cakes    持证餐饮按认定由贵单位主办（虚构）
1 17:10 officer.pinghu      done     tidy     摊位已搬离，地面已清理（虚构）
2 09:20 market              accept   cakes
2 09:40 verifier            verify   tidy     现场已清理（虚构）
2 09:45 verifier            close    tidy     8
2 10:30 market              step     cakes    inspection 监督员乙（虚构） 两人到场检查（虚构）
2 11:00 officer.bantian     done     fruit    摊位已搬离（虚构）
2 14:10 officer.longcheng   file     dogs
2 14:30 officer.longcheng   step     dogs     inspection 执法员乙（虚构） 两人到场（虚构）
2 16:00 officer.pinghu      file     late
2 16:20 officer.pinghu      step     late     order - 责令改正（虚构）
3 09:30 verifier            verify   fruit    路口已恢复（虚构）
3 09:35 verifier            close    fruit    6
3 10:20 officer.longcheng   step     dogs     on_the_spot - 当场处罚（虚构）
3 11:10 officer.longcheng   done     dogs     犬主已办证并拴绳（虚构）
3 15:00 market              step     cakes    decision - 处罚决定（虚构）
4 09:15 verifier            verify   dogs     公园内未再见（虚构）
4 09:20 verifier            close    dogs     9
4 09:40 market              step     cakes    service - 送达（虚构）
4 09:50 market              step     cakes    payment - 罚款已缴（虚构）
4 10:00 market              done     cakes    餐具已更换消毒柜（虚构）
4 14:00 officer.nanwan      file     ruled
4 14:20 officer.nanwan      offer    ruled    持证餐饮按认定由贵单位主办（虚构）
4 16:30 market              refuse   ruled    占道部分属街道职权（虚构）
5 09:30 officer.nanwan      offer    ruled    加工行为仍属餐饮许可范围（虚构）
5 10:10 verifier            verify   cakes    已按要求整改（虚构）
5 10:15 verifier            close    cakes    -
5 14:20 officer.buji        file     disputed
5 16:00 market              refuse   ruled    占道部分属街道职权（虚构）
6 09:00 officer.bantian     file     meals
6 09:05 officer.bantian     offer    meals    持证餐饮按认定由贵单位主办（虚构）
6 09:10 officer.buji        offer    disputed 持证餐饮按认定由贵单位主办（虚构）
6 11:00 officer.henggang    file     parking
6 11:20 officer.henggang    offer    parking  道路停放由交警查处（虚构）
6 13:50 market              accept   meals
6 14:30 market              refuse   disputed 占用人行道，属街道职权（虚构）
6 15:10 officer.buji        file     stall
6 15:30 officer.buji        step     stall    inspection officer.buji.second 两人到场检查（虚构）
6 15:40 officer.buji        step     stall    order - 责令改正（虚构）
6 16:30 handler.tp          accept   parking
7 09:00 market              step     meals    inspection 监督员乙（虚构） 两人到场检查（虚构）
7 09:05 market              step     meals    preservation - 先行登记保存肉品（虚构）
7 09:10 officer.buji        offer    disputed 炉灶属后厨延伸，仍是餐饮（虚构）
7 09:20 officer.buji        file     returned
7 09:30 officer.henggang    answer   parking  已知悉，当日到场疏导（虚构）
7 09:50 officer.henggang    file     noodles
7 10:10 officer.buji        file     silent
7 10:25 officer.buji        offer    silent   持证餐饮按认定由贵单位主办（虚构）
7 10:40 handler.tp          step     parking  on_the_spot - 当场处罚（虚构）
7 11:10 officer.bantian     file     fruit    凉粉摊（虚构）又回到路口
7 14:40 officer.buji        ask      stall    psb joint 请周末夜间到场协助（虚构）
7 15:00 market              campaign -        节前食品专项整治（虚构）
7 16:10 market              refuse   disputed 炉灶在店外，不属许可场所（虚构）
8 09:05 market              visit    -        节前食品联合检查（虚构）
8 09:10 adjudicator         rule     ruled    持证餐饮由许可部门主办，占道由街道协办（虚构）
8 09:15 market              step     meals    filing - 立案（虚构）
8 09:40 officer.buji        offer    returned 持证餐饮按认定由贵单位主办（虚构）
8 10:00 handler.psb         answer   stall    周末夜间两名民警到场（虚构）
8 10:50 handler.tp          done     parking  违停车辆已清走（虚构）
8 11:10 officer.buji        ask      stall    edu inform 摊点在校门口，请知会学校（虚构）
8 14:10 officer.buji        file     offered
8 14:30 officer.buji        offer    offered  持证餐饮按认定由贵单位主办（虚构）
8 15:00 handler.edu         confirm  -        两名工作人员参加（虚构）
8 15:20 market              refuse   returned 该店由街道日常巡查（虚构）
8 15:50 verifier            recheck  tidy     未再出摊（虚构）
8 16:10 officer.buji        report   stall    unit 这个摊位每天固定在店门口，应按店外经营办（虚构）
8 16:30 officer.bantian     report   fruit    place 路口已改造，位置应在隔壁社区（虚构）
8 16:40 dispatcher          file     called
8 16:45 dispatcher          resident called   来电人甲（虚构）
"""

DAYS: Final = 8
"""How many working days the diary has."""
OWN: Final = "own"
MARKET: Final = "market"
NOTHING: Final = "-"
STOPS: Final = tuple(f"D{n:03}" for n in range(1, 9))
"""The sites of the joint inspection."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an officer found; `where` is a site's id or lon,lat."""

    name: str
    officer: str
    lead: str
    matter: str
    facts: tuple[tuple[str, str], ...]
    where: str
    says: str

    @property
    def at_site(self) -> bool:
        """Whether it is at a site of the register."""
        return "," not in self.where


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the diary; `rest` is what the act needs."""

    day: int
    at: time
    who: str
    what: str
    about: str
    rest: str


def findings() -> Iterator[Finding]:
    """What was found, in the order of the table."""
    for line in _FINDINGS.strip().splitlines():
        name, officer, lead, matter, facts, where, says = line.split(maxsplit=6)
        pairs = [] if facts == NOTHING else [one.partition("=") for one in facts.split(";")]
        known = tuple((fact, value) for fact, _, value in pairs)
        yield Finding(name, officer, lead, matter, known, where, says)


def diary() -> Iterator[Act]:
    """What was done, in order of time."""
    for line in _DIARY.strip().splitlines():
        day, at, who, what, about, *rest = line.split(maxsplit=5)
        yield Act(int(day), time.fromisoformat(at), who, what, about, "".join(rest))
