"""The next question: never one that cannot matter, and never more than the best fixed order."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import questions
from rules.questions import Numbers, Open, mean_questions, next_question
from rules.table import Axis


def opened(outcomes: object, sizes: Sequence[Sequence[int]] | None = None) -> Open:
    """An open part with facts a, b, c …; class n of fact a has `sizes[0][n]` values (else 1)."""
    array = np.array(outcomes, dtype=np.int64)
    axes = []
    for at, count in enumerate(array.shape):
        name = "abcdefgh"[at]
        many = sizes[at] if sizes else [1] * count
        axes.append(
            Axis(name, tuple(tuple(f"{name}{n}{k}" for k in range(many[n])) for n in range(count)))
        )
    return Open(tuple(axes), array)


def answered(open_: Open, fact: str, n: int) -> Open:
    """What is left after the answer `n` to a fact."""
    at = [axis.fact for axis in open_.axes].index(fact)
    return Open(open_.axes[:at] + open_.axes[at + 1 :], np.take(open_.outcomes, n, axis=at))


def asked(open_: Open) -> tuple[int, int, int]:
    """Sum of questions over all combinations of values that exist, how many, the most for one."""
    fact = next_question(open_)
    if fact is None:
        return 0, _existing(open_), 0
    at = [axis.fact for axis in open_.axes].index(fact)
    total, most = 0, 0
    for n, members in enumerate(open_.axes[at].classes):
        part = answered(open_, fact, n)
        spent, existing, deepest = asked(part)
        total += len(members) * (spent + existing)
        if existing:
            most = max(most, 1 + deepest)
    return total, _existing(open_), most


def _existing(open_: Open) -> int:
    weights = np.ones(open_.outcomes.shape, dtype=np.int64)
    for at, axis in enumerate(open_.axes):
        shape = [1] * weights.ndim
        shape[at] = len(axis)
        weights = weights * np.array([len(c) for c in axis.classes]).reshape(shape)
    return int(weights[open_.outcomes >= 0].sum())


def fixed(open_: Open, order: Sequence[str]) -> int:
    """The sum of questions when facts are asked in a fixed order until the lead is settled.

    A question of the order that has only one possible answer left, or that changes nothing
    whatever the others are, is still asked: that is what a form does.
    """
    if len(open_.possible()) < 2:
        return 0
    fact, *rest = order
    at = [axis.fact for axis in open_.axes].index(fact)
    return sum(
        len(members) * (_existing(part := answered(open_, fact, n)) + fixed(part, rest))
        for n, members in enumerate(open_.axes[at].classes)
    )


def forget() -> None:
    questions._costs.clear()
    questions._choices.clear()


@st.composite
def arrays(draw: st.DrawFn, most_facts: int = 4) -> Open:
    shape = draw(st.lists(st.integers(1, 3), min_size=1, max_size=most_facts))
    size = int(np.prod(shape))
    cells = draw(st.lists(st.integers(-1, 3), min_size=size, max_size=size))
    sizes = [draw(st.lists(st.integers(1, 3), min_size=n, max_size=n)) for n in shape]
    return opened(np.array(cells).reshape(shape), sizes)


# --- what is asked ------------------------------------------------------------------------------


def test_nothing_is_asked_when_one_outcome_is_left() -> None:
    assert next_question(opened([[4, 4], [4, -1]])) is None


def test_nothing_is_asked_when_nothing_exists() -> None:
    assert next_question(opened([[-1, -1]])) is None
    assert next_question(Open((), np.array(3))) is None


def test_the_fact_that_settles_it_is_asked_before_one_that_only_helps() -> None:
    by_b = [[0, 1, 2], [0, 1, 2]]
    assert next_question(opened(by_b)) == "b"


def test_fewest_leads_in_the_worst_case_decides_between_equal_means() -> None:
    """Exclusive or: both have to be asked, so the matter's order decides."""
    assert next_question(opened([[0, 1], [1, 0]])) == "a"


def test_a_fact_that_changes_nothing_is_not_asked() -> None:
    noise = np.stack([np.array([[0, 1], [1, 0]])] * 3)
    open_ = opened(noise)
    assert next_question(open_) == "b"
    assert next_question(answered(open_, "b", 0)) == "c"


