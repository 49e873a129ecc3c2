"""The page of one case, and the files that hang on it."""

from __future__ import annotations

import io
from typing import Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, url_for
from PIL import Image, ImageOps

from enforcement.case_states import State
from enforcement.photos import SUFFIXES
from enforcement.services.evidence import read_evidence
from enforcement.services.ledger import no_such
from enforcement.services.stories import Story
from web.ledger.acts import CASE, Acts, read
from web.ledger.acts_beside import BESIDE
from web.ledger.acts_handing import HANDING
from web.ledger.acts_handling import HANDLING
from web.ledger.case_next import may_file, may_issue_letter, may_see_residents, next_of
from web.ledger.case_resolution import Resolutions
from web.ledger.case_story import Telling
from web.ledger.case_view import CaseView
from web.ledger.core import Core

SMALL: Final = (480, 360)
"""The most pixels of a small picture."""


class Cases:
    """The pages of cases: the case, its evidence, and the acts on it."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._acts = Acts(core, (*HANDING, *HANDLING, *BESIDE))

    def register(self, pages: Blueprint) -> None:
        """Add the pages."""
        pages.add_url_rule(CASE, "case", self.case)
        pages.add_url_rule(f"{CASE}/evidence/<int(max=99999):n>", "case_evidence", self.evidence)
        pages.add_url_rule(f"{CASE}/evidence/<int(max=99999):n>/small", "case_small", self.small)
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
            found_again=found_again(told) if may_file(core.actor) else "",
        )

    def evidence(self, case_id: int, n: int) -> Response:
        """One file, exactly as it was kept; a picture in the page, anything else to be saved."""
        core = self._core
        row, content = read_evidence(core.ledger, core.reads(), case_id, n)
        answer = _guarded(Response(content, content_type=row.mime))
        way = "inline" if row.mime.startswith("image/") else "attachment"
        plain = f"evidence-{case_id}-{n}{SUFFIXES.get(row.mime, '')}"
        named = quote(row.name, safe="")
        answer.headers["Content-Disposition"] = (
            f"{way}; filename=\"{plain}\"; filename*=UTF-8''{named}"
        )
        return answer

    def small(self, case_id: int, n: int) -> Response:
        """A picture small enough for a list of many; raises NoSuchRecord for what is no picture."""
        core = self._core
        row, content = read_evidence(core.ledger, core.reads(), case_id, n)
        if not row.mime.startswith("image/"):
            raise no_such("evidence", n, "图片", "picture")
        return _guarded(Response(shrunk(content), content_type="image/jpeg"))


def shrunk(content: bytes) -> bytes:
    """A picture that was looked at when it came in, as a small JPEG, turned as it was held."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        image.draft("RGB", SMALL)
        turned = ImageOps.exif_transpose(image)
        turned.thumbnail(SMALL)
        turned.convert("RGB").save(file, "JPEG", quality=75)
    return file.getvalue()


def _guarded(answer: Response) -> Response:
    """A file of a case: not guessed at, not run, not kept by a browser."""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def found_again(told: Story) -> str:
    """Where the same matter at the same place is asked anew, to be filed as found again.

    Nothing while the case is open.
    """
    case = told.case
    if case.state not in {State.CLOSED.value, State.RECHECKED.value}:
        return ""
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
