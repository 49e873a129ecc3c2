"""The resolutions frozen in a case, as the page shows them: who leads, who assists, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from enforcement.services.assisting import DUTIES
from enforcement.services.stories import Story
from enforcement.store.cases import ResolutionRow
from web.answer_words import DOUBTS, OUTCOMES, SEAMS
from web.ledger.case_names import Names, capital
from web.ledger.core import Core
from web.officer.safe_text import shown

View = dict[str, Any]
_WHYS: Final = ("filed", "corrected", "refused", "recurrence")


class Resolutions:
    """The resolutions of one case."""

    def __init__(self, core: Core, names: Names, story: Story) -> None:
        self._core = core
        self._names = names
        self._story = story

    def all(self) -> list[View]:
        """The frozen resolutions, the newest first."""
        return [self._resolution(row) for row in reversed(self._story.resolutions)]

    def _resolution(self, row: ResolutionRow) -> View:
        core, names, answer = self._core, self._names, row.answer
        lead, interim = answer.get("lead"), answer.get("interim")
        matter = self._story.case.matter
        seam = answer.get("seam")
        return {
            "n": row.n,
            "why": capital(
                core.say(f"cases.resolved.{row.why}") if row.why in _WHYS else shown(row.why)
            ),
            "at": core.moment(row.at),
            "on": shown(answer.get("on", ""), 10),
            "outcome": core.t(OUTCOMES.get(answer.get("outcome", ""))),
            "unit": self._named(lead or interim),
            "decided": lead is not None,
            "certain": bool(answer.get("certain")),
            "seam": core.t(SEAMS.get(seam["kind"])) if seam else "",
            "facts": names.facts(matter, answer.get("facts") or {}),
            "place": names.place(answer),
            "assist": [
                {"unit": self._named(one), "duty": core.t(DUTIES.get(one.get("duty")))}
                for one in answer.get("assist") or ()
            ],
            "because": [
                {
                    "says": self._names.said(one.get("says")),
                    "rule": shown(one.get("rule", ""), 40),
                    "doubt": self._doubt(one),
                }
                for one in sorted(answer.get("because") or (), key=lambda b: not b.get("leads"))
            ],
            "basis": [self._cite(one) for one in answer.get("basis") or ()],
            "readings": [
                {
                    "says": self._names.said(one.get("says")),
                    "unit": self._names.said(one.get("name")),
                }
                for one in answer.get("readings") or ()
            ],
            "candidates": [
                self._named(one)
                for one in (answer.get("candidates") or () if lead is None else ())
                if one.get("unit")
            ],
            "versions": shown((answer.get("versions") or {}).get("rules", ""), 19),
        }

    def _named(self, body: Mapping[str, Any] | None) -> str:
        """A unit as the resolution called it then; the ids that it gave stay behind."""
        if not body:
            return ""
        return self._names.said(body.get("name")) or self._names.unit(body.get("unit"))

    def _cite(self, one: Mapping[str, str]) -> str:
        english = self._core.prefs.lang == "en" and one.get("cite_en")
        return shown(one["cite_en"] if english else one.get("cite", ""), 200)

    def _doubt(self, one: Mapping[str, Any]) -> str:
        said = self._core.t(DOUBTS.get(one.get("confidence", "")))
        parts = [capital(said), self._names.said(one.get("note"))]
        return self._core.say("dot").join(part for part in parts if part)
