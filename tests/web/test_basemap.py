"""A district may name one outside host for map pictures; no page lets another in."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from pydantic import ValidationError

from enforcement.district import SCHEMATIC, Basemap, _settings
from enforcement.district_files import BasemapS, SettingsFile
from rules.model import Text
from web.app import app_of
from web.desk import Desk

TILES = Basemap(
    "https://tiles.example.org/base/{z}/{x}/{y}.png?key=k", Text("© 示例", "© Example"), 17
)


def with_basemap(desk: Desk) -> Desk:
    district = desk.district
    return replace(
        desk, district=replace(district, settings=replace(district.settings, basemap=TILES))
    )


def test_without_one_no_picture_comes_from_outside(longgang: Desk) -> None:
    client = app_of(longgang).test_client()
    for address in ("/", "/seams/map"):
        answer = client.get(address)
        assert "img-src 'self' data: blob:;" in answer.headers["Content-Security-Policy"]
        assert b"data-basemap" not in answer.data


def test_with_one_pictures_come_from_that_host_and_nothing_else_does(longgang: Desk) -> None:
    client = app_of(with_basemap(longgang)).test_client()
    for address in ("/", "/seams/map", "/rules/"):
        policy = client.get(address).headers["Content-Security-Policy"].split("; ")
        assert "img-src 'self' data: blob: https://tiles.example.org" in policy
        assert [one for one in policy if "https:" in one] == [policy[1]]
    page = client.get("/seams/map").get_data(as_text=True)
    assert 'data-basemap="https://tiles.example.org/base/{z}/{x}/{y}.png?key=k"' in page
    assert 'data-basemap-by="© 示例"' in page


@pytest.mark.parametrize(
    "url",
    [
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://{s}.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{s}/{z}/{x}/{y}.png",
        "https://a.example.org; script-src *//{z}/{x}/{y}.png",
        "https://user@a.example.org/{z}/{x}/{y}.png",
        "https://*/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "https://a.example.org/ {z}/{x}/{y}.png",
    ],
)
def test_an_address_that_is_not_of_one_https_host_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        BasemapS.model_validate({"url": url, "attribution": {"zh": "一", "en": "one"}})


def test_the_settings_file_of_a_district_carries_it() -> None:
    raw = yaml.safe_load((SCHEMATIC / "district.yaml").read_text(encoding="utf-8"))
    by = {"zh": TILES.attribution.zh, "en": TILES.attribution.en}
    raw["basemap"] = {"url": TILES.url, "attribution": by, "max_zoom": 17}
    found = _settings(SettingsFile.model_validate(raw)).basemap
    assert found == TILES
    assert found.origin == "https://tiles.example.org"
