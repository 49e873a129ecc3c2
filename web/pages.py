"""A page as it is sent: rendered for one reader, and kept by nobody else."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, g, render_template, request

from web.desk import Desk
from web.officer.bundle import asset_address
from web.officer.preferences import Preferences
from web.officer.safe_text import shown

ASKED_AGAIN: Final = "private, no-cache"
"""A browser may keep the page, and asks before it shows it again."""
NEVER_KEPT: Final = "private, no-store"


def preferences(desk: Desk) -> Preferences:
    """The reader's language, theme and size of type; the cookies are read once a request."""
    kept: Preferences | None = g.get("preferences")
    if kept is None:
        kept = Preferences.read(request.cookies, desk.district, desk.settings.lang.value)
        g.preferences = kept
    return kept


def html_page(
    desk: Desk,
    template: str,
    status: int = 200,
    *,
    kept: str = ASKED_AGAIN,
    **values: Any,  # noqa: ANN401 - whatever the template shows
) -> Response:
    """The template as a page in the reader's language, with what every template is shown with."""
    text = render_template(
        template,
        prefs=preferences(desk),
        district=desk.district.settings,
        shown=shown,
        asset=asset_address,
        **values,
    )
    answer = Response(text, status=status, content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = kept
    answer.headers["Vary"] = "Cookie"
    return answer
