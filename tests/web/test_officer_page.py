"""The officer's page as plain forms: every state has an address, and no script is needed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from enforcement.services.reports import wrong_answers
from web.app import app_of
from web.desk import Desk
from web.officer.everyday import read_everyday
from web.officer.search import Index

BUJI = "114.1172,22.6046"
STALL = f"/?matter=food.safety&at={BUJI}&accuracy=10&fact.stage=catering&fact.premises=mobile"
FIXED = "fact.stage=catering&fact.premises=fixed&fact.licence=unlicensed"
HOSTILE = "<script>alert(1)</script>\"'&lt;\u202e\x07" + "长" * 10_000


class Page(HTMLParser):
    """What is on a page: texts, links, forms with their fields."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source
        self.links: list[str] = []
        self.forms: list[dict[str, object]] = []
        self.inline: list[str] = []
        self._heading = False
        self.heading = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "form":
            self.forms.append({"action": given["action"], "method": given["method"], "fields": []})
        elif tag in ("input", "button", "select", "textarea") and given.get("name"):
            fields = self.forms[-1]["fields"]
            assert isinstance(fields, list)
            fields.append((given["name"], given.get("value", "")))
        elif tag == "h1":
            self._heading = True
        if tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(self.get_starttag_text() or "")
        if tag == "script" and "src" not in given:
            self.inline.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "h1":
            self._heading = False

    def handle_data(self, data: str) -> None:
        if self._heading:
            self.heading += data

    def form_with(self, name: str, value: str | None = None) -> str:
        """The address that pressing the button (or filling the field) of this name leads to."""
        for form in self.forms:
            fields = form["fields"]
            assert isinstance(fields, list)
            for field, known in fields:
                if field == name and value in (None, known):
                    kept = [pair for pair in fields if pair[0] != name]
                    return f"{form['action']}?{urlencode([*kept, (name, value or known)])}"
        raise AssertionError(f"no form has {name}={value}")


@pytest.fixture(scope="module")
def client(longgang: Desk) -> FlaskClient:
    return app_of(longgang).test_client()


@pytest.fixture
def own(longgang: Desk) -> Iterator[FlaskClient]:
    """A browser of its own, with its own cookies."""
    with app_of(longgang).test_client() as browser:
        yield browser


def page(answer: TestResponse) -> Page:
    return Page(answer.get_data(as_text=True))


def text(answer: TestResponse) -> str:
    source = answer.get_data(as_text=True)
    return html.unescape(re.sub(r"<[^>]*>", " ", source))


def unit(answer: TestResponse) -> str:
    assert answer.status_code == 200, text(answer)
    return page(answer).heading


# --- from the first page to the unit, by forms alone ---------------------------------------------


def test_ten_tiles_lead_to_where_then_to_a_question_or_the_unit(client: FlaskClient) -> None:
    first = page(client.get("/"))
    tiles = [link for link in first.links if "matter=" in link][:10]
    assert len(tiles) == 10
    for tile in tiles:
        where = client.get(tile)
        assert page(where).heading == "在哪里？"
        answers = 0
        answer = client.get(f"{tile}&at={BUJI}")
        while "还需要一个问题" in text(answer):
            here = page(answer)
            form = next(one for one in here.forms if one["method"] == "get")
            fields = form["fields"]
            assert isinstance(fields, list)
            asked = next(pair for pair in fields if pair[0] == fields[-1][0] and pair[1])
            answers += 1
            hidden = [pair for pair in fields if pair[0] != asked[0]]
            answer = client.get(f"/?{urlencode([*hidden, asked])}")
        assert answers <= 2
        assert "单位" in text(answer)


def test_a_street_can_be_chosen_without_a_position_or_a_script(client: FlaskClient) -> None:
    where = page(client.get("/?matter=street.dogs"))
    assert unit(client.get(where.form_with("area", "440307014"))) == "布吉街道综合行政执法队"


