"""How the ledger fares when it is large: `python -m bench.ledger [DATABASE_URL]`.

Fills one ledger with 1,000 cases and one with 100,000 (ten events each), opens the same pages of
both as the people whose pages they are, and compares the median of 40 looks, with the fastest
beside it; then lets 50 officers file at once. Exit 1 when a page takes more than three times as
long in the large ledger, or when a filing is lost.

Without an address SQLite is used. On PostgreSQL the address is that of an empty database, which
is filled first with the small ledger, then with the rest.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

from sqlalchemy import func, select

from bench.large_ledger import NOW, UNITS, Filling, place_of
from enforcement.ledger_events import Order
from enforcement.policies import Actor, Post
from enforcement.resolution import AtPoint, Question, resolve
from enforcement.services.checking import check_ledger
from enforcement.services.figures import district_figures
from enforcement.services.filing import Found, file_case
from enforcement.services.ledger import Ledger
from enforcement.store.cases import CaseRow
from enforcement.units import UnitKind
from geo.points import Point
from tools.demo_desk import Client, Clock, ledger_desk
from web.app import app_of
from web.desk import Desk, open_desk
from web.opening import ledger_of
from web.settings import Settings

SMALL: Final = 1_000
LARGE: Final = 100_000
ROUNDS: Final = 40
OFFICERS: Final = 50
EACH: Final = 10
MOST: Final = 3.0

RESTAURANT: Final = (
    "matter=food.safety&fact.stage=catering&fact.licence=licensed&fact.premises=fixed"
)
FACTS: Final = {"stage": "catering", "licence": "licensed", "premises": "fixed"}
BUJI: Final = Point(114.1172, 22.6046)
PAGES: Final = (
    ("first page of a unit", "handler.amr", "/desk"),
    ("unit's inbox", "handler.amr", "/inbox"),
    ("dispatcher's inbox", "dispatcher", "/district"),
    ("adjudication queue", "adjudicator", "/rulings"),
    ("re-check list", "dispatcher", "/rechecks"),
    ("case page", "supervisor", "/cases/{case}"),
    ("supervisor's page", "supervisor", "/figures?first=2026-09&last=2026-11"),
    ("auditor's page", "auditor", "/audit"),
    ("filing, with what is near", "officer.buji", f"/cases/new?{RESTAURANT}&at={{at}}&accuracy=10"),
)
"""What is looked at, by whom, and where."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How long a page took, in milliseconds; the fastest look is the one least disturbed."""

    median: float
    fastest: float


def filling(desk: Desk) -> Filling:
    """Cases of the schematic district, one of its market regulation's among the units."""
    today = desk.today()
    there = sorted(
        unit.id
        for unit in desk.district.registry.units.values()
        if unit.kind is UnitKind.ORG and unit.period.covers(today) and unit.id != "amr"
    )
    question = Question("food.safety", today, today, AtPoint(BUJI, 10.0), FACTS, None)
    return Filling(
        units=("amr", *there)[:UNITS],
        streets=tuple(sorted({one.code for one in desk.district.atlas.on(today).streets()})),
        resolution=resolve(question, desk.district).as_dict(),
    )


def looked(people: dict[str, Client], case_id: int) -> dict[str, Looks]:
    """Each page, looked at 40 times after a first look that fills what is kept."""
    place = place_of(case_id)
    found = {}
    for name, account, address in PAGES:
        page = address.format(case=case_id, at=f"{place.lon},{place.lat}")
        people[account].text(page)
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            people[account].get(page)
            times.append(1000 * (time.perf_counter() - began))
        found[name] = Looks(median(times), min(times))
    return found


def filed_at_once(ledger: Ledger, what: Filling) -> tuple[int, float, list[str]]:
    """How many cases 50 officers filed at once, the seconds it took, and every error."""
    errors: list[str] = []
    barrier = threading.Barrier(OFFICERS + 1)

    def run(n: int) -> None:
        actor = Actor(f"officer{n}", what.units[n], frozenset({Post.OFFICER}))
        barrier.wait()
        for one in range(EACH):
            order = Order(actor, datetime.now(UTC), f"officer-{n}-{one}")
            try:
                file_case(ledger, order, Found(what.resolution, what.units[n], "过期肉"))
            except Exception as error:  # noqa: BLE001 - every error is what is looked for
                errors.append(repr(error))

    before = _cases(ledger)
    threads = [threading.Thread(target=run, args=(n,)) for n in range(OFFICERS)]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    return _cases(ledger) - before, took, errors


def measured(url: str, folder: Path) -> tuple[bool, str]:
    """Whether everything holds on the empty database at `url`, and the report."""
    settings = Settings(data=folder, database_url=f"sqlite:///{folder / 'none.db'}")
    clock = Clock(NOW)
    desk = ledger_desk(open_desk(settings, today=clock.day), folder, clock, url)
    app = app_of(desk)
    people = {account: Client(app, account) for _, account, _ in PAGES}
    store, what = desk.kept.store, filling(desk)
    what.fill(store, 1, SMALL)
    small = looked(people, SMALL // 2)
    what.fill(store, SMALL + 1, LARGE)
    large = looked(people, LARGE // 2)
    lines = [
        f"| page, median (fastest) of {ROUNDS}, ms | {SMALL:,} cases | {LARGE:,} cases | ratio |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {few.median:.2f} ({few.fastest:.2f}) "
        f"| {large[name].median:.2f} ({large[name].fastest:.2f}) "
        f"| {large[name].median / few.median:.2f} |"
        for name, few in small.items()
    ]
    slow = [name for name in small if large[name].median > MOST * small[name].median]
    ledger = ledger_of(desk)
    rest_holds, rest = _as_a_whole(ledger, what)
    store.dispose()
    return not slow and rest_holds, "\n".join([*lines, "", *rest])


def _as_a_whole(ledger: Ledger, what: Filling) -> tuple[bool, list[str]]:
    """Filing at once, then the whole chain, then who held what when."""
    filed, took, errors = filed_at_once(ledger, what)
    began = time.perf_counter()
    checked = check_ledger(ledger)
    read_s = time.perf_counter() - began
    began = time.perf_counter()
    order = Order(Actor("bench", None, frozenset({Post.SUPERVISOR})), datetime.now(UTC), "k")
    nobody = district_figures(ledger, order, first="2026-09", last="2026-11").unheld
    nobody_s = time.perf_counter() - began
    state = "whole" if checked.is_whole else "BROKEN"
    told = (
        f"{OFFICERS} officers at once filed {filed} of {OFFICERS * EACH} cases in {took:.1f} s "
        f"with {len(errors)} errors. `ledger verify` read {checked.events:,} events in "
        f"{read_s:.0f} s: {state}. The first supervisor's page after a start looks through every "
        f"holding, in {nobody_s:.1f} s: {nobody.seconds:.0f} s without a holder."
    )
    holds = not errors and filed == OFFICERS * EACH and checked.is_whole and nobody.seconds == 0
    return holds, [told, *(f"\nFirst error: {one}" for one in errors[:1])]


def _cases(ledger: Ledger) -> int:
    with ledger.store.connect() as connection:
        found: Any = connection.execute(select(func.count()).select_from(CaseRow)).scalar_one()
    return int(found)


def main() -> int:
    """0 when every page holds and no filing was lost."""
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/ledger.db"
        holds, report = measured(url, Path(folder))
    print(report)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
