"""Road stakes (桩号): `K12+300` is kilometre 12 plus 300 metres; `AK0+120` lies on a ramp."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geo.errors import BadStake

_STAKE = re.compile(r"([A-Z]?)K([0-9]{1,4})\+([0-9]{3})(?:\.([0-9]{1,3}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Stake:
    """A stake: its series ("" on the main line, a letter on a ramp) and its metres.

    >>> Stake.parsed("AK0+120")
    Stake(series='A', metres=120.0)
    >>> str(Stake("", 12300.4))
    'K12+300'
    """

    series: str
    metres: float

    @classmethod
    def parsed(cls, text: str) -> Stake:
        """The stake that the text says, in upper or lower case; raises BadStake."""
        found = _STAKE.fullmatch(text.strip().upper())
        if found is None:
            raise BadStake(
                field="stake",
                zh=f"桩号“{text}”无法识别：应写成 K12+300，匝道写成 AK0+120",
                en=f'"{text}" is no road stake: write K12+300, or AK0+120 on a ramp',
            )
        series, kilometres, metres, part = found.groups()
        fraction = float(f"0.{part}") if part else 0.0
        return cls(series, int(kilometres) * 1000.0 + int(metres) + fraction)

    def __str__(self) -> str:
        kilometres, metres = divmod(round(self.metres), 1000)
        return f"{self.series}K{kilometres}+{metres:03d}"
