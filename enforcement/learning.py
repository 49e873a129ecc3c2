"""What past decisions say: for each combination of columns the lead that most of them went to.

Nothing is guessed. A combination with too few decisions, with a tie, or whose first lead has too
small a share stays without a lead, and is told with its votes: that is a seam, and people settle
seams. What becomes of the cells is `enforcement.learned_pack`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from enforcement.errors import LearningRefused
from enforcement.questions import STREET_FACT
from rules.errors import Fault

SHOWN_VOTES = 5


class Why(StrEnum):
    """Why a combination has no lead."""

    THIN = "thin"
    TIE = "tie"
    DIVIDED = "divided"


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination of columns, in their order, and what its decisions come to.

    `votes` are the leads by falling number of decisions, at most `SHOWN_VOTES` of them. Without a
    `lead` there is a `why`.
    """

    labels: tuple[str, ...]
    rows: int
    votes: tuple[tuple[str, int], ...]
    lead: str | None
    why: Why | None

    @property
    def share(self) -> float:
        """The share of the decisions that went to the first lead."""
        return self.votes[0][1] / self.rows


@dataclass(frozen=True, slots=True)
class Learned:
    """The cells of a table of past decisions, in order of their labels.

    `without` counts the rows that were left out because a column or the lead is empty.
    """

    columns: tuple[str, ...]
    cells: tuple[Cell, ...]
    rows: int
    without: int

    @property
    def facts(self) -> tuple[str, ...]:
        """The columns that become facts: all but the street."""
        return tuple(one for one in self.columns if one != STREET_FACT)

    @property
    def by_street(self) -> bool:
        """Whether the lead was learned for each street on its own."""
        return STREET_FACT in self.columns

    def split(self, cell: Cell) -> tuple[tuple[str, ...], str | None]:
        """The labels of a cell's facts, and its street's code."""
        named = dict(zip(self.columns, cell.labels, strict=True))
        street = named.pop(STREET_FACT, None)
        return tuple(named.values()), street

    @property
    def seams(self) -> tuple[Cell, ...]:
        """The cells without a lead."""
        return tuple(cell for cell in self.cells if cell.lead is None)


def learn(
    frame: pd.DataFrame,
    *,
    columns: Sequence[str],
    lead: str,
    minimum: int,
    majority: float,
) -> Learned:
    """What the table says for each combination of `columns` that it has.

    A lead needs at least `minimum` decisions in its combination, a share of them of at least
    `majority` (0 to 1), and more than any other. The column `place.street` holds codes of streets.
    The order of rows does not matter. Raises `LearningRefused` for columns that the table does
    not have and for numbers that are no limits.
    """
    faults = _faults(frame, columns, lead, minimum, majority)
    if faults:
        raise LearningRefused(faults)
    named = [*columns, lead]
    texts = frame[named].apply(_stripped)
    whole = texts[texts.notna().all(axis=1)]
    counted = whole.groupby(named, sort=True).size().reset_index(name="decisions")
    cells = []
    for labels, group in counted.groupby(list(columns), sort=True):
        votes = sorted(
            zip(group[lead], (int(n) for n in group["decisions"]), strict=True),
            key=lambda vote: (-vote[1], vote[0]),
        )
        cells.append(_cell(tuple(map(str, labels)), votes, minimum, majority))
    return Learned(tuple(columns), tuple(cells), len(whole), len(frame) - len(whole))


def _cell(
    labels: tuple[str, ...], votes: list[tuple[str, int]], minimum: int, majority: float
) -> Cell:
    rows, first = sum(n for _, n in votes), votes[0][1]
    why = None
    if rows < minimum:
        why = Why.THIN
    elif len(votes) > 1 and votes[1][1] == first:
        why = Why.TIE
    elif first / rows < majority:
        why = Why.DIVIDED
    lead = votes[0][0] if why is None else None
    return Cell(labels, rows, tuple(votes[:SHOWN_VOTES]), lead, why)


def _stripped(column: pd.Series[str]) -> pd.Series[str]:
    """The column as text without blanks around it; empty cells are missing."""
    told = column.where(column.isna(), column.astype(str).str.strip())
    return told.where(told != "").astype(object)


def _faults(
    frame: pd.DataFrame, columns: Sequence[str], lead: str, minimum: int, majority: float
) -> list[Fault]:
    there = [str(one) for one in frame.columns]
    faults = [
        Fault(
            field,
            f"表中没有“{name}”列；有：{'、'.join(there)}",
            f"the table has no column {name!r}; it has: {', '.join(there)}",
        )
        for field, name in [*(("columns", one) for one in columns), ("lead", lead)]
        if name not in there
    ]
    if not columns or len({*columns, lead}) != len(columns) + 1:
        faults.append(
            Fault(
                "columns",
                "至少要有一列，不可重复，也不可与 lead 相同",
                "needs at least one column, each once, and none of them the lead",
            )
        )
    if minimum < 1:
        faults.append(Fault("minimum", f"{minimum} 应不小于 1", f"{minimum} must be at least 1"))
    if not 0 <= majority <= 1:
        faults.append(
            Fault(
                "majority",
                f"{majority} 应在 0 至 1 之间，例如 0.5",
                f"{majority} must be from 0 to 1, like 0.5",
            )
        )
    return faults
