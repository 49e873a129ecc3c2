"""The map of the seams over HTTP: one page, the layer it draws, and the faults as GeoJSON."""

from __future__ import annotations

import gzip
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, render_template, request

from geo.editions import Edition
from geo.fault_map import as_geojson
from geo.map_check import MapFaults
from rules.errors import Fault
from web.asking import day as day_of
from web.desk import Desk
from web.errors import BadInput, faults_of, meaning_of
from web.logs import log_unexpected
from web.officer.bundle import asset_address, gzipped, packed_page
from web.officer.preferences import Preferences
from web.officer.safe_text import shown
from web.officer.words import words
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
        on, against = self._day(), self._against()
        view = self._view(on)
        _, seams = self._found(on, against)
        groups = view.groups(seams, against)
        return self._rendered(
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
        on = self._day()
        _, seams = self._found(on, self._against())
        answer = gzipped(gzip.compress(self._view(on).features(seams), 6, mtime=0), GEOJSON)
        answer.headers["Cache-Control"] = "private, no-cache"
        return answer

    def download(self) -> Response:
        """All faults, as `seamless layers check --geojson` writes them, with those of roads."""
        on = self._day()
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

    def _day(self) -> date:
        given = request.args.get("on", "").strip()
        return day_of("on", given) if given else self._desk.today()

    def _comparable(self, on: date) -> tuple[Edition, ...]:
        return comparable(self._desk.district, on)

    def _against(self) -> Edition | None:
        given = request.args.get("against", "").strip()
        if not given:
            return None
        choices = {_id(one): one for one in self._comparable(self._day())}
        if given not in choices:
            slots = {"given": given[:60], "names": ", ".join(choices) or "-"}
            key = "against.unknown"
            zh, en = (words(STRINGS).say(key, lang, slots) for lang in ("zh", "en"))
            raise BadInput([Fault("against", zh, en)])
        return choices[given]

    # --- pages --------------------------------------------------------------------------------

    def _prefs(self) -> Preferences:
        lang = self._desk.settings.lang.value
        return Preferences.read(request.cookies, self._desk.district, lang)

    def _view(self, on: date) -> View:
        return View(self._desk.district, self._prefs().lang, on)

    def _rendered(self, template: str, view: View, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - whatever the template shows
        today = self._desk.today().isoformat()
        text = render_template(
            f"seammap/{template}",
            prefs=self._prefs(),
            district=self._desk.district.settings,
            say=view.say,
            t=view.t,
            shown=shown,
            asset=asset_address,
            today=today,
            here=request.full_path.rstrip("?"),
            **({"on": today} | values),
        )
        answer = Response(text, status=status, content_type="text/html; charset=utf-8")
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.headers["Vary"] = "Cookie"
        return answer

    def _failed(self, error: Exception) -> Response:
        meaning = meaning_of(error)
        if meaning.status >= 500:
            log_unexpected(self._desk.settings.data, error)
        view = self._view(self._desk.today())
        english = self._prefs().lang == "en"
        says = [fault.en if english else fault.zh for fault in faults_of(error)]
        return self._rendered("failed.html", view, meaning.status, says=says)


def _id(edition: Edition) -> str:
    return f"{edition.kind}/{edition.name}"
