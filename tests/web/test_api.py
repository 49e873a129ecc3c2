"""The HTTP interface: the same answers and refusals as the command line, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from enforcement.resolution import AtPoint, Question, resolve
from geo.points import Point
from tests.enforcement import toy
from web.app import app_of
from web.contract import ResolutionOut
from web.desk import Desk
from web.headers import HEADERS
from web.logs import FILE
from web.schemas import ResolveIn

WEST = {"lon": 114.007, "lat": 22.008}
SHOP = {"stage": "shop", "licence": "licensed"}


def post(client: FlaskClient, **body: object) -> tuple[int, dict[str, Any]]:
    answer = client.post("/api/v1/resolve", json={"matter": "food", "at": WEST} | body)
    assert answer.content_type == "application/json"
    told: dict[str, Any] = json.loads(answer.data)
    return answer.status_code, told


def fields(told: dict[str, Any]) -> set[str]:
    return {error["field"] for error in told["errors"]}


# --- answers ---------------------------------------------------------------------------------


def test_the_answer_is_that_of_resolve(client: FlaskClient, toy_desk: Desk) -> None:
    where = AtPoint(Point.checked(**WEST), 10)
    question = Question("food", toy.DAY, toy.DAY, where, SHOP)
    status, told = post(client, facts=SHOP)
    assert status == 200
    assert told == json.loads(json.dumps(resolve(question, toy_desk.district).as_dict()))
    assert told["lead"]["unit"] == "trade"


def test_chinese_goes_out_as_chinese(client: FlaskClient) -> None:
    answer = client.post("/api/v1/resolve", json={"matter": "food", "at": WEST, "facts": SHOP})
    assert "trade局" in answer.data.decode()


def test_a_missing_fact_gives_one_question_and_an_interim_unit(client: FlaskClient) -> None:
    status, told = post(client)
    assert (status, told["outcome"]) == (200, "needs_facts")
    assert len(told["ask"]) == 1
    assert told["interim"]["unit"] == "team_w"


def test_outside_the_district_is_an_answer(client: FlaskClient) -> None:
    status, told = post(client, at={"lon": 114.025, "lat": 22.005}, facts=SHOP)
    assert (status, told["outcome"]) == (200, "outside")
    assert told["interim"]["unit"] == "far_gov"


def outputs(client: FlaskClient) -> Iterator[dict[str, Any]]:
    for at in (WEST, {"lon": 114.01, "lat": 22.008}, {"lon": 114.025, "lat": 22.005}):
        for facts in ({}, SHOP, {"stage": "odd"}, {"stage": "odd", "licence": "unlicensed"}):
            yield post(client, at=at, facts=facts)[1]
    yield post(client, matter="hole", at=None, road="R1", stake="K0+300")[1]
    yield post(client, matter="hole", at={"lon": 114.005, "lat": 22.00505})[1]
    yield post(client, facts={"stage": "fumes", "licence": "licensed"})[1]
    yield post(client, at=None, area="W", asker="team_e")[1]


def known_keys(model: BaseModel, given: dict[str, Any]) -> dict[str, Any]:
    return model.model_dump(by_alias=True, exclude_unset=True) if given else {}


def test_the_documented_contract_has_every_key_and_type_that_goes_out(client: FlaskClient) -> None:
    for told in outputs(client):
        assert known_keys(ResolutionOut.model_validate(told), told) == told


# --- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"at": {"lon": 200, "lat": 22}}, "at"),
        ({"at": {"lon": "114", "lat": 22}}, "at.lon"),
        ({"at": {"lon": 114}}, "at.lat"),
        ({"at": [114, 22]}, "at"),
        ({"matter": "foot"}, "matter"),
        ({"matter": None}, "matter"),
        ({"facts": {"stage": "moon"}}, "fact stage"),
        ({"facts": {"stage": 5}}, "fact stage"),
        ({"facts": ["stage=shop"]}, "facts"),
        ({"facts": {"stage": "farm", "licence": "licensed"}}, "stage, licence"),
        ({"on": "2008-02-30"}, "on"),
        ({"on": 20081105}, "on"),
        ({"on": "1990-01-01"}, "on"),
        ({"occurred_on": "yesterday"}, "occurred_on"),
        ({"accuracy": -1}, "accuracy"),
        ({"accuracy": True}, "accuracy"),
        ({"crs": "mars"}, "crs"),
        ({"asker": "office"}, "asker"),
        ({"asker": "nobody"}, "asker"),
        ({"colour": "red"}, "colour"),
        ({"at": None, "area": "X"}, "area"),
        ({"at": None, "site": "S-404"}, "site"),
        ({"at": None, "road": "R9", "stake": "K0+300"}, "road"),
        ({"at": None, "road": "R1", "stake": "K99+300"}, "stake"),
    ],
)
def test_bad_input_is_422_with_the_field_and_both_languages(
    client: FlaskClient, body: dict[str, Any], field: str
) -> None:
    status, told = post(client, **body)
    assert status == 422
    assert fields(told) == {field}
    assert all(error["zh"] and error["en"] for error in told["errors"])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "9" * 400])
def test_numbers_that_are_none_are_refused(client: FlaskClient, number: str) -> None:
    body = f'{{"matter": "food", "at": {{"lon": {number}, "lat": 22}}}}'
    answer = client.post("/api/v1/resolve", data=body)
    assert answer.status_code == 422
    assert b"at" in answer.data


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"{}"',
        b"{",
        b"\xff\xfe",
        b'{"matter": "\\ud800"}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
    ],
)
def test_a_body_that_is_no_json_object_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/api/v1/resolve", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert json.loads(answer.data)["errors"]


def test_all_unknown_keys_are_named(client: FlaskClient) -> None:
    assert fields(post(client, colour="red", size=3)[1]) == {"colour", "size"}


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    answer = client.post("/api/v1/resolve", data=b" " * 70_000)
    assert answer.status_code == 413
    assert json.loads(answer.data)["errors"][0]["field"] == "body"


def test_an_unknown_address_and_a_wrong_method_are_refused_as_json(client: FlaskClient) -> None:
    assert client.get("/api/v1/nothing").status_code == 404
    wrong = client.get("/api/v1/resolve")
    assert wrong.status_code == 405
    assert "POST" in wrong.headers["Allow"]
    assert json.loads(wrong.data)["errors"][0]["en"]


def test_an_error_nobody_foresaw_is_500_logged_and_tells_nothing(toy_desk: Desk) -> None:
    def broken() -> date:
        raise ZeroDivisionError("a secret of the inside")

    client = app_of(replace(toy_desk, today=broken)).test_client()
    status, told = post(client)
    assert status == 500
    assert "secret" not in json.dumps(told)
    log = (toy_desk.settings.data / FILE).read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(log)["path"] == "/api/v1/resolve"
    assert "a secret of the inside" in json.loads(log)["exception"]


@given(
    body=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["matter", "at", "lon", "lat", "facts", "on", "area"])
                | st.text(max_size=5),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_is_sent_is_answered_or_refused(client: FlaskClient, body: object) -> None:
    answer = client.post("/api/v1/resolve", data=json.dumps(body).encode())
    assert answer.status_code in {200, 422}
    json.loads(answer.data)


# --- the rest --------------------------------------------------------------------------------


def test_matters_are_listed_searched_and_shown_in_full(client: FlaskClient) -> None:
    codes = [one["code"] for one in json.loads(client.get("/api/v1/matters").data)]
    assert codes == ["food", "hole", "mast"]
    found = json.loads(client.get("/api/v1/matters?q=食品").data)
    assert found[0]["code"] == "food"
    assert found[0]["covered"] is True
    told = json.loads(client.get("/api/v1/matters/food?on=2008-11-05").data)
    assert [fact["fact"] for fact in told["facts"]] == ["stage", "licence", "colour", "zone.water"]
    assert told["facts"][0]["values"][0] == {
        "value": "shop",
        "label": {"zh": "销售", "en": "Selling"},
    }
    assert told["cannot"][0]["because"]["en"] == "no such licence"
    assert told["card"] is None


def test_an_unknown_matter_has_no_address(client: FlaskClient) -> None:
    answer = client.get("/api/v1/matters/foot")
    assert answer.status_code == 404
    assert "food" in json.loads(answer.data)["errors"][0]["en"]


def test_a_query_is_checked_as_strictly_as_a_body(client: FlaskClient) -> None:
    assert fields(json.loads(client.get("/api/v1/matters?on=today").data)) == {"on"}
    assert fields(json.loads(client.get("/api/v1/matters?nonsense=1").data)) == {"nonsense"}


def test_a_layer_is_geojson_of_the_day(client: FlaskClient) -> None:
    answer = client.get("/api/v1/layers/street.geojson?on=2008-11-05")
    assert answer.content_type == "application/geo+json"
    told = json.loads(answer.data)
    assert [one["properties"]["name"] for one in told["features"]] == ["东街道", "西街道"]
    assert told["editions"][0]["name"] == "toy-street"
    before = json.loads(client.get("/api/v1/layers/street.geojson?on=1999-01-01").data)
    assert before["features"] == []


def test_a_layer_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/api/v1/layers/road.geojson")
    again = client.get(
        "/api/v1/layers/road.geojson", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    assert again.data == b""


def test_an_unknown_kind_of_layer_has_no_address(client: FlaskClient) -> None:
    answer = client.get("/api/v1/layers/moon.geojson")
    assert answer.status_code == 404
    assert "zone" in json.loads(answer.data)["errors"][0]["en"]


def test_the_document_is_openapi_3_1_and_describes_every_address(client: FlaskClient) -> None:
    told = json.loads(client.get("/openapi.json").data)
    assert told["openapi"] == "3.1.0"
    assert set(told["paths"]) == {
        "/api/v1/resolve",
        "/api/v1/matters",
        "/api/v1/matters/{code}",
        "/api/v1/layers/{kind}.geojson",
    }
    body = told["components"]["schemas"]["ResolveIn"]
    assert body["additionalProperties"] is False
    resolve = told["paths"]["/api/v1/resolve"]["post"]
    assert set(resolve["responses"]) == {"200", "422"}
    examples = resolve["requestBody"]["content"]["application/json"]["examples"]
    for example in examples.values():
        ResolveIn.model_validate(example["value"])


def test_the_page_to_try_it_needs_no_other_host_and_no_inline_script(client: FlaskClient) -> None:
    with client.get("/openapi/") as answer:
        page = answer.data.decode()
    assert "http" not in page
    for part in ("/static/api/try.css", "/static/api/try.js"):
        assert part in page
        with client.get(part) as answer:
            assert answer.status_code == 200


def test_the_server_says_that_it_lives(client: FlaskClient) -> None:
    assert json.loads(client.get("/healthz").data)["status"] == "ok"


@pytest.mark.parametrize("address", ["/healthz", "/openapi/", "/nothing", "/static/api/try.js"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
