"""The officer's page over HTTP: parse the address, look, render. Nothing is decided here.

GET asks and changes nothing, so every state has an address. POST only remembers a preference or
sends "this answer is wrong", and only when it comes from a page of this server; no session is
needed, so a restart loses nothing.
"""

from __future__ import annotations

import io
import json
import re
import secrets
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import segno
from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from enforcement.services.reports import LONGEST_TEXT, Wrong, report_wrong_answer
from rules.errors import Fault
from web.asking import day as day_of
from web.desk import Desk
from web.errors import faults_of, meaning_of
from web.logs import log_unexpected
from web.officer.answer_view import AnswerView
from web.officer.bundle import asset, gzipped, icon, packed_page
from web.officer.everyday import Everyday, read_everyday
from web.officer.map_layers import roads_json, streets_json
from web.officer.origin import LONGEST, is_ours, local
from web.officer.preferences import YEAR_S, as_cookies, units_to_choose
from web.officer.reader import Reader
from web.officer.safe_text import shown
from web.officer.said import Said
from web.officer.screen import Refused, Screen, Told
from web.officer.search import Index
from web.officer.words import words
from web.pages import html_page, preferences

LAYERS = ("streets", "roads")
_DIALLED = re.compile(r"[^0-9+*#,]")


def officer(desk: Desk) -> Blueprint:
    """The blueprint of the officer's page, with the search index and tiles of the desk's district.

    Raises `DistrictRefused` for faults in the district's tiles.
    """
    catalogue = desk.district.book.catalogue
    everyday = read_everyday(desk.folder, catalogue)
    index = Index(catalogue, everyday.phrases)
    return _Page(desk, index, everyday).blueprint()


