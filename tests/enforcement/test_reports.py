"""An officer's "this answer is wrong" is kept once, with everything; a steward closes it once."""

from datetime import timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from enforcement.errors import BadReport
from enforcement.ledger_errors import BadAct, KeyReused, NoSuchRecord, NotAllowed, NotNow
from enforcement.policies import Post
from enforcement.services.checking import check_ledger
from enforcement.services.ledger import Done
from enforcement.services.people import Person, add_account
from enforcement.services.report_closing import (
    ELSEWHERE,
    LONGEST_CHANGED,
    LONGEST_NOTE,
    close_report,
)
from enforcement.services.reports import (
    LONGEST_TEXT,
    ReportCounts,
    count_reports,
    report_wrong_answer,
    wrong_answer,
    wrong_answers,
)
from enforcement.store.chain import all_events
from enforcement.store.engine import Store, reading, writing
from tests.enforcement.ledger_world import (
    AUDITOR,
    MORNING,
    OFFICER_A,
    REGISTRY,
    SUPERVISOR,
    World,
    person,
    world,
)

STEWARD = person("feng", "district_gov", Post.STEWARD)
OTHER_STEWARD = person("tao", None, Post.STEWARD)

ANSWER = {
    "matter": "food.safety",
    "outcome": "decided",
    "lead": {"unit": "amr"},
    "interim": None,
    "because": [{"rule": "F52"}],
}


def send(store: Store, *, once: str = "0123456789abcdef", text: str = "店已停业") -> int:
    return report_wrong_answer(
        store,
        once=once,
        kind="unit",
        text=text,
        asker="street_cle.440307014",
        address="/?matter=food.safety&at=114.1,22.6",
        resolution=ANSWER,
    )


def test_a_report_keeps_the_question_and_the_whole_answer(store: Store) -> None:
    number = send(store)
    (report,) = wrong_answers(store)
    assert report.number == number
    assert (report.kind, report.text, report.unit) == ("unit", "店已停业", "amr")
    assert report.address == "/?matter=food.safety&at=114.1,22.6"
    assert report.resolution == ANSWER


def test_a_report_that_is_sent_twice_is_one_report(store: Store) -> None:
    assert send(store) == send(store, text="又按了一次")
    assert len(wrong_answers(store)) == 1


def test_reports_are_read_newest_first_a_page_at_a_time(store: Store) -> None:
    numbers = [send(store, once=f"{at:016d}") for at in range(5)]
    first = wrong_answers(store, limit=3)
    assert [one.number for one in first] == numbers[:1:-1]
    assert [one.number for one in wrong_answers(store, before=first[-1].number)] == numbers[1::-1]


def test_what_cannot_be_kept_is_refused_with_every_fault_and_nothing_is_kept(store: Store) -> None:
    with pytest.raises(BadReport) as refused:
        report_wrong_answer(
            store,
            once="short",
            kind="everything",
            text="长" * (LONGEST_TEXT + 1),
            asker=None,
            address="?" * 9000,
            resolution=ANSWER,
        )
    assert [one.field for one in refused.value.faults] == ["once", "kind", "text", "address"]
    assert wrong_answers(store) == ()


def test_a_report_says_when_it_was_sent_in_utc_whatever_zone_that_was_said_in(
    store: Store,
) -> None:
    number = report_wrong_answer(
        store,
        once="0123456789abcdef",
        kind="unit",
        text="",
        asker=None,
        address="/",
        resolution=ANSWER,
        at=MORNING.astimezone(timezone(timedelta(hours=8))),
    )
    sent = wrong_answer(store, number).at
    assert (sent, sent.utcoffset()) == (MORNING, timedelta(0))
    send(store, once="f" * 16)
    assert wrong_answers(store)[0].at > MORNING, "without a moment it is now"


# --- closing ---------------------------------------------------------------------------------


