"""A small district for tests of the ledger: units with superiors, people, and made resolutions."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from enforcement.ledger_events import Order
from enforcement.policies import Actor, Post
from enforcement.services.filing import Found, file_case
from enforcement.services.ledger import Ledger
from enforcement.store.engine import Store
from enforcement.terms import Terms
from enforcement.units import Registry, Unit, UnitKind
from rules.model import Text
from rules.periods import Period

MORNING = datetime(2008, 11, 5, 1, tzinfo=UTC)
"""Wednesday 2008-11-05, nine in the morning in Shenzhen."""
SINCE = Period(date(2001, 1, 1))


def unit(
    id_: str,
    superior: str | None = None,
    *,
    kind: UnitKind = UnitKind.ORG,
    ceases_on: date | None = None,
    valid_from: date = SINCE.valid_from,
    successor: str | None = None,
) -> Unit:
    """A unit whose name is its id."""
    return Unit(
        id=id_,
        names=((None, Text(f"单位{id_}", id_)),),
        kind=kind,
        period=Period(valid_from, ceases_on),
        superior=superior,
        successor=successor,
    )


UNITS = (
    unit("district_gov"),
    unit("umb", "district_gov"),
    unit("street_a", "umb"),
    unit("street_b", "umb"),
    unit("fsc_office", "district_gov", kind=UnitKind.COORDINATION),
    unit("health", "fsc_office"),
    unit("aic", "city_aic", ceases_on=date(2009, 10, 1), successor="msa"),
    unit("city_aic"),
    unit("msa", "city_aic", valid_from=date(2009, 10, 1)),
    unit("psb", "district_gov"),
    unit("expco", kind=UnitKind.OWNER),
    unit("tribunal", "district_gov"),
    unit("intake", "district_gov"),
)
REGISTRY = Registry({one.id: one for one in UNITS}, (), "0" * 64)

LEADS = {"catering": "health", "circulation": "aic", "vendor": "street_a", "nobody": None}
"""The made rules: which unit leads by the one fact there is, `stage`."""


def answer(
    stage: str, *, assist: tuple[str, ...] = (), on: date = date(2008, 11, 5)
) -> dict[str, Any]:
    """A resolution of the made rules, in the shape of `Resolution.as_dict()`."""
    lead = LEADS[stage]

    def body(unit_id: str) -> dict[str, Any]:
        return {"unit": unit_id, "name": {"zh": unit_id, "en": unit_id}, "role": f"r_{unit_id}"}

    return {
        "outcome": "vacant" if lead is None else "decided",
        "certain": True,
        "matter": "food.safety",
        "matter_name": {"zh": "食品安全", "en": "Food safety"},
        "on": on.isoformat(),
        "facts": {"stage": stage},
        "lead": None if lead is None else body(lead),
        "interim": body("street_a") if lead is None else None,
        "candidates": [] if lead is None else [body(lead)],
        "assist": [body(one) | {"duty": "joint"} for one in assist],
        "because": [{"rule": f"T-{stage}", "leads": lead is not None}],
        "place": {"street": {"code": "440307014", "name": "布吉街道"}},
        "deadlines": [
            {"id": "D06", "step": "处罚决定", "limit": 90, "unit": "day", "basis": "行政处罚法"},
            {
                "id": "D03",
                "step": "登记保存",
                "limit": 7,
                "unit": "working_day",
                "basis": "行政处罚法",
            },
        ],
    }


def again(frozen: Mapping[str, Any], facts: Mapping[str, str], on: date) -> Mapping[str, Any]:
    """The resolver of the made rules."""
    return answer(facts.get("stage", frozen["facts"]["stage"]), on=on)


def person(name: str, unit_id: str | None, *posts: Post) -> Actor:
    """Somebody of a unit."""
    return Actor(name, unit_id, frozenset(posts))


OFFICER_A = person("li", "street_a", Post.OFFICER)
OFFICER_B = person("wang", "street_b", Post.OFFICER)
HEALTH = person("zhao", "health", Post.HANDLER)
AIC = person("qian", "aic", Post.HANDLER)
PSB = person("sun", "psb", Post.HANDLER)
VERIFIER = person("zhou", "intake", Post.VERIFIER)
DISPATCHER = person("wu", "intake", Post.DISPATCHER)
ADJUDICATOR = person("zheng", "tribunal", Post.ADJUDICATOR)
SUPERVISOR = person("chen", "intake", Post.SUPERVISOR)
AUDITOR = person("chu", None, Post.AUDITOR)
PEOPLE = (
    OFFICER_A,
    OFFICER_B,
    HEALTH,
    AIC,
    PSB,
    VERIFIER,
    DISPATCHER,
    ADJUDICATOR,
    SUPERVISOR,
    AUDITOR,
)


@dataclass
class World:
    """A ledger, and a clock that tests turn by hand."""

    ledger: Ledger
    now: datetime = MORNING
    _keys: Any = field(default_factory=itertools.count)

    def by(self, actor: Actor, key: str | None = None) -> Order:
        """An order of somebody, now."""
        return Order(actor, self.now, key or f"key-{next(self._keys)}")

    def wait(self, **time: float) -> None:
        """Turn the clock."""
        self.now += timedelta(**time)

    def file(self, stage: str = "catering", *, actor: Actor = OFFICER_A, **found: Any) -> int:  # noqa: ANN401
        """File a case of the made rules; gives its number."""
        resolution = found.pop("resolution", None) or answer(stage)
        asker = found.pop("asker", actor.unit)
        done = file_case(self.ledger, self.by(actor), Found(resolution, asker, "过期肉", **found))
        return done.case_id


def world(store: Store, files: Path, **settings: Any) -> World:  # noqa: ANN401
    """A world on a store; `settings` are those of `Terms`."""
    return World(
        Ledger(
            store=store,
            registry=REGISTRY,
            intake="intake",
            files=files,
            resolve_again=again,
            settled=Terms(**settings),
        )
    )
