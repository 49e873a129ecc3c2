"""The address of the page is all that it knows: whatever was said can be read back from it."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from web.officer.safe_text import shown
from web.officer.said import LONGEST, MOST_ALSO, WHERE, Said, Thing

tokens = st.from_regex(r"[a-z][a-z0-9_.]{0,11}", fullmatch=True)
texts = st.text(min_size=1, max_size=30).filter(lambda text: text.strip() == text)
facts = st.dictionaries(tokens, tokens, max_size=4).map(lambda pairs: tuple(pairs.items()))
things = st.builds(Thing, tokens, facts)
saids = st.builds(
    Said,
    thing=st.none() | things,
    where=st.dictionaries(st.sampled_from(WHERE), texts, max_size=4).map(
        lambda pairs: tuple((name, pairs[name]) for name in WHERE if name in pairs)
    ),
    days=st.just(()) | st.just((("on", "2008-11-05"),)),
    asker=st.none() | tokens,
    also=st.lists(things, max_size=3, unique=True).map(tuple),
    words=st.text(max_size=20),
    step=st.sampled_from(["", "what", "where"]),
)


def read(address: str) -> Said:
    return Said.read(MultiDict(parse_qsl(urlsplit(address).query, keep_blank_values=True)))


@given(saids)
def test_an_address_says_exactly_what_was_said(said: Said) -> None:
    assert read(said.address()) == said


@given(saids, tokens, tokens)
def test_a_fact_that_is_given_and_taken_back_leaves_the_rest(
    said: Said, name: str, value: str
) -> None:
    if said.thing is None:
        return
    given_ = said.with_fact(name, value)
    assert given_.thing is not None
    assert dict(given_.thing.facts)[name] == value
    back = given_.without_fact(name)
    assert back.thing is not None
    assert dict(back.thing.facts) == {k: v for k, v in said.thing.facts if k != name}
    assert back.where == said.where


@given(saids, things)
def test_turning_to_another_thing_loses_none(said: Said, thing: Thing) -> None:
    turned = said.turned_to(thing)
    assert turned.thing == thing
    assert {*turned.also, turned.thing} == {
        one for one in (*said.also, said.thing, thing) if one is not None
    }


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=20))
def test_any_query_is_read_without_error_and_read_back_the_same(query: dict[str, str]) -> None:
    said = Said.read(MultiDict(query))
    assert read(said.address()) == said


def test_another_place_drops_what_only_settled_the_old_one() -> None:
    said = read("/?matter=a&fact.x=1&fact.place.street=440307014&at=114.1,22.6&step=where")
    moved = said.at({"area": "440307015"})
    assert moved.where == (("area", "440307015"),)
    assert moved.thing == Thing("a", (("x", "1"),))
    assert moved.step == ""


def test_a_position_goes_before_the_junction_that_it_was_found_by() -> None:
    said = read("/?matter=a&at=114.1,22.6&by=map&road=S28&cross=X")
    assert said.thing is not None
    asked = said.asked(said.thing, None)
    assert (asked.at, asked.road, asked.stake) == ("114.1,22.6", None, None)


def test_long_texts_are_cut_and_too_many_things_left_out() -> None:
    said = read("/?matter=" + "m" * 500 + "&q=" + "q" * 10_000 + "&also=a" * 3)
    assert said.thing is not None
    assert len(said.thing.matter) == LONGEST
    assert len(said.words) == 2 * LONGEST
    assert said.also == (Thing("a"),)
    many = read("/?" + "&".join(f"also=m{at}" for at in range(50)))
    assert len(many.also) == MOST_ALSO


def test_what_is_no_token_is_no_thing() -> None:
    for token in ("", ";;", "a;b", "a;b=c=d;", "a b", "a;<script>=1", "x" * 100):
        assert Thing.parsed(token) is None, token
    assert Thing.parsed("food.safety;stage=catering") == Thing(
        "food.safety", (("stage", "catering"),)
    )


@given(st.text(max_size=400))
def test_what_is_shown_can_be_seen(text: str) -> None:
    assert all(one.isprintable() for one in shown(text))
    assert len(shown(text, 20)) <= 20 * len("⟨U+10FFFF⟩") + 1


def test_marks_that_turn_the_direction_of_writing_are_shown_as_their_code_points() -> None:
    assert shown("龙\u202e岗\u200b\x07") == "龙⟨U+202E⟩岗⟨U+200B⟩⟨U+0007⟩"
    assert shown("a" * 400) == "a" * 300 + "…"