class _Page:
    def __init__(self, desk: Desk, index: Index, everyday: Everyday) -> None:
        self._desk = desk
        self._index = index
        self._everyday = everyday
        self._layers = lru_cache(maxsize=32)(self._layer)

    def blueprint(self) -> Blueprint:
        page = Blueprint("officer", __name__, template_folder="../templates")
        page.add_url_rule("/", "main", self.main)
        page.add_url_rule("/search", "search", self.search)
        page.add_url_rule("/card", "card", self.card)
        page.add_url_rule("/qr.svg", "qr", self.qr)
        page.add_url_rule("/report", "report", self.report, methods=["GET", "POST"])
        page.add_url_rule("/settings", "settings", self.settings, methods=["GET", "POST"])
        page.add_url_rule("/map/<layer>.json", "layer", self.layer)
        page.add_url_rule("/assets/<name>", "asset", self.asset)
        page.add_app_template_filter(_dialled, "dialled")
        page.before_request(self._check)
        page.after_request(packed_page)
        page.errorhandler(Exception)(self._failed)
        return page

    # --- before and after ---------------------------------------------------------------------

    def _check(self) -> None:
        if len(request.query_string) > LONGEST:
            abort(414)
        if request.method == "POST" and not is_ours():
            abort(403)

    def _reader(self) -> Reader:
        return Reader(self._desk, preferences(self._desk), self._desk.today())

    def _screen(self, reader: Reader, args: MultiDict[str, str]) -> Screen:
        return Screen(
            reader,
            Said.read(args),
            index=self._index,
            everyday=self._everyday,
            site_name=args.get("site_name", "")[:100],
        )

    def _rendered(
        self,
        template: str,
        reader: Reader,
        status: int = 200,
        **values: Any,  # noqa: ANN401 - whatever the template shows
    ) -> Response:
        here = local(request.full_path.rstrip("?"))
        own = reader.prefs.unit
        unit = None if own is None else self._desk.district.registry.units[own]
        return html_page(
            self._desk,
            template,
            status,
            own=unit and {"name": unit.name(reader.today)},
            today=reader.today.isoformat(),
            home=url_for("officer.main"),
            here=here,
            settings_link=url_for("officer.settings", back=here),
            say=reader.say,
            t=reader.t,
            icon=icon,
            **values,
        )

    def _failed(self, error: Exception) -> Response:
        """Any error as a page in the reader's language; what nobody foresaw is logged."""
        reader = self._reader()
        if isinstance(error, HTTPException):
            status = error.code or 500
            key = f"failed.{status}" if status in (403, 404, 405, 413, 414) else "failed.other"
            faults = [reader.say(key)]
        else:
            status = meaning_of(error).status
            if status == 500:
                log_unexpected(
                    self._desk.settings.data, error, path=request.path, method=request.method
                )
            faults = [shown(reader.t(one)) for one in faults_of(error)]
        return self._rendered("officer/failed.html", reader, status, faults=faults)

    # --- the screen ---------------------------------------------------------------------------

    def main(self) -> Response:
        """The one screen, at the step that the address has come to."""
        reader = self._reader()
        screen = self._screen(reader, request.args)
        view = screen.view()
        status = 422 if view["faults"] else 200
        return self._rendered(
            "officer/screen.html", reader, status, view=view, **self._map(reader, screen.day)
        )

    def search(self) -> Response:
        """The list of matters that the words in the address may mean, without a page around it."""
        reader = self._reader()
        screen = self._screen(reader, request.args)
        view = {"hits": screen.hits(), "said": screen.said}
        return self._rendered("officer/results.html", reader, view=view)

    def _map(self, reader: Reader, day: date) -> dict[str, object]:
        on_map = self._desk.district.atlas.on(day)
        tag = "-".join(name for _, name in on_map.editions)[:80]
        keys = (
            "in", "out", "pin", "move", "keys", "locating", "accuracy", "hand", "weak",
            "denied", "no_fix", "no_gps", "outside", "stop",
        )  # fmt: skip
        return {
            "map_layers": {
                layer: url_for(
                    "officer.layer",
                    layer=layer,
                    on=on_map.day.isoformat(),
                    lang=reader.prefs.lang,
                    v=tag,
                )
                for layer in LAYERS
            },
            "map_words": json.dumps(
                {
                    **{key: reader.t(words()[f"script.{key}"]) for key in keys},
                    "operators": reader.say("legend.operators"),
                    "unregistered": reader.say("legend.unregistered"),
                },
                ensure_ascii=False,
            ),
        }

    # --- an answer to take away ---------------------------------------------------------------

    def card(self) -> Response:
        """The answer as a card that reads without the app."""
        reader = self._reader()
        screen = self._screen(reader, request.args)
        told = screen.told() if screen.is_whole else []
        if not isinstance(told, Told) or told.given.ask:
            return _to(Said.read(request.args).address())
        view = screen.view()
        shared = screen.shared()
        view["links"] |= {
            "qr": shared.address(url_for("officer.qr")),
            "absolute": request.host_url.rstrip("/") + shared.address(url_for("officer.main")),
        }
        return self._rendered("officer/card.html", reader, view=view)

    def qr(self) -> Response:
        """A QR code of the address of the same answer."""
        said = Said.read(request.args)
        code = segno.make(
            request.host_url.rstrip("/") + said.address(), error="m", boost_error=False
        )
        drawn = io.BytesIO()
        code.save(drawn, kind="svg", border=2, xmldecl=False, svgns=True, nl=False)
        return Response(drawn.getvalue(), content_type="image/svg+xml")

    # --- this answer is wrong -----------------------------------------------------------------

    def report(self) -> Response:
        """The form that says an answer is wrong, and where it is sent."""
        reader = self._reader()
        if request.method == "GET":
            sent = request.args.get("sent", "")
            if sent.isdecimal():
                args = request.args.copy()
                args.poplist("sent")
                return self._rendered(
                    "officer/report.html",
                    reader,
                    sent=int(sent[:18]),
                    back=Said.read(args).address(),
                )
            return self._report_form(reader, Said.read(request.args))
        said = Said.read(_args_of(request.form.get("address", "")))
        typed = {
            "kind": request.form.get("kind", ""),
            "text": request.form.get("text", "").replace("\r\n", "\n")[: LONGEST_TEXT + 1],
        }
        screen = self._screen(reader, MultiDict(said.pairs()))
        told = screen.told() if screen.is_whole else []
        if not isinstance(told, Told):
            return _to(said.address())
        try:
            number = report_wrong_answer(
                self._desk.kept.store,
                once=request.form.get("once", ""),
                kind=typed["kind"],
                text=typed["text"],
                asker=screen.asker(),
                address=screen.shared().address(),
                resolution=told.resolution.as_dict(),
                at=self._desk.now(),
            )
        except Refused as error:
            return self._report_form(reader, said, typed, list(faults_of(error)))
        mark = "&" if said.pairs() else "?"
        return _to(f"{said.address(url_for('officer.report'))}{mark}sent={number}")

    def _report_form(
        self,
        reader: Reader,
        said: Said,
        typed: dict[str, str] | None = None,
        faults: list[Fault] | None = None,
    ) -> Response:
        screen = self._screen(reader, MultiDict(said.pairs()))
        told = screen.told() if screen.is_whole else []
        if not isinstance(told, Told):
            return _to(said.address())
        answer = AnswerView(reader, told.said, told.resolution, told.given)
        return self._rendered(
            "officer/report.html",
            reader,
            422 if faults else 200,
            sent=None,
            back=said.address(),
            address=said.address(),
            once=secrets.token_hex(16),
            kinds=[kind.value for kind in Wrong],
            typed=typed or {"kind": "", "text": ""},
            faults=[shown(reader.t(one)) for one in faults or ()],
            unit=answer.plate.plate()["unit"],
            matter=answer.plate.under(),
        )

    # --- preferences --------------------------------------------------------------------------

    def settings(self) -> Response:
        """The preferences, and where they are remembered."""
        reader = self._reader()
        if request.method == "POST":
            answer = _to(_settings_after(request.form))
            for name, value in as_cookies(request.form, self._desk.district).items():
                answer.set_cookie(
                    name, value, max_age=YEAR_S, httponly=True, samesite="Lax",
                    secure=request.is_secure,
                )  # fmt: skip
            return answer
        of_streets, others = units_to_choose(self._desk.district, reader.today)
        groups = [
            {
                "name": reader.say(key),
                "units": [
                    {"id": one.id, "name": shown(reader.t(one.name(reader.today)), 80)}
                    for one in units
                ],
            }
            for key, units in (("settings.streets", of_streets), ("settings.others", others))
        ]
        return self._rendered(
            "officer/settings.html",
            reader,
            groups=groups,
            back=local(request.args.get("back", "")),
            saved="saved" in request.args,
        )

    # --- files --------------------------------------------------------------------------------

    def layer(self, layer: str) -> Response:
        """Borders or roads of a day, small enough for the page's map."""
        if layer not in LAYERS:
            abort(404)
        day = day_of("on", request.args.get("on", self._desk.today().isoformat()))
        lang = "en" if request.args.get("lang") == "en" else "zh"
        on_map = self._desk.district.atlas.on(day)
        packed = self._layers(layer, on_map.day, lang)
        return gzipped(packed, "application/geo+json")

    def _layer(self, layer: str, day: date, lang: str) -> bytes:
        on_map = self._desk.district.atlas.on(day)
        made = streets_json if layer == "streets" else roads_json
        return made(on_map, self._desk.district, lang)

    def asset(self, name: str) -> Response:
        """A file of the bundle, gzipped once."""
        found = asset(name)
        return abort(404) if found is None else found


# --- small things ------------------------------------------------------------------------------


def _settings_after(form: MultiDict[str, str]) -> str:
    """Back to where one came from; after the whole form to the form, which says it is kept."""
    back = local(form.get("back", "/"))
    if "theme" not in form:
        return back
    return url_for("officer.settings", back=back, saved="1")


def _args_of(address: str) -> MultiDict[str, str]:
    return MultiDict(parse_qsl(urlsplit(local(address)).query, max_num_fields=200))


def _to(address: str) -> Response:
    answer = redirect(local(address), 303)
    return Response(answer.get_data(), 303, dict(answer.headers))


def _dialled(phone: str) -> str:
    """A phone number as a `tel:` link takes it."""
    return _DIALLED.sub("", phone)
