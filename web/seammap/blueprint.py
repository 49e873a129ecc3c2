"""The map of the seams over HTTP: one page, the layer it draws, and the faults as GeoJSON."""

from __future__ import annotations

import gzip
from datetime import date
from functools import lru_cache

from flask import Blueprint, Response, request

from geo.editions import Edition
from geo.fault_map import as_geojson
from geo.map_check import MapFaults
from rules.errors import Fault
from web.desk import Desk
from web.errors import BadInput
from web.officer.bundle import gzipped, packed_page
from web.officer.words import words
from web.rulebook.frame import Frame
from web.seammap import STRINGS
from web.seammap.seams import Seam, comparable, seams_of
from web.seammap.seams import faults_of as map_faults_of
from web.seammap.view import View

GEOJSON = "application/geo+json"
KEPT = 16
"""Days whose faults are kept: finding them takes a second where the layers are large."""


def seammap(desk: Desk) -> Blueprint:
    """The blueprint of the map of the seams; raises `BadInput` when a word lacks a language."""
    words(STRINGS)
    return _Pages(desk).blueprint()


class _Pages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._frame = Frame(desk, "seammap")
        self._found = lru_cache(maxsize=KEPT)(self._find)

    def blueprint(self) -> Blueprint:
        pages = Blueprint("seammap", __name__, url_prefix="/seams")
        pages.add_url_rule("/map", "page", self.page)
        pages.add_url_rule("/map.json", "layer", self.layer)
        pages.add_url_rule("/faults.geojson", "download", self.download)
        pages.after_request(packed_page)
        pages.errorhandler(Exception)(self._failed)
        return pages

    def page(self) -> Response:
        """The seams of a day: a list that is whole by itself, and the map beside it."""
        on, against = self._frame.day(), self._against()
        view = self._view(on)
        _, seams = self._found(on, against)
        groups = view.groups(seams, against)
        return self._frame.rendered(
            "map.html",
            view,
            on=on.isoformat(),
            groups=groups,
            open_seams=sum(not one.is_known for one in seams),
            checked=view.checked(edition for edition, _ in self._desk.district.atlas.in_force(on)),
            choices=[(_id(one), view.edition(one)) for one in self._comparable(on)],
            against="" if against is None else _id(against),
        )

    def layer(self) -> Response:
        """The seams with a place, numbered as the list is, for the page's map."""
        on = self._frame.day()
        _, seams = self._found(on, self._against())
        answer = gzipped(gzip.compress(self._view(on).features(seams), 6, mtime=0), GEOJSON)
        answer.headers["Cache-Control"] = "private, no-cache"
        return answer

    def download(self) -> Response:
        """All faults, as `seamless layers check --geojson` writes them, with those of roads."""
        on = self._frame.day()
        faults, _ = self._found(on, self._against())
        text = as_geojson(faults.areas, faults.roads)
        answer = gzipped(gzip.compress(text.encode(), 6, mtime=0), GEOJSON)
        name = f"seams-{self._desk.district.settings.code}-{on.isoformat()}.geojson"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        answer.headers["Cache-Control"] = "private, no-cache"
        return answer

    # --- what was asked -----------------------------------------------------------------------

    def _find(self, on: date, against: Edition | None) -> tuple[MapFaults, tuple[Seam, ...]]:
        district = self._desk.district
        faults = map_faults_of(district, on, against)
        return faults, seams_of(faults, district.atlas.on(on).roads)

    def _comparable(self, on: date) -> tuple[Edition, ...]:
        return comparable(self._desk.district, on)

    def _against(self) -> Edition | None:
        given = request.args.get("against", "").strip()
        if not given:
            return None
        choices = {_id(one): one for one in self._comparable(self._frame.day())}
        if given not in choices:
            slots = {"given": given[:60], "names": ", ".join(choices) or "-"}
            key = "against.unknown"
            zh, en = (words(STRINGS).say(key, lang, slots) for lang in ("zh", "en"))
            raise BadInput([Fault("against", zh, en)])
        return choices[given]

    # --- pages --------------------------------------------------------------------------------

    def _view(self, on: date) -> View:
        return View(self._desk.district, self._frame.prefs.lang, on)

    def _failed(self, error: Exception) -> Response:
        return self._frame.failed(error, self._view(self._desk.today()))


def _id(edition: Edition) -> str:
    return f"{edition.kind}/{edition.name}"
