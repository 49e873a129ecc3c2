"""The web application: parts joined, nothing decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Flask, Response
from flask_openapi3.openapi import OpenAPI

from web.api import INFO, api, json_answer
from web.desk import Desk, open_desk
from web.headers import guard
from web.ledger.blueprint import ledger
from web.officer.blueprint import officer
from web.refusals import refuse
from web.rulebook.blueprint import rulebook
from web.schemas import MAX_BODY_BYTES, FaultsOut
from web.seammap.blueprint import seammap
from web.settings import Settings


def create_app(settings: Settings, *, today: Callable[[], date] | None = None) -> Flask:
    """The application of an installation; its district is opened here and checked.

    Raises what `open_desk` raises.
    """
    return app_of(open_desk(settings, today=today))


def app_of(desk: Desk) -> Flask:
    """The application that answers from this desk."""
    app = OpenAPI(__name__, info=INFO, doc_ui=False, validation_error_model=FaultsOut)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's own provider has it
    refuse(app, desk)
    basemap = desk.district.settings.basemap
    guard(app, None if basemap is None else basemap.origin)
    app.register_api(api(desk))
    app.register_blueprint(officer(desk))
    app.register_blueprint(rulebook(desk))
    app.register_blueprint(seammap(desk))
    app.register_blueprint(ledger(desk, app))

    @app.get("/healthz", doc_ui=False)
    def healthz() -> Response:
        return json_answer({"status": "ok", "district": desk.district.settings.code})

    @app.get("/openapi.json", doc_ui=False)
    def openapi_json() -> Response:
        return json_answer(app.api_doc)

    @app.get("/openapi/", doc_ui=False)
    def openapi_page() -> Response:
        return app.send_static_file("api/index.html")

    return app
