"""The engine behind its fence says which conjunctions hold, and nothing else, for any input."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Sequence

import durable_rules_engine as rete
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import engine
from rules.engine import MAX_FLAGS, MAX_RULES, Conjunctions
from rules.errors import EngineFailed

flags = st.frozensets(st.integers(0, 90), max_size=8)


def brute(wanted: Sequence[frozenset[int]], given_: frozenset[int]) -> frozenset[int]:
    return frozenset(n for n, one in enumerate(wanted) if one <= given_)


@settings(max_examples=60)
@given(wanted=st.lists(flags, max_size=40), asked=st.lists(flags, min_size=1, max_size=8))
def test_it_equals_a_loop_over_subsets(
    wanted: list[frozenset[int]], asked: list[frozenset[int]]
) -> None:
    with Conjunctions(wanted) as conjunctions:
        for one in [*asked, frozenset(range(91))]:
            assert conjunctions.holding(one) == brute(wanted, one)


def test_more_flags_than_one_ruleset_takes_are_spread_over_several() -> None:
    wanted = [frozenset({n, n + 1, (7 * n) % 300}) for n in range(300)]
    with Conjunctions(wanted) as conjunctions:
        assert len(conjunctions._parts) > 300 // MAX_FLAGS
        for start in range(0, 300, 37):
            some = frozenset(range(start, start + 120))
            assert conjunctions.holding(some) == brute(wanted, some)
        assert conjunctions.holding(frozenset(range(301))) == frozenset(range(300))


def test_more_rules_than_one_ruleset_takes_are_spread_over_several() -> None:
    wanted = [frozenset(pair) for pair in itertools.combinations(range(26), 2)]
    assert len(wanted) > MAX_RULES
    with Conjunctions(wanted) as conjunctions:
        assert len(conjunctions._parts) == 2
        assert conjunctions.holding(frozenset({3, 5, 9})) == brute(wanted, frozenset({3, 5, 9}))


def test_three_hundred_equal_conditions_are_one_rule() -> None:
    """The C code overflows its heap at 255."""
    with Conjunctions([frozenset({1, 2})] * 300) as conjunctions:
        assert conjunctions.holding(frozenset({1, 2, 3})) == frozenset(range(300))
        assert conjunctions.holding(frozenset({1})) == frozenset()


def test_the_empty_conjunction_always_holds() -> None:
    with Conjunctions([frozenset(), frozenset({1}), frozenset()]) as conjunctions:
        assert conjunctions.holding(frozenset()) == {0, 2}
        assert conjunctions.holding(frozenset({1})) == {0, 1, 2}


def test_no_conjunctions_hold_nothing() -> None:
    with Conjunctions([]) as conjunctions:
        assert conjunctions.holding(frozenset({1})) == frozenset()


def test_a_rule_with_too_many_conditions_is_refused_before_the_c_code_sees_it() -> None:
    with pytest.raises(EngineFailed, match="more than 60 conditions"):
        Conjunctions([frozenset(range(MAX_FLAGS + 1))])
    wanted = [frozenset(range(MAX_FLAGS))]
    with Conjunctions(wanted) as conjunctions:
        assert conjunctions.holding(wanted[0]) == {0}
        assert conjunctions.holding(wanted[0] - {7}) == frozenset()


def test_every_flag_true_at_once_stays_below_the_sibling_limit() -> None:
    """The C code fails at 64 sibling conditions that are true at once."""
    wanted = [frozenset({n}) for n in range(200)]
    with Conjunctions(wanted) as conjunctions:
        assert conjunctions.holding(frozenset(range(200))) == frozenset(range(200))


def test_eight_threads_get_right_answers_from_one_object() -> None:
    wanted = [frozenset({n, n + 1}) for n in range(40)]
    wrong: list[int] = []
    with Conjunctions(wanted) as conjunctions:

        def ask(start: int) -> None:
            for n in range(100):
                some = frozenset(range(start, start + n % 30))
                if conjunctions.holding(some) != brute(wanted, some):
                    wrong.append(n)

        threads = [threading.Thread(target=ask, args=(start,)) for start in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


class Breaking:
    """The C module, whose end rule gets lost or which raises, as often as told."""

    error = rete.error

    def __init__(self, failures: list[str]) -> None:
        self.failures = failures
        self.made = 0

    def __getattr__(self, name: str) -> object:
        return getattr(rete, name)

    def create_ruleset(self, name: str, definition: str) -> int:
        self.made += 1
        return int(rete.create_ruleset(name, definition))

    def complete_and_start_action(self, handle: int, offset: int) -> object:
        if self.failures and self.failures[0] == "stop":
            self.failures.pop(0)
            return None
        if self.failures and self.failures[0] == "raise":
            self.failures.pop(0)
            raise rete.error("error code: 303")
        return rete.complete_and_start_action(handle, offset)


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Breaking:
    found = Breaking([])
    monkeypatch.setattr(engine, "rete", found)
    return found


@pytest.mark.parametrize("failure", ["stop", "raise"])
def test_an_evaluation_that_did_not_come_to_its_end_is_made_again_from_scratch(
    breaking: Breaking, failure: str
) -> None:
    with Conjunctions([frozenset({1}), frozenset({2})]) as conjunctions:
        assert conjunctions.holding(frozenset({1, 2})) == {0, 1}
        breaking.failures = [failure]
        assert conjunctions.holding(frozenset({1, 2})) == {0, 1}
        assert breaking.made == 2
        assert conjunctions.holding(frozenset({2})) == {1}
        assert breaking.made == 2


def test_a_ruleset_that_fails_twice_is_an_error_and_never_an_answer(breaking: Breaking) -> None:
    with Conjunctions([frozenset({1})]) as conjunctions:
        assert conjunctions.holding(frozenset({1})) == {0}
        breaking.failures = ["stop", "raise"]
        with pytest.raises(EngineFailed, match="twice"):
            conjunctions.holding(frozenset({1}))
        assert conjunctions.holding(frozenset({1})) == {0}


def test_a_warm_up_that_fails_is_not_trusted(breaking: Breaking) -> None:
    """Before its first full run the state must not be deleted: that crashes the C code."""

    def lost(_: int, __: int) -> None:
        return None

    good = rete.start_action_for_state
    with Conjunctions([frozenset({1})]) as conjunctions:
        breaking.start_action_for_state = lost  # type: ignore[attr-defined]
        with pytest.raises(EngineFailed):
            conjunctions.holding(frozenset({1}))
        breaking.start_action_for_state = good  # type: ignore[attr-defined]
        assert conjunctions.holding(frozenset({1})) == {0}


def test_a_fork_gets_a_lock_of_its_own() -> None:
    before = engine._lock
    engine._renew_lock()
    assert engine._lock is not before
