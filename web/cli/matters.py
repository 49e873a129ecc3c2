"""`seamless matters` and `seamless facts`: what can be asked about, and what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click

from rules.errors import Fault
from rules.model import UNKNOWN, Card, Deadline, Fact, Matter, Text
from rules.periods import Period
from web.answer_words import DOUBTS, UNKNOWN_LABEL, duration
from web.asking import day
from web.cli.options import json_option, on_option
from web.cli.speaking import Speaker, pass_speaker, print_json
from web.desk import Desk
from web.errors import BadInput
from web.matter_json import fact_json, matter_json, matter_line
from web.officer.everyday import read_everyday
from web.officer.search import Index
from web.wrapping import columns, padded, table, wrapped


def _index(desk: Desk) -> Index:
    """The search of the officer's page, with what people call things in the district."""
    catalogue = desk.district.book.catalogue
    return Index(catalogue, read_everyday(desk.folder, catalogue).phrases)


@click.command()
@click.argument("text", required=False)
@on_option
@json_option
@pass_speaker
def matters(
    speaker: Speaker,
    text: str | None,
    on: str | None,
    as_json: bool,  # noqa: FBT001 - click passes a flag
) -> None:
    """列出或搜索事项；给出事项代码则显示全部 / List or search matters; a code shows it in full.

    TEXT 可以是中文、拼音、首字母或代码 / TEXT: Chinese, pinyin, initials or a code.
    """
    book = speaker.desk.district.book
    when = speaker.desk.today() if on is None else day("on", on)
    if text is not None and text in book.catalogue.matters:
        matter = book.matter(text)
        if as_json:
            print_json(matter_json(matter, when))
        else:
            click.echo("\n".join(_Told(speaker, matter, when).lines()))
        return
    found = (
        tuple(book.catalogue.matters.values())
        if text is None
        else tuple(hit.matter for hit in _index(speaker.desk).find(text, when))
    )
    if as_json:
        print_json([matter_line(matter, when) for matter in found])
    elif found:
        click.echo("\n".join(table([_row(speaker, matter, when) for matter in found])))
    else:
        raise BadInput(
            [
                Fault(
                    "text",
                    f"没有找到与“{text}”有关的事项；不带文字运行可列出全部",
                    f"no matter fits {text!r}; without a text all are listed",
                )
            ]
        )


def _row(speaker: Speaker, matter: Matter, on: date) -> list[str]:
    covered = "" if matter.covers(on) else speaker.pick(f"{on} 无规则", f"no rules on {on}")
    return [matter.code, speaker.say(matter.name), covered]


@click.command()
@click.argument("matter")
@json_option
@pass_speaker
def facts(speaker: Speaker, matter: str, as_json: bool) -> None:  # noqa: FBT001 - click's flag
    """列出事项的要素和取值 / List a matter's facts and their values."""
    found = speaker.desk.district.book.matter(matter)
    if as_json:
        print_json([fact_json(fact) for fact in found.facts])
    else:
        click.echo("\n".join(_Told(speaker, found, speaker.desk.today()).facts()))


class _Told:
    """A matter as lines for a terminal."""

    def __init__(self, speaker: Speaker, matter: Matter, on: date) -> None:
        self._speaker = speaker
        self._matter = matter
        self._on = on

    def lines(self) -> Iterator[str]:
        """Everything: name, days, questions, exclusions, card, deadlines."""
        matter, pick = self._matter, self._speaker.pick
        yield self._say(matter.name) + self._in_brackets(matter.code)
        days = [_days(self._speaker, one) for one in matter.periods]
        yield from self._row(pick("有规则的时段：", "Covered: "), "; ".join(days))
        if matter.words:
            words = pick("、", ", ").join(matter.words)
            yield from self._row(pick("常用词：", "Everyday words: "), words)
        yield ""
        yield from self.facts()
        for one in matter.cannot:
            if one.period.covers(self._on):
                yield from self._row(pick("不可能：", "Cannot be: "), self._say(one.because))
        if matter.card is not None:
            yield from self._card(matter.card)
        limits = list(self._limits(matter.deadlines))
        if limits:
            yield ""
            yield pick(f"时限（{self._on}）", f"Deadlines on {self._on}")
            yield from limits

    def facts(self) -> Iterator[str]:
        """Each fact with its question and values, as they are typed."""
        for fact in self._matter.facts:
            yield from self._row("", f"{fact.name}  {self._say(fact.question)}{self._hint(fact)}")
            rows = [[f"  {value}", self._say(label)] for value, label in fact.values.items()]
            rows.append([f"  {UNKNOWN}", self._say(UNKNOWN_LABEL)])
            yield from table(rows)
            yield ""

    def _hint(self, fact: Fact) -> str:
        pick = self._speaker.pick
        hints = []
        if fact.place is not None:
            hints.append(pick("地图知道时不必填", "not asked where the map knows"))
        if fact.unit is not None:
            hints.append(pick(f"也可填数字（{fact.unit}）", f"or a number in {fact.unit}"))
        return self._in_brackets(pick("；", "; ").join(hints))

    def _card(self, card: Card) -> Iterator[str]:
        pick = self._speaker.pick
        parts = (
            (pick("现场看什么", "What to look at"), card.look),
            (pick("取什么证据", "Evidence to take"), card.evidence),
            (pick("一次性告知", "What the party must be told at once"), card.tell),
        )
        for head, texts in parts:
            if texts:
                yield ""
                yield head
                for text in texts:
                    yield from self._row("  · ", self._say(text))
        if card.on_the_spot is not None:
            yield ""
            yield (
                pick("可以当场处罚", "A penalty on the spot is possible")
                if card.on_the_spot
                else (pick("不可当场处罚", "No penalty on the spot"))
            )
            yield from self._limits(card.on_the_spot_limits)
            if card.on_the_spot_note is not None:
                yield from self._row("  ", self._say(card.on_the_spot_note))

    def _limits(self, deadlines: tuple[Deadline, ...]) -> Iterator[str]:
        for one in deadlines:
            limit = one.on(self._on)
            if limit is None:
                continue
            lang = self._speaker.lang.value
            said = self._say(one.step)
            if limit.limit is not None:
                said += self._speaker.pick("：", ": ") + duration(limit.limit, limit.unit, lang)
            basis = [basis.cited(lang) for basis in limit.basis]
            doubt = self._say(DOUBTS.get(limit.confidence, Text("", "")))
            notes = self._speaker.pick("；", "; ").join([*basis, *([doubt] if doubt else [])])
            yield from self._row("  · ", said + self._in_brackets(notes))

    def _in_brackets(self, text: str) -> str:
        return self._speaker.pick(f"（{text}）", f" ({text})") if text else ""

    def _say(self, text: Text) -> str:
        return self._speaker.say(text)

    def _row(self, label: str, text: str) -> Iterator[str]:
        indent = columns(label)
        first, *rest = wrapped(text, self._speaker.width - indent)
        yield label + first
        for line in rest:
            yield padded("", indent) + line


def _days(speaker: Speaker, period: Period) -> str:
    last = period.last_day or speaker.pick("今", "now")
    return speaker.pick(f"{period.valid_from} 至 {last}", f"{period.valid_from} to {last}")
