"""Lines for a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

import doctest
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from web import answer_words, wrapping
from web.wrapping import columns, padded, plain, table, wrapped

words = st.text(alphabet=st.sampled_from("街道执法队，。（）K12+300 abc·"), max_size=120)


def test_the_examples_in_the_docstrings_run() -> None:
    for module in (wrapping, answer_words):
        assert doctest.testmod(module).failed == 0


@given(text=words, width=st.integers(10, 60))
def test_no_line_is_wider_than_asked_and_nothing_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(columns(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(text=st.text(max_size=60), width=st.integers(2, 30))
def test_any_text_can_be_wrapped(text: str, width: int) -> None:
    assert "".join("".join(wrapped(text, width)).split()) == "".join(text.split())


def test_a_closing_mark_begins_no_line_and_an_opening_mark_ends_none() -> None:
    lines = wrapped("街道执法队（布吉），负责查处。" * 6, 22)
    assert all(line[0] not in "，。）" for line in lines)
    assert all(line[-1] != "（" for line in lines)


def test_a_latin_word_stays_whole_where_it_can() -> None:
    assert wrapped("the street enforcement team", 12) == ["the street", "enforcement", "team"]


def test_columns_of_a_table_are_aligned_by_what_they_take_on_the_screen() -> None:
    lines = table([["布吉", "x"], ["ab", "y"]])
    assert [columns(line[: line.index(mark)]) for line, mark in zip(lines, "xy", strict=True)] == [
        6,
        6,
    ]
    assert padded("布", 4) == "布  "
    assert table([]) == []


@given(st.text(max_size=60))
def test_control_and_direction_marks_never_reach_the_terminal(text: str) -> None:
    kept = plain(text)
    assert not any(
        unicodedata.category(character) == "Cc" and character not in "\t\n" for character in kept
    )
    assert "\u202e" not in plain("a\u202eb")
    assert "\x1b" not in plain("\x1b[31m")
