"""Finding a case by its number, as people write it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from enforcement.ledger_errors import BadAct
from enforcement.ledger_events import Order
from enforcement.services.ledger import Ledger, check_may_see, no_such
from enforcement.store.cases import CaseRow, case_by_id, id_of
from enforcement.store.engine import reading
from rules.errors import Fault

_NUMBER: Final = re.compile(r"#?(?:(?P<year>[0-9]{4})-)?(?P<n>[0-9]{1,9})")


def find_case(ledger: Ledger, order: Order, number: str) -> CaseRow:
    """The case with a number like 2008-000012, or 12 without the year.

    Raises BadAct for what is no number, NoSuchRecord, and NotAllowed, which is recorded.
    """
    written = _NUMBER.fullmatch(unicodedata.normalize("NFKC", number).strip())
    if written is None:
        raise BadAct(
            [
                Fault(
                    "number",
                    "案件编号写作 2008-000012，或只写 12",
                    "a case's number is written 2008-000012, or 12 alone",
                )
            ]
        )
    with reading(ledger.store) as session:
        case = case_by_id(session, int(written["n"]))
    if case is None or written["year"] not in {None, str(case.opened_at.year)}:
        raise no_such("number", number.strip(), "案件", "case")
    check_may_see(ledger, order, id_of(case))
    return case
