"""Lists longer than a page: nothing is left out, nothing comes twice, and the end is said."""

from __future__ import annotations

import re
import uuid

from enforcement.demo_people import demo_people
from enforcement.ledger_events import Order
from enforcement.policies import Actor
from enforcement.services.filing import Found, file_case
from enforcement.services.opening import open_ledger
from enforcement.services.rulings import ask_ruling, rule
from tests.web.conftest import LogIn
from tools.demo_desk import Client, Clock, plain
from web.asking import Asked
from web.desk import Desk
from web.ledger.inbox_pages import FIRST
from web.ledger.rulings import SHOWN

TEAM = "street_cle.440307014"
VACANT = {"road.legal_class": "highway"}


def walked(client: Client, address: str, mark: str) -> list[list[str]]:
    """What each page lists, from the first to the last."""
    pages = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, plain(answer)
        text = answer.get_data(as_text=True)
        pages.append(re.findall(mark, text))
        following = re.search(r'href="([^"]+[?&]after=[^"]+)"', text)
        address = "" if following is None else following[1].replace("&amp;", "&")
    return pages


def test_every_dispute_and_every_ruling_is_on_one_page_of_its_list(
    casework: Desk, log_in: LogIn, clock: Clock
) -> None:
    kept = casework.kept.store
    ledger = open_ledger(
        kept, casework.district, folder=casework.folder, data=casework.settings.data
    )
    people = {one.id: Actor(one.id, one.unit, one.posts) for one in demo_people()}
    asked = Asked(matter="road.cleaning", facts=VACANT, at=(114.1172, 22.6046), asker=TEAM)
    answer = casework.answer(asked).as_dict()

    def by(who: str) -> Order:
        return Order(people[who], clock.at, uuid.uuid4().hex)

    adjudicator, steward = log_in("adjudicator"), log_in("steward")
    assert "没有等待裁定的案件" in adjudicator.text("/rulings")
    assert "还没有裁定" in steward.text("/rulings/made")
    cases = []
    for at in range(2 * SHOWN):
        found = Found(answer, TEAM, f"第{at}处没人扫")
        cases.append(file_case(ledger, by("officer.buji"), found).case_id)
        ask_ruling(ledger, by("officer.buji"), cases[-1], reason="无人主办")
    here = [str(one) for one in cases]
    dispute, ruling = r'id="dispute-(\d+)"', r'id="made-(\d+)-1"'
    assert walked(adjudicator, "/rulings", dispute) == [here[:SHOWN], here[SHOWN:]]
    last = walked(adjudicator, "/rulings", r'href="(/rulings[?]after=[^"]+)"')[0][0]
    for case_id in cases:
        rule(ledger, by("adjudicator"), case_id, unit=TEAM, reason="就近", basis="条例")
    here.reverse()
    assert walked(steward, "/rulings/made", ruling) == [here[:SHOWN], here[SHOWN:]]
    assert "后面没有了" in adjudicator.text(last)
    for wrong in ("x", "1", "1-2-3-4", "9" * 18 + "-1", "1-" + "9" * 10):
        assert adjudicator.get(f"/rulings?after={wrong}").status_code == 422
        assert steward.get(f"/rulings/made?after={wrong}").status_code == 422


def test_an_inbox_shows_the_first_of_each_section_and_the_rest_on_a_page_of_its_own(
    casework: Desk, log_in: LogIn, clock: Clock
) -> None:
    ledger = open_ledger(
        casework.kept.store, casework.district, folder=casework.folder, data=casework.settings.data
    )
    people = {one.id: Actor(one.id, one.unit, one.posts) for one in demo_people()}
    asked = Asked(matter="road.cleaning", facts=VACANT, at=(114.1172, 22.6046), asker=TEAM)
    answer = casework.answer(asked).as_dict()
    cases = []
    for at in range(FIRST + 2):
        order = Order(people["officer.buji"], clock.at, uuid.uuid4().hex)
        cases.append(str(file_case(ledger, order, Found(answer, TEAM, f"第{at}处")).case_id))
    officer = log_in("officer.buji")
    mark = r'href="/cases/(\d+)"'
    first = officer.get("/inbox").get_data(as_text=True)
    assert list(dict.fromkeys(re.findall(mark, first))) == cases[:FIRST]
    assert f"{FIRST}+" in first
    assert 'href="/inbox?only=held"' in first
    (alone,) = walked(officer, "/inbox?only=held", mark)
    assert list(dict.fromkeys(alone)) == cases
    assert "没有待答复的协办" in officer.text("/inbox?only=assists")
    assert officer.get("/inbox?only=nothing").status_code == 422
