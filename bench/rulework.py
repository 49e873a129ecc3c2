"""Building decision tables, and the proof, beside the same combinations in plain Python.

The peer is the evaluation that checks the engine (`rules.build.independently`): it goes over the
same combinations with bit sets, publishes nothing and knows no unit and no map.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.measured import Measured, in_turns
from enforcement.district import District
from enforcement.seams import prove
from rules.build import build, independently
from rules.table import Draft, drafts

MATTER = "food.safety"
ROUNDS = 2
PEER = "the independent evaluation alone"


def measure(district: District) -> list[Measured]:
    """Two lines: the tables of one matter of all intervals; the proof of the whole district."""
    catalogue = district.book.catalogue
    one = drafts(catalogue.matters[MATTER], catalogue)
    every = [each for matter in catalogue.matters.values() for each in drafts(matter, catalogue)]
    built, built_bare, proved, proved_bare = in_turns(
        [
            lambda: [build(draft) for draft in one],
            lambda: _bare(one),
            lambda: prove(district),
            lambda: _bare(every),
        ],
        rounds=ROUNDS,
    )
    return [
        Measured(
            name=f"build the {len(one)} tables of {MATTER}, {_asked(one):,} combinations",
            ours=built,
            peer=built_bare,
            unit="s",
            peer_name=PEER,
        ),
        Measured(
            name=f"prove the district, {len(every)} tables, {_asked(every):,} combinations",
            ours=proved,
            peer=proved_bare,
            unit="s",
            peer_name=PEER,
        ),
    ]


def _asked(these: Sequence[Draft]) -> int:
    return sum(draft.combinations for draft in these)


def _bare(these: Sequence[Draft]) -> None:
    for draft in these:
        for _ in independently(draft):
            pass
