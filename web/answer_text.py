"""A resolution as a colleague would say it on the terminal, in Chinese or English.

The unit's name comes first, or danger before it; then why, who helps, on what basis, what is
doubtful, where to act, by when, where this is, and what was not known. Pure: the contract's
values in, text out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from enforcement.district import STREETS
from rules.model import UNKNOWN, Fact, Matter, Text
from web.answer_words import (
    DIRECTIONS,
    DOUBTS,
    DUTIES,
    FIRST_CONTACT_WHY,
    INTERIM_WHY,
    LEGAL_CLASSES,
    OUTCOMES,
    SEAMS,
    SIDES,
    UNKNOWN_LABEL,
    duration,
)
from web.contract import (
    AreaOut,
    AskOut,
    AssistOut,
    CandidateOut,
    ContactOut,
    PlaceOut,
    ReadingOut,
    ResolutionOut,
    RoadOut,
    SafetyOut,
    TextOut,
)
from web.wrapping import columns, padded, plain, wrapped

Section = tuple[str, list[str]]


NARROWEST = 40


def answer_text(
    resolution: ResolutionOut,
    matter: Matter,
    lang: str,
    *,
    width: int = 80,
    streets: Mapping[str, Text] | None = None,
    areas: Text = STREETS,
) -> str:
    """The whole answer in lines of at most `width` terminal columns (at least 40).

    `streets` are the streets' names by code, for the language that the map does not speak;
    `areas` is what a street is called there.
    """
    return _Answer(
        resolution,
        matter,
        lang,
        width=max(NARROWEST, width),
        streets=streets or {},
        areas=areas,
    ).text()


class _Answer:
    def __init__(
        self,
        resolution: ResolutionOut,
        matter: Matter,
        lang: str,
        *,
        width: int,
        streets: Mapping[str, Text],
        areas: Text,
    ) -> None:
        self._given = resolution
        self._matter = matter
        self._lang = lang
        self._width = width
        self._streets = streets
        self._areas = areas

    def text(self) -> str:
        sections = [section for section in self._sections() if section[1]]
        indent = max((columns(name) for name, _ in sections), default=0) + 2
        lines = [*self._safety(self._given.safety), *self._nameplate(), ""]
        if self._given.ask:
            lines += [*self._question(self._given.ask[0]), ""]
        for name, entries in sections:
            label = padded(name, indent)
            for entry in entries:
                first, *rest = wrapped(plain(entry), self._width - indent)
                lines.append(f"{label}{first}".rstrip())
                lines += [" " * indent + line for line in rest]
                label = " " * indent
        return "\n".join(lines).rstrip() + "\n"

    def _say(self, text: Text | TextOut) -> str:
        return text.en if self._lang == "en" else text.zh

    def _pick(self, zh: str, en: str) -> str:
        return en if self._lang == "en" else zh

    def _and(self, parts: Iterable[str]) -> str:
        return self._pick("，", ", ").join(part for part in parts if part)

    def _in_brackets(self, text: str) -> str:
        return self._pick(f"（{text}）", f" ({text})") if text else ""

    # --- the head --------------------------------------------------------------------------

    def _safety(self, safety: SafetyOut | None) -> list[str]:
        if safety is None:
            return []
        calls = [f"{self._say(call)} {call.phone}" for call in safety.call]
        said = self._pick("危险！先做：", "DANGER, first of all: ") + self._say(safety)
        lines = wrapped(plain(said), self._width)
        if calls:
            lines += wrapped(self._pick("打电话：", "Call: ") + self._and(calls), self._width)
        return [*lines, ""]

    def _nameplate(self) -> list[str]:
        given = self._given
        named = given.lead or given.interim
        if named is None:
            return [self._say(OUTCOMES[given.outcome])]
        lines = wrapped(self._say(named.name) + self._yours(named.is_asker), self._width)
        second = [self._say(OUTCOMES[given.outcome])]
        if given.lead is None:
            why = INTERIM_WHY.get(named.role or "", FIRST_CONTACT_WHY)
            second.append(self._say(why))
        lines += wrapped(self._and(second), self._width)
        day = self._pick(f"{given.on} 办理", f"handled on {given.on}")
        if given.occurred_on != given.on:
            day = self._and(
                (day, self._pick(f"{given.occurred_on} 发生", f"occurred on {given.occurred_on}"))
            )
        what = f"{self._say(given.matter_name)}{self._in_brackets(given.matter)}"
        lines += wrapped(plain(self._pick(f"{what}，{day}", f"{what}, {day}")), self._width)
        contact = self._contact(named.contact)
        return [*lines, *wrapped(contact, self._width)] if contact else lines

    def _yours(self, is_asker: bool) -> str:  # noqa: FBT001 - the contract's own flag
        if self._given.asker is None:
            return ""
        return self._in_brackets(
            self._pick("属于你", "yours") if is_asker else self._pick("不属于你", "not yours")
        )

    def _contact(self, contact: ContactOut) -> str:
        if contact.phone is None:
            return ""
        note = "" if contact.note is None else self._in_brackets(self._say(contact.note))
        return self._pick("电话 ", "Phone ") + contact.phone + note

    def _question(self, ask: AskOut) -> list[str]:
        asked = self._pick("还需要一个问题：", "One question: ") + self._say(ask.question)
        choices = [(f"{one.value}", self._say(one.label)) for one in ask.values]
        choices.append((UNKNOWN, self._say(UNKNOWN_LABEL)))
        flags = [f"  --fact {ask.fact}={value}" for value, _ in choices]
        indent = max(columns(flag) for flag in flags) + 2
        lines = wrapped(plain(asked), self._width)
        if not ask.values:
            lines.append("  --road S28 --stake K12+300")
        for flag, (_, label) in zip(flags, choices, strict=True):
            if indent > self._width // 2:
                lines += [flag, *(f"      {line}" for line in wrapped(label, self._width - 6))]
                continue
            first, *rest = wrapped(plain(label), self._width - indent)
            lines.append(padded(flag, indent) + first)
            lines += [" " * indent + line for line in rest]
        return lines

    # --- the rows --------------------------------------------------------------------------

    def _sections(self) -> Iterator[Section]:
        given, pick = self._given, self._pick
        yield pick("缝隙", "Seam"), self._seam()
        yield pick("可能", "Possible"), self._candidates(given.candidates)
        yield pick("为什么", "Why"), self._why()
        yield pick("协办", "Assist"), [self._assist(one) for one in given.assist]
        yield pick("依据", "Basis"), [one.said(self._lang) for one in given.basis]
        yield pick("另一解释", "Other view"), [self._reading(one) for one in given.readings]
        yield pick("让位规则", "Overruled"), self._rivals()
        yield pick("存疑", "Doubt"), self._doubts()
        yield (
            pick("执法地点", "Act at"),
            [] if given.enforcement_point is None else [self._say(given.enforcement_point)],
        )
        yield pick("时限", "Deadlines"), self._deadlines()
        yield pick("位置", "Place"), self._place(given.place)
        yield pick("对象登记", "Register"), self._site()
        yield pick("已知", "Known"), self._known()
        yield pick("未知", "Not known"), self._not_known()
        yield pick("提示", "Note"), [self._say(one) for one in given.notices]

    def _seam(self) -> list[str]:
        seam = self._given.seam
        if seam is None:
            return []
        roles = self._and(self._say(role) for role in seam.role_names)
        return [self._say(SEAMS[seam.kind]) + self._in_brackets(roles)]

    def _candidates(self, candidates: Sequence[CandidateOut]) -> list[str]:
        if self._given.lead is not None or len(candidates) < 2:
            return []
        return [self._candidate(one) for one in candidates]

    def _candidate(self, one: CandidateOut) -> str:
        roles = self._and(self._say(role) for role in one.role_names)
        if one.name is not None:
            return self._say(one.name) + self._in_brackets(roles)
        if one.outcome == "outside":
            return self._pick("辖区以外", "outside the district")
        seam = SEAMS["gap" if not one.roles else "vacancy" if len(one.roles) == 1 else "overlap"]
        return self._say(seam) + self._in_brackets(roles)

    def _why(self) -> list[str]:
        return [
            f"{self._say(one.says)}{self._in_brackets(one.rule)}" for one in self._given.because
        ]

    def _assist(self, one: AssistOut) -> str:
        said = self._pick("：", ": ").join((self._say(one.name), self._say(DUTIES[one.duty])))
        contact = self._contact(
            ContactOut(phone=one.contact.phone, note=None)  # one note on made-up numbers is enough
        )
        return self._and((said, contact))

    def _reading(self, one: ReadingOut) -> str:
        said = self._say(one.says)
        if one.name is not None:
            said = self._pick(f"{said} → {self._say(one.name)}", f"{said} → {self._say(one.name)}")
        cites = self._pick("；", "; ").join(basis.said(self._lang) for basis in one.basis)
        return said + self._in_brackets(cites)

    def _rivals(self) -> list[str]:
        return [
            self._pick(
                f"{self._say(one.says)}（{one.rule}）让位于 {one.lost_to}",
                f"{self._say(one.says)} ({one.rule}) gives way to {one.lost_to}",
            )
            for one in self._given.rivals
        ]

    def _doubts(self) -> list[str]:
        found: dict[str, list[str]] = {}
        for one in self._given.because:
            doubt = self._say(DOUBTS.get(one.confidence, Text("", "")))
            if doubt:
                found.setdefault(doubt, []).append(one.rule)
            if one.note is not None:
                found.setdefault(self._say(one.note), []).append(one.rule)
        return [f"{said}{self._in_brackets(self._and(rules))}" for said, rules in found.items()]

    def _deadlines(self) -> list[str]:
        lines = []
        for one in self._given.deadlines:
            step = one.step_en if self._lang == "en" else one.step
            basis = one.basis_en if self._lang == "en" else one.basis
            doubt = self._say(DOUBTS.get(one.confidence, Text("", "")))
            note = self._pick("；", "; ").join(part for part in (basis, doubt) if part)
            said = self._pick("：", ": ").join((step, duration(one.limit, one.unit, self._lang)))
            lines.append(said + self._in_brackets(note))
        return lines

    def _place(self, place: PlaceOut) -> list[str]:
        areas = [self._area(one) for one in (place.street or place.neighbour, place.community)]
        border = ""
        if place.border_m is not None:
            border = self._pick(
                f"距{self._areas.zh}边界约 {place.border_m:.0f} 米",
                f"about {place.border_m:.0f} m from the nearest {self._areas.en} border",
            )
        accuracy = ""
        if place.lon is not None:
            accuracy = self._pick(
                f"定位精度 {place.accuracy_m:g} 米", f"accuracy {place.accuracy_m:g} m"
            )
        lines = [self._and((*areas, border, accuracy))]
        if place.road is not None:
            lines.append(self._road(place.road))
        touched = dict.fromkeys(self._area(one.street or one.neighbour) for one in place.touches)
        also = [name for name in touched if name and name != areas[0]]
        if also:
            lines.append(
                self._pick("误差圈内还可能在：", "Within the accuracy it may also be: ")
                + self._and(also)
                + (
                    self._pick("；责任单位相同", "; the same unit there")
                    if self._given.lead
                    else ""
                )
            )
        return [line for line in lines if line]

    def _area(self, area: AreaOut | None) -> str:
        if area is None:
            return ""
        street = self._streets.get(area.code)
        return area.name if street is None else self._say(street)

    def _road(self, road: RoadOut) -> str:
        name = " ".join(part for part in (road.ref, road.name) if part) or road.segment
        parts = [f"{name} {road.stake}" if road.stake else name]
        parts += [
            self._say(words[code])
            for words, code in ((DIRECTIONS, road.direction), (SIDES, road.side))
            if code is not None and code in words
        ]
        parts += [self._say(LEGAL_CLASSES.get(road.legal_class, LEGAL_CLASSES["unknown"]))]
        return self._and(parts)

    def _site(self) -> list[str]:
        site = self._given.site
        if site is None:
            return []
        told = [
            f"{one.fact}={one.value}{self._in_brackets(self._say(one.says))}" for one in site.facts
        ]
        return [self._and((site.site, *told))]

    def _known(self) -> list[str]:
        known = [
            f"{name}={value}{self._in_brackets(self._label(name, value))}"
            for name, value in self._given.facts.items()
            if value != UNKNOWN
        ]
        return [self._and(known)] if known else []

    def _not_known(self) -> list[str]:
        declined = [name for name, value in self._given.facts.items() if value == UNKNOWN]
        open_ = [name for name in self._given.open if name not in declined]
        lines = []
        for name in (*declined, *open_):
            fact = self._matter.fact(name)
            lines.append(name if fact is None else f"{name}{self._in_brackets(self._asks(fact))}")
        if not lines:
            return []
        tail = self._pick("不影响主办单位", "the lead does not depend on it")
        return [self._and(lines) + (self._in_brackets(tail) if self._given.lead else "")]

    def _asks(self, fact: Fact) -> str:
        return self._say(fact.question)

    def _label(self, name: str, value: str) -> str:
        fact = self._matter.fact(name)
        label = None if fact is None else fact.values.get(value)
        return "" if label is None else self._say(label)