def test_facts_that_imply_each_other_are_asked_once() -> None:
    """Only a0 with b0 and a1 with b1 exist: beside the other fact, neither matters."""
    open_ = opened([[0, -1], [-1, 1]])
    assert next_question(open_) == "a"
    assert next_question(open_, declined={"a"}) == "b"
    assert next_question(answered(open_, "a", 1)) is None


def test_a_declined_fact_is_not_asked_again() -> None:
    open_ = opened([[0, 1], [2, 3]])
    assert next_question(open_) == "a"
    assert next_question(open_, declined={"a"}) == "b"
    assert next_question(open_, declined={"a", "b"}) is None


def test_what_a_declined_fact_leaves_open_either_way_is_not_asked_about() -> None:
    """b alone decides; once it is declined, a changes nothing."""
    assert next_question(opened([[0, 1], [0, 1]]), declined={"b"}) is None


def test_the_values_that_still_exist_are_offered() -> None:
    open_ = opened([[0, -1], [-1, -1], [1, 1]], sizes=[[1, 1, 2], [1, 1]])
    assert open_.values("a") == ("a00", "a20", "a21")
    assert open_.values("b") == ("b00", "b10")


def test_outcomes_are_counted_however_many_there_are() -> None:
    """More than the 63 bits of a machine number."""
    open_ = opened(np.arange(100).reshape(10, 10))
    assert next_question(open_) == "a"
    assert mean_questions(open_) == 2
    assert next_question(open_, declined={"a"}) == "b"


# --- what must always hold ----------------------------------------------------------------------


@settings(max_examples=300)
@given(open_=arrays())
def test_asking_ends_exactly_when_the_outcome_is_settled(open_: Open) -> None:
    for _ in range(len(open_.axes) + 1):
        fact = next_question(open_)
        assert (fact is None) == (len(open_.possible()) < 2)
        if fact is None:
            return
        at = [axis.fact for axis in open_.axes].index(fact)
        last = [
            n
            for n in range(open_.outcomes.shape[at])
            if (np.take(open_.outcomes, n, axis=at) >= 0).any()
        ][-1]
        open_ = answered(open_, fact, last)
    pytest.fail("more questions than facts")


@settings(max_examples=300)
@given(open_=arrays(), declined=st.sets(st.sampled_from("abcd")))
def test_a_question_can_always_change_what_is_possible(open_: Open, declined: set[str]) -> None:
    fact = next_question(open_, declined)
    askable = [axis.fact for axis in open_.axes if axis.fact not in declined]
    if fact is None:
        answers = itertools.product(
            *(range(len(axis)) for axis in open_.axes if axis.fact in askable)
        )
        left = set()
        for combination in answers:
            part = open_
            for name, n in zip(askable, combination, strict=True):
                part = answered(part, name, n)
            left.add(part.possible())
        assert len(left - {()}) < 2
    else:
        assert fact in askable
        at = [axis.fact for axis in open_.axes].index(fact)
        parts = [answered(open_, fact, n).possible() for n in range(len(open_.axes[at]))]
        assert len([one for one in parts if one]) > 1


@settings(max_examples=150)
@given(open_=arrays())
def test_it_never_asks_more_on_average_than_the_best_fixed_order(open_: Open) -> None:
    total, existing, _ = asked(open_)
    names = [axis.fact for axis in open_.axes]
    assert total <= min(fixed(open_, order) for order in itertools.permutations(names))
    assert mean_questions(open_) == (pytest.approx(total / existing) if existing else 0)


@settings(max_examples=100)
@given(open_=arrays())
def test_a_search_that_is_too_large_still_asks_only_what_matters(open_: Open) -> None:
    before = questions.MAX_EXACT
    questions.MAX_EXACT = 0
    forget()
    try:
        total, existing, most = asked(open_)
        assert most <= len([axis for axis in open_.axes if len(axis) > 1])
        assert (total == 0) == (len(open_.possible()) < 2)
        assert mean_questions(open_) * existing == pytest.approx(total)
    finally:
        questions.MAX_EXACT = before
        forget()


def test_what_is_remembered_is_bounded() -> None:
    before = questions.MAX_REMEMBERED
    questions.MAX_REMEMBERED = 3
    forget()
    try:
        cells: Numbers = np.arange(32).reshape(2, 2, 2, 2, 2) % 7
        assert mean_questions(opened(cells)) == 5
        assert len(questions._costs) <= 3
    finally:
        questions.MAX_REMEMBERED = before
        forget()
