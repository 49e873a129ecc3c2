"""Where the program keeps its things and how it speaks: read once, from the environment.

Nothing else in the project looks at environment variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from rules.errors import Fault
from web.errors import BadInput


class Lang(StrEnum):
    """What people are spoken to in."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs from one installation to the next.

    `data` is the folder for everything that is kept; `district` is a district's folder, or None
    for the schematic one; `lang` is what people are spoken to in when they do not say. `demo` asks
    for demo accounts and data; `https` says that people reach it by https alone.
    `clock_s` is how often a server does what is due, in seconds; 0 is never.
    """

    data: Path
    database_url: str
    district: Path | None = None
    lang: Lang = Lang.ZH
    timezone: str = "Asia/Shanghai"
    demo: bool = False
    https: bool = False
    clock_s: int = 60

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """The settings in `environ`; raises `BadInput` with every fault, naming the variable."""
        faults: list[Fault] = []
        data = Path(environ.get("SEAMLESS_DATA") or "var").expanduser().absolute()
        if data.exists() and not data.is_dir():
            faults.append(
                Fault(
                    "SEAMLESS_DATA",
                    f"{data} 不是文件夹；请给出一个可写的文件夹",
                    f"{data} is no folder; name a folder that can be written to",
                )
            )
        settings = cls(
            data=data,
            database_url=environ.get("DATABASE_URL") or f"sqlite:///{data / 'seamless.db'}",
            district=_district(environ, faults),
            lang=_lang(environ, faults),
            timezone=_timezone(environ, faults),
            https=_https(environ, faults),
            clock_s=_clock(environ, faults),
        )
        if faults:
            raise BadInput(faults)
        return settings

    def today(self) -> date:
        """The day it is where the district lies."""
        return datetime.now(ZoneInfo(self.timezone)).date()


def _district(environ: Mapping[str, str], faults: list[Fault]) -> Path | None:
    given = environ.get("SEAMLESS_DISTRICT")
    if not given:
        return None
    folder = Path(given).expanduser().absolute()
    if not (folder / "district.yaml").is_file():
        faults.append(
            Fault(
                "SEAMLESS_DISTRICT",
                f"{folder} 里没有 district.yaml；请给出辖区文件夹，或不设此变量以使用示意辖区",
                f"there is no district.yaml in {folder}; name a district's folder, or unset the "
                "variable to use the schematic district",
            )
        )
    return folder


def _lang(environ: Mapping[str, str], faults: list[Fault]) -> Lang:
    given = environ.get("SEAMLESS_LANG") or Lang.ZH
    try:
        return Lang(given)
    except ValueError:
        faults.append(
            Fault("SEAMLESS_LANG", f"不能是“{given}”，可选：zh、en", f"{given!r} is not zh or en")
        )
        return Lang.ZH


def _https(environ: Mapping[str, str], faults: list[Fault]) -> bool:
    given = environ.get("SEAMLESS_HTTPS") or "0"
    if given not in ("0", "1"):
        faults.append(
            Fault("SEAMLESS_HTTPS", f"不能是“{given}”，可选：0、1", f"{given!r} is not 0 or 1")
        )
    return given == "1"


def _clock(environ: Mapping[str, str], faults: list[Fault]) -> int:
    given = environ.get("SEAMLESS_CLOCK_SECONDS") or "60"
    if not (given.isascii() and given.isdigit() and int(given) <= 86400):
        faults.append(
            Fault(
                "SEAMLESS_CLOCK_SECONDS",
                f"不能是“{given}”；请给出 0 至 86400 的整数秒，0 为不自动处理",
                f"{given!r} is no whole number of seconds from 0, which is never, to 86400",
            )
        )
        return 60
    return int(given)


def _timezone(environ: Mapping[str, str], faults: list[Fault]) -> str:
    given = environ.get("SEAMLESS_TIMEZONE") or "Asia/Shanghai"
    if given not in available_timezones():
        faults.append(
            Fault(
                "SEAMLESS_TIMEZONE",
                f"没有时区“{given}”；例如 Asia/Shanghai",
                f"there is no time zone {given!r}; one is Asia/Shanghai",
            )
        )
    return given
