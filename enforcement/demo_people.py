"""Made-up people for the schematic district: one for each post, and hands for many units.

An account has one unit, and units come and go: whose unit is of the article's era has `.2008` in
its name and works on a demo whose clock stands there. Every name says that it is made up. They are
added by `seamless serve --demo` alone, and their one password is public.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from enforcement.policies import Post
from enforcement.services.people import Person

DEMO_PASSWORD: Final = "seamless-demo"  # noqa: S105 - public, shown on the demo's login page
"""The password of every demo account."""

_STREETS: Final = """
buji 440307014 布吉 Buji
nanwan 440307012 南湾 Nanwan
henggang 440307017 横岗 Henggang
bantian 440307013 坂田 Bantian
pinghu 440307003 平湖 Pinghu
longcheng 440307015 龙城 Longcheng
"""
# The unit, and how its handler is called; the same unit today and in the article's era
_STANDING: Final = """
health 卫生 health
edu 教育 education
umb 城管 urban management
psb 公安 public security
tp 交警 traffic police
epb 环保 environment
water 水务 water
plan 规划 planning
hcb 住建 housing and construction
animal 动物卫生 animal health
work_safety 应急 emergency
"""
_TODAY: Final = """
amr 市场监管 market regulation
trans2 交通运输 transport
trans_enf 交通执法 transport enforcement
"""
_IN_2008: Final = """
aic 工商 industry and commerce
aqts 质监 quality supervision
agr 农业 agriculture
trade 贸工 trade and industry
trans0 交通 transport
hwy_d 公路 highways
"""
# The post, the unit, and how the person is called. The adjudicator's unit is party to few disputes.
_OFFICE: Final = """
dispatcher district_gov 分拨员 dispatcher
verifier district_gov 核查员 verifier
steward district_gov 规则管理员 steward
adjudicator district_gov 裁定人 adjudicator
supervisor district_gov 督办 supervisor
auditor - 审计 auditor
"""


@cache
def demo_people() -> tuple[Person, ...]:
    """Every demo account, in the order in which a login page shows them; always the same."""
    return (
        *_officers(),
        *(
            _person(id_, unit, zh, en, Post(id_))
            for id_, unit, zh, en in (line.split() for line in _OFFICE.strip().splitlines())
        ),
        *_handlers(_TODAY, ""),
        *_handlers(_STANDING, ""),
        *_handlers(_IN_2008, ".2008"),
        _person("supervisor.amr", "amr", "市场监管督办", "supervisor, market", Post.SUPERVISOR),
    )


def _officers() -> Iterator[Person]:
    for era, team in (("", "street_cle"), (".2008", "street_enf")):
        for line in _STREETS.strip().splitlines():
            id_, code, zh, en = line.split()
            unit = f"{team}.{code}"
            yield _person(
                f"officer.{id_}{era}", unit, f"{zh}执法员", f"officer, {en}", Post.OFFICER
            )
            # An inspection record needs two
            if id_ == "buji":
                second = f"officer.{id_}.second{era}"
                yield _person(second, unit, f"{zh}执法员二", f"second officer, {en}", Post.OFFICER)


def _handlers(listed: str, era: str) -> Iterator[Person]:
    for line in listed.strip().splitlines():
        unit, zh, en = line.split(maxsplit=2)
        yield _person(f"handler.{unit}{era}", unit, f"{zh}经办人", f"handler, {en}", Post.HANDLER)


def _person(id_: str, unit: str, zh: str, en: str, post: Post) -> Person:
    return Person(
        id=id_,
        name=f"{zh}（虚构） / {en} (made up)",
        unit=None if unit == "-" else unit,
        posts=frozenset({post}),
        password=DEMO_PASSWORD,
        demo=True,
    )
