"""Who gets in, and for how long: logging in, out, sessions, tokens, limits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from enforcement.demo_people import DEMO_PASSWORD
from enforcement.ledger_events import Order
from enforcement.policies import Actor
from enforcement.services.people import TRIES, change_account
from tests.web.conftest import LogIn
from tools.demo_desk import Client, Clock, app_for, plain
from web.desk import Desk
from web.ledger.people import kept_key


def test_nobody_sees_a_page_without_logging_in_and_comes_back_to_it(casework: Desk) -> None:
    http = app_for(casework).test_client()
    answer = http.get("/desk")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/login?next=/desk")


def test_the_right_password_opens_the_first_page_with_name_unit_and_post(log_in: LogIn) -> None:
    text = log_in("officer.buji").text("/desk")
    assert "布吉街道" in text
    assert "巡查执法员" in text


def test_a_wrong_password_is_refused_and_the_name_is_kept(casework: Desk, log_in: LogIn) -> None:
    client = log_in("dispatcher")
    answer = client.post("/login", {"name": "officer.buji", "password": "wrong"}, page="/login")
    assert answer.status_code == 401
    assert 'value="officer.buji"' in answer.get_data(as_text=True)


def test_too_many_wrong_passwords_lock_the_account_for_a_while(
    casework: Desk, log_in: LogIn, clock: Clock
) -> None:
    client = log_in("dispatcher")
    wrong = {"name": "verifier", "password": "wrong"}
    for _ in range(TRIES):
        client.post("/login", wrong, page="/login")
    right = {"name": "verifier", "password": DEMO_PASSWORD}
    assert client.post("/login", right, page="/login").status_code == 429
    clock.on(minutes=16)
    assert client.post("/login", right, page="/login").status_code == 303


def test_one_address_cannot_try_for_ever(casework: Desk, log_in: LogIn) -> None:
    client = log_in("dispatcher")
    seen = {
        client.post("/login", {"name": f"nobody{at}", "password": "x"}, page="/login").status_code
        for at in range(62)
    }
    assert seen == {401, 429}


def test_a_form_without_its_token_changes_nothing(casework: Desk, log_in: LogIn) -> None:
    client = log_in("dispatcher")
    answer = client.http.post("/logout", data={})
    assert answer.status_code == 400
    assert "页面已过期" in plain(answer)
    assert client.get("/desk").status_code == 200


def test_logging_out_ends_the_session(log_in: LogIn) -> None:
    client = log_in("dispatcher")
    client.done("/logout", {}, page="/desk")
    assert client.get("/desk").status_code == 303


def test_a_new_password_or_a_closed_account_ends_its_sessions(
    casework: Desk, log_in: LogIn, clock: Clock
) -> None:
    first, second = log_in("dispatcher"), log_in("verifier")
    order = Order(Actor("cli:test", None, frozenset()), clock.at, "k" * 20)
    change_account(casework.kept.store, order, "dispatcher", password="another password")
    change_account(casework.kept.store, order, "verifier", active=False)
    assert first.get("/desk").status_code == 303
    assert second.get("/desk").status_code == 303


def test_a_session_outlives_a_restart_of_the_server(casework: Desk, log_in: LogIn) -> None:
    client = log_in("dispatcher")
    cookie = client.http.get_cookie("seamless")
    assert cookie is not None
    again = app_for(casework).test_client()
    again.set_cookie("seamless", cookie.value)
    assert again.get("/desk").status_code == 200


def test_a_demo_account_opens_nothing_where_no_demo_is_served(
    casework: Desk, log_in: LogIn
) -> None:
    log_in("dispatcher")
    real = replace(casework, settings=replace(casework.settings, demo=False))
    http = app_for(real).test_client()
    client = object.__new__(Client)
    client.http = http
    answer = client.post("/login", {"name": "dispatcher", "password": DEMO_PASSWORD}, page="/login")
    assert answer.status_code == 401
    assert DEMO_PASSWORD not in http.get("/login").get_data(as_text=True)


def test_the_cookie_is_for_this_server_and_no_script(log_in: LogIn) -> None:
    client = log_in("dispatcher")
    answer = client.post("/login", {"name": "verifier", "password": DEMO_PASSWORD}, page="/login")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_next_page_is_never_another_server(log_in: LogIn) -> None:
    client = log_in("dispatcher")
    for bad in ("https://bad.example/", "//bad.example/", "/\\bad.example"):
        form = {"name": "verifier", "password": DEMO_PASSWORD, "next": bad}
        answer = client.post("/login", form, page="/login")
        assert answer.headers["Location"] == "/"


def test_the_key_of_an_installation_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first = kept_key(tmp_path)
    assert kept_key(tmp_path) == first
    assert (tmp_path / "session.key").stat().st_mode & 0o077 == 0
