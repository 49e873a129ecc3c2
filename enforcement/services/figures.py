"""The supervisor's figures: the five-step funnel by unit and street, and what the seams cost.

巡而不查、查而不见、见而不罚、罚而不死、死而复生 are the gaps between one step and the next.
Counts are kept by the acts themselves: a page of figures costs the same in a large ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from enforcement.ledger_events import Order
from enforcement.policies import Action, Parties
from enforcement.services.ledger import Ledger, check_read
from enforcement.store.engine import reading
from enforcement.store.figures import tallies


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted for one unit or street. A share is None where nothing could be counted."""

    name: str
    counts: Mapping[str, int]

    def _of(self, measure: str) -> int:
        return self.counts.get(measure, 0)

    @property
    def funnel(self) -> tuple[tuple[str, int], ...]:
        """Found, checked, penalised, closed, recurred: each step with its count."""
        steps = ("found", "checked", "penalised", "closed", "recurred")
        return tuple((step, self._of(step)) for step in steps)

    @property
    def first_time_right(self) -> float | None:
        """Of the hand-overs that were accepted, the share that the first answer had right."""
        return _share(self._of("first_time_right"), self._of("accepted"))

    @property
    def hand_overs_per_case(self) -> float | None:
        """Offers for each case that was found."""
        return _share(self._of("handed_over"), self._of("found"))

    @property
    def returns_per_case(self) -> float | None:
        """Returns for each case that was found."""
        return _share(self._of("returned"), self._of("found"))

    @property
    def on_time(self) -> float | None:
        """Of the closed cases, the share that closed before its end."""
        return _share(self._of("closed_on_time"), self._of("closed"))

    @property
    def recurrence(self) -> float | None:
        """Of the closed cases, the share that came back."""
        return _share(self._of("recurred"), self._of("closed"))


@dataclass(frozen=True, slots=True)
class DistrictFigures:
    """The figures of some months: the whole, by unit and by street."""

    first: str
    last: str
    whole: Figures
    by_unit: tuple[Figures, ...]
    by_street: tuple[Figures, ...]


def district_figures(
    ledger: Ledger, order: Order, *, first: str, last: str, street: str | None = None
) -> DistrictFigures:
    """What was counted from month `first` to `last`, both like 2008-11 and both included.

    Raises NotAllowed, which is recorded.
    """
    check_read(ledger, order, Action.SEE_FIGURES, Parties())
    with reading(ledger.store) as session:
        units = tallies(session, first=first, last=last, by="unit", street=street)
        streets = tallies(session, first=first, last=last, by="street", street=street)
    whole: dict[str, int] = {}
    for counts in units.values():
        for measure, n in counts.items():
            whole[measure] = whole.get(measure, 0) + n
    return DistrictFigures(first, last, Figures("", whole), _listed(units), _listed(streets))


def _listed(found: Mapping[str, Mapping[str, int]]) -> tuple[Figures, ...]:
    return tuple(Figures(name, found[name]) for name in sorted(found))


def _share(part: int, whole: int) -> float | None:
    return None if whole == 0 else part / whole
