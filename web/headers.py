"""What every HTTP answer carries, so that a browser runs only what this server sent."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response


def policy(pictures: str | None = None) -> str:
    """The content security policy; `pictures` is the one outside origin they may come from."""
    return (
        "default-src 'self'; "
        f"img-src 'self' data: blob:{f' {pictures}' if pictures else ''}; "
        "object-src 'none'; "
        "base-uri 'none'; "
        "form-action 'self'; "
        "frame-ancestors 'none'"
    )


HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def guard(app: Flask, pictures: str | None = None) -> None:
    """Put the headers on every answer of `app`; a view's own header is kept.

    `pictures` is the one outside origin that the maps' pictures may come from.
    """
    headers = {"Content-Security-Policy": policy(pictures), **HEADERS}

    @app.after_request
    def _guarded(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response
