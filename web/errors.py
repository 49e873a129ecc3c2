"""What an error means to a caller: one table from error classes to exit code and HTTP status.

The packages below know nothing of either. An error that is not in the table is a fault of the
program: it is logged whole and shown as one line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from enforcement.errors import (
    BadDatabaseUrl,
    BadQuestion,
    BadReport,
    DistrictRefused,
    EnforcementError,
    LearningRefused,
    NoSuchSite,
    NotStarted,
    SitesRefused,
    StoreNotCurrent,
    StoreUnavailable,
)
from enforcement.ledger_errors import (
    BadAct,
    BadLogin,
    EvidenceRefused,
    KeyReused,
    LedgerBroken,
    LedgerError,
    LockedOut,
    NoSuchRecord,
    NotAllowed,
    NotNow,
)
from enforcement.letters import NoFont
from geo import errors as geo_errors
from geo.errors import GeoError
from rules import errors as rules_errors
from rules.errors import Fault, RulesError

EXIT_FAILED = 1
EXIT_BAD_INPUT = 2


class WebError(Exception):
    """Root of what the faces themselves raise."""

    def __init__(self, *, field: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.field = field
        self.zh = zh
        self.en = en


class BadInput(WebError):
    """What came in cannot be used; every fault is in `faults`, each with its field."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            field=self.faults[0].field if self.faults else "",
            zh="；".join(f"{one.field}：{one.zh}" for one in self.faults),
            en="; ".join(f"{one.field}: {one.en}" for one in self.faults),
        )


class NotFound(WebError):
    """There is nothing at this address."""


class TooLarge(WebError):
    """The body is larger than any question can be."""


class CannotServe(WebError):
    """The address is taken, or none that this machine has."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The exit code of the command line and the status over HTTP."""

    exit_code: int
    status: int


_BAD_INPUT = Meaning(EXIT_BAD_INPUT, 422)
_FAILED = Meaning(EXIT_FAILED, 500)

MEANINGS: dict[type[Exception], Meaning] = {
    # What a person asked or typed
    BadInput: _BAD_INPUT,
    BadQuestion: _BAD_INPUT,
    BadReport: _BAD_INPUT,
    LearningRefused: _BAD_INPUT,
    NotStarted: _BAD_INPUT,
    rules_errors.UnknownMatter: _BAD_INPUT,
    rules_errors.DateNotCovered: _BAD_INPUT,
    rules_errors.BadFact: _BAD_INPUT,
    rules_errors.ImpossibleFacts: _BAD_INPUT,
    geo_errors.BadPoint: _BAD_INPUT,
    geo_errors.BadAccuracy: _BAD_INPUT,
    geo_errors.BadCrs: _BAD_INPUT,
    geo_errors.BadStake: _BAD_INPUT,
    geo_errors.NoSuchStake: _BAD_INPUT,
    geo_errors.NoSuchArea: _BAD_INPUT,
    geo_errors.Refused: _BAD_INPUT,
    geo_errors.BadLayer: _BAD_INPUT,
    geo_errors.BadRegister: _BAD_INPUT,
    NoSuchSite: _BAD_INPUT,
    SitesRefused: _BAD_INPUT,
    BadDatabaseUrl: Meaning(EXIT_BAD_INPUT, 500),
    CannotServe: Meaning(EXIT_BAD_INPUT, 500),
    NotFound: Meaning(EXIT_BAD_INPUT, 404),
    TooLarge: Meaning(EXIT_BAD_INPUT, 413),
    # What a person may not do, or not now
    NotAllowed: Meaning(EXIT_BAD_INPUT, 403),
    NotNow: Meaning(EXIT_BAD_INPUT, 409),
    KeyReused: Meaning(EXIT_BAD_INPUT, 409),
    BadAct: _BAD_INPUT,
    EvidenceRefused: _BAD_INPUT,
    NoSuchRecord: Meaning(EXIT_BAD_INPUT, 404),
    BadLogin: Meaning(EXIT_BAD_INPUT, 401),
    LockedOut: Meaning(EXIT_BAD_INPUT, 429),
    # Files that a person brought: input on the command line, a broken installation on a server
    rules_errors.PackRefused: Meaning(EXIT_BAD_INPUT, 500),
    DistrictRefused: Meaning(EXIT_BAD_INPUT, 500),
    # What went wrong inside
    rules_errors.EngineFailed: _FAILED,
    rules_errors.TableDisagrees: _FAILED,
    geo_errors.NoSuchEdition: _FAILED,
    StoreUnavailable: Meaning(EXIT_FAILED, 503),
    StoreNotCurrent: Meaning(EXIT_FAILED, 503),
    LedgerBroken: _FAILED,
    NoFont: _FAILED,
    # The roots, for a child class that nobody has entered yet
    RulesError: _FAILED,
    GeoError: _FAILED,
    EnforcementError: _FAILED,
    LedgerError: _FAILED,
    WebError: _FAILED,
}

UNEXPECTED = Fault(
    "",
    "程序出错，已记入日志；没有给出任何结论。请把出错时间告诉管理员",
    "the program failed and the log says why; it gave no answer. Tell the administrator when",
)


def meaning_of(error: Exception) -> Meaning:
    """The meaning of an error's own class, else of its nearest parent, else failure."""
    for kind in type(error).__mro__:
        if kind in MEANINGS:
            return MEANINGS[kind]
    return _FAILED


def faults_of(error: Exception) -> tuple[Fault, ...]:
    """What to tell the person: each fault of a domain error; else that the program failed."""
    if not isinstance(error, (RulesError, GeoError, EnforcementError, WebError)):
        return (UNEXPECTED,)
    several: tuple[Fault | geo_errors.Fault, ...] = getattr(error, "faults", ())
    if several:
        return tuple(Fault(one.field, one.zh, one.en) for one in several)
    return (Fault(error.field, error.zh, error.en),)
