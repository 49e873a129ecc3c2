"""The road register: who plans, builds, manages, maintains and enforces on which stretch, by date.

An entry names a segment of the road layer, or a road and two stakes. `geo.roads` joins the entries
to the segments.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from geo.errors import BadRegister, BadStake, Fault
from geo.stakes import Stake

FUNCTIONS: Final = ("plan", "build", "manage", "maintain", "enforce")
DIRECTIONS: Final[Mapping[str, str]] = {
    "up": "up",
    "u": "up",
    "上行": "up",
    "down": "down",
    "d": "down",
    "下行": "down",
}
"""How a direction may be written: rising stakes (上行) or falling ones (下行)."""

COLUMNS: Final = (
    "segment",
    "ref",
    "from_stake",
    "to_stake",
    "direction",
    "function",
    "owner",
    "valid_from",
    "ceases_on",
)


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One owner of one function on one stretch, from `valid_from` until before `ceases_on`.

    Either `segment` is the id of a segment, or `ref` is a road and the stakes say from where to
    where (None: all of it). `direction` None means both. `owner` is a unit id.
    """

    segment: str
    ref: str
    from_stake: Stake | None
    to_stake: Stake | None
    direction: str | None
    function: str
    owner: str
    valid_from: date
    ceases_on: date | None

    def in_force(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return self.valid_from <= day and (self.ceases_on is None or day < self.ceases_on)


def read_register(path: Path) -> tuple[RegisterEntry, ...]:
    """The entries of a register in CSV (UTF-8), in the order of the file.

    Columns: segment, ref, from_stake, to_stake, direction, function, owner, valid_from, ceases_on.
    Raises BadRegister with every fault of the file, each with its line and column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        fault = Fault(str(path.name), f"无法读取：{error}", f"cannot be read: {error}")
        raise BadRegister(path.name, [fault]) from error
    rows = csv.DictReader(io.StringIO(text))
    missing = [
        column
        for column in ("function", "owner", "valid_from")
        if column not in (rows.fieldnames or ())
    ]
    if missing or not {"segment", "ref"} & set(rows.fieldnames or ()):
        names = "、".join([*missing, *([] if missing else ["segment/ref"])])
        raise BadRegister(
            path.name,
            [
                Fault(
                    f"{path.name}:1",
                    f"缺少列 {names}；应有：{'、'.join(COLUMNS)}",
                    f"missing columns {names}; expected: {', '.join(COLUMNS)}",
                )
            ],
        )
    faults: list[Fault] = []
    entries: list[RegisterEntry] = []
    for row in rows:
        found = list(_faults(f"{path.name}:{rows.line_num}", row))
        faults.extend(found)
        if not found:
            entries.append(_entry(row))
    if faults:
        raise BadRegister(path.name, faults)
    return tuple(entries)


def _entry(row: Mapping[str, str | None]) -> RegisterEntry:
    """The entry of a row without faults."""
    text = {column: (row.get(column) or "").strip() for column in COLUMNS}
    return RegisterEntry(
        segment=text["segment"],
        ref="" if text["segment"] else text["ref"].upper(),
        from_stake=Stake.parsed(text["from_stake"]) if text["from_stake"] else None,
        to_stake=Stake.parsed(text["to_stake"]) if text["to_stake"] else None,
        direction=DIRECTIONS[text["direction"].lower()] if text["direction"] else None,
        function=text["function"],
        owner=text["owner"],
        valid_from=date.fromisoformat(text["valid_from"]),
        ceases_on=date.fromisoformat(text["ceases_on"]) if text["ceases_on"] else None,
    )


def _faults(line: str, row: Mapping[str, str | None]) -> Iterable[Fault]:
    """Everything that is wrong with one row."""
    text = {column: (row.get(column) or "").strip() for column in COLUMNS}
    if None in row:
        yield Fault(line, "列数多于表头", "has more columns than the header")
    if not text["segment"] and not text["ref"]:
        yield Fault(
            f"{line}:segment",
            "路段编号和路线编号至少填一个",
            "names neither a segment nor a road ref; one is needed",
        )
    if text["function"] not in FUNCTIONS:
        yield Fault(
            f"{line}:function",
            f"“{text['function']}”不是职能；应为 {'、'.join(FUNCTIONS)}",
            f'"{text["function"]}" is no function; one of {", ".join(FUNCTIONS)} is needed',
        )
    if not text["owner"]:
        yield Fault(f"{line}:owner", "没有填写单位", "names no unit")
    if text["direction"] and text["direction"].lower() not in DIRECTIONS:
        yield Fault(
            f"{line}:direction",
            f"“{text['direction']}”不是方向；应为 up（上行）、down（下行）或留空（双向）",
            f'"{text["direction"]}" is no direction; up, down or nothing (both) is needed',
        )
    yield from _stake_faults(line, text)
    yield from _date_faults(line, text)


def _stake_faults(line: str, text: Mapping[str, str]) -> Iterable[Fault]:
    stakes: list[Stake] = []
    for column in ("from_stake", "to_stake"):
        if text[column]:
            try:
                stakes.append(Stake.parsed(text[column]))
            except BadStake as error:
                yield Fault(f"{line}:{column}", error.zh, error.en)
    if bool(text["from_stake"]) != bool(text["to_stake"]):
        yield Fault(
            f"{line}:to_stake",
            "起止桩号要么都填，要么都不填",
            "gives one stake of two; both or neither are needed",
        )
    elif len(stakes) == 2 and (
        stakes[0].series != stakes[1].series or stakes[0].metres >= stakes[1].metres
    ):
        yield Fault(
            f"{line}:to_stake",
            f"终点 {stakes[1]} 应在同一编号系列中大于起点 {stakes[0]}",
            f"ends at {stakes[1]}, which must lie beyond {stakes[0]} in the same series",
        )


def _date_faults(line: str, text: Mapping[str, str]) -> Iterable[Fault]:
    days: list[date] = []
    for column in ("valid_from", "ceases_on"):
        if not text[column] and column == "ceases_on":
            continue
        try:
            days.append(date.fromisoformat(text[column]))
        except ValueError:
            yield Fault(
                f"{line}:{column}",
                f"“{text[column]}”不是日期；应写成 2008-11-05",
                f'"{text[column]}" is no date; write 2008-11-05',
            )
    if len(days) == 2 and days[1] <= days[0]:
        yield Fault(
            f"{line}:ceases_on",
            f"失效日 {days[1]} 应晚于生效日 {days[0]}",
            f"ceases on {days[1]}, which must be after {days[0]}",
        )
