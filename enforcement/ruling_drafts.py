"""What a ruling leaves behind for the next time: an entry for the register of seams, and a rule.

Both are drafts in the shape of the catalogue's files. A steward reads them; nothing is published
by a ruling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.model import Text


@dataclass(frozen=True, slots=True)
class Draft:
    """The drafted register entry and rule, as plain JSON."""

    register_entry: Mapping[str, Any]
    rule: Mapping[str, Any]


def drafted(
    answer: Mapping[str, Any],
    *,
    case_number: str,
    unit: str,
    unit_name: Text,
    units: tuple[str, ...],
    reason: str,
    basis: str,
    on: date,
) -> Draft:
    """The drafts of a ruling that names `unit` for what `answer` was asked.

    The rule names the role that the unit has in the answer, if it has one; else a steward must.
    """
    role = next(
        (
            one.get("role")
            for one in (answer.get("lead"), *answer.get("candidates", ()))
            if one and one.get("unit") == unit
        ),
        None,
    )
    facts = {name: value for name, value in answer.get("facts", {}).items() if value != "unknown"}
    id_ = f"ruling-{case_number}"
    beaten = [
        one["rule"] for one in answer.get("because", ()) if one.get("leads") and role is not None
    ]
    return Draft(
        register_entry={
            "id": id_,
            "matter": answer["matter"],
            "facts": facts,
            "claimants": list(units),
            "decision": unit,
            "decided_on": on.isoformat(),
            "basis": basis,
            "reason": reason,
        },
        rule={
            "id": id_,
            "matter": answer["matter"],
            "valid_from": on.isoformat(),
            "when": facts,
            "lead": role,
            "lead_unit": unit,
            "says": {
                "zh": f"经裁定（案件 {case_number}），由{unit_name.zh}主办：{reason}",
                "en": f"By the ruling in case {case_number}, {unit_name.en} leads: {reason}",
            },
            "basis": basis,
            "overrides": beaten,
            "source": [f"case {case_number}"],
            "confidence": "M",
            "status": "proposed",
        },
    )
