"""Where one lands after logging in: what this person's posts may open."""

from __future__ import annotations

from flask import Blueprint, Response

from web.ledger.core import Core


class Home:
    """The first page."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def register(self, pages: Blueprint) -> None:
        """Add the page."""
        pages.add_url_rule("/desk", "home", self.home)

    def home(self) -> Response:
        """The list of what this person may open."""
        return self._core.page("home.html")
