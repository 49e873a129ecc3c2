"""Answers to many questions at many positions: those of `resolve`, each distinct one made once.

How it comes to the same answers. Questions are checked by `asked_of`, which `resolve` calls;
positions are located by `geo.bulk`, which gives the places of one at a time; and each distinct
pair of question and places is answered by `answer_on`, which `resolve` calls. Days between which
nothing changes (units, mandates, neighbours, rules, maps) count as one. Positions that a district
lists as no location go to `resolve` itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from enforcement.district import District
from enforcement.errors import EnforcementError
from enforcement.findings import Outcome
from enforcement.questions import AtPoint, Question
from enforcement.resolution import Asked, answer_on, asked_of, resolve
from geo.bulk import ManyMaps
from geo.errors import GeoError
from geo.locate import MapOn, Place
from geo.points import Point
from rules.errors import RulesError
from rules.model import Text
from rules.periods import Period

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

REMEMBERED: Final = 100_000
"""How many distinct questions, and how many distinct answers, are kept; then all are dropped."""
_NEAR_DEGREES: Final = 1e-6
_REFUSALS = (RulesError, GeoError, EnforcementError)


@dataclass(frozen=True, slots=True)
class Told:
    """What rows with equal questions at equal places are told. Either an outcome or an error."""

    outcome: str | None = None
    certain: bool | None = None
    lead: str | None = None
    lead_name: Text | None = None
    interim: str | None = None
    rules: str | None = None
    ask: str | None = None
    street: str | None = None
    street_name: str | None = None
    zones: str | None = None
    road: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to rows: `told[code[n]]` is that of row n.

    `border_m` has metres rounded to 0.1 as a resolution says them; not a number where there is no
    outcome, where there are no streets, and everywhere when it was not wanted.
    """

    told: tuple[Told, ...]
    code: npt.NDArray[np.int32]
    border_m: Floats


@dataclass(frozen=True, slots=True)
class _Kind:
    """Questions that are answered alike wherever they are asked: one of them, and its map."""

    number: int
    question: Question
    asked: Asked
    on_map: MapOn