def test_a_stake_and_a_junction_and_a_site_can_be_named(client: FlaskClient) -> None:
    matter = "/?matter=road.asset_defect&fact.asset=guardrail"
    staked = client.get(f"{matter}&road=S28&stake=K12%2B300&direction=up")
    assert "高速" in unit(staked)
    assert "K12+300" in text(staked)
    names = re.findall(
        r'<option value="([^"]+)"></option>', client.get(matter).get_data(as_text=True)
    )
    assert names
    missing = client.get(f"{matter}&road=S28&cross=没有这条路")
    assert missing.status_code == 422
    assert "没有“没有这条路”" in text(missing)
    assert 'value="没有这条路"' in missing.get_data(as_text=True)


def test_a_junction_of_two_roads_leads_to_an_answer_or_to_a_choice(
    client: FlaskClient, longgang: Desk
) -> None:
    roads = longgang.district.atlas.on(longgang.today()).roads
    assert roads is not None
    ref = next(segment.ref for segment in roads.lines.segments if segment.ref == "S28")
    found = 0
    names = sorted({one.name for one in roads.lines.segments if one.name and one.ref != ref})
    for name in names[:40]:
        answer = client.get(f"/?{urlencode({'matter': 'street.dogs', 'road': ref, 'cross': name})}")
        if answer.status_code == 200:
            found += 1
            assert "综合行政执法队" in text(answer) or "第 1 个路口" in text(answer)
    assert found > 0


def test_a_known_site_is_found_by_its_name_and_fills_in_what_the_register_knows(
    client: FlaskClient,
) -> None:
    where = client.get("/?matter=food.safety&step=where&site_name=饼干厂")
    assert "脆脆饼干厂" in text(where)
    link = page(where).form_with("site")
    answer = client.get(link)
    assert "脆脆饼干厂" in text(answer)
    assert unit(answer) == "深圳市市场监督管理局龙岗监管局"
    assert "对象登记" in text(answer)
    missing = client.get("/?matter=food.safety&step=where&site_name=没有这一家")
    assert "没有找到这个对象" in text(missing)


def test_words_find_the_matter_without_a_script(client: FlaskClient) -> None:
    answer = client.get(f"/?q=jinggai&at={BUJI}")
    assert "道路设施损坏" in text(answer)
    link = next(link for link in page(answer).links if "manhole_water" in link)
    assert dict(parse_qsl(urlsplit(link).query))["at"] == BUJI
    assert unit(client.get(link)) != ""


def test_the_api_finds_by_everyday_words_as_the_page_does(longgang: Desk) -> None:
    client = app_of(longgang).test_client()
    phrases = read_everyday(longgang.folder, longgang.district.book.catalogue).phrases
    index = Index(longgang.district.book.catalogue, phrases)
    for words in ("炒粉档", "小餐馆", "大排档没有许可证"):
        found = client.get("/api/v1/matters", query_string={"q": words}).get_json()
        there = [hit.matter.code for hit in index.find(words, date(2026, 11, 20))]
        assert [one["code"] for one in found] == there
        assert there[0] == "food.safety"


def test_matters_are_listed_under_the_names_of_their_packs(client: FlaskClient) -> None:
    source = text(client.get("/"))
    for name in ("食品与动物", "道路", "街道综合执法", "建筑、土地与保护区"):
        assert name in source


def test_words_that_find_nothing_say_so_and_offer_all_matters(client: FlaskClient) -> None:
    answer = client.get("/?q=zzzzqqqq")
    assert "没有找到“zzzzqqqq”" in text(answer)
    assert "全部事项" in text(answer)


def test_i_do_not_know_is_always_an_answer(client: FlaskClient) -> None:
    asked = client.get(f"/?matter=street.noise&at={BUJI}")
    assert page(asked).heading == "声音从哪里来？"
    unknown = client.get(page(asked).form_with("fact.noise_source", "unknown"))
    assert "暂管单位" in text(unknown)
    assert unit(unknown) == "布吉街道综合行政执法队"


# --- what the answer says ------------------------------------------------------------------------


def test_the_answer_has_the_unit_its_number_its_reasons_and_its_basis(client: FlaskClient) -> None:
    answer = client.get(f"{STALL}&fact.licence=unlicensed")
    assert unit(answer) == "布吉街道综合行政执法队"
    said = text(answer)
    for words in ("主办单位", "拨打", "协办", "为什么", "依据", "时限", "什么会改变", "位置"):
        assert words in said, words
    assert re.search(r'href="tel:[0-9]+"', answer.get_data(as_text=True))


