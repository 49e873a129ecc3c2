"""The page of one case, and the files that hang on it."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from flask import Blueprint, Response, url_for

from enforcement.photos import SUFFIXES
from enforcement.services.evidence import read_evidence
from enforcement.services.stories import Story
from enforcement.store.cases import CaseRow
from web.ledger.acts import Acts, read
from web.ledger.acts_beside import BESIDE
from web.ledger.acts_handing import HANDING
from web.ledger.acts_handling import HANDLING
from web.ledger.case_next import may_issue_letter, may_see_residents, next_of
from web.ledger.case_resolution import Resolutions
from web.ledger.case_story import Telling
from web.ledger.case_view import CaseView
from web.ledger.core import Core


class Cases:
    """The pages of cases: the case, its evidence, and the acts on it."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._acts = Acts(core, (*HANDING, *HANDLING, *BESIDE))

    def register(self, pages: Blueprint) -> None:
        """Add the pages."""
        pages.add_url_rule("/cases/<int:case_id>", "case", self.case)
        pages.add_url_rule("/cases/<int:case_id>/evidence/<int:n>", "case_evidence", self.evidence)
        self._acts.register(pages)

    def case(self, case_id: int) -> Response:
        """The whole case."""
        core = self._core
        case = read(core, case_id)
        told = case.story
        view = CaseView(core, case.names, told)
        return core.page(
            "case.html",
            head=view.head(),
            next=next_of(core, told, today=core.today, now=core.desk.now()),
            resolutions=Resolutions(core, case.names, told).all(),
            offers=view.offers(),
            disputes=view.disputes(),
            assists=view.assists(),
            steps=view.steps(),
            evidence=view.evidence(),
            documents=view.documents(),
            residents=view.residents(),
            holders=view.holders(),
            lines=Telling(core, case.names, told).whole(),
            sees_residents=may_see_residents(told, core.actor) and bool(told.residents),
            letter=may_issue_letter(told, core.actor),
            found_again=found_again(told.case, told),
        )

    def evidence(self, case_id: int, n: int) -> Response:
        """One file, exactly as it was kept; a picture in the page, anything else to be saved."""
        core = self._core
        row, content = read_evidence(core.ledger, core.reads(), case_id, n)
        answer = Response(content, content_type=row.mime)
        way = "inline" if row.mime.startswith("image/") else "attachment"
        plain = f"evidence-{case_id}-{n}{SUFFIXES.get(row.mime, '')}"
        named = quote(row.name, safe="")
        answer.headers["Content-Disposition"] = (
            f"{way}; filename=\"{plain}\"; filename*=UTF-8''{named}"
        )
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


def found_again(case: CaseRow, told: Story) -> str:
    """Where the same matter at the same place is asked anew, to be filed as found again."""
    facts = told.resolution.get("facts") or {}
    said = {
        f"fact.{name}": value
        for name, value in facts.items()
        if not name.startswith(("place.", "zone.", "road."))
    }
    if case.site_id is not None:
        where = {"site": case.site_id}
    elif case.lon is not None and case.lat is not None:
        where = {"at": f"{case.lon:.6f},{case.lat:.6f}", "accuracy": "10", "by": "hand"}
    else:
        where = {}
    query = urlencode({"matter": case.matter, **where, **said})
    return f"{url_for('officer.main')}?{query}"
