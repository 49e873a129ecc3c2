"""A process that writes to the ledger from four threads until it is killed.

Run by test_ledger_kills.py: `python -m tests.enforcement.ledger_writer URL FOLDER SEED`. Before
each act it prints `try KEY`, and after the commit `done KEY SEQ`; the test kills it anywhere in
between and looks whether every `done` is there, and nothing twice.
"""

from __future__ import annotations

import random
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from enforcement.ledger_errors import LedgerError
from enforcement.ledger_events import Order
from enforcement.services.filing import Found, file_case
from enforcement.services.handing import accept, hand_over
from enforcement.services.ledger import Done, Ledger
from enforcement.store.migrate import open_store
from tests.enforcement.ledger_world import HEALTH, OFFICER_A, answer, world

_PRINT = threading.Lock()


def said(*words: object) -> None:
    """Print one line whole and at once."""
    with _PRINT:
        print(*words, flush=True)  # noqa: T201 - the test reads it


def write(ledger: Ledger, seed: str) -> None:
    """File and hand over cases for ever."""
    n = 0
    while True:
        n += 1
        key = f"{seed}-{n}"
        now = datetime.now(UTC)
        said("try", key)
        found = Found(answer("catering"), "street_a", "过期肉")
        filed = file_case(ledger, Order(OFFICER_A, now, key), found)
        said("done", key, filed.seq)
        for name, actor in (("over", OFFICER_A), ("take", HEALTH)):
            order = Order(actor, datetime.now(UTC), f"{key}-{name}")
            said("try", order.key)
            done: Done
            try:
                if name == "over":
                    done = hand_over(ledger, order, filed.case_id, to="health", reason="x")
                else:
                    done = accept(ledger, order, filed.case_id)
            except LedgerError as error:
                said("refused", order.key, error.en)
                continue
            said("done", order.key, done.seq)


def main() -> None:
    """Write until killed."""
    url, folder, seed = sys.argv[1:4]
    ledger = world(open_store(url), Path(folder)).ledger
    random.seed(seed)
    for thread in range(4):
        threading.Thread(target=write, args=(ledger, f"{seed}-{thread}"), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
