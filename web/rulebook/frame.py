"""The frame of the rule book's pages, and of the map of the seams that hangs in it."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from flask import Response, request

from rules.model import Text
from web.asking import day as day_of
from web.desk import Desk
from web.errors import faults_of, meaning_of
from web.logs import log_unexpected
from web.officer.preferences import Preferences
from web.pages import html_page, preferences


class Speaker(Protocol):
    """What has the words of a page in one language."""

    def say(self, key: str, **values: object) -> str:
        """A word of the pages."""

    def t(self, text: Text) -> str:
        """A text in the reader's language."""


class Frame:
    """What a group of pages under the rule book's head is rendered with."""

    def __init__(self, desk: Desk, folder: str) -> None:
        self._desk = desk
        self._folder = folder

    @property
    def prefs(self) -> Preferences:
        """The reader's language and theme."""
        return preferences(self._desk)

    def day(self) -> date:
        """The day asked for, or today. Raises `BadInput` for what is none."""
        given = request.args.get("on", "").strip()
        return day_of("on", given) if given else self._desk.today()

    def rendered(
        self,
        template: str,
        speaker: Speaker,
        status: int = 200,
        **values: Any,  # noqa: ANN401 - whatever the template shows
    ) -> Response:
        """A page of the folder; `on` is today unless given."""
        today = self._desk.today().isoformat()
        return html_page(
            self._desk,
            f"{self._folder}/{template}",
            status,
            say=speaker.say,
            t=speaker.t,
            today=today,
            here=request.full_path.rstrip("?"),
            **({"on": today} | values),
        )

    def failed(self, error: Exception, speaker: Speaker, **values: object) -> Response:
        """Any error as a page; what nobody foresaw is logged."""
        status = meaning_of(error).status
        if status >= 500:
            log_unexpected(self._desk.settings.data, error)
        english = self.prefs.lang == "en"
        says = [fault.en if english else fault.zh for fault in faults_of(error)]
        return self.rendered("failed.html", speaker, status, says=says, **values)
