"""An API that flask-openapi3 documents and that we parse.

flask-openapi3 would read the body twice over (into Python, then into the model), takes a JSON
string for a JSON object, and lets deep nesting end in a RecursionError. Here the bytes go through
the model once, and whatever is wrong with them is a `BadInput`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel

from web.schemas import parsed_fields, parsed_json

View = Callable[..., Response]


class DocumentedBlueprint(APIBlueprint):
    """A blueprint whose views get `path`, `query` and `body` as checked models."""

    @staticmethod
    def create_view_func(func: View, *models: type[BaseModel] | None, **_options: object) -> View:  # type: ignore[override]  # called by position
        """The view that Flask calls: what came in, checked once, then `func`."""
        _header, _cookie, path, query, _form, body, *_ = models

        @wraps(func)
        def view(**in_path: object) -> Response:
            given: dict[str, BaseModel] = {}
            if path is not None:
                given["path"] = parsed_fields(path, in_path)
            if query is not None:
                given["query"] = parsed_fields(query, request.args.to_dict())
            if body is not None:
                given["body"] = parsed_json(body, request.get_data(cache=False))
            return func(**given)

        return view
