"""The time during which cases had no holder: looked for in the holdings, not asserted.

The first look reads every holding (docs/ledger-scale.md says how long that takes); later ones read
the cases that changed since. `seamless ledger verify` always reads everything.
"""

from __future__ import annotations

import threading
from datetime import datetime

from enforcement.store.chain import Transaction, head_of
from enforcement.store.unowned import Unheld, unheld


class Watch:
    """Remembers what was found; threads may share it. One belongs to one store."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: Unheld | None = None

    def look(self, session: Transaction, now: datetime) -> Unheld:
        """What is unheld at `now`, an aware moment."""
        with self._lock:
            seq, _ = head_of(session)
            self._last = unheld(session, now, seq=seq, before=self._last)
            return self._last
