"""Where what went wrong is written down: one JSON line per event in `SEAMLESS_DATA/log`.

A person is shown one sentence; whoever keeps the program running finds the rest here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import structlog

FILE = Path("log") / "errors.jsonl"

_PROCESSORS: tuple[structlog.types.Processor, ...] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    structlog.processors.JSONRenderer(ensure_ascii=False),
)


def log_unexpected(data: Path, error: BaseException, **about: str) -> None:
    """Write an error that nobody foresaw, with its traceback and what was being done.

    Goes to standard error as one line when the folder cannot be written to.
    """
    path = data / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            _write(structlog.WriteLogger(file), error, about)
    except OSError:
        _write(structlog.WriteLogger(sys.stderr), error, about)


def _write(logger: structlog.WriteLogger, error: BaseException, about: dict[str, str]) -> None:
    bound = structlog.wrap_logger(logger, processors=_PROCESSORS)
    bound.error("unexpected", exc_info=error, kind=type(error).__name__, **about)
