"""The supervisor's page: the five steps by street and unit, and what the seams cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from flask import Blueprint, Response, request, url_for

from enforcement.case_clock import Light
from enforcement.policies import Action, Parties, may
from enforcement.services.figures import RATIOS, STEPS, Figures, Ratio, district_figures
from enforcement.services.inboxes import district_inbox
from enforcement.store.cases import id_of
from rules.errors import Fault
from rules.model import Text
from web.ledger.case_names import Names
from web.ledger.charts import LABEL, WIDTH, Bars, bars
from web.ledger.core import Core, Entry
from web.officer.safe_text import shown

View = dict[str, Any]
SHARES: Final = ("first_time_right", "on_time", "recurrence")
"""Ratios that are shares and shown in percent; the others are so many for each case."""
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class FiguresPages:
    """The page of figures."""

    def __init__(self, core: Core) -> None:
        self._core = core
        core.offer(
            Entry("ledger.figures", "figures", lambda who: may(who, Action.SEE_FIGURES, Parties()))
        )

    def register(self, pages: Blueprint) -> None:
        """Add the page."""
        pages.add_url_rule("/figures", "figures", self.figures)

    def figures(self) -> Response:
        """The figures of some months, of the district or of one street."""
        core, names = self._core, Names(self._core)
        first, last, faults = self._months()
        street = request.args.get("street", "")
        streets = self._streets(names)
        if street not in {code for code, _ in streets}:
            street = ""
        found = district_figures(
            core.ledger, core.reads(), first=first, last=last, street=street or None
        )
        return core.page(
            "figures.html",
            422 if faults else 200,
            faults=core.said(faults),
            first=first,
            last=last,
            street=street,
            streets=streets,
            ratios=self._ratios(found.whole),
            unheld=found.unheld,
            whole=self._steps(found.whole, most=max((n for _, n in found.whole.funnel), default=0)),
            steps=[core.say(f"figures.step.{step}") for step in STEPS],
            by_street=self._several(found.by_street, names.street),
            by_unit=self._several(found.by_unit, names.unit),
            late=self._late(names),
            columns=[(name, core.say(f"figures.ratio.{name}")) for name in RATIOS],
            chart={"width": WIDTH, "label": LABEL},
        )

    # --- what was asked --------------------------------------------------------------------------

    def _months(self) -> tuple[str, str, list[Fault]]:
        """The months asked for, this year's when none were; faults for what is no month."""
        today = self._core.today
        first = request.args.get("first", "").strip() or f"{today.year}-01"
        last = request.args.get("last", "").strip() or f"{today.year}-{today.month:02d}"
        faults = [
            Fault(
                name,
                f"“{shown(given, 20)}”不是月份，应如 2026-11",
                f"{shown(given, 20)!r} is no month; one is 2026-11",
            )
            for name, given in (("first", first), ("last", last))
            if not _MONTH.fullmatch(given)
        ]
        if not faults and first > last:
            faults = [
                Fault(
                    "first",
                    f"起始月 {first} 在截止月 {last} 之后",
                    f"the first month {first} is after the last, {last}",
                )
            ]
        if faults:
            return f"{today.year}-01", f"{today.year}-{today.month:02d}", faults
        return first, last, []

    def _streets(self, names: Names) -> list[tuple[str, str]]:
        codes = sorted({one.code for one in self._core.desk.district.settings.streets})
        return [(code, names.street(code)) for code in codes]

    # --- what is shown ---------------------------------------------------------------------------

    def _steps(self, figures: Figures, *, most: int) -> Bars:
        core = self._core
        return bars(
            [(core.say(f"figures.step.{step}"), n) for step, n in figures.funnel], most=most
        )

    def _several(self, found: Iterable[Figures], name: Callable[[str], str]) -> list[View]:
        listed = [one for one in found if any(n for _, n in one.funnel)]
        most = max((n for one in listed for _, n in one.funnel), default=0)
        rows = [
            {
                "name": (name(one.name) if one.name else "") or self._core.say("figures.nowhere"),
                "bars": self._steps(one, most=most),
                "counts": [n for _, n in one.funnel],
                "ratios": self._ratios(one),
            }
            for one in listed
        ]
        return sorted(rows, key=lambda row: (-row["counts"][0], row["name"]))

    def _ratios(self, figures: Figures) -> list[View]:
        ratios = {key: figures.ratio(key) for key in RATIOS}
        return [
            {"key": key, "value": self._value(key, one), "part": one.part, "whole": one.whole}
            for key, one in ratios.items()
        ]

    def _value(self, key: str, ratio: Ratio) -> str:
        """The figure as people read it; a dash where there is nothing to divide by."""
        if ratio.value is None:
            return "—"
        return f"{ratio.value * 100:.0f} %" if key in SHARES else f"{ratio.value:.2f}"

    def _late(self, names: Names) -> list[View]:
        core = self._core
        lines = district_inbox(core.ledger, core.reads())
        return [
            {
                "link": url_for("ledger.case", case_id=id_of(line.case)),
                "number": line.case.number,
                "matter": core.t(Text(line.case.matter_zh, line.case.matter_en)),
                "holder": names.unit(line.case.holder),
                "street": names.street(line.case.street),
                "due": core.moment(line.case.due_at),
            }
            for line in lines
            if line.light is Light.OVER
        ]
