"""The HTTP interface: the same questions and answers as the command line, as JSON."""

from __future__ import annotations

import threading
from datetime import date

from flask import Response, request
from flask_openapi3.models.info import Info
from flask_openapi3.models.tag import Tag
from pydantic_core import to_json

from geo.editions import Kind
from rules.errors import UnknownMatter
from web.asking import Asked, day
from web.contract import ResolutionOut
from web.desk import Desk
from web.documented import DocumentedBlueprint
from web.errors import NotFound
from web.layer_json import layer_geojson, tag_of, used
from web.matter_json import matter_json, matter_line
from web.officer.everyday import read_everyday
from web.officer.search import Index
from web.schemas import (
    FaultsOut,
    LayerPath,
    MatterPath,
    MattersIn,
    OnIn,
    ResolveIn,
)

INFO = Info(
    title="无缝 Seamless",
    version="1",
    description="事项和位置进，唯一责任单位出。/ What and where in, one accountable unit out.",
)
JSON = "application/json"
GEOJSON = "application/geo+json"
"""As RFC 7946 has it."""
MOST_LAYERS = 16
"""How many layers are kept ready as text; making one takes a moment."""


def json_answer(value: object, content_type: str = JSON) -> Response:
    """The value as JSON, as it stands: keys keep their order, Chinese stays Chinese."""
    # pydantic's writer takes a quarter of the time of `json`, which shows in answers per second
    return Response(to_json(value, inf_nan_mode="null"), content_type=content_type)


def api(desk: Desk) -> DocumentedBlueprint:
    """The blueprint under /api/v1."""
    blueprint = DocumentedBlueprint(
        "api",
        __name__,
        url_prefix="/api/v1",
        abp_tags=[Tag(name="认定 / Resolution")],
        abp_responses={422: FaultsOut},
    )
    book = desk.district.book
    index = Index(book.catalogue, read_everyday(desk.folder, book.catalogue).phrases)
    layers: dict[str, bytes] = {}
    lock = threading.Lock()

    def when(given: str | None) -> date:
        return desk.today() if given is None else day("on", given)

    @blueprint.post(
        "/resolve",
        summary="认定唯一责任单位 / Name the one accountable unit",
        responses={200: ResolutionOut},
    )
    def resolve(body: ResolveIn) -> Response:
        answer = desk.answer(asked(body))
        return json_answer(answer.as_dict())

    @blueprint.get("/matters", summary="列出或搜索事项 / List or search matters")
    def matters(query: MattersIn) -> Response:
        on = when(query.on)
        found = (
            book.catalogue.matters.values()
            if query.q is None
            else [hit.matter for hit in index.find(query.q, on)]
        )
        return json_answer([matter_line(matter, on) for matter in found])

    @blueprint.get("/matters/<code>", summary="一个事项的全部 / All of a matter")
    def matter(path: MatterPath, query: OnIn) -> Response:
        on = when(query.on)
        try:
            found = book.matter(path.code)
        except UnknownMatter as error:
            raise NotFound(field="code", zh=error.zh, en=error.en) from error
        return json_answer(matter_json(found, on))

    @blueprint.get("/layers/<kind>.geojson", summary="某日的图层 / A map layer as it was on a day")
    def layer(path: LayerPath, query: OnIn) -> Response:
        editions = used(desk.district.atlas, _kind(path.kind), when(query.on))
        tag = tag_of(editions)
        with lock:
            body = layers.get(tag)
            if body is None:
                layers.pop(next(iter(layers)), None) if len(layers) >= MOST_LAYERS else None
                body = layers[tag] = layer_geojson(editions)
        answer = Response(body, content_type=GEOJSON)
        answer.set_etag(tag)
        answer.headers["Cache-Control"] = "no-cache"
        answer.make_conditional(request)
        return answer

    return blueprint


def asked(body: ResolveIn) -> Asked:
    """The question that a body puts, still to be checked."""
    at = None if body.at is None else (body.at.lon, body.at.lat)
    return Asked(
        matter=body.matter,
        facts=body.facts,
        at=at,
        accuracy=body.accuracy,
        crs=body.crs,
        road=body.road,
        stake=body.stake,
        direction=body.direction,
        area=body.area,
        site=body.site,
        asker=body.asker,
        on=body.on,
        occurred_on=body.occurred_on,
    )


def _kind(given: str) -> Kind:
    try:
        return Kind(given)
    except ValueError:
        listed = ", ".join(Kind)
        raise NotFound(
            field="kind",
            zh=f"没有“{given}”图层，可选：{listed}",
            en=f"there is no layer {given!r}; choose one of: {listed}",
        ) from None
