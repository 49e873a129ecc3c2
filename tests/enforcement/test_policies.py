"""Who may do what: one table of posts and actions, read by whoever writes the districts' orders."""

from __future__ import annotations

from itertools import product

import pytest

from enforcement.ledger_errors import NotAllowed
from enforcement.policies import (
    CLOCK,
    HUMAN_POSTS,
    POLICIES,
    POST_NAMES,
    WHOSE_NAMES,
    Action,
    Actor,
    Parties,
    Post,
    Whose,
    check_may,
    may,
)

# The relations of a person's unit to a case, and a column of letters for each post:
# h holder, r receiver, a assisting unit, p held it before, o any other unit, n no unit at all
UNITS = {"h": "holder", "r": "receiver", "a": "assist", "p": "past", "o": "other", "n": None}
PARTIES = Parties("holder", "receiver", frozenset({"assist"}), frozenset({"past"}))
ALL = "hrapon"

#                          officer  dispat   handler  verif    stewd    adjud    superv   auditor
TABLE = {
    Action.FILE:            ("h",     ALL,     "h",     "",      "",      "",      "",      ""),
    Action.TAKE_UP:         ("h",     "",      "h",     "",      "",      "",      "",      ""),
    Action.CORRECT:         ("h",     "",      "h",     "",      "",      "",      "",      ""),
    Action.HAND_OVER:       ("h",     "",      "h",     "",      "",      "",      "",      ""),
    Action.TRANSFER:        ("h",     "",      "h",     "",      "",      "",      "",      ""),
    Action.ACCEPT:          ("r",     "",      "r",     "",      "",      "",      "",      ""),
    Action.REFUSE:          ("r",     "",      "r",     "",      "",      "",      "",      ""),
    Action.ASK_RULING:      ("h",     "",      "h",     "",      "",      "",      ALL,     ""),
    Action.RULE:            ("",      "",      "",      "",      "",      "ao",    "",      ""),
    Action.STEP:            ("h",     "",      "h",     "",      "",      "",      "",      ""),
    Action.NAME_OFFICER:    ("",      "",      "h",     "",      "",      "",      "h",     ""),
    Action.REPORT_DONE:     ("h",     "",      "h",     "",      "",      "",      "",      ""),
    Action.SEND_BACK:       ("",      "",      "",      ALL,     "",      "",      "",      ""),
    Action.VERIFY:          ("",      "",      "",      ALL,     "",      "",      "",      ""),
    Action.CLOSE:           ("",      ALL,     "",      ALL,     "",      "",      "",      ""),
    Action.RECHECK:         (ALL,     "",      "",      ALL,     "",      "",      "",      ""),
    Action.REOPEN:          (ALL,     ALL,     ALL,     ALL,     "",      "",      "",      ""),
    Action.MERGE:           ("h",     ALL,     "h",     "",      "",      "",      "",      ""),
    Action.ESCALATE:        ("",      "",      "",      "",      "",      "",      "",      ""),
    Action.DEEM_ACCEPTED:   ("",      "",      "",      "",      "",      "",      "",      ""),
    Action.SUCCEED:         ("",      "",      "",      "",      "",      "",      "",      ""),
    Action.ASK_ASSIST:      ("h",     "",      "h",     "",      "",      "",      "",      ""),
    Action.ANSWER_ASSIST:   ("a",     "",      "a",     "",      "",      "",      "",      ""),
    Action.ADD_EVIDENCE:    ("hrap",  "",      "hrap",  ALL,     "",      "",      "",      ""),
    Action.ADD_RESIDENT:    ("h",     ALL,     "h",     "",      "",      "",      "",      ""),
    Action.SEE_RESIDENT:    ("h",     "",      "h",     "",      "",      "",      "",      ""),
    Action.EXPORT_RESIDENT: ("",      "",      "",      "",      "",      "",      "h",     ""),
    Action.ERASE_RESIDENT:  ("",      "",      "",      "",      "",      "",      "h",     ""),
    Action.SEE_CASE:        ("hrap",  ALL,     "hrap",  ALL,     "",      ALL,     ALL,     ALL),
    Action.SEE_DISTRICT:    ("",      ALL,     "",      ALL,     "",      ALL,     ALL,     ALL),
    Action.SEE_FIGURES:     ("",      "",      "",      "",      "",      "",      ALL,     ALL),
    Action.SEE_LEDGER:      ("",      "",      "",      "",      "",      "",      "",      ALL),
    Action.SEE_REPORTS:     ("",      "",      "",      "",      ALL,     "",      "",      ""),
    Action.CLOSE_REPORT:    ("",      "",      "",      "",      ALL,     "",      "",      ""),
    Action.PLAN_VISIT:      ("h",     ALL,     "h",     "",      "",      "",      "",      ""),
    Action.NOTIFY_VISIT:    ("hrap",  "",      "hrap",  "",      "",      "",      "",      ""),
    Action.RECORD_STOP:     ("hrap",  "",      "hrap",  "",      "",      "",      "",      ""),
    Action.END_VISIT:       ("h",     ALL,     "h",     "",      "",      "",      ALL,     ""),
}  # fmt: skip


def test_the_table_has_every_action_and_every_post() -> None:
    assert set(TABLE) == set(POLICIES) == set(Action)
    assert {len(row) for row in TABLE.values()} == {len(HUMAN_POSTS)}


@pytest.mark.parametrize("action", Action)
def test_each_post_may_do_this_for_these_units_and_no_others(action: Action) -> None:
    expected = {
        (post, letter)
        for post, letters in zip(HUMAN_POSTS, TABLE[action], strict=True)
        for letter in letters
    }
    allowed = {
        (post, letter)
        for post, letter in product(HUMAN_POSTS, UNITS)
        if may(Actor("x", UNITS[letter], frozenset({post})), action, PARTIES)
    }
    assert allowed == expected


def test_several_posts_allow_what_each_of_them_allows() -> None:
    both = Actor("x", "holder", frozenset({Post.OFFICER, Post.VERIFIER}))
    assert may(both, Action.HAND_OVER, PARTIES)
    assert may(both, Action.VERIFY, PARTIES)


def test_nobody_without_a_post_may_do_anything() -> None:
    nobody = Actor("x", "holder", frozenset())
    assert not any(may(nobody, action, PARTIES) for action in Action)


def test_the_clock_escalates_and_does_nothing_that_people_do() -> None:
    assert {action for action in Action if may(CLOCK, action, PARTIES)} == {
        Action.ESCALATE,
        Action.DEEM_ACCEPTED,
        Action.SUCCEED,
        Action.ERASE_RESIDENT,
    }


def test_a_refusal_says_who_may() -> None:
    stranger = Actor("li", "other", frozenset({Post.OFFICER}))
    with pytest.raises(NotAllowed) as caught:
        check_may(stranger, Action.ACCEPT, PARTIES)
    assert "被移交单位的单位经办人" in caught.value.zh
    assert "a unit handler of the unit it was handed over to" in caught.value.en


def test_posts_and_relations_have_names_in_both_languages() -> None:
    assert set(POST_NAMES) == set(Post)
    assert set(WHOSE_NAMES) == set(Whose)
