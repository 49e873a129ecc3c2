"""Letters: issuing a 移送函, its page that anybody may check it by, and its PDF."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request, url_for

from enforcement.ledger_errors import NotNow
from enforcement.ledger_events import Order
from enforcement.policies import Action, check_may
from enforcement.services.ledger import Done, check_may_see
from enforcement.services.letters import check_letter, issue_hand_over_letter, read_letter
from enforcement.services.visits import read_visit
from enforcement.store.evidence import DocumentRow
from web.ledger.acts import Act, Acts, Case, Form, Typed
from web.ledger.core import Core
from web.officer.safe_text import shown

CODE: Final = frozenset("0123456789abcdef")


class Letters:
    """The pages of letters."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def register(self, pages: Blueprint) -> None:
        """Add the pages; checking needs no login."""
        pages.add_url_rule("/letters/<code>", "letter", self.letter)
        pages.add_url_rule("/letters/<code>.pdf", "letter_pdf", self.pdf)
        act = Act(
            Action.HAND_OVER,
            issue_form,
            issue,
            name="letter_issue",
            check=check_can_issue,
            then=to_documents,
        )
        Acts(self._core, (act,)).register(pages)

    def letter(self, code: str) -> Response:
        """What was issued under a code, for whoever holds the letter; 404 for an unknown code."""
        core = self._core
        row = check_letter(core.ledger, _clean(code))
        return core.page(
            "letter.html",
            title=shown(row.title, 80),
            summary=shown(row.summary, 400),
            at=core.moment(row.at),
            code=row.code,
            sha256=row.sha256,
            address=request.base_url,
        )

    def pdf(self, code: str) -> Response:
        """The letter itself, for who may see what it is about."""
        core = self._core
        row = check_letter(core.ledger, _clean(code))
        self._check_may_read(row)
        answer = Response(read_letter(core.ledger, row.code), content_type="application/pdf")
        answer.headers["Content-Disposition"] = f'inline; filename="letter-{row.code}.pdf"'
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    def _check_may_read(self, row: DocumentRow) -> None:
        """Raise NotAllowed, which is recorded, for who may not see its case or visit."""
        core = self._core
        if row.case_id is not None:
            check_may_see(core.ledger, core.reads(), row.case_id)
        elif row.visit_id is not None:
            read_visit(core.ledger, core.reads(), row.visit_id)
        else:
            raise NotNow(field="code", zh="文书没有所属案件", en="the letter is of no case")


def _clean(code: str) -> str:
    """A code as it is kept; what cannot be one finds nothing."""
    small = code.strip().lower()
    return small if set(small) <= CODE else "-"


def check_can_issue(case: Case) -> None:
    """Raise NotAllowed for who may not hand over, NotNow before there was an offer."""
    told = case.story
    check_may(case.core.actor, Action.HAND_OVER, told.parties)
    if not told.handovers:
        raise NotNow(field="case", zh="案件没有移交记录", en="the case was not handed over")


def issue_form(case: Case) -> Form:
    """What will be issued."""
    newest = case.story.handovers[-1:] or ()
    core = case.core
    to = "".join(core.unit(one.to_unit) for one in newest)
    return Form(
        case.say("letter.go"),
        (),
        [case.say("letter.says", unit=to)],
        title=core.say("cases.letter.issue"),
    )


def issue(core: Core, order: Order, case_id: int, _typed: Typed) -> Done:
    """The letter as PDF, with the address of its checking page in its code."""
    return issue_hand_over_letter(
        core.ledger,
        order,
        case_id,
        check_url=lambda code: url_for("ledger.letter", code=code, _external=True),
    )


def to_documents(done: Done) -> str:
    """Back to the case's letters."""
    return url_for("ledger.case", case_id=done.case_id, _anchor="documents")
