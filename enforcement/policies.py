"""Who may do what: one policy for each action, and nothing allowed without one.

A policy names posts (岗位) and, for each, whose case it must be. Whether the case is in a state
that allows the action is `enforcement.cases`' question. Membership is by unit: a person acts for
the unit that the account belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from enforcement.ledger_errors import NotAllowed
from rules.model import Text


class Post(StrEnum):
    """What a person is there for. `CLOCK` is no person: it acts when a deadline passes."""

    OFFICER = "officer"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    VERIFIER = "verifier"
    STEWARD = "steward"
    ADJUDICATOR = "adjudicator"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    CLOCK = "clock"


POST_NAMES: Final[Mapping[Post, Text]] = {
    Post.OFFICER: Text("巡查执法员", "officer"),
    Post.DISPATCHER: Text("分拨员", "dispatcher"),
    Post.HANDLER: Text("单位经办人", "unit handler"),
    Post.VERIFIER: Text("核查员", "verifier"),
    Post.STEWARD: Text("规则管理员", "steward"),
    Post.ADJUDICATOR: Text("裁定人", "adjudicator"),
    Post.SUPERVISOR: Text("督办", "supervisor"),
    Post.AUDITOR: Text("审计", "auditor"),
    Post.CLOCK: Text("时钟", "the clock"),
}
HUMAN_POSTS: Final = tuple(post for post in Post if post is not Post.CLOCK)


class Action(StrEnum):
    """Everything that can be done in the ledger, reading others' things included."""

    FILE = "file"
    TAKE_UP = "take_up"
    CORRECT = "correct"
    HAND_OVER = "hand_over"
    TRANSFER = "transfer"
    ACCEPT = "accept"
    REFUSE = "refuse"
    ASK_RULING = "ask_ruling"
    RULE = "rule"
    STEP = "step"
    NAME_OFFICER = "name_officer"
    REPORT_DONE = "report_done"
    SEND_BACK = "send_back"
    VERIFY = "verify"
    CLOSE = "close"
    RECHECK = "recheck"
    REOPEN = "reopen"
    MERGE = "merge"
    ESCALATE = "escalate"
    DEEM_ACCEPTED = "deem_accepted"
    SUCCEED = "succeed"
    ASK_ASSIST = "ask_assist"
    ANSWER_ASSIST = "answer_assist"
    ADD_EVIDENCE = "add_evidence"
    ADD_RESIDENT = "add_resident"
    SEE_RESIDENT = "see_resident"
    EXPORT_RESIDENT = "export_resident"
    ERASE_RESIDENT = "erase_resident"
    SEE_CASE = "see_case"
    SEE_DISTRICT = "see_district"
    SEE_FIGURES = "see_figures"
    SEE_LEDGER = "see_ledger"
    SEE_REPORTS = "see_reports"
    CLOSE_REPORT = "close_report"
    PLAN_VISIT = "plan_visit"
    NOTIFY_VISIT = "notify_visit"
    RECORD_STOP = "record_stop"
    END_VISIT = "end_visit"


class Whose(StrEnum):
    """What the person's unit must be to the case."""

    ANY = "any"
    HOLDER = "holder"
    RECEIVER = "receiver"
    ASSISTING = "assisting"
    INVOLVED = "involved"
    OUTSIDER = "outsider"


