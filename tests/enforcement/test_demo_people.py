"""Demo people: who they are, and that they are added once, and only where their unit is."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from enforcement.demo_people import DEMO_PASSWORD, demo_people
from enforcement.district import District, open_district
from enforcement.policies import HUMAN_POSTS, Post
from enforcement.services.people import find_actor, list_accounts, log_in, seed_demo_accounts
from enforcement.store.engine import Store
from tests.enforcement.ledger_world import MORNING, REGISTRY
from tests.enforcement.test_people import ADMIN

TODAY, ARTICLE = date(2026, 11, 20), date(2008, 11, 5)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return open_district(None, data=tmp_path_factory.mktemp("data"))


def test_there_is_a_demo_account_for_every_post_and_every_name_says_that_it_is_made_up() -> None:
    people = demo_people()
    assert {post for one in people for post in one.posts} == set(HUMAN_POSTS)
    assert all("虚构" in one.name and "made up" in one.name and one.demo for one in people)
    assert len({one.id for one in people}) == len(people)


@pytest.mark.parametrize("on", [TODAY, ARTICLE])
def test_on_both_days_streets_have_officers_and_departments_have_handlers(
    district: District, on: date
) -> None:
    there = [
        one
        for one in demo_people()
        if one.unit and district.registry.units[one.unit].period.covers(on)
    ]
    officers = {one.unit for one in there if Post.OFFICER in one.posts}
    handlers = {one.unit for one in there if Post.HANDLER in one.posts}
    assert len(officers) == 6
    assert {"health", "psb", "tp", "edu"} <= handlers
    assert ("amr" if on == TODAY else "aic") in handlers
    era = ".2008" if on == ARTICLE else ""
    buji = [one for one in there if one.id in {f"officer.buji{era}", f"officer.buji.second{era}"}]
    assert len(buji) == 2


def test_they_are_added_once_however_many_servers_start(store: Store, district: District) -> None:
    added: list[int] = []

    def start() -> None:
        added.append(seed_demo_accounts(store, ADMIN, demo_people(), registry=district.registry))

    threads = [threading.Thread(target=start) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(added) == len(demo_people()) == len(list_accounts(store))
    assert all(row.demo for row in list_accounts(store))
    assert log_in(store, "officer.buji", DEMO_PASSWORD, at=MORNING) == find_actor(
        store, "officer.buji"
    )


def test_people_of_units_that_a_district_does_not_have_are_left_out(store: Store) -> None:
    added = seed_demo_accounts(store, ADMIN, demo_people(), registry=REGISTRY)
    assert added == sum(one.unit is None or one.unit in REGISTRY.units for one in demo_people())
