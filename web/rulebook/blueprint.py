"""The rule book over HTTP: every page is a GET with an address of its own."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

from enforcement.district import District, open_district
from enforcement.publishing import folder_of, versions
from enforcement.seams import Proof
from rules.diff import difference, told
from rules.errors import UnknownMatter
from web.desk import Desk
from web.officer.bundle import packed_page
from web.officer.words import words
from web.rulebook.frame import Frame
from web.rulebook.views import STRINGS, RuleBook

CURRENT = "current"
LONGEST_LIST = 400
"""Changes shown of a comparison; the command line lists them all."""


def rulebook(desk: Desk) -> Blueprint:
    """The blueprint of the rule book; raises `BadInput` when a word lacks a language."""
    words(STRINGS)
    return _Pages(desk).blueprint()


class _Pages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._frame = Frame(desk, "rulebook")

    def blueprint(self) -> Blueprint:
        pages = Blueprint("rulebook", __name__, url_prefix="/rules")
        pages.add_url_rule("/", "index", self.index)
        pages.add_url_rule("/seams", "seams", self.seams)
        pages.add_url_rule("/compare", "compare", self.compare)
        pages.add_url_rule("/<code>", "matter", self.matter)
        pages.after_request(packed_page)
        pages.errorhandler(Exception)(self._failed)
        return pages

    @cached_property
    def _proof(self) -> Proof:
        """The proof, made when first asked for; the district does not change under us."""
        return self._book().proof()

    def _book(self) -> RuleBook:
        return RuleBook(self._desk.district, self._frame.prefs.lang, self._desk.folder)

    def _rendered(self, template: str, status: int = 200, **values: object) -> Response:
        return self._frame.rendered(template, self._book(), status, **values)

    def index(self) -> Response:
        """All matters of a day."""
        on = self._frame.day()
        return self._rendered("index.html", on=on.isoformat(), matters=self._book().matters(on))

    def matter(self, code: str) -> Response:
        """One matter on a day: rules, table and seams."""
        on, book = self._frame.day(), self._book()
        seams = [
            *(
                book.for_now(one)
                for one in self._proof.filled
                if one.matter == code and one.period.covers(on)
            ),
            *(
                book.seam(one)
                for one in self._proof.found
                if one.matter == code and one.period.covers(on)
            ),
        ]
        return self._rendered(
            "matter.html", on=on.isoformat(), matter=book.matter(code, on), seams=seams
        )

    def seams(self) -> Response:
        """Everything that the proof found."""
        book, proof = self._book(), self._proof
        return self._rendered(
            "seams.html",
            seams=[
                *(book.for_now(one) for one in proof.filled),
                *(book.seam(one) for one in proof.found),
            ],
            combinations=sum(one.combinations for one in proof.matters),
            mandates=proof.mandates,
        )

    def compare(self) -> Response:
        """Two versions beside each other."""
        data = self._desk.settings.data
        known = versions(data)
        old, new = request.args.get("old"), request.args.get("new") or CURRENT
        found: dict[str, Any] = {}
        if old:
            before, after = (self._version(name, data).book for name in (old, new))
            differing = difference(before, after)
            texts = [told(one, before, after) for one in differing.changes[:LONGEST_LIST]]
            found = {"differing": differing, "changes": [self._book().t(one) for one in texts]}
        return self._rendered("compare.html", known=known, old=old, new=new, **found)

    def _version(self, name: str, data: Path) -> District:
        if name == CURRENT:
            return self._desk.district
        # Only what was published here may be opened: a name from the address is never a path
        names = {one.name for one in versions(data)}
        if name not in names:
            raise UnknownMatter(
                field="version",
                zh=f"没有版本“{name[:40]}”，可选：{CURRENT}、{'、'.join(sorted(names))}",
                en=f"there is no version {name[:40]!r}; choose {CURRENT} or {sorted(names)}",
            )
        return open_district(folder_of(name, data), data=data)

    def _failed(self, error: Exception) -> Response:
        book = self._book()
        return self._frame.failed(error, book, title=book.say("failed.title"))
