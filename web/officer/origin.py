"""Where a request comes from and where an answer may lead: this server, and nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

LONGEST = 12_000
"""Characters of an address that are taken."""


def is_ours() -> bool:
    """Whether a browser says that a form was sent from a page of this server.

    Browsers say so themselves (Sec-Fetch-Site, else Origin); what is no browser has no cookies
    to misuse. Nothing is kept on the server, so it holds across a restart.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def local(path: str) -> str:
    """The path when it is an address within this server, else the first page."""
    parts = urlsplit(path[:LONGEST])
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    if not safe or parts.scheme or parts.netloc or not path.isprintable():
        return "/"
    return path[:LONGEST]
