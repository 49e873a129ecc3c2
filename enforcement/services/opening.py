"""Opening the ledger of a district: everything that its acts need, joined once."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from enforcement.again import resolve_again
from enforcement.deadlines import work_calendar
from enforcement.district import District
from enforcement.services.ledger import Ledger
from enforcement.store.engine import Store
from enforcement.terms import district_terms


def open_ledger(store: Store, district: District, *, folder: Path | None, data: Path) -> Ledger:
    """The ledger of a district on a store that is up to date.

    `folder` may have `ledger.yaml` (terms) and `calendar.yaml` (days on which offices work);
    files of evidence lie in `data`. Raises DistrictRefused for faults in either.
    """
    return Ledger(
        store=store,
        registry=district.registry,
        intake=district.settings.intake_unit,
        files=evidence_in(data),
        resolve_again=partial(resolve_again, district=district),
        calendar=work_calendar(None if folder is None else folder / "calendar.yaml"),
        settled=district_terms(folder),
        deadlines=district.book.catalogue.deadlines,
    )


def evidence_in(data: Path) -> Path:
    """Where files of evidence lie in an installation's folder."""
    return data / "evidence"