@pytest.fixture
def there(store: Store, tmp_path: Path) -> World:
    """A ledger whose store has one open report, number 1."""
    send(store)
    return world(store, tmp_path)


def close(there: World, number: int = 1, *, key: str | None = None, **said: str) -> Done:
    given = {"closed_as": "mended", "note": "店已停业的改由街道办理", **said}
    return close_report(there.ledger, there.by(STEWARD, key), number, **given)


def told(there: World, action: str) -> list[dict[str, object]]:
    """The bodies of the events of an action."""
    with reading(there.ledger.store) as session:
        found = [one for one in all_events(session) if one.action == action]
    assert all(one.case_id is None for one in found)
    return [one.body or {} for one in found]


def test_a_report_is_open_until_a_steward_closes_it_and_who_and_when_are_kept(
    there: World,
) -> None:
    store = there.ledger.store
    send(store, once="f" * 16)
    before = wrong_answer(store, 1)
    assert before.closing is None
    assert [one.number for one in wrong_answers(store, closed=False)] == [2, 1]
    done = close(there, changed=" F52 ")
    after = wrong_answer(store, 1)
    closing = after.closing
    assert closing is not None
    assert (closing.closed_as, closing.note) == ("mended", "店已停业的改由街道办理")
    assert (closing.changed, closing.unit, closing.by) == ("F52", None, "feng")
    assert closing.at == MORNING
    assert (after.text, after.at, after.resolution) == (before.text, before.at, ANSWER)
    assert [one.number for one in wrong_answers(store, closed=False)] == [2]
    assert [one.number for one in wrong_answers(store, closed=True)] == [1]
    assert [one.number for one in wrong_answers(store)] == [2, 1]
    assert told(there, "close_report") == [
        {
            "report": 1,
            "closed_as": "mended",
            "note": "店已停业的改由街道办理",
            "changed": "F52",
            "to": None,
        }
    ]
    assert done.result == {"report": 1}
    assert check_ledger(there.ledger).is_whole


def test_open_reports_are_counted_and_the_oldest_of_them_says_since_when(there: World) -> None:
    store = there.ledger.store
    first = wrong_answer(store, 1).at
    send(store, once="f" * 16)
    assert count_reports(store) == ReportCounts(open=2, closed=0, oldest=first)
    close(there, 2)
    assert count_reports(store) == ReportCounts(open=1, closed=1, oldest=first)
    close(there, 1)
    assert count_reports(store) == ReportCounts(open=0, closed=2, oldest=None)


def test_closed_reports_are_read_a_page_at_a_time(there: World) -> None:
    store = there.ledger.store
    for at in range(2, 7):
        send(store, once=f"{at:016d}")
        if at % 2 == 0:
            close(there, at)
    assert [one.number for one in wrong_answers(store, closed=True, limit=2)] == [6, 4]
    assert [one.number for one in wrong_answers(store, closed=True, before=4)] == [2]
    assert [one.number for one in wrong_answers(store, closed=False, before=4)] == [3, 1]


def test_a_report_that_is_passed_on_names_the_unit_or_says_that_the_district_has_it_not(
    there: World,
) -> None:
    send(there.ledger.store, once="f" * 16)
    close(there, 1, closed_as="passed_on", unit="umb")
    close(there, 2, closed_as="passed_on", unit=ELSEWHERE)
    units = [one.closing and one.closing.unit for one in wrong_answers(there.ledger.store)]
    assert units == [None, "umb"]


def test_a_report_is_closed_once_and_the_second_is_told_who_did_and_when(there: World) -> None:
    named = Person("feng", "封 / Feng", None, frozenset({Post.STEWARD}), "a-long-password")
    add_account(there.ledger.store, there.by(STEWARD), named, registry=REGISTRY)
    close(there, closed_as="right")
    there.now += timedelta(hours=1)
    with pytest.raises(NotNow) as refused:
        close_report(there.ledger, there.by(OTHER_STEWARD), 1, closed_as="mended", note="也改了")
    assert "第 1 条已由封于 2008-11-05 09:00 处理：答案没错" in refused.value.zh
    assert "closed by Feng at 2008-11-05 09:00: the answer was right" in refused.value.en
    closing = wrong_answer(there.ledger.store, 1).closing
    assert closing is not None
    assert (closing.by, closing.closed_as) == ("feng", "right")
    assert len(told(there, "close_report")) == 1


