"""What can be wrong with a place, a layer or a road register.

Every error says in Chinese and in English what was given, why it is refused and what to do. None
of them knows of HTTP or of exit codes; those are decided in `web`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (`field`), and what, in both languages."""

    field: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.field}: {self.zh} / {self.en}"


class GeoError(Exception):
    """Root of everything that this package raises on purpose."""

    def __init__(self, *, field: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.field = field
        self.zh = zh
        self.en = en


class BadPoint(GeoError):
    """A coordinate that is no number or lies outside the range of its kind."""


class BadAccuracy(GeoError):
    """An accuracy that is no number of metres from zero up."""


class BadCrs(GeoError):
    """A coordinate system that is not known here, or that a coordinate does not fit."""


class BadStake(GeoError):
    """A text that is no road stake."""


class NoSuchStake(GeoError):
    """A road or a stake that the layer in force does not have; the message names what there is."""


class NoSuchArea(GeoError):
    """No street or community of this code in the editions in force on the day."""


class NoSuchEdition(GeoError):
    """A stored edition that cannot be read, or that is not what was stored."""


class Refused(GeoError):
    """Something that was read has faults; all of them are in `faults`, each with its place."""

    what_zh = "输入"
    what_en = "the input"

    def __init__(self, field: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        listed = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(
            field=field,
            zh=f"{self.what_zh}有 {len(self.faults)} 处错误，未导入：\n{listed}",
            en=f"{len(self.faults)} fault{'s' if len(self.faults) > 1 else ''} in {self.what_en}, "
            "listed above; nothing was imported",
        )


class BadLayer(Refused):
    """A layer that cannot become an edition, or editions that contradict each other."""

    what_zh = "图层"
    what_en = "the layer"


class BadRegister(Refused):
    """A road register with rows that cannot be read."""

    what_zh = "道路台账"
    what_en = "the road register"
