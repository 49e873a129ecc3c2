"""What can be refused in the ledger: who may not, what may not now, what is missing or unknown."""

from __future__ import annotations

from collections.abc import Iterable

from enforcement.errors import EnforcementError
from rules.errors import Fault


class LedgerError(EnforcementError):
    """Root of what the ledger refuses."""


class NotAllowed(LedgerError):
    """This person may not do this with this case; the refusal itself is recorded."""


class NotNow(LedgerError):
    """The state of the case does not allow it, whoever asks."""


class BadAct(LedgerError):
    """Something that the act needs is missing or cannot be used; every fault is in `faults`."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            field=self.faults[0].field if self.faults else "",
            zh="；".join(f"{one.field}：{one.zh}" for one in self.faults),
            en="; ".join(f"{one.field}: {one.en}" for one in self.faults),
        )


class NoSuchRecord(LedgerError):
    """There is no case, visit, account or file of this id."""


class KeyReused(LedgerError):
    """The key of an earlier act came with another act."""


class BadLogin(LedgerError):
    """No account has this name and password."""


class LockedOut(LedgerError):
    """Too many wrong passwords; the account opens again later."""


class LedgerBroken(LedgerError):
    """The chain of events was edited, or does not agree with the cases."""


class EvidenceRefused(LedgerError):
    """A file is too large, of another type than allowed, or not what it says it is."""
