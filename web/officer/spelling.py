"""Chinese words as they are typed: normalised text, pinyin, initials.

Pure. Pinyin is toneless and without separators; a word with several readings keeps the reading
that its phrase suggests.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

LONGEST = 400
"""Characters of typed text that are looked at; the rest cannot change what is meant."""

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_KEPT = re.compile(rf"[^a-z0-9{_HAN}]+")
_HAN_RUN = re.compile(rf"[{_HAN}]+")
_LATIN_RUN = re.compile(r"[a-z0-9]+")
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("v", "u"))


def plain(text: str) -> str:
    """Lower-case letters, figures and Chinese characters, everything else as one space each."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    return _KEPT.sub(" ", folded).strip()


def han(text: str) -> tuple[str, ...]:
    """The runs of Chinese characters in plain text."""
    return tuple(_HAN_RUN.findall(text))


def latin(text: str) -> tuple[str, ...]:
    """The runs of letters and figures in plain text."""
    return tuple(_LATIN_RUN.findall(text))


def fuzzy(pinyin: str) -> str:
    """Pinyin without the differences that southern speakers do not hear: zh/z, ch/c, sh/s, ng/n."""
    for said, meant in _FUZZY:
        pinyin = pinyin.replace(said, meant)
    return pinyin


@dataclass(frozen=True, slots=True)
class Sound:
    """A word as pinyin: whole, its initials, and where each syllable begins."""

    whole: str
    initials: str
    starts: tuple[int, ...]


def _each(letters: str) -> list[str]:
    """Letters and figures between Chinese characters, one syllable each."""
    return list(letters)


@lru_cache(maxsize=8192)
def sound(word: str) -> Sound:
    """The sound of plain text; letters and figures in it stand for themselves."""
    # The stub leaves out that `errors` may give a list, which the documentation says
    syllables = lazy_pinyin(
        word.replace(" ", ""),
        style=Style.NORMAL,
        errors=_each,  # type: ignore[arg-type]
    )
    starts, at = [], 0
    for syllable in syllables:
        starts.append(at)
        at += len(syllable)
    return Sound("".join(syllables), "".join(one[0] for one in syllables if one), tuple(starts))