def test_the_basis_unfolds_to_the_text_of_the_article(client: FlaskClient, longgang: Desk) -> None:
    answer = client.get(f"/?matter=food.safety&at={BUJI}&{FIXED}")
    basis = longgang.district.book.catalogue.laws
    said = text(answer)
    quoted = [law for law in basis.values() for words in law.articles.values()
              if words and words.split("\n")[0].strip() in said]  # fmt: skip
    assert quoted


def test_danger_comes_before_competence(client: FlaskClient) -> None:
    answer = client.get(f"/?matter=road.asset_defect&at={BUJI}&fact.asset=manhole_water"
                        "&fact.road.class=arterial")  # fmt: skip
    said = text(answer)
    assert said.index("先处理危险") < said.index("主办单位")


def test_another_reading_is_shown_and_marked_on_the_plate(client: FlaskClient) -> None:
    answer = client.get(f"/?matter=food.safety&at={BUJI}&{FIXED}&on=2008-11-05")
    assert "有另一种解释" in text(answer)
    assert "plate-doubt-edge" in answer.get_data(as_text=True)
    assert "按此解释的主办：" in text(answer)


def test_a_road_that_the_map_does_not_know_is_named_by_its_stake(client: FlaskClient) -> None:
    asked = "/?matter=road.asset_defect&fact.asset=guardrail&fact.road.class=expressway"
    answer = client.get(f"{asked}&area=440307014")
    assert unit(answer) == "布吉街道综合行政执法队", "who acts meanwhile is named at once"
    assert "这里没有查到道路" in text(answer)
    (where,) = [one for one in page(answer).links if "step=road" in one and "where" not in one]
    step = page(client.get(where))
    assert step.heading == "在哪里？"
    assert re.search(r"<details[^>]* open>\s*<summary><span[^>]*>公路桩号", step.source)
    named = unit(client.get(f"{asked}&road=S28&stake=K12%2B300"))
    assert "水官高速" in named
    unsaid = client.get(f"{asked}&area=440307014&fact.place.road=unknown")
    assert unit(unsaid) == "布吉街道综合行政执法队"


def test_what_would_change_the_answer_leads_to_that_answer(client: FlaskClient) -> None:
    answer = client.get(f"/?matter=food.safety&at={BUJI}&{FIXED}")
    changed = re.search(
        r'<li><a class="list-link" href="([^"]+)">.*?<span class="change-unit">([^<]+)</span>',
        answer.get_data(as_text=True),
    )
    assert changed is not None
    then = client.get(html.unescape(changed[1]))
    assert unit(then) in html.unescape(changed[2])
    assert unit(then) != unit(answer)


def test_the_position_says_how_far_the_border_is_and_what_the_circle_touches(
    client: FlaskClient, longgang: Desk
) -> None:
    answer = client.get(f"/?matter=street.dogs&at={BUJI}&accuracy=3000&fact.place.street=440307014")
    said = text(answer)
    assert "误差圈内的地方" in said
    assert re.search(r"距街道边界\s+约 \d+ 米", said)
    assert longgang.district.settings.schematic


def test_what_is_not_known_can_still_be_said_and_may_bring_danger_first(
    client: FlaskClient,
) -> None:
    answer = client.get(f"{STALL}&fact.licence=unlicensed")
    assert "还可以说明" in text(answer)
    asked = client.get(next(link for link in page(answer).links if "step=fact.special" in link))
    assert page(asked).heading == "有没有下面的情况？"
    assert "还需要一个问题" not in text(asked)
    poisoned = client.get(page(asked).form_with("fact.special", "food_poisoning"))
    assert "先处理危险" in text(poisoned)


def test_several_matters_at_one_visit_each_have_one_lead(client: FlaskClient) -> None:
    answer = client.get(STALL)
    another = next(link for link in page(answer).links if "also=" in link)
    assert page(client.get(another)).heading == "什么事？"
    both = client.get(f"{another}&matter=road.parking&fact.vehicle=motor")
    assert "交通警察" in unit(both)
    assert "同一地点的其他事" in text(both)
    assert "布吉街道综合行政执法队" in text(both)
    turned = next(link for link in page(both).links if link.startswith("/?matter=food.safety"))
    assert unit(client.get(turned)) == "布吉街道综合行政执法队"


