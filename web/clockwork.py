"""The clock of a server: what is due is done every so often, beside the answers.

Where several processes serve, each may have one: the ledger does nothing twice. Where none should,
set the interval to 0 and run `seamless ledger sweep`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache

from enforcement.services.due import do_what_is_due
from enforcement.services.ledger import Ledger
from web.desk import Desk
from web.logs import log_unexpected
from web.opening import ledger_of

STOPS_WITHIN_S = 10.0


class Clockwork:
    """Calls `act` at once and then every `every_s` seconds, in a thread, until it is stopped.

    What `act` raises goes to `failed`, and the next time comes all the same. 0 seconds: never.
    """

    def __init__(
        self,
        act: Callable[[], object],
        *,
        every_s: float,
        failed: Callable[[Exception], None],
    ) -> None:
        self._act = act
        self._every_s = every_s
        self._failed = failed
        self._stopping = threading.Event()
        # A daemon: an act that hangs must not keep the process; its transaction is undone.
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        """Begin."""
        if self._every_s > 0:
            self._thread.start()

    def stop(self) -> bool:
        """Act no more, and wait for an act that has begun; whether it ended in time."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOPS_WITHIN_S)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._act()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is logged and tried again
                self._failed(error)
            self._stopping.wait(self._every_s)


def clock_of(desk: Desk) -> Clockwork:
    """The clock of a desk; what it cannot do is written to the log of unexpected errors."""

    @cache  # an opening that fails is kept by nobody, and tried again
    def ledger() -> Ledger:
        return ledger_of(desk)

    def act() -> None:
        do_what_is_due(ledger(), desk.now())

    def failed(error: Exception) -> None:
        log_unexpected(desk.settings.data, error, doing="clock")

    return Clockwork(act, every_s=desk.settings.clock_s, failed=failed)
