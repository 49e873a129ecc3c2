"""An act on a case as a page: a small form by GET, the act itself by POST at the same address.

What the form asks is a list of fields, so that all acts look and fail alike: what is refused
comes back with what was typed, and the reason above it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from flask import Blueprint, Response, request, url_for

from enforcement.cases import check_can
from enforcement.ledger_events import Order
from enforcement.policies import POLICIES, Action
from enforcement.services.ledger import Done
from enforcement.services.stories import Story, story
from enforcement.store.cases import id_of
from rules.errors import Fault
from web.ledger.case_names import Names, capital
from web.ledger.case_view import CaseView
from web.ledger.core import LARGEST_NUMBER, Core, Faults
from web.ledger.words import ledger_words

Typed = Mapping[str, str]
Options = Sequence[tuple[str, str]]
CASE: Final = f"/cases/<int(max={LARGEST_NUMBER}):case_id>"
"""The address of a case."""
REUSED_KEY: Final = 409
FORBIDDEN: Final = frozenset({403, 404})
MOST_TYPED: Final = 4000


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a form asks. `kind`: text, long, date, choice, radios, files.

    `was` is sent along, so that what somebody chose can be told from what was chosen before.
    """

    name: str
    kind: str
    label: str
    value: str = ""
    options: Options = ()
    hint: str = ""
    required: bool = False
    longest: int = MOST_TYPED
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together, under a heading if they have one; `folded` when seldom used."""

    fields: Sequence[Field]
    title: str = ""
    hint: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What a form shows: sentences above it, its groups of fields, and the words of its button.

    `sides` are what the parties of a dispute said, to be read beside it.
    """

    button: str
    groups: Sequence[Group] = ()
    says: Sequence[str] = ()
    notes: Sequence[str] = ()
    title: str = ""
    sides: Sequence[Mapping[str, object]] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """The case that an act is about, read for its form."""

    core: Core
    names: Names
    story: Story

    @property
    def id(self) -> int:
        """Its number."""
        return id_of(self.story.case)

    def say(self, key: str, **values: object) -> str:
        """Words of an act."""
        return self.core.say(f"cases.act.{key}", **values)


def asked(core: Core, name: str, kind: str, *, key: str = "", **how: object) -> Field:
    """A field with the words `cases.field.<key>`, and `….hint` if there are any."""
    words = f"cases.field.{key or name}"
    hint = core.say(f"{words}.hint") if f"{words}.hint" in ledger_words() else ""
    made = Field(name, kind, core.say(words), hint=hint)
    return replace(made, **how)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its action, its form, and what does it. `then` is where one goes afterwards."""

    action: Action
    form: Callable[[Case], Form]
    do: Callable[[Core, Order, int, Typed], Done]
    name: str = ""
    check: Callable[[Case], None] | None = None
    then: Callable[[Done], str] | None = None

    @property
    def endpoint(self) -> str:
        """Its endpoint, and the last part of its address."""
        return self.name or self.action.value


@dataclass
class Acts:
    """The pages of acts on a case."""

    core: Core
    acts: Sequence[Act] = field(default_factory=tuple)

    def register(self, pages: Blueprint) -> None:
        """Add a page for each act."""
        for act in self.acts:
            pages.add_url_rule(
                f"{CASE}/{act.endpoint}",
                act.endpoint,
                self._page(act),
                methods=["GET", "POST"],
            )

    def _page(self, act: Act) -> Callable[[int], Response]:
        def page(case_id: int) -> Response:
            done = self.take if request.method == "POST" else self.show
            return done(act, case_id)

        return page

    def show(self, act: Act, case_id: int) -> Response:
        """The form. Raises NotAllowed and NotNow for who may not, or not now."""
        case = read(self.core, case_id)
        if act.check is None:
            check_can(case.story.case, self.core.actor, act.action, case.story.parties)
        else:
            act.check(case)
        return self._form(act, case, {}, (), 200)

    def take(self, act: Act, case_id: int) -> Response:
        """The act, or its form again."""
        core = self.core

        def again(typed: Typed, faults: Faults, status: int) -> Response:
            if status in FORBIDDEN:
                return core.page("failed.html", status, faults=core.said(faults))
            return self._form(act, read(core, case_id), typed, faults, status)

        def home(_done: Done) -> str:
            return url_for("ledger.case", case_id=case_id)

        return core.doing(
            lambda order: act.do(core, order, case_id, cleaned(request.form)),
            then=act.then or home,
            again=again,
        )

    def _form(self, act: Act, case: Case, typed: Typed, faults: Faults, status: int) -> Response:
        core = self.core
        form = act.form(case)
        name = core.t(POLICIES[act.action].name)
        view = CaseView(core, case.names, case.story)
        return core.page(
            "case_act.html",
            status,
            title=form.title or capital(name),
            head=view.head(),
            form=form,
            groups=[_filled(group, typed) for group in form.groups],
            faults=core.said(_named(case, faults)),
            address=url_for(f"ledger.{act.endpoint}", case_id=case.id),
            files=any(one.kind == "files" for group in form.groups for one in group.fields),
            key=None if status == REUSED_KEY else typed.get("key"),
        )


def read(core: Core, case_id: int) -> Case:
    """The case with its story. Raises NoSuchRecord, and NotAllowed, which is recorded."""
    return Case(core, Names(core), story(core.ledger, core.reads(), case_id))


def cleaned(form: Typed) -> dict[str, str]:
    """What was typed, with one kind of line end and nothing that a database cannot keep."""
    return {name: value.replace("\r\n", "\n").replace("\0", "") for name, value in form.items()}


def _filled(group: Group, typed: Typed) -> Group:
    """The group with what was typed; unfolded when something in it was."""
    fields = [replace(one, value=typed.get(one.name, one.value)) for one in group.fields]
    changed = any(new.value != old.value for new, old in zip(fields, group.fields, strict=True))
    return replace(group, fields=fields, folded=group.folded and not changed)


def _named(case: Case, faults: Faults) -> list[Fault]:
    """The faults with the lead by its name: who checks a case knows its id alone."""
    lead = case.story.case.lead_unit or ""
    unit = case.core.desk.district.registry.units.get(lead)
    if unit is None:
        return list(faults)
    name = unit.name(case.core.today)
    return [
        Fault(one.field, one.zh.replace(f" {lead} ", name.zh), one.en.replace(lead, name.en, 1))
        if one.field == "lead"
        else one
        for one in faults
    ]