def test_outside_the_district_says_so_and_who_runs_it(client: FlaskClient) -> None:
    answer = client.get("/?matter=street.dogs&at=110.0,20.0")
    assert answer.status_code == 200
    assert "不在本辖区" in text(answer)


def test_the_generalists_card_is_shown_where_the_pack_has_one(
    client: FlaskClient, longgang: Desk
) -> None:
    matters = longgang.district.book.catalogue.matters
    carded = [one for one in matters.values() if one.card is not None and not one.facts]
    if not carded:
        pytest.skip("the packs have no cards yet")
    answer = client.get(f"/?matter={carded[0].code}&at={BUJI}")
    assert "现场怎么做" in text(answer)


# --- the day -------------------------------------------------------------------------------------


def test_another_day_answers_as_of_then_and_says_so(client: FlaskClient) -> None:
    answer = client.get(f"{STALL}&fact.licence=unlicensed&on=2008-11-05")
    assert unit(answer) == "布吉街道执法队"
    assert "按 2008-11-05 的规则和单位回答，不是今天" in text(answer)
    back = next(link for link in page(answer).links if "on=" not in link and "matter=" in link)
    assert unit(client.get(back)) == "布吉街道综合行政执法队"


def test_today_says_nothing_of_another_day(client: FlaskClient) -> None:
    assert "不是今天" not in text(client.get(STALL))
    assert "今天 2026-11-20" in text(client.get(STALL))


@pytest.mark.parametrize("on", ["2008-02-30", "yesterday", "1900-01-01", "0000-00-00"])
def test_a_day_that_is_none_or_not_covered_is_named_and_can_be_changed(
    client: FlaskClient, on: str
) -> None:
    answer = client.get(f"{STALL}&on={on}")
    assert answer.status_code == 422
    assert on in text(answer)
    assert 'type="date"' in answer.get_data(as_text=True)


def test_the_schematic_data_is_named_on_every_page(client: FlaskClient) -> None:
    for address in ("/", STALL, "/settings", STALL.replace("/?", "/card?")):
        assert "示意数据，不可用于实际执法" in text(client.get(address))


# --- what is wrong stays on the page -------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (f"/?matter=no.such&at={BUJI}", "没有事项"),
        ("/?matter=street.dogs&at=500,22", "经度"),
        ("/?matter=street.dogs&at=here", "经度,纬度"),
        (f"/?matter=street.dogs&at={BUJI}&accuracy=-1", "精度"),
        ("/?matter=street.dogs&area=999", "999"),
        ("/?matter=road.damage&road=S28&stake=12", "桩号"),
        ("/?matter=road.damage&road=S99&stake=K1%2B000", "S99"),
        ("/?matter=street.dogs&site=nobody", "nobody"),
        (f"{STALL}&fact.colour=red", "colour"),
        (f"{STALL}&fact.stage=flying", "flying"),
        (f"{STALL}&asker=nobody", "nobody"),
        (f"/?matter=food.safety&at={BUJI}&fact.stage=slaughter&fact.premises=online", "屠宰"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words_and_what_was_typed_is_kept(
    client: FlaskClient, address: str, says: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 422
    assert says in text(answer)
    assert "请先改正" in text(answer)
    kept = dict(parse_qsl(urlsplit(address).query))
    source = html.unescape(answer.get_data(as_text=True))
    for name, value in kept.items():
        if name in ("at", "area", "stake", "road", "site") and "matter=no.such" not in address:
            assert value in source or urlencode({name: value}) in source


def test_impossible_facts_are_named_by_their_labels(client: FlaskClient) -> None:
    answer = client.get(f"/?matter=food.safety&at={BUJI}&fact.stage=slaughter&fact.premises=online")
    assert "“屠宰”和“网上、外卖平台”不能同时成立" in text(answer)


def test_an_address_that_is_none_is_a_page_in_the_readers_language(client: FlaskClient) -> None:
    answer = client.get("/map/nothing.json")
    assert answer.status_code == 404
    assert "没有这个页面" in text(answer)
    assert client.get("/?x=" + "y" * 13_000).status_code == 414


# --- hostile text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["q", "matter", "at", "area", "road", "stake", "cross", "site", "site_name", "on", "asker",
     "fact.stage", "fact.<b>", "also", "step", "by", "accuracy", "among.stage"],
)  # fmt: skip
def test_hostile_text_changes_nothing_but_the_text_that_is_shown(
    client: FlaskClient, name: str
) -> None:
    given = HOSTILE[:3000]
    fields = {"matter": "food.safety", "at": BUJI, name: given}
    answer = client.get(f"/?{urlencode(fields)}"[:11_000])
    assert answer.status_code in (200, 422)
    source = answer.get_data(as_text=True)
    assert "<script>alert" not in source
    assert "\u202e" not in re.sub(r'value="[^"]*"|href="[^"]*"', "", source)
    assert page(answer).inline == []
    assert page(answer).source.count("<h1") == 1


