"""The supervisor's figures: the five-step funnel by unit and street, and what the seams cost.

巡而不查、查而不见、见而不罚、罚而不死、死而复生 are the gaps between one step and the next.
Counts are kept by the acts themselves: a page of figures costs the same in a large ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from enforcement.ledger_events import Order
from enforcement.policies import Action, Parties
from enforcement.services.ledger import Ledger, check_read
from enforcement.store.engine import reading
from enforcement.store.figures import tallies
from enforcement.store.unowned import Unheld

STEPS: Final = ("found", "checked", "penalised", "closed", "recurred")
"""The five steps of the funnel."""

RATIOS: Final[Mapping[str, tuple[str, str]]] = {
    "first_time_right": ("first_time_right", "accepted"),
    "hand_overs_per_case": ("handed_over", "found"),
    "returns_per_case": ("returned", "found"),
    "on_time": ("closed_on_time", "closed"),
    "recurrence": ("recurred", "closed"),
}
"""For each figure what is counted, and out of what."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many out of so many; `value` is None where nothing could be counted."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The quotient; that of hand-overs for each case may be above one."""
        return None if self.whole == 0 else self.part / self.whole


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted for one unit or street, by the name of the measure."""

    name: str
    counts: Mapping[str, int]

    def count(self, measure: str) -> int:
        """How often this was counted."""
        return self.counts.get(measure, 0)

    def ratio(self, name: str) -> Ratio:
        """A figure of `RATIOS` with its two counts."""
        part, whole = RATIOS[name]
        return Ratio(self.count(part), self.count(whole))

    @property
    def funnel(self) -> tuple[tuple[str, int], ...]:
        """Found, checked, penalised, closed, recurred: each step with its count."""
        return tuple((step, self.count(step)) for step in STEPS)

    @property
    def first_time_right(self) -> float | None:
        """Of the hand-overs that were accepted, the share that the first answer had right."""
        return self.ratio("first_time_right").value

    @property
    def hand_overs_per_case(self) -> float | None:
        """Offers for each case that was found."""
        return self.ratio("hand_overs_per_case").value

    @property
    def returns_per_case(self) -> float | None:
        """Returns for each case that was found."""
        return self.ratio("returns_per_case").value

    @property
    def on_time(self) -> float | None:
        """Of the closed cases, the share that closed before its end."""
        return self.ratio("on_time").value

    @property
    def recurrence(self) -> float | None:
        """Of the closed cases, the share that came back."""
        return self.ratio("recurrence").value


@dataclass(frozen=True, slots=True)
class DistrictFigures:
    """The figures of some months: the whole, by unit and by street.

    `unheld` is the time that cases of the whole ledger had no holder, up to now: zero, or the
    database's constraints are gone.
    """

    first: str
    last: str
    whole: Figures
    by_unit: tuple[Figures, ...]
    by_street: tuple[Figures, ...]
    unheld: Unheld


def district_figures(
    ledger: Ledger, order: Order, *, first: str, last: str, street: str | None = None
) -> DistrictFigures:
    """What was counted from month `first` to `last`, both like 2008-11 and both included.

    A unit's figures are of what it held when it was counted. Raises NotAllowed, which is recorded.
    """
    check_read(ledger, order, Action.SEE_FIGURES, Parties())
    with reading(ledger.store) as session:
        units = tallies(session, first=first, last=last, by="unit", street=street)
        streets = tallies(session, first=first, last=last, by="street", street=street)
        nobody = ledger.watch.look(session, order.at)
    whole: dict[str, int] = {}
    for counts in units.values():
        for measure, n in counts.items():
            whole[measure] = whole.get(measure, 0) + n
    return DistrictFigures(
        first, last, Figures("", whole), _listed(units), _listed(streets), nobody
    )


def _listed(found: Mapping[str, Mapping[str, int]]) -> tuple[Figures, ...]:
    return tuple(Figures(name, found[name]) for name in sorted(found))
