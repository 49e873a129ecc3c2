"""The files that the page is made of: icons, the script and the styles, each gzipped once."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from pathlib import Path

from flask import Response, request, url_for
from markupsafe import Markup

STATIC = Path(__file__).parents[1] / "static"
DIST = STATIC / "dist"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
KEPT_S = 7 * 24 * 3600
"""How long a browser may keep what has its own hash or edition in its address."""


@lru_cache(maxsize=32)
def icon(name: str) -> Markup:
    """An icon of the set, drawn in the colour of the text beside it."""
    drawn = (STATIC / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    bare = drawn[drawn.index("<svg") :].strip()
    marked = bare.replace("<svg ", '<svg class="icon" aria-hidden="true" focusable="false" ', 1)
    return Markup(marked)  # noqa: S704 - our own file


@lru_cache(maxsize=1)
def _hashes() -> dict[str, str]:
    """The hashes of the bundle's files; empty while it has not been built."""
    path = DIST / "assets.json"
    if not path.is_file():
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def asset_address(name: str) -> str:
    """The address of a file of the bundle, another one whenever the file is another one."""
    return url_for("officer.asset", name=name, v=_hashes().get(name, "0"))


def asset(name: str) -> Response | None:
    """A file of the bundle; None for a name that is not one, or while it is not built."""
    known = _hashes().get(name)
    if known is None or not (DIST / name).is_file():
        return None
    return gzipped(_asset(name, known), TYPES[Path(name).suffix])


@lru_cache(maxsize=8)
def _asset(name: str, _hash: str) -> bytes:
    return gzip.compress((DIST / name).read_bytes(), 9, mtime=0)


def gzipped(packed: bytes, content_type: str) -> Response:
    """A packed file as it is, or unpacked for who cannot read it."""
    answer = Response(packed, content_type=content_type)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.headers["Content-Encoding"] = "gzip"
    else:
        answer.set_data(gzip.decompress(packed))
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    return answer


def packed_page(answer: Response) -> Response:
    """Pages gzipped: they are read on a tablet in the street."""
    worth = answer.mimetype in ("text/html", "image/svg+xml") and not answer.is_streamed
    if worth and "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.set_data(gzip.compress(answer.get_data(), 5, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers.add("Vary", "Accept-Encoding")
    return answer