def test_ten_thousand_characters_in_a_form_are_refused_or_cut(own: FlaskClient) -> None:
    assert own.get(f"/?{urlencode({'q': HOSTILE})}").status_code == 414
    form = {"address": STALL, "once": "x" * 20, "kind": "unit"}
    assert own.post("/report", data=form | {"text": "长" * 30_000}).status_code == 413
    sent = own.post("/report", data=form | {"text": "x" * 10_000})
    assert sent.status_code == 422
    assert "最多 2000 个" in text(sent)


def test_the_security_policy_is_strict_and_the_page_keeps_it(client: FlaskClient) -> None:
    for address in ("/", STALL, "/settings", STALL.replace("/?", "/card?")):
        answer = client.get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "http" not in policy
        assert page(answer).inline == []
        assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.get_data(as_text=True))


# --- nothing is kept but preferences -------------------------------------------------------------


def test_an_address_says_the_same_after_a_restart_and_in_a_new_session(longgang: Desk) -> None:
    one = app_of(longgang).test_client().get(STALL).get_data(as_text=True)
    other = app_of(longgang).test_client().get(STALL).get_data(as_text=True)
    assert one == other


def test_asking_sets_no_cookie(own: FlaskClient) -> None:
    for address in ("/", STALL, "/settings"):
        assert "Set-Cookie" not in own.get(address).headers


def test_the_own_unit_is_chosen_once_and_tells_yours_from_theirs(own: FlaskClient) -> None:
    chosen = own.post("/settings", data={"unit": "street_cle.440307014", "back": STALL})
    assert chosen.status_code == 303
    answer = own.get(STALL)
    assert "属于你" in text(answer)
    assert "布吉街道综合行政执法队" in text(own.get("/"))
    theirs = own.get(f"/?matter=road.parking&at={BUJI}&fact.vehicle=motor")
    assert "不属于你" in text(theirs)


def test_an_own_unit_is_asked_for_as_it_was_that_day(own: FlaskClient) -> None:
    """Today's team did not exist in 2008; the one before it did, and the matter was its."""
    own.set_cookie("unit", "street_cle.440307014")
    answer = own.get(f"{STALL}&fact.licence=unlicensed&on=2008-11-05")
    assert unit(answer) == "布吉街道执法队"
    assert "属于你" in text(answer)


def test_language_size_theme_and_map_are_remembered(own: FlaskClient) -> None:
    own.post("/settings", data={"lang": "en", "size": "large", "theme": "dark", "map": "off"})
    source = own.get(STALL).get_data(as_text=True)
    assert 'lang="en" data-theme="dark" data-size="large"' in source
    assert "Accountable unit" in source
    assert 'id="map"' not in source


def test_a_cookie_may_hold_anything_and_means_nothing_then(own: FlaskClient) -> None:
    for name in ("lang", "size", "theme", "map", "unit"):
        own.set_cookie(name, "<script>")
    assert own.get(STALL).status_code == 200


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
])  # fmt: skip
def test_a_form_from_another_site_changes_nothing(
    own: FlaskClient, headers: dict[str, str]
) -> None:
    for path in ("/settings", "/report"):
        answer = own.post(path, data={"lang": "en"}, headers=headers)
        assert answer.status_code == 403
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example",
                                  "javascript:alert(1)", "/ok\r\nX: y"])  # fmt: skip
