"""Errors as HTTP answers: `{"errors": [{field, zh, en}]}`, and never a traceback."""

from __future__ import annotations

import json
from collections.abc import Iterable

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from rules.errors import Fault
from web.desk import Desk
from web.errors import faults_of, meaning_of
from web.logs import log_unexpected

JSON = "application/json"

_SAID = {
    400: ("请求有误，无法读懂", "the request cannot be understood"),
    404: ("没有这个地址", "there is nothing at this address"),
    405: ("这个地址不支持此方法", "this address does not know this method"),
    413: ("正文太大，最多 64 KB", "the body is too large: at most 64 KB"),
}


def refuse(app: Flask, desk: Desk) -> None:
    """Let every error of `app` end in an answer that names what is wrong."""

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        zh, en = _SAID.get(status, (f"请求被拒绝（{error.name}）", f"refused: {error.name}"))
        field = "body" if isinstance(error, RequestEntityTooLarge) else ""
        answer = refusal([Fault(field, zh, en)], status)
        for name, value in error.get_headers():
            if name.lower() == "allow":
                answer.headers[name] = value
        return answer

    @app.errorhandler(Exception)
    def _error(error: Exception) -> Response:
        meaning = meaning_of(error)
        if meaning.status == 500:
            log_unexpected(desk.settings.data, error, path=request.path, method=request.method)
        return refusal(faults_of(error), meaning.status)


def refusal(faults: Iterable[Fault], status: int) -> Response:
    """The answer that tells the faults."""
    listed = [{"field": one.field, "zh": one.zh, "en": one.en} for one in faults]
    return Response(
        json.dumps({"errors": listed}, ensure_ascii=False), status=status, content_type=JSON
    )
