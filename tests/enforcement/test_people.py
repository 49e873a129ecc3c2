"""Accounts: what is kept of a password, who gets in, and who is locked out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from enforcement.ledger_errors import BadAct, BadLogin, LockedOut, NoSuchRecord
from enforcement.ledger_events import Order
from enforcement.policies import Actor, Post
from enforcement.services.people import (
    LOCKED_FOR,
    TRIES,
    Person,
    add_account,
    change_account,
    find_actor,
    list_accounts,
    log_in,
)
from enforcement.store.chain import all_events
from enforcement.store.engine import Store, reading
from tests.enforcement.ledger_world import MORNING, REGISTRY

RIGHT = "a-long-password"
ADMIN = Order(Actor("admin", None, frozenset()), MORNING, "k")


def add(store: Store, **changed: object) -> None:
    given: dict[str, object] = {
        "id": "li",
        "name": "李",
        "unit": "street_a",
        "posts": frozenset({Post.OFFICER}),
        "password": RIGHT,
    }
    add_account(store, ADMIN, Person(**(given | changed)), registry=REGISTRY)  # type: ignore[arg-type]


def test_a_right_password_gives_the_actor_with_unit_and_posts(store: Store) -> None:
    add(store)
    actor = log_in(store, "li", RIGHT, at=MORNING)
    assert actor == Actor("li", "street_a", frozenset({Post.OFFICER})) == find_actor(store, "li")


def test_the_password_is_kept_as_an_argon2_hash_and_stands_in_no_event(store: Store) -> None:
    add(store)
    (row,) = list_accounts(store)
    assert row.password_hash.startswith("$argon2id$")
    with reading(store) as session:
        assert all(RIGHT not in event.payload for event in all_events(session))


@pytest.mark.parametrize(("name", "password"), [("li", "wrong"), ("nobody", RIGHT), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(
    store: Store, name: str, password: str
) -> None:
    add(store)
    with pytest.raises(BadLogin) as caught:
        log_in(store, name, password, at=MORNING)
    assert "name and password" in caught.value.en


def test_five_wrong_passwords_lock_the_account_for_a_while(store: Store) -> None:
    add(store)
    for _ in range(TRIES):
        with pytest.raises(BadLogin):
            log_in(store, "li", "wrong", at=MORNING)
    with pytest.raises(LockedOut):
        log_in(store, "li", RIGHT, at=MORNING + LOCKED_FOR - timedelta(seconds=1))
    assert log_in(store, "li", RIGHT, at=MORNING + LOCKED_FOR).id == "li"


def test_a_right_password_in_between_starts_the_count_anew(store: Store) -> None:
    add(store)
    for _ in range(3):
        for _ in range(TRIES - 1):
            with pytest.raises(BadLogin):
                log_in(store, "li", "wrong", at=MORNING)
        log_in(store, "li", RIGHT, at=MORNING)


def test_a_new_password_opens_a_locked_account_and_a_closed_one_stays_closed(store: Store) -> None:
    add(store)
    for _ in range(TRIES):
        with pytest.raises(BadLogin):
            log_in(store, "li", "wrong", at=MORNING)
    change_account(store, ADMIN, "li", password="another-password")
    assert log_in(store, "li", "another-password", at=MORNING).id == "li"
    change_account(store, ADMIN, "li", active=False)
    with pytest.raises(BadLogin):
        log_in(store, "li", "another-password", at=MORNING)
    assert find_actor(store, "li") is None


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("id", {"id": "Li Si"}),
        ("name", {"name": " "}),
        ("password", {"password": "short"}),
        ("unit", {"unit": "nobody"}),
        ("unit", {"unit": None}),
        ("unit", {"unit": "fsc_office"}),
        ("post", {"posts": frozenset()}),
        ("post", {"posts": frozenset({Post.CLOCK})}),
    ],
)
def test_a_faulty_account_is_refused_with_the_field(
    store: Store, field: str, changed: dict[str, object]
) -> None:
    with pytest.raises(BadAct) as caught:
        add(store, **changed)
    assert field in {fault.field for fault in caught.value.faults}
    assert list_accounts(store) == ()


def test_an_account_is_added_once_and_only_a_known_one_is_changed(store: Store) -> None:
    add(store)
    with pytest.raises(BadAct, match="already"):
        add(store)
    with pytest.raises(NoSuchRecord):
        change_account(store, ADMIN, "nobody", active=False)