def test_a_form_leads_back_into_this_server_alone(own: FlaskClient, back: str) -> None:
    answer = own.post("/settings", data={"lang": "en", "back": back})
    assert answer.headers["Location"] == "/"


# --- taking an answer away, and saying that it is wrong ------------------------------------------


def test_a_card_has_the_answer_and_a_code_that_opens_it_again(client: FlaskClient) -> None:
    card = client.get(STALL.replace("/?", "/card?"))
    assert unit(card) == "布吉街道综合行政执法队"
    source = html.unescape(card.get_data(as_text=True))
    address = re.search(r'src="(/qr\.svg\?[^"]+)"', source)
    assert address is not None
    query = dict(parse_qsl(urlsplit(address[1]).query))
    assert query["on"] == "2026-11-20"
    assert unit(client.get(f"/?{urlsplit(address[1]).query}")) == unit(card)
    drawn = client.get(address[1])
    assert drawn.mimetype == "image/svg+xml"
    assert "<svg" in drawn.get_data(as_text=True)


def test_there_is_no_card_before_there_is_an_answer(client: FlaskClient) -> None:
    for address in ("/card", f"/card?matter=street.noise&at={BUJI}", "/card?matter=street.dogs"):
        answer = client.get(address)
        assert answer.status_code == 303


def test_this_answer_is_wrong_is_kept_with_the_whole_answer(
    own: FlaskClient, longgang: Desk
) -> None:
    form = page(own.get(STALL.replace("/?", "/report?")))
    fields = next(one["fields"] for one in form.forms if one["action"] == "/report")
    assert isinstance(fields, list)
    given = dict(fields) | {"kind": "unit", "text": "应当由市场监管局主办\n<b>"}
    sent = own.post("/report", data=given)
    assert sent.status_code == 303
    again = own.post("/report", data=given)
    assert again.headers["Location"] == sent.headers["Location"]
    assert "已发送" in text(own.get(sent.headers["Location"]))
    kept = wrong_answers(longgang.kept.store)[0]
    assert kept.text == "应当由市场监管局主办\n<b>"
    assert kept.resolution["lead"]["unit"] == "street_cle.440307014"
    assert unit(own.get(kept.address)) == "布吉街道综合行政执法队"


def test_a_report_without_a_reason_is_sent_back_with_what_was_typed(own: FlaskClient) -> None:
    answer = own.post(
        "/report", data={"address": STALL, "once": "y" * 20, "kind": "", "text": "门牌不对"}
    )
    assert answer.status_code == 422
    assert "请选择哪里不对" in text(answer)
    assert "门牌不对" in answer.get_data(as_text=True)


# --- the map and the bundle ----------------------------------------------------------------------


def test_the_map_layers_are_small_and_as_of_the_day(client: FlaskClient) -> None:
    for day, count in (("2008-11-05", 13), ("2012-01-01", 8), ("2026-11-20", 11)):
        answer = client.get(f"/map/streets.json?on={day}")
        features = answer.get_json(force=True)["features"]
        assert len(features) == count
        roads = client.get(f"/map/roads.json?on={day}", headers={"Accept-Encoding": "gzip"})
        assert roads.headers["Content-Encoding"] == "gzip"
        assert len(roads.data) < 40_000
    hues = {
        one["properties"]["hue"]
        for one in client.get("/map/roads.json").get_json(force=True)["features"]
    }
    assert hues <= {-1, 0, 1, 2}


def test_in_english_the_map_says_the_names_in_english(client: FlaskClient) -> None:
    features = client.get("/map/streets.json?lang=en").get_json(force=True)["features"]
    assert "Buji" in {one["properties"]["name"] for one in features}


def test_a_bundle_that_was_not_built_is_a_missing_file_and_no_more(client: FlaskClient) -> None:
    assert client.get("/assets/nothing.js").status_code == 404
    assert client.get("/assets/../app.py").status_code == 404
    assert client.get("/").status_code == 200
