"""Where a page lies: its place in the navigation, and addresses that are none."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.web.conftest import LogIn
from tools.demo_desk import Client, app_for
from web.desk import Desk
from web.ledger.core import Core

SHOP = (
    "/cases/new?matter=food.safety&at=114.1172,22.6046&fact.stage=catering"
    "&fact.premises=fixed&fact.licence=unlicensed"
)
OFFER = {"to": "amr", "reason": "由市场监管局查处", "basis": "食品安全法第122条"}
REFUSAL = {"reason": "占用人行道", "unit": "street_cle.440307014", "basis": "条例第32条"}
MARK = re.compile(r'<a href="([^"]+)" aria-current="([a-z]+)"')
INT = re.compile(r"<int(?:\([^)]*\))?:(\w+)>")


def marked(client: Client, address: str) -> list[tuple[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return MARK.findall(answer.get_data(as_text=True))


def test_the_navigation_marks_the_page_and_where_a_page_below_it_lies(log_in: LogIn) -> None:
    officer, amr = log_in("officer.buji"), log_in("handler.amr")
    case = officer.done(SHOP, {"description": "无证早餐店"})
    for _ in range(2):
        officer.done(f"{case}/hand_over", OFFER)
        amr.done(f"{case}/refuse", REFUSAL)
    campaign = amr.done(
        "/campaigns/new",
        {"name": "专项", "begins": "2026-11-20", "ends": "2026-11-30", "rechecks": "7"},
    )
    plan = {"do": "plan", "title": "检查", "on": "2026-11-20", "site": ["D003"]}
    visit = amr.done("/visits/new", plan)
    lies = {
        officer: {
            "/desk": [],
            "/inbox": [("/inbox", "page")],
            case: [("/inbox", "true")],
            f"{case}/evidence_add": [("/inbox", "true")],
            "/sites/D003": [("/sites", "true")],
        },
        amr: {
            "/visits": [("/visits", "page")],
            **{
                address: [("/visits", "true")]
                for address in (
                    *(visit, f"{visit}/stops", f"{visit}/stops/1", f"{visit}/report"),
                    *("/visits/new", "/campaigns", "/campaigns/new", campaign),
                )
            },
        },
        log_in("dispatcher"): {case: [("/district", "true")]},
        log_in("adjudicator"): {
            "/rulings": [("/rulings", "page")],
            f"{case}/rule": [("/rulings", "true")],
            case: [("/district", "true")],
        },
    }
    for client, pages in lies.items():
        assert {address: marked(client, address) for address in pages} == pages


def addresses(app: Flask, n: int) -> list[tuple[str, str]]:
    """For each number in each route an address with `n` there, and 1 in place of the others.

    Each stands after every method that the route knows.
    """
    found = []
    for rule in app.url_map.iter_rules():
        for name in INT.findall(rule.rule):
            route = re.sub(rf"<int[^>]*:{name}>", str(n), rule.rule)
            route = INT.sub("1", route)
            found += [(method, route) for method in (rule.methods or set()) & {"GET", "POST"}]
    return found


@pytest.mark.parametrize("n", [10**30, 2**31])
def test_a_number_that_no_database_gives_is_an_address_that_there_is_not(
    casework: Desk, log_in: LogIn, n: int
) -> None:
    client = log_in("dispatcher")
    asked = addresses(app_for(casework), n)
    assert len(asked) > 20
    answered = {one: client.http.open(one[1], method=one[0]).status_code for one in asked}
    assert answered == dict.fromkeys(asked, 404)


def test_a_greatest_number_finds_nothing(casework: Desk, log_in: LogIn) -> None:
    client = log_in("handler.amr")
    for one in (f"/cases/{2**31 - 1}", f"/visits/{2**31 - 1}", f"/campaigns/{2**31 - 1}"):
        assert client.get(one).status_code == 404, one
    for one in ("/visits?before=2026-11-20.", "/audit?before=", "/reports?before="):
        assert client.get(f"{one}{10**30}").status_code < 500, one


@pytest.mark.parametrize(
    ("given", "number"),
    [("7", 7), (str(2**31 - 1), 2**31 - 1), (str(2**31), None), ("9" * 11, None), ("-1", None)],
)
def test_a_page_begins_behind_no_number_that_no_database_gives(
    casework: Desk, given: str, number: int | None
) -> None:
    with app_for(casework).test_request_context(f"/reports?before={given}"):
        assert Core(casework).number_asked("before") == number
