"""Every page of the application and who opens it, and the forms that are sent to be refused.

`test_barriers.py` makes sure that nothing is forgotten here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tests.web.browser.ledger_world import HERE, SHOP, STALL, World

NOBODY: Final = ""
_ASKED: Final = f"matter=food.safety&{HERE}&fact.stage=catering&fact.premises=mobile"
_BOTH: Final = (
    f"matter=street.dogs&{HERE}&also=food.safety;stage=catering;premises=fixed;licence=licensed"
)

OFFICER: Final[Mapping[str, str]] = {
    "what": "/",
    "search": "/?q=井盖",
    "search-empty": "/?q=zzqq",
    "where": f"/?{_ASKED}&step=where",
    "where-error": "/?matter=street.dogs&road=S28&stake=K999%2B000",
    "question": f"/?matter=street.noise&{HERE}",
    "question-place": "/?matter=street.dogs&at=114.1172,22.6046&accuracy=3000",
    "answer": f"/?{_ASKED}&fact.licence=unlicensed",
    "answer-doubt": f"/?{SHOP}&on=2008-11-05",
    "answer-danger": f"/?matter=road.asset_defect&{HERE}&fact.asset=manhole_water",
    "answer-several": f"/?matter=street.dogs&{HERE}&also=food.safety;stage=catering;"
    "premises=fixed;licence=unlicensed&also=road.parking",
    "vacant": f"/?matter=road.cleaning&{HERE}&fact.road.legal_class=highway",
    "outside": "/?matter=street.dogs&at=110,20",
    "trouble": f"/?matter=food.safety&{HERE}&fact.stage=slaughter&fact.premises=online",
    "card": f"/card?{_ASKED}",
    "report": f"/report?{_ASKED}",
    "report-sent": f"/report?{_ASKED}&sent=12",
    "settings": "/settings?saved=1",
    "failed": "/map/none.json",
}
"""Every state of the officer's page, by name."""

RULE_BOOK: Final = (
    "/rules/",
    "/rules/food.safety?on=2008-11-05",
    "/rules/env.cooking_fume",
    "/rules/seams",
    "/rules/compare?old=current",
    "/rules/weather",
)
SEAM_MAP: Final = (
    "/seams/map",
    "/seams/map?against=street/schematic-2011",
    "/seams/map?on=2010-06-01",
    "/seams/map?on=soon",
)


def of_cases(world: World) -> Mapping[str, tuple[str, ...]]:
    """The pages of cases, letters and rulings."""
    return {
        "officer.buji": (
            *("/cases/1", "/cases/1/residents", "/cases/1/evidence_add", "/cases/3"),
            *("/cases/3/step", "/cases/3/ask_assist", "/cases/3/report_done"),
            *("/cases/4", "/cases/4/hand_over", "/cases/4/correct", "/cases/4/merge"),
            *("/cases/4/transfer", "/cases/4/ask_ruling", "/cases/4/resident_add"),
            *("/cases/1/letter_issue", f"/letters/{world.code}", "/cases/9/take_up", "/cases/99"),
        ),
        "handler.amr": (
            *("/cases/5", "/cases/5/accept", "/cases/5/refuse"),
            *("/cases/2", "/cases/2/name_officer"),
        ),
        "handler.psb": ("/cases/3/answer_assist",),
        "verifier": (
            *("/cases/6", "/cases/6/reopen", "/cases/6/recheck", "/cases/8/close"),
            *("/cases/7", "/cases/7/verify", "/cases/7/send_back"),
        ),
        "adjudicator": ("/rulings", "/cases/1/rule", "/cases/2/ruling/1"),
        "steward": ("/rulings/made",),
        "supervisor.amr": ("/cases/2/residents",),
    }


IN_THE_DISTRICT: Final[Mapping[str, tuple[str, ...]]] = {
    NOBODY: ("/login", "/letters/00000000000000000000"),
    "officer.buji": (
        *("/desk", "/inbox", "/cases/", "/cases/?number=999999"),
        *(f"/cases/new?{SHOP}", f"/cases/new?{_BOTH}&on=2025-11-05"),
        f"/cases/new?matter=street.noise&{HERE}&fact.noise_source=unknown",
        *("/sites?licence=unlicensed", "/sites?text=zzqq", "/sites/D003", "/sites/none"),
        *("/district", "/visits/1/stops/3"),
    ),
    "dispatcher": ("/desk", f"/cases/new?{STALL}", "/district", "/rechecks", "/visits/new"),
    "supervisor": ("/desk", "/figures", "/figures?first=2026-11&last=2026-01", "/district?after=x"),
    "steward": ("/reports", "/reports?state=closed", "/reports/1", "/reports/2", "/desk"),
    "auditor": ("/audit?verify=1",),
}
"""Inboxes, sites, figures and whoever may not see them."""

INSPECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "handler.amr": (
        *("/visits", "/visits/new", "/visits/new?text=D001 D002 D003&site=D021", "/visits/1"),
        *("/visits/1/stops", "/visits/1/stops/1", "/visits/1/stops/3", "/visits/1/report"),
        *("/campaigns", "/campaigns/1", "/campaigns/new", "/visits/99"),
    ),
    "handler.psb": ("/visits", "/visits/1", "/visits/1/stops/1"),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that somebody opens; `send` is the address of the form there that is sent.

    It is sent as nobody's browser would: without what was typed, and without its key.
    """

    who: str
    address: str
    send: str = ""


def pages(world: World) -> Iterator[Opened]:
    """Every page."""
    for address in (*OFFICER.values(), *RULE_BOOK, *SEAM_MAP, "/openapi/"):
        yield Opened(NOBODY, address)
    for group in (IN_THE_DISTRICT, of_cases(world), INSPECTIONS):
        for who, addresses in group.items():
            for address in addresses:
                yield Opened(who, address)


REFUSED: Final = (
    Opened(NOBODY, "/login", send="/login"),
    Opened(NOBODY, OFFICER["report"], send="/report"),
    Opened("officer.buji", f"/cases/new?{SHOP}", send="/cases/new"),
    Opened("officer.buji", "/cases/3/step", send="/cases/3/step"),
    Opened("officer.buji", "/cases/4/hand_over", send="/cases/4/hand_over"),
    Opened("supervisor.amr", "/cases/2/residents", send="/cases/2/residents/1/erase"),
    Opened("steward", "/reports/1", send="/reports/1"),
    Opened("handler.amr", "/campaigns/new", send="/campaigns/new"),
    Opened("handler.amr", "/visits/new?text=D001", send="/visits/new"),
    Opened("handler.amr", "/visits/1", send="/visits/1/notices"),
    Opened("handler.amr", "/visits/1/stops/3", send="/visits/1/stops/3"),
    Opened("handler.amr", "/visits/1/report", send="/visits/1/end"),
)
"""Forms that come back with what is wrong."""
