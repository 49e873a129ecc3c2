"""The words for what the contract says in codes, in both languages: outcomes, duties, units.

One place, so that the terminal, the page and a printed card say the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from rules.model import Text

OUTCOMES: Mapping[str, Text] = {
    "decided": Text("主办单位", "Accountable"),
    "needs_facts": Text("暂管单位（还需要一个问题）", "Acting for now (one question to go)"),
    "contested": Text("暂管单位（主办有争议）", "Acting for now (the lead is contested)"),
    "vacant": Text("暂管单位（没有主办单位）", "Acting for now (there is no lead)"),
    "outside": Text("不在本辖区", "Outside the district"),
}

INTERIM_WHY: Mapping[str, Text] = {
    "asker": Text("首问单位，先由它负责", "it was asked first and is responsible until then"),
    "intake": Text("区受理单位，先由它负责", "the intake unit is responsible until then"),
    "neighbour": Text("登记由它管理那里", "it is recorded as running that place"),
}
FIRST_CONTACT_WHY = Text(
    "所在地的首问单位，先由它负责", "first contact there; responsible until then"
)

SEAMS: Mapping[str, Text] = {
    "gap": Text("空白：没有规则确定由谁负责", "Gap: no rule says who is responsible"),
    "overlap": Text("交叉：不同职能都有依据", "Overlap: rules name different functions"),
    "vacancy": Text(
        "缺位：有职能，但当时当地没有单位承担",
        "Vacancy: a function is named, but no unit held it there on that day",
    ),
}

DUTIES: Mapping[str, Text] = {
    "inform": Text("知会", "to be informed"),
    "evidence": Text("提供证据", "gives evidence"),
    "joint": Text("联合执法", "acts jointly"),
    "technical": Text("技术支持", "gives technical support"),
}

TIME_UNITS: Mapping[str, tuple[Text, Text]] = {
    # one, several
    "day": (Text("天", "day"), Text("天", "days")),
    "working_day": (Text("个工作日", "working day"), Text("个工作日", "working days")),
    "working_hour": (Text("个工作小时", "working hour"), Text("个工作小时", "working hours")),
    "hour": (Text("小时", "hour"), Text("小时", "hours")),
    "month": (Text("个月", "month"), Text("个月", "months")),
    "year": (Text("年", "year"), Text("年", "years")),
    "yuan": (Text("元", "yuan"), Text("元", "yuan")),
    "persons": (Text("人", "person"), Text("人", "persons")),
    "percent": (Text("%", "%"), Text("%", "%")),
}

DOUBTS: Mapping[str, Text] = {
    "H": Text("", ""),
    "M": Text("依据较可靠，尚未逐条核实", "fairly sure; not checked article by article"),
    "L": Text("条文依据待核实", "the legal basis still has to be checked"),
    "project": Text("项目约定，不是法律规定", "a rule of this project, not law"),
}

LEGAL_CLASSES: Mapping[str, Text] = {
    "highway": Text("公路", "highway"),
    "city_road": Text("城市道路", "city road"),
    "estate_road": Text("小区道路", "estate road"),
    "unknown": Text("性质不明的道路", "road of unknown status"),
}
DIRECTIONS: Mapping[str, Text] = {"up": Text("上行", "up"), "down": Text("下行", "down")}
SIDES: Mapping[str, Text] = {
    "left": Text("左侧", "left side"),
    "right": Text("右侧", "right side"),
}
UNKNOWN_LABEL = Text("不清楚", "I do not know")


def duration(limit: float, unit: str, lang: str) -> str:
    """A limit with its unit, as people say it.

    >>> duration(7, "working_day", "zh"), duration(1, "hour", "en"), duration(0, "hour", "zh")
    ('7 个工作日', '1 hour', '立即')
    """
    if limit == 0:
        return "at once" if lang == "en" else "立即"
    one, several = TIME_UNITS[unit]
    words = one if limit == 1 else several
    return f"{limit:g} {words.en if lang == 'en' else words.zh}"
