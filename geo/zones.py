"""What zones say of a position: per kind of zone, the grades that apply.

Which grade counts where two of one kind overlap is a rule's business, not geography's.
"""

from __future__ import annotations

from collections.abc import Iterable


def grades_by_kind(
    kinds: Iterable[str], found: Iterable[tuple[str, str]]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each kind of zone that a layer in force has, with the grades found, both sorted.

    >>> grades_by_kind(["water", "school"], [("water", "level2"), ("water", "level1")])
    (('school', ()), ('water', ('level1', 'level2')))
    """
    grades: dict[str, set[str]] = {kind: set() for kind in kinds}
    for kind, grade in found:
        grades[kind].add(grade)
    return tuple((kind, tuple(sorted(grades[kind]))) for kind in sorted(grades))