def test_who_closed_it_is_named_by_the_account_where_that_is_not_there_any_more(
    there: World,
) -> None:
    close(there)
    with pytest.raises(NotNow, match="closed by feng at"):
        close(there)


def test_the_same_key_gives_the_same_answer_and_closes_once(there: World) -> None:
    first = close(there, key="the same")
    again = close(there, key="the same")
    assert (again.result, again.seq, again.again) == (first.result, first.seq, True)
    assert len(told(there, "close_report")) == 1
    with pytest.raises(KeyReused):
        close(there, key="the same", note="别的说明")


def test_nobody_but_a_steward_closes_a_report_and_who_tried_is_recorded(there: World) -> None:
    for who in (OFFICER_A, SUPERVISOR, AUDITOR):
        with pytest.raises(NotAllowed):
            close_report(there.ledger, there.by(who), 1, closed_as="right", note="没错")
    assert wrong_answer(there.ledger.store, 1).closing is None
    assert told(there, "close_report") == []
    assert [one["wanted"] for one in told(there, "denied")] == ["close_report"] * 3


REFUSED: list[tuple[dict[str, str], list[str]]] = [
    ({"closed_as": "", "note": " \n"}, ["closed_as", "note"]),
    ({"closed_as": "gone"}, ["closed_as"]),
    ({"note": "长" * (LONGEST_NOTE + 1)}, ["note"]),
    ({"changed": "F" * (LONGEST_CHANGED + 1)}, ["changed"]),
    ({"closed_as": "right", "changed": "F52", "unit": "umb"}, ["changed", "unit"]),
    ({"closed_as": "passed_on"}, ["unit"]),
    ({"closed_as": "passed_on", "unit": "nobody"}, ["unit"]),
    ({"closed_as": "passed_on", "unit": "msa"}, ["unit"]),  # exists from 2009 on
]


def test_a_closing_that_says_too_little_or_too_much_is_refused_with_every_fault(
    there: World,
) -> None:
    for said, fields in REFUSED:
        with pytest.raises(BadAct) as refused:
            close(there, 1, **said)
        assert [one.field for one in refused.value.faults] == fields
    assert wrong_answer(there.ledger.store, 1).closing is None
    assert told(there, "close_report") == []


def test_the_longest_note_is_kept_whole(there: World) -> None:
    close(there, note="长" * LONGEST_NOTE, changed="F" * LONGEST_CHANGED)
    closing = wrong_answer(there.ledger.store, 1).closing
    assert closing is not None
    assert (len(closing.note), len(closing.changed or "")) == (LONGEST_NOTE, LONGEST_CHANGED)


def test_a_report_that_is_not_there_is_neither_read_nor_closed(there: World) -> None:
    with pytest.raises(NoSuchRecord):
        wrong_answer(there.ledger.store, 2)
    with pytest.raises(NoSuchRecord):
        close(there, 2)


def test_the_database_refuses_to_change_or_delete_a_report_or_its_closing(there: World) -> None:
    close(there)
    for statement in (
        "UPDATE answer_report SET text = 'x'",
        "DELETE FROM answer_report",
        "UPDATE report_closing SET note = 'x'",
        "DELETE FROM report_closing",
    ):
        with pytest.raises(DBAPIError), writing(there.ledger.store) as session:
            session.execute(text(statement))
    kept = wrong_answer(there.ledger.store, 1)
    assert kept.text == "店已停业"
    assert kept.closing is not None
    assert kept.closing.note == "店已停业的改由街道办理"
