"""Which pictures `docs/pictures` has, and what each shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tools.pictured_cases import DISPUTED, MARKET, RETURNED

SIZES = {"landscape": (1180, 820), "portrait": (820, 1180), "phone": (360, 780)}
BUJI = "at=114.1172,22.6046&accuracy=10&by=gps"
STALL = (
    f"matter=food.safety&{BUJI}&fact.stage=catering&fact.premises=mobile&fact.licence=unlicensed"
)
SHOP = f"matter=food.safety&{BUJI}&fact.stage=catering&fact.premises=fixed&fact.licence=unlicensed"
COVER = "matter=road.asset_defect&at=114.1172,22.6046&fact.asset=manhole_water"


def nothing(_page: Page) -> None:
    """Leave the page as it loads."""


@dataclass(frozen=True)
class Shot:
    """One picture: what it shows, where it is taken, and what is done before.

    `at` is the desk: an empty one, a `week` of cases, or a joint `visit`; `account` is logged in.
    """

    name: str
    zh: str
    en: str
    path: str
    size: str = "landscape"
    lang: str = "zh"
    theme: str = "light"
    large: bool = False
    whole: bool = False
    unit: str = ""
    before: Callable[[Page], None] = nothing
    device_at: tuple[float, float, float] | None = None
    at: str = "empty"
    account: str = ""


def typed(page: Page) -> None:
    """Type initials and wait for what they find."""
    page.locator("#q").press_sequentially("jg")
    page.wait_for_selector(".hit")


def loading(page: Page) -> None:
    """Let the answer never come, so that its shape is shown."""
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")
    page.locator(".choice").first.click()
    page.wait_for_selector(".shape")


def offline(page: Page) -> None:
    """Take the network away and ask."""
    page.context.set_offline(True)
    page.locator(".choice").first.click()
    page.wait_for_selector("#offline:not([hidden])")


def stale(page: Page) -> None:
    """Leave the page open past midnight."""
    page.evaluate("document.getElementById('panel').dataset.opened = 'an earlier day'")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def unfolded(page: Page) -> None:
    """Unfold the basis down to the text of its first article, and bring it into view."""
    page.locator("details.row", has=page.locator("details.law")).locator("summary").first.click()
    page.locator("details.law summary").first.click()
    page.locator("details.law").first.scroll_into_view_if_needed()


def scrolled(page: Page) -> None:
    """Bring what stands at the end into view."""
    page.locator(".after").scroll_into_view_if_needed()


SHOTS = (
    Shot("what", "这是什么：常见事项的方块，和搜索",
         "What is it: tiles of the common matters, and a search", "/"),
    Shot("what-phone", "同一页，手机上",
         "The same on a phone", "/", "phone"),
    Shot("what-dark", "同一页，英文、深色、竖屏",
         "The same in English, dark, upright", "/", "portrait", "en", "dark"),
    Shot("search", "边输入边搜索：拼音首字母找到井盖",
         "Search while typing: initials find the manhole cover", "/", before=typed),
    Shot("search-empty", "空状态：什么也没找到",
         "Empty: nothing was found", "/?q=zzqq", "phone"),
    Shot("where", "在哪里：位置和真实的精度圆",
         "Where is it: the position with its true circle",
         "/?matter=food.safety&fact.stage=catering&fact.premises=mobile",
         device_at=(114.1172, 22.6046, 24)),
    Shot("where-phone", "说明位置的其他办法",
         "The other ways to say where", "/?matter=street.dogs", "phone", "en"),
    Shot("question", "还需要一个问题",
         "One more question", f"/?matter=street.noise&{BUJI}", "phone"),
    Shot("question-place", "在边界上，要问的是位置本身",
         "On a border the place itself is asked for",
         "/?matter=street.dogs&at=114.1351,22.6046&accuracy=300&by=gps"),
    Shot("answer", "答案：哪个单位、是不是你、打给谁、为什么",
         "The answer: the unit, yours or not, whom to call, and why", f"/?{STALL}",
         unit="street_cle.440307014"),
    Shot("answer-phone", "同一页，手机上",
         "The same on a phone", f"/?{STALL}", "phone"),
    Shot("answer-dark", "英文、深色、竖屏",
         "In English, dark, upright", f"/?{STALL}", "portrait", "en", "dark"),
    Shot("answer-large", "大字",
         "Large type", f"/?{STALL}", "phone", "zh", "dark", large=True),
    Shot("answer-basis", "依据展开到条文",
         "The basis unfolds to the article", f"/?{SHOP}", before=unfolded),
    Shot("answer-2008", "2008-11-05 当日，另有一种理解",
         "As of 2008-11-05, with another reading", f"/?{SHOP}&on=2008-11-05"),
    Shot("answer-danger", "先说危险",
         "Danger first", f"/?{COVER}&fact.road.class=arterial", "phone"),
    Shot("answer-several", "一次到场几件事，各有一个主办",
         "Several matters at one visit, one lead each",
         f"/?matter=street.dogs&{BUJI}&also=food.safety;stage=catering;premises=fixed;"
         "licence=unlicensed&also=road.parking;vehicle=motor"),
    Shot("answer-vacant", "接缝：没有单位主办，先由一个单位处置",
         "A seam: nobody leads, so somebody acts meanwhile",
         f"/?matter=road.cleaning&{BUJI}&fact.road.legal_class=highway", "phone"),
    Shot("answer-outside", "在辖区之外",
         "Outside the district", "/?matter=street.dogs&at=114.32,22.70", "phone",
         "en"),
    Shot("loading", "加载中：先显示将要出现的样子",
         "Loading: the shape of what comes", f"/?matter=street.noise&{BUJI}",
         before=loading),
    Shot("offline", "离线：说过的都还在",
         "Offline: nothing that was said is lost", f"/?matter=street.noise&{BUJI}",
         "phone", before=offline),
    Shot("stale", "过时：页面开到了第二天",
         "Stale: a page that was left open past midnight", f"/?{STALL}", before=stale),
    Shot("error", "出错时保留已输入的内容",
         "An error keeps what was typed", "/?matter=road.damage&road=S28&stake=K99%2B000"),
    Shot("trouble", "不能同时成立的要素",
         "Facts that cannot hold together",
         f"/?matter=food.safety&{BUJI}&fact.stage=slaughter&fact.premises=online", "phone"),
    Shot("card", "可分享、可打印的卡片",
         "The card to share or print", f"/card?{STALL}", "portrait", whole=True),
    Shot("report", "这个答案不对",
         "This answer is wrong", f"/report?{STALL}", "phone"),
    Shot("done", "完成：报错已送出",
         "Done: the report was sent", f"/report?{STALL}&sent=12", "phone"),
    Shot("seams", "地图上的接缝，这里是两版不同之处",
         "The seams of the map, here where two editions differ",
         "/seams/map?against=street/schematic-2011"),
    Shot("seams-phone", "同一页，手机上，停在其中一处",
         "The same on a phone, at one of them",
         "/seams/map?against=street/schematic-2011#s2", "phone", "en", "dark"),
    Shot("settings", "自己的单位、语言、字号、主题、地图",
         "Own unit, language, type, theme, map", "/settings", "portrait", "en"),
    Shot("login", "台账：登录", "The ledger: logging in", "/login", at="week"),
    Shot("inbox", "单位的收件箱：等接收的，和手上的",
         "A unit's inbox: offered to it, and held by it",
         "/inbox", at="week", account="handler.amr"),
    Shot("inbox-phone", "同一页，手机上", "The same on a phone", "/inbox", "phone",
         at="week", account="officer.buji"),
    Shot("district", "分拨员看到的全区案件",
         "All cases of the district, for its dispatcher", "/district",
         at="week", account="dispatcher"),
    Shot("filing", "登记案件",
         "Filing a case", f"/cases/new?{SHOP}", at="week", account="officer.buji"),
    Shot("filing-phone", "同一页，手机上", "The same on a phone", f"/cases/new?{SHOP}", "phone",
         at="week", account="officer.buji"),
    Shot("case", "案件：移送被退回，仍在原单位",
         "A case: handed over, sent back, and never without a holder",
         f"/cases/{RETURNED}", at="week", account="officer.buji"),
    Shot("case-phone", "同一页，手机上", "The same on a phone", f"/cases/{RETURNED}", "phone",
         at="week", account="officer.buji"),
    Shot("case-dark", "英文、深色、竖屏",
         "In English, dark, upright", f"/cases/{RETURNED}", "portrait", "en", "dark",
         at="week", account="officer.buji"),
    Shot("ruling", "裁定：两次退回之后", "Ruling, after two refusals", f"/cases/{DISPUTED}/rule",
         at="week", account="adjudicator"),
    Shot("rulings-empty", "空状态：没有等待裁定的争议",
         "Empty: no dispute waits for a ruling", "/rulings",
         at="visit", account="adjudicator"),
    Shot("visit", "2008-11-05 的联合检查：计划",
         "A joint inspection on 2008-11-05: the plan", "/visits/1",
         at="visit", account="handler.health"),
    Shot("visit-stop", "联合检查的一站，各环节各有主办",
         "One of its stops, one lead for each stage",
         f"/visits/1/stops/{MARKET}", at="visit", account="handler.health"),
    Shot("figures", "督办的数字",
         "The supervisor's figures", "/figures", at="week", account="supervisor"),
    Shot("reports", "规则管理员看到的报错",
         "What is said to be wrong, for the stewards", "/reports",
         at="week", account="steward"),
    Shot("audit", "审计：每一步都在链上", "Audit: every act, and the chain that holds them",
         "/audit?verify=1", at="week", account="auditor"),
    Shot("rule-matter", "规则手册：一个事项", "The rule book: one matter", "/rules/food.safety"),
)  # fmt: skip
