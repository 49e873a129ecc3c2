"""Sets of combinations said with few facts: the parts of a table that share a property.

A region is what a lawyer would say ("unlicensed, in a market or online, whatever the stage"): for
some facts a list of values, for all others any. Combinations that do not exist may lie inside when
that makes the region simpler; they are never counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rules.model import Matter, Text
from rules.table import Axis, Table

Mask = npt.NDArray[np.bool_]
Facts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the combinations of a table.

    `facts` gives for each fact that matters its values here; `witness` the fewest facts, one value
    each, that already force the property; `combinations` how many combinations of values there
    are that no earlier region holds.
    """

    facts: Facts
    witness: Mapping[str, str]
    combinations: int


def regions(table: Table, wanted: Mask) -> Iterator[Region]:
    """The wanted cells of a table as regions, which together hold each of them."""
    allowed = wanted | ~table.possible[table.cells]
    weights = table.weights
    left = np.array(wanted & table.possible[table.cells])
    while left.any():
        start = tuple(int(n) for n in np.argwhere(left)[0])
        axes = range(len(start))
        box = max(
            (_grown(start, allowed, order) for order in (axes, reversed(axes))),
            key=lambda one: (-_constrained(one, allowed), weights[np.ix_(*one)].sum()),
        )
        index = np.ix_(*box)
        real = np.argwhere(left[index])
        yield Region(
            facts={
                axis.fact: tuple(
                    value
                    for n in sorted({chosen[k] for k in real[:, at]})
                    for value in axis.classes[n]
                )
                for at, (axis, chosen) in enumerate(zip(table.axes, box, strict=True))
                if len(chosen) < len(axis)
            },
            witness=_witness(table, start, allowed),
            combinations=int((weights[index] * left[index]).sum()),
        )
        left[index] = False


def _grown(start: tuple[int, ...], allowed: Mask, order: Iterable[int]) -> list[list[int]]:
    """The cell, widened fact by fact as long as only allowed cells are inside."""
    box = [[n] for n in start]
    later = []
    for at in order:
        every = list(range(allowed.shape[at]))
        if _inside([*box[:at], every, *box[at + 1 :]], allowed):
            box[at] = every
        else:
            later.append(at)
    for at in later:
        for n in range(allowed.shape[at]):
            wider = sorted({*box[at], n})
            if _inside([*box[:at], wider, *box[at + 1 :]], allowed):
                box[at] = wider
    return box


def _inside(box: list[list[int]], allowed: Mask) -> bool:
    return bool(np.all(allowed[np.ix_(*box)]))


def _constrained(box: list[list[int]], allowed: Mask) -> int:
    return sum(len(chosen) < size for chosen, size in zip(box, allowed.shape, strict=True))


def _witness(table: Table, start: tuple[int, ...], allowed: Mask) -> Mapping[str, str]:
    """The fewest facts of the cell that leave only allowed cells, whatever the others are."""
    for size in range(len(start) + 1):
        for kept in itertools.combinations(range(len(start)), size):
            index = tuple(n if at in kept else slice(None) for at, n in enumerate(start))
            if allowed[index].all():
                return {table.axes[at].fact: table.axes[at].classes[start[at]][0] for at in kept}
    raise AssertionError("a cell is always a witness of itself")  # pragma: no cover


def covered(table: Table, facts: Mapping[str, Iterable[str]]) -> Mask:
    """The cells whose values are all among those given; a fact that is not given may be anything.

    A class that holds other values besides is not covered; `refined` splits such classes.
    """
    found = np.ones(table.cells.shape, dtype=bool)
    for at, axis in enumerate(table.axes):
        if axis.fact in facts:
            named = frozenset(facts[axis.fact])
            inside = np.array([named.issuperset(values) for values in axis.classes])
            shape = [1] * table.cells.ndim
            shape[at] = len(axis)
            found = found & inside.reshape(shape)
    return found


def refined(table: Table, told_apart: Iterable[Mapping[str, Iterable[str]]]) -> Table:
    """The same table with classes split, so that each lies inside or outside of what is named."""
    named = [{fact: frozenset(values) for fact, values in one.items()} for one in told_apart]
    axes, index = [], []
    for axis in table.axes:
        sets = [one[axis.fact] for one in named if axis.fact in one]
        parts: dict[tuple[int, tuple[bool, ...]], list[str]] = {}
        for n, values in enumerate(axis.classes):
            for value in values:
                parts.setdefault((n, tuple(value in one for one in sets)), []).append(value)
        axes.append(Axis(axis.fact, tuple(tuple(values) for values in parts.values())))
        index.append([n for n, _ in parts])
    return replace(table, axes=tuple(axes), cells=np.asarray(table.cells[np.ix_(*index)]))


def in_words(facts: Mapping[str, str | tuple[str, ...]], matter: Matter) -> Text:
    """Facts as a lawyer reads them; all others may be anything."""
    zh, en = [], []
    for name, given in facts.items():
        values = (given,) if isinstance(given, str) else given
        fact = matter.fact(name)
        labels = [fact.values[value] for value in values] if fact is not None else []
        zh.append("或".join(label.zh for label in labels))
        en.append(f"{name}: " + " or ".join(label.en for label in labels))
    return Text("，".join(zh) or "任何情形", "; ".join(en) or "in every case")
