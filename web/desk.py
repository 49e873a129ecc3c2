"""What answers, joined once: the district, its sites and the clock. Both faces ask here."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from enforcement.demo_sites import demo_sites
from enforcement.district import SCHEMATIC, District, open_district
from enforcement.resolution import Resolution, resolve
from enforcement.services.sites import find_site, seed_demo_sites
from enforcement.sites import Site
from enforcement.store.engine import Store
from enforcement.store.migrate import open_store
from rules.model import Text
from web.asking import Asked, Posed, pose
from web.settings import Settings


@dataclass(frozen=True, slots=True)
class Answer:
    """A resolution, and how the question came about."""

    posed: Posed
    resolution: Resolution

    def as_dict(self) -> dict[str, Any]:
        """The contract's JSON; a question about a site also tells what the register knows of it."""
        body = self.resolution.as_dict()
        if self.posed.site is None:
            return body
        doubts = [doubt.as_dict() for doubt in self.posed.doubts]
        return body | {
            "site": self.posed.site.as_dict(),
            "notices": [*body["notices"], *doubts],
        }

    def site_says(self) -> tuple[Text, ...]:
        """Why the register of sites has the facts that it put into the question."""
        return () if self.posed.site is None else tuple(one.says for one in self.posed.site.known)


class Kept:
    """The store of an installation, opened when first needed: most answers need none.

    With `schematic`, an empty register of sites is filled with the drawn ones.
    """

    def __init__(self, settings: Settings, *, schematic: bool = False) -> None:
        self._settings = settings
        self._schematic = schematic
        self._lock = threading.Lock()
        self._store: Store | None = None

    @property
    def store(self) -> Store:
        """The store, brought up to date; raises `StoreUnavailable`, `BadDatabaseUrl`."""
        with self._lock:
            if self._store is None:
                store = open_store(self._settings.database_url)
                if self._schematic:
                    seed_demo_sites(store, demo_sites())
                self._store = store
            return self._store

    def site(self, id_: str) -> Site:
        """The site of this id; raises `NoSuchSite`."""
        return find_site(self.store, id_)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """A district that is ready to answer; threads may share it.

    `folder` is the district's, for what only the pages read; None for one that has no folder.
    `today` is the day that questions are of when they name none; `now` is when acts are done.
    """

    settings: Settings
    district: District
    kept: Kept
    today: Callable[[], date]
    folder: Path | None = None
    now: Callable[[], datetime] = _now

    def answer(self, asked: Asked) -> Answer:
        """The answer to what was asked; raises `BadInput` and the errors of `resolve`."""
        posed = pose(asked, district=self.district, sites=self.kept, today=self.today())
        return Answer(posed, resolve(posed.question, self.district))


def open_desk(
    settings: Settings,
    *,
    today: Callable[[], date] | None = None,
    now: Callable[[], datetime] | None = None,
) -> Desk:
    """The desk of an installation; builds decision tables that are not there yet.

    Raises what `open_district` raises for a district that cannot be used.
    """
    district = open_district(settings.district, data=settings.data)
    return Desk(
        settings=settings,
        district=district,
        kept=Kept(settings, schematic=district.settings.schematic),
        today=today or settings.today,
        folder=settings.district or SCHEMATIC,
        now=now or _now,
    )