WHOSE_NAMES: Final[Mapping[Whose, Text]] = {
    Whose.ANY: Text("任何单位", "any unit"),
    Whose.HOLDER: Text("当前责任单位", "the holder"),
    Whose.RECEIVER: Text("被移交单位", "the unit it was handed over to"),
    Whose.ASSISTING: Text("协办单位", "an assisting unit"),
    Whose.INVOLVED: Text("与案件有关的单位", "a unit that has to do with the case"),
    Whose.OUTSIDER: Text("争议以外的单位", "a unit that is no party to the dispute"),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the account, its unit, its posts."""

    id: str
    unit: str | None
    posts: frozenset[Post]


CLOCK: Final = Actor("clock", None, frozenset({Post.CLOCK}))


@dataclass(frozen=True, slots=True)
class Parties:
    """The units that a case has to do with. `past` held it, or were asked to, before."""

    holder: str | None = None
    receiver: str | None = None
    assisting: frozenset[str] = frozenset()
    past: frozenset[str] = field(default_factory=frozenset)

    def has(self, unit: str | None, whose: Whose) -> bool:
        """Whether `unit` stands in this relation to the case."""
        if whose is Whose.ANY:
            return True
        if unit is None:
            return False
        involved = {self.holder, self.receiver} | self.assisting | self.past
        return {
            Whose.HOLDER: unit == self.holder,
            Whose.RECEIVER: unit == self.receiver,
            Whose.ASSISTING: unit in self.assisting,
            Whose.INVOLVED: unit in involved,
            Whose.OUTSIDER: unit not in {self.holder, self.receiver} | self.past,
        }[whose]


@dataclass(frozen=True, slots=True)
class Policy:
    """The action's name, and for each post that may do it, whose case it must be."""

    name: Text
    may: Mapping[Post, Whose]


_OFFICER, _DISPATCHER, _HANDLER = Post.OFFICER, Post.DISPATCHER, Post.HANDLER
_VERIFIER, _SUPERVISOR = Post.VERIFIER, Post.SUPERVISOR
_FIELD_OF_HOLDER: Final = {_OFFICER: Whose.HOLDER, _HANDLER: Whose.HOLDER}
_FIELD_OF_RECEIVER: Final = {_OFFICER: Whose.RECEIVER, _HANDLER: Whose.RECEIVER}
_CLOCK_ONLY: Final = {Post.CLOCK: Whose.ANY}

POLICIES: Final[Mapping[Action, Policy]] = {
    Action.FILE: Policy(Text("登记", "file"), {**_FIELD_OF_HOLDER, _DISPATCHER: Whose.ANY}),
    Action.TAKE_UP: Policy(Text("首问到场", "take up"), _FIELD_OF_HOLDER),
    Action.CORRECT: Policy(Text("更正要素并重新认定", "correct the facts"), _FIELD_OF_HOLDER),
    Action.HAND_OVER: Policy(Text("移交", "hand over"), _FIELD_OF_HOLDER),
    Action.TRANSFER: Policy(Text("移送公安", "transfer to public security"), _FIELD_OF_HOLDER),
    Action.ACCEPT: Policy(Text("接收", "accept"), _FIELD_OF_RECEIVER),
    Action.REFUSE: Policy(Text("退回", "refuse"), _FIELD_OF_RECEIVER),
    Action.ASK_RULING: Policy(
        Text("提请裁定", "ask for a ruling"), {**_FIELD_OF_HOLDER, _SUPERVISOR: Whose.ANY}
    ),
    Action.RULE: Policy(Text("裁定", "rule"), {Post.ADJUDICATOR: Whose.OUTSIDER}),
    Action.STEP: Policy(Text("记录办理步骤", "record a step"), _FIELD_OF_HOLDER),
    Action.NAME_OFFICER: Policy(
        Text("指定业务主办人", "name the officer in charge"),
        {_HANDLER: Whose.HOLDER, _SUPERVISOR: Whose.HOLDER},
    ),
    Action.REPORT_DONE: Policy(Text("报告办结", "report done"), _FIELD_OF_HOLDER),
    Action.SEND_BACK: Policy(Text("核实不通过", "send back"), {_VERIFIER: Whose.ANY}),
    Action.VERIFY: Policy(Text("核实", "verify"), {_VERIFIER: Whose.ANY}),
    Action.CLOSE: Policy(Text("结案", "close"), {_VERIFIER: Whose.ANY, _DISPATCHER: Whose.ANY}),
    Action.RECHECK: Policy(
        Text("复查无复发", "re-check"), {_OFFICER: Whose.ANY, _VERIFIER: Whose.ANY}
    ),
    Action.REOPEN: Policy(
        Text("复发重开", "reopen"),
        {_OFFICER: Whose.ANY, _VERIFIER: Whose.ANY, _DISPATCHER: Whose.ANY, _HANDLER: Whose.ANY},
    ),
    Action.MERGE: Policy(
        Text("并案", "merge as duplicate"), {**_FIELD_OF_HOLDER, _DISPATCHER: Whose.ANY}
    ),
    Action.ESCALATE: Policy(Text("超时升级", "escalate"), _CLOCK_ONLY),
    Action.DEEM_ACCEPTED: Policy(Text("视为接收", "deem accepted"), _CLOCK_ONLY),
    Action.SUCCEED: Policy(Text("机构承继", "pass to the successor"), _CLOCK_ONLY),
    Action.ASK_ASSIST: Policy(Text("请求协办", "ask for assistance"), _FIELD_OF_HOLDER),
    Action.ANSWER_ASSIST: Policy(
        Text("答复协办", "answer as assist"),
        {_OFFICER: Whose.ASSISTING, _HANDLER: Whose.ASSISTING},
    ),
    Action.ADD_EVIDENCE: Policy(
        Text("添加证据", "add evidence"),
        {_OFFICER: Whose.INVOLVED, _HANDLER: Whose.INVOLVED, _VERIFIER: Whose.ANY},
    ),
    Action.ADD_RESIDENT: Policy(
        Text("登记诉求人", "record a resident"), {**_FIELD_OF_HOLDER, _DISPATCHER: Whose.ANY}
    ),
    Action.SEE_RESIDENT: Policy(Text("查看诉求人", "see a resident"), _FIELD_OF_HOLDER),
    Action.EXPORT_RESIDENT: Policy(
        Text("导出诉求人信息", "export a resident's data"), {_SUPERVISOR: Whose.HOLDER}
    ),
    Action.ERASE_RESIDENT: Policy(
        Text("删除诉求人信息", "erase a resident's data"),
        {_SUPERVISOR: Whose.HOLDER, Post.CLOCK: Whose.ANY},
    ),
    Action.SEE_CASE: Policy(
        Text("查看案件", "see a case"),
        {
            _OFFICER: Whose.INVOLVED,
            _HANDLER: Whose.INVOLVED,
            _DISPATCHER: Whose.ANY,
            _VERIFIER: Whose.ANY,
            Post.ADJUDICATOR: Whose.ANY,
            _SUPERVISOR: Whose.ANY,
            Post.AUDITOR: Whose.ANY,
        },
    ),
    Action.SEE_DISTRICT: Policy(
        Text("查看全区案件", "see the district's cases"),
        {
            _DISPATCHER: Whose.ANY,
            _VERIFIER: Whose.ANY,
            Post.ADJUDICATOR: Whose.ANY,
            _SUPERVISOR: Whose.ANY,
            Post.AUDITOR: Whose.ANY,
        },
    ),
    Action.SEE_FIGURES: Policy(
        Text("查看统计", "see the figures"), {_SUPERVISOR: Whose.ANY, Post.AUDITOR: Whose.ANY}
    ),
    Action.SEE_LEDGER: Policy(Text("查看台账链", "see the chain"), {Post.AUDITOR: Whose.ANY}),
    Action.SEE_REPORTS: Policy(
        Text("查看错误报告和裁决", "see reports and rulings"), {Post.STEWARD: Whose.ANY}
    ),
    Action.CLOSE_REPORT: Policy(Text("处理错误报告", "close a report"), {Post.STEWARD: Whose.ANY}),
    Action.PLAN_VISIT: Policy(
        Text("制定联合检查计划", "plan a joint inspection"),
        {**_FIELD_OF_HOLDER, _DISPATCHER: Whose.ANY},
    ),
    Action.NOTIFY_VISIT: Policy(
        Text("确认参加联合检查", "confirm a joint inspection"),
        {_OFFICER: Whose.INVOLVED, _HANDLER: Whose.INVOLVED},
    ),
    Action.RECORD_STOP: Policy(
        Text("记录检查结果", "record findings"),
        {_OFFICER: Whose.INVOLVED, _HANDLER: Whose.INVOLVED},
    ),
    Action.END_VISIT: Policy(
        Text("结束联合检查", "end a joint inspection"),
        {**_FIELD_OF_HOLDER, _DISPATCHER: Whose.ANY, _SUPERVISOR: Whose.ANY},
    ),
}


def may(actor: Actor, action: Action, parties: Parties) -> bool:
    """Whether a post of the actor allows the action on a case with these parties."""
    policy = POLICIES[action]
    return any(
        parties.has(actor.unit, policy.may[post]) for post in actor.posts if post in policy.may
    )


def check_may(actor: Actor, action: Action, parties: Parties) -> None:
    """Raise NotAllowed, saying who may, when no post of the actor allows the action."""
    if may(actor, action, parties):
        return
    policy = POLICIES[action]
    zh = "；".join(f"{WHOSE_NAMES[w].zh}的{POST_NAMES[p].zh}" for p, w in policy.may.items())
    en = "; ".join(f"a {POST_NAMES[p].en} of {WHOSE_NAMES[w].en}" for p, w in policy.may.items())
    posts = "、".join(POST_NAMES[post].zh for post in sorted(actor.posts)) or "无岗位"
    posts_en = ", ".join(POST_NAMES[post].en for post in sorted(actor.posts)) or "no post"
    raise NotAllowed(
        field="actor",
        zh=f"{actor.id}（{actor.unit or '无单位'}，{posts}）不能“{policy.name.zh}”；可以的是：{zh}",
        en=f"{actor.id} ({actor.unit or 'no unit'}, {posts_en}) may not {policy.name.en}; "
        f"who may: {en}",
    )
