"""The ledger's terms: the limits and settings under which cases move, dated where the law is.

Numbers come from the catalogue's deadlines (`H01`, `P01`, …) in force on the day, else from the
project's defaults below, which are marked as such wherever they are shown. What a district decides
for itself is in `ledger.yaml` of its folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, cast, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from enforcement.deadlines import TimeUnit
from enforcement.errors import DistrictRefused
from rules.errors import Fault
from rules.model import Deadline
from rules.reading import parsed, read_yaml

PROJECT_RULE: Final = "项目规则，非法律规定 / project rule, not law"


@dataclass(frozen=True, slots=True)
class Term:
    """One limit: how long, and where that stands."""

    id: str
    limit: int
    unit: TimeUnit
    basis: str = PROJECT_RULE


@dataclass(frozen=True, slots=True)
class Terms:
    """What the ledger counts by. Shares are of the time between start and due."""

    accept: Term = Term("H01", 1, "working_day")
    dispute: Term = Term("P02", 3, "working_day")
    adjudicate: Term = Term("P05", 3, "working_day")
    assist: Term = Term("P01", 1, "working_day")
    recheck: Term = Term("P03", 7, "day")
    finish: Term = Term("H02", 5, "working_day")
    escalate_after: Term = Term("P04", 1, "working_day")
    deemed_acceptance: bool = False
    near_m: float = 50.0
    duplicate_hours: int = 24
    recurrence_days: int = 730
    amber_share: float = 0.6
    red_share: float = 0.85
    photo_bytes: int = 15_000_000
    retention_days: int = 365
    timezone: str = "Asia/Shanghai"

    @property
    def zone(self) -> ZoneInfo:
        """Where the district's days begin and end."""
        return ZoneInfo(self.timezone)

    def on(self, day: date, deadlines: Mapping[str, Deadline]) -> Terms:
        """The same with the limits that the catalogue has in force on `day`."""
        return replace(
            self,
            accept=_dated(self.accept, day, deadlines),
            dispute=_dated(self.dispute, day, deadlines),
            adjudicate=_dated(self.adjudicate, day, deadlines),
            assist=_dated(self.assist, day, deadlines),
            recheck=_dated(self.recheck, day, deadlines),
            finish=_dated(self.finish, day, deadlines),
        )


def _dated(term: Term, day: date, deadlines: Mapping[str, Deadline]) -> Term:
    found = deadlines.get(term.id)
    limit = None if found is None else found.on(day)
    if limit is None or not limit.limit or limit.unit not in get_args(TimeUnit):
        return term
    basis = "；".join(one.cite for one in limit.basis) or PROJECT_RULE
    return Term(term.id, int(limit.limit), cast("TimeUnit", limit.unit), basis)


class _TermsFile(BaseModel):
    """What a district may set in `ledger.yaml`."""

    model_config = ConfigDict(extra="forbid")
    deemed_acceptance: bool = False
    near_m: float = Field(default=50.0, gt=0, le=1000)
    duplicate_hours: int = Field(default=24, ge=1, le=24 * 30)
    recurrence_days: int = Field(default=730, ge=1, le=3660)
    amber_share: float = Field(default=0.6, gt=0, lt=1)
    red_share: float = Field(default=0.85, gt=0, lt=1)
    photo_bytes: int = Field(default=15_000_000, ge=100_000)
    retention_days: int = Field(default=365, ge=1, le=3660)
    timezone: str = "Asia/Shanghai"


def district_terms(folder: Path | None) -> Terms:
    """The terms of a district's folder; the defaults when it has no `ledger.yaml`.

    Raises DistrictRefused with every fault.
    """
    path = None if folder is None else folder / "ledger.yaml"
    if path is None or not path.exists():
        return Terms()
    faults: list[Fault] = []
    given = parsed(_TermsFile, read_yaml(path, path.name, faults) or {}, path.name, faults)
    if given is not None and given.amber_share >= given.red_share:
        faults.append(
            Fault(
                f"{path.name}:amber_share",
                "黄灯必须早于红灯：amber_share 应小于 red_share",
                "amber comes before red: amber_share must be less than red_share",
            )
        )
    if faults or given is None:
        raise DistrictRefused(faults)
    return Terms(**given.model_dump())
