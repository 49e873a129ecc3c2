"""A district's everyday side: the tiles of its most common matters, and what people call things.

Data of the district, in `tiles.yaml` of its folder; a district without the file has no tiles and
still has search. What it names must exist, and every fault is told at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from enforcement.errors import DistrictRefused
from rules.errors import Fault
from rules.model import Catalogue, Text
from rules.reading import parsed, read_yaml
from web.officer.said import Among, Facts
from web.officer.search import Phrase

FILE = "tiles.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _TextS(_Strict):
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class _TileS(_Strict):
    name: _TextS
    words: _TextS
    matter: str
    facts: dict[str, str] = {}
    among: dict[str, list[str]] = {}


class _PhraseS(_Strict):
    words: list[str] = Field(min_length=1)
    matter: str
    facts: dict[str, str] = {}


class _File(_Strict):
    tiles: list[_TileS] = []
    phrases: list[_PhraseS] = []


@dataclass(frozen=True, slots=True)
class Tile:
    """A common matter with the facts that go without saying.

    `among` narrows a question to the values that such a tile is about.
    """

    name: Text
    words: Text
    matter: str
    facts: Facts
    among: Among


@dataclass(frozen=True, slots=True)
class Everyday:
    """Tiles in order of how common they are, and everyday phrases."""

    tiles: tuple[Tile, ...] = ()
    phrases: tuple[Phrase, ...] = ()

    def tiles_on(self, catalogue: Catalogue, day: date) -> tuple[Tile, ...]:
        """The tiles whose matter is covered on `day`."""
        return tuple(tile for tile in self.tiles if catalogue.matters[tile.matter].covers(day))


def read_everyday(folder: Path | None, catalogue: Catalogue) -> Everyday:
    """The tiles and phrases in a district's folder; raises `DistrictRefused` with every fault."""
    if folder is None or not (folder / FILE).exists():
        return Everyday()
    path = folder / FILE
    faults: list[Fault] = []
    raw = read_yaml(path, FILE, faults)
    given = parsed(_File, raw, FILE, faults) if raw is not None else None
    if given is None:
        raise DistrictRefused(faults)
    for at, tile in enumerate(given.tiles):
        where = f"{FILE}:tiles[{at}]"
        said = [*tile.facts.items(), *((k, v) for k, values in tile.among.items() for v in values)]
        _check(where, tile.matter, said, catalogue, faults)
    for at, phrase in enumerate(given.phrases):
        _check(f"{FILE}:phrases[{at}]", phrase.matter, phrase.facts.items(), catalogue, faults)
    if faults:
        raise DistrictRefused(faults)
    return Everyday(
        tuple(
            Tile(
                Text(one.name.zh, one.name.en),
                Text(one.words.zh, one.words.en),
                one.matter,
                tuple(one.facts.items()),
                tuple((name, tuple(values)) for name, values in one.among.items()),
            )
            for one in given.tiles
        ),
        tuple(
            Phrase(tuple(one.words), one.matter, tuple(one.facts.items())) for one in given.phrases
        ),
    )


def _check(
    where: str,
    code: str,
    facts: Iterable[tuple[str, str]],
    catalogue: Catalogue,
    faults: list[Fault],
) -> None:
    matter = catalogue.matters.get(code)
    if matter is None:
        faults.append(Fault(where, f"没有事项 {code}", f"there is no matter {code}"))
        return
    for name, value in facts:
        fact = matter.fact(name)
        if fact is None:
            faults.append(Fault(where, f"{code} 没有要素 {name}", f"{code} has no fact {name}"))
        elif value not in fact.values:
            faults.append(
                Fault(where, f"{name} 没有取值 {value}", f"{name} cannot have the value {value}")
            )
