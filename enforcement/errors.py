"""What can be wrong with a district's data, or with a question put to it.

The sentences are in Chinese and English and say what to do. HTTP and exit codes are `web`'s.
"""

from __future__ import annotations

from collections.abc import Iterable

from rules.errors import Fault


class EnforcementError(Exception):
    """Root of everything that this package raises on purpose."""

    def __init__(self, *, field: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.field = field
        self.zh = zh
        self.en = en


class _Several(EnforcementError):
    """Several faults at once, each with its field."""

    what_zh = "有错误"
    what_en = "there are faults"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            field=self.faults[0].field if self.faults else "",
            zh=f"{self.what_zh}：" + "；".join(f"{one.field}：{one.zh}" for one in self.faults),
            en=f"{self.what_en}: " + "; ".join(f"{one.field}: {one.en}" for one in self.faults),
        )


class BadQuestion(_Several):
    """The question cannot be answered as it was put; every fault is in `faults`."""

    what_zh = "问题有误"
    what_en = "the question has faults"


class DistrictRefused(_Several):
    """A district's settings, units or mandates have faults; all of them are in `faults`."""

    what_zh = "辖区数据有误"
    what_en = "the district's data has faults"


class SitesRefused(_Several):
    """A file of sites has faults; all of them are in `faults`, and nothing was imported."""

    what_zh = "对象表有误，未导入任何一行"
    what_en = "the sites have faults and none was imported"


class LearningRefused(_Several):
    """A table of past decisions that no pack can be learned from; all of it is in `faults`."""

    what_zh = "没有学习"
    what_en = "nothing was learned"


class NotStarted(_Several):
    """A district's folder that cannot be started as it was asked for; all of it is in `faults`."""

    what_zh = "没有建立辖区文件夹"
    what_en = "no district was started"


class BadReport(_Several):
    """What an officer says is wrong with an answer cannot be kept as it is; all in `faults`."""

    what_zh = "没有发送"
    what_en = "this was not sent"


class NoSuchSite(EnforcementError):
    """The register has no site of this id."""


class BadDatabaseUrl(EnforcementError):
    """An address of a database that the store cannot be kept in."""


class StoreUnavailable(EnforcementError):
    """The database cannot be opened or reached."""


class StoreNotCurrent(EnforcementError):
    """The database was written by a newer program than this one."""
