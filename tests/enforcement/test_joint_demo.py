"""A joint inspection of twenty sites of the schematic district on 2008-11-05, plan to report."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from enforcement.choosing import Choice, chosen, to_see
from enforcement.demo_sites import demo_sites
from enforcement.district import District, open_district
from enforcement.ledger_events import Order
from enforcement.policies import Actor, Post
from enforcement.services.checking import check_ledger
from enforcement.services.letters import issue_visit_notice, read_letter
from enforcement.services.opening import open_ledger
from enforcement.services.stops import record_finding, record_stop
from enforcement.services.visits import (
    end_visit,
    plan_visit,
    read_visit,
)
from enforcement.sites import Site
from enforcement.sites_import import sites_from_rows
from enforcement.store.migrate import open_store
from enforcement.units import UnitKind

DAY = date(2008, 11, 5)
AT = datetime(2008, 11, 5, 1, tzinfo=UTC)
FOOD = "food.safety"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return open_district(None, data=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def sites() -> tuple[Site, ...]:
    return sites_from_rows(demo_sites(), name="demo").sites


def twenty(sites: tuple[Site, ...], district: District) -> tuple[Site, ...]:
    """Sites of several stages first, then others, so that every stage is there."""
    fit = chosen(sites, Choice(), district=district, on=DAY)
    return tuple(sorted(fit, key=lambda site: (-len(site.stages), site.stages, site.id)))[::3][:20]


def test_sites_are_chosen_by_street_licence_stage_and_list(
    sites: tuple[Site, ...], district: District
) -> None:
    def ids(**choice: tuple[str, ...]) -> set[str]:
        return {site.id for site in chosen(sites, Choice(**choice), district=district, on=DAY)}

    everything = ids()
    streets = [street.code for street in district.settings.streets if street.period.covers(DAY)]
    by_street = [ids(streets=(code,)) for code in streets]
    assert set.union(*by_street) <= everything
    assert sum(len(some) for some in by_street) == len(set.union(*by_street))
    assert ids(licences=("unlicensed",)) | ids(licences=("licensed",)) <= everything
    assert 0 < len(ids(stages=("slaughter",))) < len(everything)
    some = sorted(everything)[:3]
    assert ids(ids=tuple(some)) == set(some)


def test_from_plan_to_report_every_finding_has_one_lead(
    sites: tuple[Site, ...], district: District, tmp_path: Path
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'seamless.db'}")
    ledger = open_ledger(store, district, folder=None, data=tmp_path)
    lead = "health"
    people = frozenset({Post.HANDLER})
    seen = tuple(
        to_see(site, district=district, matter=FOOD, asker=lead, on=DAY)
        for site in twenty(sites, district)
    )
    assert len(seen) == 20
    assert len({stage.stage for site in seen for stage in site.stages}) >= 4

    def by(unit: str, key: str) -> Order:
        return Order(Actor(f"{unit}-1", unit, people), AT, key)

    planned = plan_visit(
        ledger, by(lead, "p"), title="节前检查", on=DAY, called_by=lead, sites=seen
    )
    visit_id = int(planned.result["visit"])
    units = read_visit(ledger, by(lead, "r"), visit_id).units
    for unit in units:
        done = issue_visit_notice(
            ledger, by(lead, f"n-{unit.unit}"), visit_id, unit.unit, check_url=lambda c: f"x:{c}"
        )
        assert read_letter(ledger, str(done.result["code"])).startswith(b"%PDF")
    for n, site in enumerate(read_visit(ledger, by(lead, "r"), visit_id).stops, 1):
        record_stop(ledger, by(lead, f"s{n}"), visit_id, stop=n, second_officer="two", facts={})
        assert site.n == n
    stages = read_visit(ledger, by(lead, "r"), visit_id).stages
    for at, stage in enumerate(stages):
        record_finding(
            ledger,
            by(lead, f"f{at}"),
            visit_id,
            stop=stage.stop_n,
            stage=stage.stage,
            says="不合格",
        )
    end_visit(ledger, by(lead, "e"), visit_id)
    report = read_visit(ledger, by(lead, "r"), visit_id)
    assert len(report.findings) == len(stages)
    for finding in report.findings:
        case = report.cases[finding.case_id]
        assert case.holder == finding.unit
        assert district.registry.units[case.holder].kind is not UnitKind.COORDINATION
    named = {unit.unit for unit in report.units}
    assert {finding.unit for finding in report.findings} <= named
    listed = sum(item["duty"] == "lead" for unit in report.units for item in unit.items)
    assert listed == len(stages)
    assert check_ledger(ledger).is_whole
    assert json.loads(report.stops[0].facts) == {}
    store.dispose()


def test_a_corrected_fact_is_resolved_again_by_the_districts_own_rules(
    sites: tuple[Site, ...], district: District, tmp_path: Path
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'seamless.db'}")
    ledger = open_ledger(store, district, folder=None, data=tmp_path)
    site = next(one for one in sites if one.stages == ("catering",) and one.point is not None)
    (stage,) = to_see(site, district=district, matter=FOOD, asker="health", on=DAY).stages
    answer = dict(stage.resolution)
    moved = ledger.resolve_again(answer, {"stage": "processing", "licence": "licensed"}, DAY)
    assert moved["facts"]["stage"] == "processing"
    assert moved["place"] == answer["place"]
    assert ledger.resolve_again(answer, {}, DAY) == answer
    assert moved["lead"] != answer["lead"]
    store.dispose()
