"""Who decides a dispute, rung by rung, and to whom silence is reported. Never a coordination body.

The rungs are those of facts §5.3: who filed first, talks between the units, then their common
superior (行政处罚法 2021 art. 25; before 2021-07-15 the 1996 law's art. 21). Where no common
superior is on record, the district's intake unit decides and the ladder says that it is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from enforcement.units import Registry, Unit, UnitKind
from rules.model import Text

PENALTY_LAW_2021: Final = date(2021, 7, 15)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: what it is, the unit that decides on it, and its basis."""

    step: str
    unit: str | None
    says: Text
    basis: str

    def as_dict(self) -> dict[str, Any]:
        """The rung as JSON carries it."""
        return {
            "step": self.step,
            "unit": self.unit,
            "says": self.says.as_dict(),
            "basis": self.basis,
        }


def superiors(unit_id: str, registry: Registry, on: date) -> tuple[Unit, ...]:
    """The units above, nearest first, that exist on `on`; coordination bodies are passed over."""
    found: list[Unit] = []
    seen = {unit_id}
    unit = registry.units.get(unit_id)
    while unit is not None and unit.superior is not None and unit.superior not in seen:
        seen.add(unit.superior)
        unit = registry.units.get(unit.superior)
        if unit is not None and unit.kind is UnitKind.ORG and unit.period.covers(on):
            found.append(unit)
    return tuple(found)


def successor(unit_id: str, registry: Registry, on: date) -> Unit | None:
    """The unit itself if it exists on `on`, else the one that took over; None if none is known."""
    seen: set[str] = set()
    unit = registry.units.get(unit_id)
    while unit is not None and unit.id not in seen:
        if unit.period.covers(on):
            return unit if unit.kind is not UnitKind.COORDINATION else None
        seen.add(unit.id)
        unit = registry.units.get(unit.successor) if unit.successor else None
    return None


def common_superiors(units: tuple[str, ...], registry: Registry, on: date) -> tuple[Unit, ...]:
    """The units above all of these, nearest first; a unit that is itself above the rest counts."""
    chains = []
    for unit_id in units:
        own = registry.units.get(unit_id)
        chains.append(((own,) if own is not None else ()) + superiors(unit_id, registry, on))
    if not chains:
        return ()
    return tuple(
        unit
        for unit in chains[0]
        if unit.id not in units and all(unit in chain for chain in chains[1:])
    )


def ladder(
    units: tuple[str, ...], *, first_filed: str, intake: str, registry: Registry, on: date
) -> tuple[Rung, ...]:
    """The rungs for a dispute between `units`, lowest first; the last one always names a unit."""
    new_law = on >= PENALTY_LAW_2021
    rungs = [
        Rung(
            "first_to_file",
            first_filed,
            Text("先登记的单位在裁定前继续负责", "the unit that filed first stays responsible"),
            "行政处罚法（2021）第二十五条第一款" if new_law else "首问负责制",
        ),
        Rung(
            "negotiate",
            None,
            Text("争议单位先协商，协商期内原分工不变", "the units talk; nothing changes meanwhile"),
            "行政处罚法（2021）第二十五条第二款" if new_law else "项目规则（P02），非法律规定",
        ),
    ]
    above = common_superiors(units, registry, on)
    law = "行政处罚法（2021）第二十五条第二款" if new_law else "行政处罚法（1996）第二十一条"
    rungs += [
        Rung(
            "common_superior",
            unit.id,
            Text(f"共同上级 {unit.name(on).zh} 指定", f"{unit.name(on).en} designates"),
            law,
        )
        for unit in above
    ]
    if not above:
        rungs.append(
            Rung(
                "intake",
                intake,
                Text(
                    "没有登记共同上级，由辖区受理单位裁定",
                    "no common superior is on record; the district's intake unit decides",
                ),
                "项目规则，非法律规定",
            )
        )
    return tuple(rungs)
