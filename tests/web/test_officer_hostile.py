"""Names in a district's own data may hold anything: on the page they are text and nothing else."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from flask.testing import FlaskClient
from shapely.geometry import LineString, box

from enforcement.services.sites import seed_demo_sites
from geo.editions import CRS, Edition, Kind
from geo.layers import Atlas
from geo.register import RegisterEntry
from tests.enforcement import toy
from web.app import app_of
from web.desk import Desk, Kept
from web.settings import Settings

HOSTILE = "</option><script>alert('1')</script>\"\u202e\u0007" + "长" * 200
SITE = HOSTILE.replace("\u202e\u0007", "")[:250]
"""The import of sites refuses what cannot be seen by itself."""


def layer(kind: Kind, row: dict[str, object]) -> Edition:
    return Edition.made(
        kind=kind,
        name="hostile",
        valid_from=toy.START,
        ceases_on=None,
        frame=gpd.GeoDataFrame([row], geometry="geometry", crs=CRS),
        schematic=False,
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A district whose street, community, road, owner and site all have a hostile name."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    here = box(114.0, 22.0, 114.01, 22.01)
    line = LineString([(114.0, 22.005), (114.01, 22.005)])
    atlas = Atlas(
        [
            layer(Kind.STREET, {"code": "X", "name": HOSTILE, "geometry": here}),
            layer(Kind.COMMUNITY, {"code": "X1", "name": HOSTILE, "geometry": here}),
            layer(Kind.ROAD, {"code": "R1", "name": HOSTILE, "ref": HOSTILE, "road_class": "branch",
                              "legal_class": "city_road", "from_m": 0.0, "to_m": 1000.0,
                              "geometry": line}),
        ],
        [RegisterEntry("R1", "", None, None, None, "maintain", "works", toy.START, None)],
    )  # fmt: skip
    settings = Settings(data=folder, database_url=f"sqlite:///{folder / 'seamless.db'}")
    kept = Kept(settings)
    seed_demo_sites(
        kept.store,
        [{"id": "S1", "name": SITE, "address": SITE, "lon": "114.005",
          "lat": "22.005"}],
    )  # fmt: skip
    district = replace(toy.district(folder), atlas=atlas)
    return app_of(Desk(settings, district, kept, lambda: toy.DAY)).test_client()


@pytest.mark.parametrize(
    "address",
    [
        "/?matter=food",
        "/?matter=food&site_name=script&step=where",
        "/?matter=food&at=114.005,22.005&fact.stage=shop&fact.licence=licensed",
        "/?matter=hole&at=114.005,22.005",
        "/?matter=food&site=S1&fact.stage=shop&fact.licence=licensed",
        "/?matter=food&area=X&fact.stage=shop&fact.licence=licensed",
        "/?matter=food&area=X1&fact.stage=shop&fact.licence=licensed",
        "/card?matter=food&at=114.005,22.005&fact.stage=shop&fact.licence=licensed",
        "/report?matter=food&at=114.005,22.005&fact.stage=shop&fact.licence=licensed",
    ],
)
def test_a_hostile_name_is_shown_as_text(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in (200, 303)
    source = answer.get_data(as_text=True)
    assert "<script>alert" not in source
    said = html.unescape(re.sub(r"<[^>]*>", "", source))
    assert "\u202e" not in said
    assert "\x07" not in said


def test_the_places_to_choose_show_what_cannot_be_seen(client: FlaskClient) -> None:
    said = html.unescape(client.get("/?matter=food").get_data(as_text=True))
    assert "⟨U+202E⟩" in said


def test_the_map_gets_hostile_names_as_data(client: FlaskClient) -> None:
    for name in ("streets", "roads"):
        answer = client.get(f"/map/{name}.json")
        assert answer.mimetype == "application/geo+json"
        assert json.loads(answer.get_data())["features"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
