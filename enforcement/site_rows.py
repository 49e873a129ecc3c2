"""One row of a list of sites: its cells become a checked `Site`, or complaints about columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from enforcement.sites import Licence, LicenceKind, Site, in_order
from geo.errors import BadPoint
from geo.points import Point
from rules.errors import Fault

_ID: Final = re.compile(r"[\w.\-]{1,64}")
_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_USCC: Final = re.compile(r"[0-9A-Z]{1,32}")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_LICENCE_PARTS: Final = "number|kind|valid_from|ceases_on|revoked_on"


@dataclass(frozen=True, slots=True)
class Complaints:
    """Faults of one row: called with a column, and what is wrong in Chinese and in English."""

    where: str
    faults: list[Fault]

    def __call__(self, column: str, zh: str, en: str) -> None:
        """Add a fault; an empty column stands for the whole row."""
        self.faults.append(Fault(f"{self.where} {column}".strip(), zh, en))


def site_of_row(
    row: Mapping[str, str], allowed: Mapping[str, Collection[str]], complain: Complaints
) -> Site:
    """The site of one row, whose keys are our columns; of no use once there was a complaint.

    `allowed` maps `stage` and `premises` to the values they may take; without it any word will do.
    """
    id_ = row.get("id", "")
    if _ID.fullmatch(id_) is None:
        complain(
            "id",
            f"“{_short(id_)}”不能作编号：用 1 至 64 个字母、数字、点、横线或下划线",
            f"{_short(id_)!r} is no id: use 1 to 64 letters, digits, dots, hyphens or underscores",
        )
    uscc = row.get("uscc", "").upper()
    if uscc and _USCC.fullmatch(uscc) is None:
        complain(
            "uscc",
            f"“{_short(uscc)}”不是代码：只能有数字和字母",
            f"{_short(uscc)!r} is no code: it may have digits and letters only",
        )
    stages = _list(row.get("stages", ""))
    for stage in stages:
        _check_value("stages", "stage", stage, allowed, complain)
    if len(set(stages)) < len(stages):
        complain("stages", "同一环节写了两次", "a stage stands there twice")
    premises = row.get("premises", "")
    if premises:
        _check_value("premises", "premises", premises, allowed, complain)
    return Site(
        id=id_,
        name=_text("name", row.get("name", ""), complain, required=True),
        uscc=uscc or None,
        licences=_licences(row.get("licences", ""), complain),
        stages=tuple(stages),
        premises=premises or None,
        address=_text("address", row.get("address", ""), complain) or None,
        point=_point(row.get("lon", ""), row.get("lat", ""), complain),
    )


def _licences(given: str, complain: Complaints) -> tuple[Licence, ...]:
    found = [_licence(text, complain) for text in _list(given)]
    licences = [licence for licence in found if licence is not None]
    for twice in sorted({one.key for one in licences if _count(one, licences) > 1}):
        complain(
            "licences",
            f"{twice[0]} 自 {twice[2]} 的许可写了两次",
            f"the licence {twice[0]} from {twice[2]} stands there twice",
        )
    return in_order(licences)


def _count(one: Licence, licences: Iterable[Licence]) -> int:
    return sum(1 for other in licences if other.key == one.key)


def _licence(given: str, complain: Complaints) -> Licence | None:
    parts = [part.strip() for part in given.replace("｜", "|").split("|")]
    if not 3 <= len(parts) <= 5:
        complain(
            "licences",
            f"“{_short(given)}”不是许可：应写成 {_LICENCE_PARTS}，后两项可空",
            f"{_short(given)!r} is no licence: write {_LICENCE_PARTS}, of which the last two may "
            "be left out",
        )
        return None
    number, kind_text, *days = parts
    kind = _kind(kind_text, complain)
    if len(number) > 64 or not number.isprintable() or not (number or kind is LicenceKind.EXEMPT):
        complain(
            "licences",
            f"“{_short(given)}”缺少编号，或编号超过 64 个字",
            f"{_short(given)!r} has no number, or one of more than 64 characters",
        )
    valid_from, ceases_on, revoked_on = (
        _day(text, complain) if text else None for text in (*days, "", "")[:3]
    )
    if valid_from is None:
        if not days[0]:
            complain(
                "licences",
                f"“{_short(given)}”缺少有效期首日",
                f"{_short(given)!r} lacks its first day in force",
            )
        return None
    if ceases_on is not None and ceases_on <= valid_from:
        complain(
            "licences",
            f"许可 {number} 失效日 {ceases_on} 不晚于首日 {valid_from}（失效日是第一个无效的日子）",
            f"the licence {number} ceases on {ceases_on}, which is not after its first day "
            f"{valid_from} (ceases_on is the first day not in force)",
        )
    if revoked_on is not None and revoked_on < valid_from:
        complain(
            "licences",
            f"许可 {number} 吊销日 {revoked_on} 早于首日 {valid_from}",
            f"the licence {number} is revoked on {revoked_on}, before its first day {valid_from}",
        )
    return None if kind is None else Licence(number, kind, valid_from, ceases_on, revoked_on)


def _kind(given: str, complain: Complaints) -> LicenceKind | None:
    try:
        return LicenceKind(given)
    except ValueError:
        listed = "、".join(f"{kind}（{kind.label.zh}）" for kind in LicenceKind)
        complain(
            "licences",
            f"没有许可种类“{_short(given)}”，可选：{listed}",
            f"there is no kind of licence {_short(given)!r}; there are: {', '.join(LicenceKind)}",
        )
        return None


def _day(given: str, complain: Complaints) -> date | None:
    try:
        # fromisoformat alone also takes 2008-W45-3 and 20081105, which nobody means here.
        if _DATE.fullmatch(given) is not None:
            return date.fromisoformat(given)
    except ValueError:
        pass  # 2008-02-30: complained about with all that is no date
    complain(
        "licences",
        f"“{_short(given)}”不是日期：写成 2008-11-05",
        f"{_short(given)!r} is no date: write it like 2008-11-05",
    )
    return None


def _check_value(
    column: str,
    fact: str,
    value: str,
    allowed: Mapping[str, Collection[str]],
    complain: Complaints,
) -> None:
    known = allowed.get(fact)
    if known is not None and value not in known:
        complain(
            column,
            f"没有取值“{_short(value)}”，可选：{'、'.join(known)}",
            f"{_short(value)!r} is not a value; allowed: {', '.join(known)}",
        )
    elif known is None and _WORD.fullmatch(value) is None:
        complain(
            column,
            f"“{_short(value)}”不是取值：应是 circulation 这样的小写英文词",
            f"{_short(value)!r} is no value: a lower-case word like circulation is needed",
        )


def _text(column: str, given: str, complain: Complaints, *, required: bool = False) -> str:
    if required and not given:
        complain(column, "不能空着", "may not be empty")
    if len(given) > 300:
        complain(
            column,
            f"有 {len(given)} 个字，最多 300",
            f"has {len(given)} characters; at most 300 are allowed",
        )
    if any(not char.isprintable() for char in given):
        complain(
            column,
            "含有换行或不可见字符",
            "has line breaks or characters that cannot be seen",
        )
    return given


def _point(lon: str, lat: str, complain: Complaints) -> Point | None:
    if not lon and not lat:
        return None
    for column, text in (("lon", lon), ("lat", lat)):
        if _NUMBER.fullmatch(text) is None:
            complain(
                column,
                f"“{_short(text)}”不是十进制度数，例如 114.1172",
                f"{_short(text)!r} is no decimal number of degrees such as 114.1172",
            )
            return None
    try:
        return Point.checked(lon=float(lon), lat=float(lat))
    except BadPoint as error:
        complain("lon, lat", error.zh, error.en)
        return None


def _list(given: str) -> list[str]:
    """The parts between semicolons; a full-width semicolon is what Chinese keyboards give."""
    return [part.strip() for part in given.replace("；", ";").split(";") if part.strip()]


def _short(given: str) -> str:
    return given if len(given) <= 40 else given[:40] + "…"
