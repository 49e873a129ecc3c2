"""An officer's "this answer is wrong" is kept once, with everything, and read newest first."""

import pytest

from enforcement.errors import BadReport
from enforcement.services.reports import LONGEST_TEXT, report_wrong_answer, wrong_answers
from enforcement.store.engine import Store

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