class ManyAnswers:
    """What answers for a district, kept between batches. Not to be shared by threads.

    Without `roads`, the roads at a position are left unknown, so that facts about them are asked.
    Without `border`, the distance to the nearest border is not measured.
    """

    def __init__(self, district: District, *, roads: bool = True, border: bool = True) -> None:
        self._district = district
        self._roads = roads
        self._border = border
        self._maps = ManyMaps()
        self._days = _days_of_change(district)
        self._kinds: dict[object, _Kind] = {}
        self._told: dict[tuple[int, tuple[Place, ...]], Told] = {}
        self._made = 0

    def of(
        self,
        questions: Sequence[Question],
        number: Ints,
        lons: Floats,
        lats: Floats,
        accuracy_m: Floats,
    ) -> Answers:
        """The answers to rows: row n asks `questions[number[n]]` at its own position (WGS84).

        What the questions themselves say of where is not read. Raises BadPoint and BadAccuracy;
        every other refusal is the error of its rows.
        """
        rows = _Rows(number, lons, lats, accuracy_m)
        kinds = [self._kind(question) for question in questions]
        nowhere = self._maybe_nowhere(lons, lats)
        batches: dict[tuple[int, bool], list[int]] = {}
        for n, kind in enumerate(kinds):
            if isinstance(kind, Told):
                rows.tell(number == n, [kind])
                nowhere &= number != n
            else:
                roads = self._roads and kind.asked.about_roads
                batches.setdefault((id(kind.on_map), roads), []).append(n)
        for (_, roads), members in batches.items():
            mine = np.isin(number, members) & ~nowhere
            self._locate(rows, np.flatnonzero(mine), kinds, kinds[members[0]], roads=roads)
        for at in np.flatnonzero(nowhere).tolist():
            kind = kinds[number[at]]
            if isinstance(kind, _Kind):
                rows.tell(np.array([at]), [self._resolved(kind, rows, at)])
        return rows.answers()

    def _kind(self, question: Question) -> _Kind | Told:
        """The kind of a question, or its error."""
        on_map = self._district.atlas.on(question.on)
        try:
            asked = asked_of(question, self._district)
        except _REFUSALS as error:
            return Told(error=str(error))
        between = bisect_right(self._days, question.on)
        table = asked.table
        key = (table.matter, table.period, asked.given, question.asker, between, id(on_map))
        kind = self._kinds.get(key)
        if kind is None:
            if len(self._kinds) >= REMEMBERED:
                self._kinds.clear()
                self._told.clear()
            self._made += 1
            kind = self._kinds[key] = _Kind(self._made, question, asked, on_map)
        return kind

    def _locate(
        self,
        rows: _Rows,
        mine: Ints,
        kinds: Sequence[_Kind | Told],
        first: _Kind | Told,
        *,
        roads: bool,
    ) -> None:
        """Tell the rows `mine`, whose questions share one map."""
        if isinstance(first, Told) or not len(mine):
            return
        located = self._maps.at(
            first.on_map,
            rows.lons[mine],
            rows.lats[mine],
            rows.accuracy_m[mine],
            roads=roads,
            border=self._border,
        )
        size = len(located.places)
        pairs = rows.number[mine] * size + located.code
        distinct, of = _distinct(pairs, len(kinds) * size)
        told = [self._answer(kinds[one // size], located.places[one % size]) for one in distinct]
        rows.tell(mine, told, of)
        if located.border_m is not None:
            rows.border_m[mine] = _tenths(located.border_m)

    def _answer(self, kind: _Kind | Told, places: tuple[Place, ...]) -> Told:
        if isinstance(kind, Told):
            return kind
        key = (kind.number, places)
        told = self._told.get(key)
        if told is None:
            try:
                answer = answer_on(kind.question, kind.asked, places, self._district)
            except _REFUSALS as error:
                told = Told(error=str(error))
            else:
                told = _told(answer[0], answer[1], answer[2], places[0])
            if len(self._told) >= REMEMBERED:
                self._told.clear()
            self._told[key] = told
        return told

    # --- positions that are none -----------------------------------------------------------

    def _maybe_nowhere(self, lons: Floats, lats: Floats) -> npt.NDArray[np.bool_]:
        maybe = np.zeros(len(lons), dtype=bool)
        for one in self._district.settings.no_location:
            maybe |= (abs(lons - one.lon) < _NEAR_DEGREES) & (abs(lats - one.lat) < _NEAR_DEGREES)
        return maybe

    def _resolved(self, kind: _Kind, rows: _Rows, at: int) -> Told:
        where = AtPoint(
            Point.checked(lon=float(rows.lons[at]), lat=float(rows.lats[at])),
            float(rows.accuracy_m[at]),
        )
        try:
            found = resolve(replace(kind.question, where=where), self._district)
        except _REFUSALS as error:
            return Told(error=str(error))
        if self._border and found.whereabouts.border_m is not None:
            rows.border_m[at] = round(found.whereabouts.border_m, 1)
        return _told(found.outcome, found.certain, found.answer, found.whereabouts.places[0])


class Telling:
    """What each of some rows has been told so far."""

    def __init__(self, rows: int) -> None:
        self.border_m: Floats = np.full(rows, np.nan)
        self._found: dict[Told, int] = {}
        self._code = np.zeros(rows, dtype=np.int32)

    def tell(
        self, rows: Ints | npt.NDArray[np.bool_], told: Sequence[Told], of: Ints | int = 0
    ) -> None:
        """Let each of the rows have its own of what is told: that which `of` says."""
        codes = [self._found.setdefault(one, len(self._found)) for one in told]
        self._code[rows] = np.array(codes, dtype=np.int32)[of]

    def answers(self) -> Answers:
        """The answers to all rows, each of which has been told something."""
        told = tuple(self._found)
        failed = np.array([one.error is not None for one in told], dtype=bool)
        if failed.any():
            self.border_m[failed[self._code]] = np.nan
        return Answers(told, self._code, self.border_m)


class _Rows(Telling):
    """The rows of one batch, with where each is and what it asks."""

    def __init__(self, number: Ints, lons: Floats, lats: Floats, accuracy_m: Floats) -> None:
        super().__init__(len(number))
        self.number = number
        self.lons = lons
        self.lats = lats
        self.accuracy_m = accuracy_m


def _told(outcome: Outcome, certain: bool, body: Mapping[str, Any], place: Place) -> Told:  # noqa: FBT001 - as `answer_on` gives them
    lead, interim = body["lead"], body["interim"]
    street, road = place.street, place.road
    zones = (f"{kind}={'+'.join(grades)}" for kind, grades in place.zones if grades)
    return Told(
        outcome=outcome.value,
        certain=certain,
        lead=lead and lead["unit"],
        lead_name=lead and Text(lead["name"]["zh"], lead["name"]["en"]),
        interim=interim and interim["unit"],
        rules=";".join(one["rule"] for one in body["because"]) or None,
        ask=";".join(one["fact"] for one in body["ask"]) or None,
        street=None if street is None else street.code,
        street_name=None if street is None else street.name,
        zones=";".join(zones) or None,
        road=None if road is None else road.segment,
    )


def _distinct(numbers: Ints, below: int) -> tuple[list[int], Ints]:
    """The distinct numbers, and for each number which of those it is."""
    if below > 4 * len(numbers) + 1_000_000:
        distinct, of = np.unique(numbers, return_inverse=True)
        return distinct.tolist(), of.reshape(-1)
    held = np.zeros(below, dtype=bool)
    held[numbers] = True
    return np.flatnonzero(held).tolist(), (np.cumsum(held) - 1)[numbers]


def _tenths(metres: Floats) -> Floats:
    """Rounded as `round(metres, 1)` does one at a time; numpy rounds the middle otherwise."""
    rounded: Floats = np.round(metres, 1)
    steps = metres * 10
    for at in np.flatnonzero(np.abs(steps - np.floor(steps) - 0.5) < 1e-6).tolist():
        rounded[at] = round(float(metres[at]), 1)
    return rounded


def _days_of_change(district: District) -> list[date]:
    """Every day on which a unit, a name, a mandate, a street or a neighbour changes."""
    settings, registry = district.settings, district.registry
    periods: list[Period] = [each.period for each in settings.streets]
    periods += [each.period for each in settings.neighbours]
    periods += [each.period for each in registry.units.values()]
    periods += [each.period for each in registry.mandates]
    days = {day for one in periods for day in (one.valid_from, one.ceases_on) if day is not None}
    days |= {day for unit in registry.units.values() for day, _ in unit.names if day is not None}
    return sorted(days)
