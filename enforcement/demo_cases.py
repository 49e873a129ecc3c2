"""Made-up cases for a demo: the days before today, told through the acts that everybody uses.

Only an empty ledger of the schematic district is filled, and only `seamless serve --demo` asks for
it. Each act has its own time in the past and a fixed key: two servers that start at once tell one
week together, and the same day always tells the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from enforcement.case_clock import StepKind, day_of
from enforcement.cases import Refusal
from enforcement.choosing import to_see
from enforcement.demo_diary import NOTHING, STOPS, Act
from enforcement.demo_people import demo_people
from enforcement.demo_week import Week, week_before
from enforcement.district import District
from enforcement.ledger_errors import KeyReused
from enforcement.ledger_events import Order
from enforcement.services.assisting import answer_assist, ask_assist
from enforcement.services.campaigns import start_campaign
from enforcement.services.filing import Found, file_case
from enforcement.services.handing import accept, hand_over, refuse
from enforcement.services.handling import Step, add_step, close, recheck, report_done, verify
from enforcement.services.ledger import Ledger
from enforcement.services.people import seed_demo_accounts
from enforcement.services.reports import report_wrong_answer
from enforcement.services.residents import Resident, add_resident
from enforcement.services.rulings import rule
from enforcement.services.visits import confirm_visit, plan_visit
from enforcement.store.case_parts import assists_of
from enforcement.store.chain import head_of
from enforcement.store.engine import reading

FOOD: Final = "food.safety"
BASIS: Final = "部门职责分工（虚构）"


def seed_demo_cases(ledger: Ledger, district: District, now: datetime) -> int:
    """Fill an empty ledger with the week before `now`, an aware moment; gives how many acts.

    The demo's people are added first. 0 when nothing is done: the ledger has an event, the district
    is not the schematic one, its register lacks the demo's sites, or the rules and units of those
    days are of neither era.
    """
    if not district.settings.schematic or not _is_empty(ledger):
        return 0
    week = week_before(ledger, district, day_of(now, ledger.settled))
    if week is None:
        return 0
    # They come first in the chain, as they would have
    seed_demo_accounts(ledger.store, week.opening, demo_people(), registry=district.registry)
    try:
        for n, act in enumerate(week.diary):
            _DOING[act.what](week, week.order(n, act), act)
    except KeyReused:
        # A server that started on the other side of midnight tells its own week already
        return 0
    return len(week.diary)


def _is_empty(ledger: Ledger) -> bool:
    with reading(ledger.store) as session:
        return head_of(session)[0] == 0


def _file(week: Week, order: Order, act: Act) -> None:
    finding = week.findings[act.about]
    asker = week.unit(finding.officer)
    found = Found(
        resolution=week.answer(finding, week.ledger.day(order)),
        asker=asker,
        description=act.rest or finding.says,
        site_id=finding.where if finding.at_site else None,
        point=week.point(finding),
        on_behalf=order.actor.unit != asker,
        at_once=order.actor.unit == asker,
    )
    week.numbers[act.about] = file_case(week.ledger, order, found).case_id


def _offer(week: Week, order: Order, act: Act) -> None:
    to = week.lead(week.findings[act.about])
    hand_over(week.ledger, order, week.numbers[act.about], to=to, reason=act.rest, basis=BASIS)


def _accept(week: Week, order: Order, act: Act) -> None:
    accept(week.ledger, order, week.numbers[act.about], officer=order.actor.id)


def _refuse(week: Week, order: Order, act: Act) -> None:
    street = week.unit(week.findings[act.about].officer)
    refusal = Refusal(act.rest, unit=street, basis=BASIS)
    refuse(week.ledger, order, week.numbers[act.about], refusal)


def _step(week: Week, order: Order, act: Act) -> None:
    kind, second, note = act.rest.split(maxsplit=2)
    step = Step(
        kind=StepKind(kind),
        on=week.ledger.day(order),
        note=note,
        second_officer=week.second(second),
    )
    add_step(week.ledger, order, week.numbers[act.about], step)


def _ask(week: Week, order: Order, act: Act) -> None:
    unit, duty, asked = act.rest.split(maxsplit=2)
    case_id = week.numbers[act.about]
    ask_assist(week.ledger, order, case_id, unit=unit, duty=duty, asked=asked)


def _answer(week: Week, order: Order, act: Act) -> None:
    """The duty of the unit that the case has, asked for or given by the resolution."""
    case_id = week.numbers[act.about]
    with reading(week.ledger.store) as session:
        duties = assists_of(session, case_id)
    (assist,) = (one.n for one in duties if one.unit == order.actor.unit)
    answer_assist(week.ledger, order, case_id, assist=assist, answer=act.rest)


def _done(week: Week, order: Order, act: Act) -> None:
    report_done(week.ledger, order, week.numbers[act.about], outcome=act.rest)


def _verify(week: Week, order: Order, act: Act) -> None:
    verify(week.ledger, order, week.numbers[act.about], note=act.rest)


def _close(week: Week, order: Order, act: Act) -> None:
    again = None if act.rest == NOTHING else week.day(int(act.rest))
    close(week.ledger, order, week.numbers[act.about], recheck_on=again)


def _recheck(week: Week, order: Order, act: Act) -> None:
    recheck(week.ledger, order, week.numbers[act.about], note=act.rest)


def _rule(week: Week, order: Order, act: Act) -> None:
    unit = week.lead(week.findings[act.about])
    rule(week.ledger, order, week.numbers[act.about], unit=unit, reason=act.rest, basis=BASIS)


def _resident(week: Week, order: Order, act: Act) -> None:
    resident = Resident("complainant", act.rest, "0755-0000-0199（虚构）")
    add_resident(week.ledger, order, week.numbers[act.about], resident)


def _campaign(week: Week, order: Order, act: Act) -> None:
    today = week.days[-1]
    done = start_campaign(
        week.ledger,
        order,
        name=act.rest,
        lead_unit=str(order.actor.unit),
        begins_on=week.ledger.day(order),
        ends_on=today + timedelta(days=21),
        rechecks=(7, 30),
    )
    week.numbers["campaign"] = int(done.result["campaign"])


def _visit(week: Week, order: Order, act: Act) -> None:
    today, unit = week.days[-1], str(order.actor.unit)
    sites = tuple(
        to_see(week.sites[id_], district=week.district, matter=FOOD, asker=unit, on=today)
        for id_ in STOPS
    )
    done = plan_visit(
        week.ledger,
        order,
        title=act.rest,
        on=today,
        called_by=unit,
        sites=sites,
        campaign_id=week.numbers["campaign"],
    )
    week.numbers["visit"] = int(done.result["visit"])


def _confirm(week: Week, order: Order, act: Act) -> None:
    confirm_visit(week.ledger, order, week.numbers["visit"], answer=act.rest)


def _report(week: Week, order: Order, act: Act) -> None:
    """What an officer says of an answer; it is no act of the ledger and has a mark of its own."""
    finding = week.findings[act.about]
    kind, text = act.rest.split(maxsplit=1)
    point = week.point(finding)
    asked = [("matter", finding.matter), ("at", f"{point.lon:.6f},{point.lat:.6f}")]
    asked += [(f"fact.{name}", value) for name, value in finding.facts]
    report_wrong_answer(
        week.ledger.store,
        once=f"demo-week-report:{order.key}",
        kind=kind,
        text=text,
        asker=order.actor.unit,
        address=f"/?{urlencode(asked)}",
        resolution=week.answer(finding, week.ledger.day(order)),
        at=order.at,
    )


_DOING: Final[Mapping[str, Callable[[Week, Order, Act], None]]] = {
    "file": _file,
    "offer": _offer,
    "accept": _accept,
    "refuse": _refuse,
    "step": _step,
    "ask": _ask,
    "answer": _answer,
    "done": _done,
    "verify": _verify,
    "close": _close,
    "recheck": _recheck,
    "rule": _rule,
    "resident": _resident,
    "campaign": _campaign,
    "visit": _visit,
    "confirm": _confirm,
    "report": _report,
}
