"""Two hundred made-up sites for the schematic district, as rows of a list of sites to import.

Every stage, kind of premises and state of a licence is there, in the article's era and today. The
first twenty are the cases that people ask about; the rest are spread over the communities. Names,
addresses and numbers are made up and say so ("（虚构）", FAKE in the social credit code); the check
digits are right, because the import looks at them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from shapely import Point
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from geo.demo.places import Community, communities
from geo.demo.zones import beside, schools, zones

COLUMNS = ("id", "name", "uscc", "licences", "stages", "premises", "address", "lon", "lat")
COUNT = 200


@dataclass(frozen=True, slots=True)
class Trade:
    """What a kind of site is called, does and where; which run of licences it needs, if any."""

    label: str
    stages: tuple[str, ...]
    premises: str
    needs: str | None  # a key of _RUNS
    body: str = "92"  # the first two characters of its code: 91 company, 92 trader, 12 institution


_TRADES: Mapping[str, Trade] = MappingProxyType(
    {
        "restaurant": Trade("小馆", ("catering",), "fixed", "catering"),
        "grocery": Trade("粮油店", ("circulation",), "fixed", "sale"),
        "stall": Trade("市场档口", ("circulation",), "market", "sale"),
        "vendor": Trade("流动摊", ("catering",), "mobile", "vendor"),
        "works": Trade("食品厂", ("processing",), "fixed", "production", "91"),
        "farm": Trade("菜场", ("primary_production",), "farm", None),
        "canteen": Trade("学校食堂", ("catering",), "school", "canteen", "12"),
        "bakery": Trade("饼屋", ("processing", "circulation"), "fixed", "production"),
        "breeder": Trade("养殖场", ("primary_production",), "farm", None),
        "market": Trade("农贸市场", ("slaughter", "circulation"), "market", "sale", "91"),
        "supermarket": Trade("超市", ("circulation", "processing"), "fixed", "sale", "91"),
        "kitchen": Trade("中央厨房", ("catering", "processing"), "fixed", "catering", "91"),
        "mess": Trade("工厂饭堂", ("catering",), "fixed", "canteen", "91"),
        "slaughterhouse": Trade("定点屠宰场", ("slaughter",), "fixed", "slaughter", "91"),
        "butcher": Trade("宰杀点", ("slaughter",), "fixed", "slaughter"),
        "kiosk": Trade("预包装便利店", ("circulation",), "fixed", "filing"),
        "fruit": Trade("流动果蔬车", ("circulation",), "mobile", "vendor"),
        "produce": Trade("自产自销点", ("circulation",), "farm", None),
    }
)
# For each need: kind and number of the licence of the article's era, and of the one since 2016.
_RUNS: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = MappingProxyType(
    {
        "catering": (("hygiene", "粤卫食证字[2007]第0307C{:05}号"), ("operation", "JY2")),
        "canteen": (("hygiene", "粤卫食证字[2007]第0307T{:05}号"), ("operation", "JY3")),
        "sale": (("hygiene", "粤卫食证字[2007]第0307L{:05}号"), ("operation", "JY1")),
        "filing": (("hygiene", "粤卫食证字[2007]第0307Y{:05}号"), ("filing", "YB1")),
        "production": (("production", "QS4403{:08}"), ("production", "SC1")),
        "slaughter": (
            ("slaughter", "粤S屠准字0307{:03}（虚构）"),
            ("slaughter", "粤S屠准字2016{:03}（虚构）"),
        ),
        "vendor": (("", ""), ("vendor_card", "龙岗摊卡{:05}（虚构）")),
    }
)
# For each state the days of the old licence and of the newer ones: from|until, or with revoked on.
_STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "licensed": (
            "2007-03-01|2016-03-01",
            "2016-03-01|2021-03-01 2021-03-01|2026-03-01 2026-03-01|2031-03-01",
        ),
        # the last day in force is the day before the two days that examples are about
        "ended": ("2004-11-05|2008-11-05", "2016-11-20|2021-11-20 2021-11-20|2026-11-20"),
        "ending": ("2004-12-01|2008-12-01", "2016-12-01|2021-12-01 2021-12-01|2026-12-01"),
        "revoked": ("2006-07-01|2010-07-01|2008-09-01", "2023-04-01|2028-04-01|2026-05-11"),
        "new": ("", "2025-06-01|2030-06-01"),
        "closed": ("2005-02-01|2009-02-01", ""),
        "never": ("", ""),
    }
)
# The cases that people ask about: name, community, trade, state of the licence, and where: beside
# the community's centre, in its school, at the gate of it, or in a zone.
_NAMED = """
喜盈门鲜肉档 布吉墟 stall licensed beside
旧年糕点档 布吉墟 stall ended beside
百家农贸市场 横岗 market licensed beside
万户超市 爱联 supermarket licensed beside
食堂 坂田 canteen licensed school
门口炒粉摊 罗岗 vendor never gate
三更炒粉摊 南联 vendor licensed VA10
水边养猪场 清林 breeder never W01-level2
坡头养猪场 年丰 breeder never beside
大锅饭中央厨房 宝龙 kitchen licensed beside
没牌饺子馆 南岭村 restaurant never beside
老规矩定点屠宰场 同乐 slaughterhouse licensed beside
后山宰杀点 沙湾 butcher never beside
脆脆饼干厂 平湖 works licensed beside
青青菜场 坪地 farm never beside
千人工厂饭堂 五和 mess licensed beside
前店后厂饼屋 大芬 bakery licensed beside
看不见外卖厨房 吉祥 restaurant never beside
只卖罐头便利店 三联 kiosk licensed beside
半夜撤证酒楼 葵涌 restaurant revoked beside
"""
# The rest, in turn: a trade and the states that its sites take in turn.
_ROUND = (
    ("restaurant", ("licensed", "never", "ending", "ended")),
    ("grocery", ("licensed", "ended", "new")),
    ("vendor", ("never", "never", "licensed")),
    ("stall", ("licensed", "revoked", "ending")),
    ("works", ("licensed", "never", "ended")),
    ("canteen", ("licensed", "licensed", "ending")),
    ("farm", ("never",)),
    ("restaurant", ("never", "licensed", "revoked", "new")),
    ("mess", ("licensed", "ended", "never")),
    ("bakery", ("licensed", "never", "closed")),
    ("fruit", ("never", "never", "licensed")),
    ("supermarket", ("licensed", "ending")),
    ("breeder", ("never",)),
    ("kiosk", ("licensed", "never", "new")),
    ("butcher", ("never", "never")),
    ("market", ("licensed", "closed")),
    ("kitchen", ("licensed", "revoked")),
    ("produce", ("never",)),
    ("slaughterhouse", ("licensed", "ended")),
)
_FANCY = ("好彩", "旺角边", "老街坊", "甜水井", "一碗香", "半亩地", "小确幸", "大榕树", "晒谷坪")


@cache
def demo_sites() -> tuple[Mapping[str, str], ...]:
    """The rows, keyed by `COLUMNS`, in order of their ids D001 to D200; always the same."""
    lines = _NAMED.strip().splitlines()
    rows = [_named(number, line) for number, line in enumerate(lines, start=1)]
    turns = dict.fromkeys(range(len(_ROUND)), 0)
    for number in range(len(rows) + 1, COUNT + 1):
        turn = number % len(_ROUND)
        trade, states = _ROUND[turn]
        state = states[turns[turn] % len(states)]
        turns[turn] += 1
        # 53 and the number of communities have no common factor: each has its turn
        community = communities()[53 * number % len(communities())]
        name = f"{community.name}{_FANCY[number % len(_FANCY)]}{_TRADES[trade].label}"
        spot = beside(community, metres=90 + 30 * (number % 9), degrees=71 * number)
        rows.append(_row(number, name, community, trade=trade, state=state, spot=spot))
    return tuple(rows)


def _named(number: int, line: str) -> Mapping[str, str]:
    name, place, trade, state, where = line.split()
    community = next(one for one in communities() if one.name == place)
    if where in {"school", "gate"}:
        school = next(one for one in schools() if one.community == community)
        name = f"{school.name}{name}"
        lon = school.lon + (0.0004 if where == "gate" else 0)  # some 40 m from the gate
        spot = Point(lon, school.lat)
    elif where == "beside":
        spot = beside(community, metres=120 + 10 * number, degrees=41 * number)
    else:
        zone = next(one for one in zones() if one.code == where)
        spot = zone.shape.representative_point()
    return _row(number, name, community, trade=trade, state=state, spot=spot)


def _row(
    number: int, name: str, community: Community, *, trade: str, state: str, spot: Point
) -> Mapping[str, str]:
    kind = _TRADES[trade]
    code = f"{kind.body}440307FAKE{number:05}"
    row = {
        "id": f"D{number:03}",
        "name": f"{name}（虚构）",
        # who never registered has no code; a farm has one without a food licence
        "uscc": "" if state == "never" and kind.needs else code + uscc.calc_check_digit(code),
        "licences": ";".join(_licences(number, kind, state)),
        "stages": ";".join(kind.stages),
        "premises": kind.premises,
        "address": f"{community.name}社区示范路{number}号（虚构）",
        "lon": f"{spot.x:.6f}",
        "lat": f"{spot.y:.6f}",
    }
    return MappingProxyType(row)


def _licences(number: int, trade: Trade, state: str) -> Iterator[str]:
    if trade.needs is None:
        return
    for (kind, pattern), days in zip(_RUNS[trade.needs], _STATES[state], strict=True):
        for period in days.split() if kind else ():
            yield f"{_numbered(pattern, number)}|{kind}|{period}"


def _numbered(pattern: str, number: int) -> str:
    """The pattern with the number in it; SC, JY and YB numbers get their check digit."""
    if "{" in pattern:
        return pattern.format(number)
    # SC: 3 digits of category, region, 4 of serial; JY and YB: 1 of form, region, 6 of serial
    digits = f"{pattern[2:]}06440307{number:04}" if pattern[:2] == "SC" else ""
    digits = digits or f"{pattern[2:]}440307{number:06}"
    return f"{pattern[:2]}{digits}{mod_11_10.calc_check_digit(digits)}"
