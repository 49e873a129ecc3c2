"""The ledger of a desk, for whatever works on cases: its pages, its clock, the command line."""

from __future__ import annotations

from enforcement.services.ledger import Ledger
from enforcement.services.opening import open_ledger
from web.desk import Desk


def ledger_of(desk: Desk) -> Ledger:
    """The ledger, opened anew at each call. Raises what opening the store raises."""
    return open_ledger(desk.kept.store, desk.district, folder=desk.folder, data=desk.settings.data)
