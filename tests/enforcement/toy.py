"""A district of two streets, one pond and two carriageways, small enough to reason about.

West (code W) and East (code E) are two squares of about 1.1 km that share the border at
114.01. A water zone lies in the south-west corner. A road R1 runs along 22.005, its maintainer
in the register; R2 runs 12 m north of it. Far East belongs to a recorded neighbour.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
from shapely.geometry import LineString, box

from enforcement.district import District, Neighbour, Settings, Street
from enforcement.units import Mandate, Registry, Scope, Unit, UnitKind
from geo.editions import Edition, Kind
from geo.layers import Atlas
from geo.register import RegisterEntry
from rules.book import open_book
from rules.model import Text
from rules.periods import Period

START = date(2004, 1, 1)
DAY = date(2008, 11, 5)
REFORM = date(2009, 10, 1)

ROLES = """
roles:
  street_team: {name: {zh: 街道执法, en: Street team}, power: enforce}
  shop_regulator: {name: {zh: 流通监管, en: Shop regulator}, power: enforce}
  kitchen_regulator: {name: {zh: 餐饮监管, en: Kitchen regulator}, power: enforce}
  environment: {name: {zh: 环保, en: Environment}, power: enforce}
  nobody_yet: {name: {zh: 待定, en: Not yet named}, power: enforce}
  maintainer: {name: {zh: 养护, en: Maintainer}, power: maintain}
"""
LAWS = """
laws:
  old: {name: {zh: 旧法, en: Old law}, valid_from: 2000-01-01, ceases_on: 2009-06-01, kind: law}
  new: {name: {zh: 新法, en: New law}, valid_from: 2009-06-01, kind: law}
  always: {name: {zh: 常法, en: Standing law}, valid_from: 2000-01-01, kind: law}
"""
PACK = """
pack: toy
name: {zh: 示例, en: Toy}
periods: [{valid_from: 2004-01-01}]
facts:
  stage:
    question: {zh: 哪个环节？, en: 'Which stage?'}
    values:
      shop: {zh: 销售, en: Selling}
      kitchen: {zh: 餐饮, en: Cooking}
      farm: {zh: 养殖, en: Rearing}
      odd: {zh: 其他, en: Other}
      fumes: {zh: 油烟, en: Fumes}
  licence:
    question: {zh: 有证吗？, en: 'Licensed?'}
    values: {licensed: {zh: 有证, en: licensed}, unlicensed: {zh: 无证, en: unlicensed}}
  colour:
    question: {zh: 什么颜色？, en: 'Which colour?'}
    values: {red: {zh: 红, en: red}, blue: {zh: 蓝, en: blue}}
  zone.water:
    place: zone:water
    question: {zh: 在水源保护区内吗？, en: 'In a water protection zone?'}
    values: {inside: {zh: 在内, en: inside}, none: {zh: 不在, en: outside}}
  road.road_class:
    place: road:road_class
    question: {zh: 什么路？, en: 'What road?'}
    values: {arterial: {zh: 主干道, en: arterial}, branch: {zh: 支路, en: branch}}
  height_m:
    number: {unit: m, cuts: [tall_m]}
    question: {zh: 多高？, en: 'How high?'}
    values: {low: {zh: 低于界限, en: below}, tall: {zh: 达到界限, en: at or above}}
matters:
  food:
    name: {zh: 食品, en: Food}
    kind: enforcement
    facts: [stage, licence, colour, zone.water]
    cannot:
      - id: c1
        when: {stage: farm, licence: licensed}
        because: {zh: 养殖不发证, en: no such licence}
  hole:
    name: {zh: 坑洞, en: Hole}
    kind: upkeep
    facts: [road.road_class]
  mast:
    name: {zh: 高杆, en: Mast}
    kind: enforcement
    facts: [height_m]
"""
PARAMETERS = """
parameters:
  tall_m:
    name: {zh: 高度界限, en: height limit}
    unit: m
    values: [{valid_from: 2000-01-01, value: 30}]
"""


def _rule(id_: str, matter: str, when: str, lead: str, more: str = "") -> str:
    return (
        f"- {{id: {id_}, matter: {matter}, valid_from: 2004-01-01, when: {when}, lead: {lead}, "
        f"says: {{zh: '{id_}：{{stage}}', en: '{id_}: {{stage}}'}}, confidence: H, source: [A], "
        f"basis: [{{law: old, article: 1}}, {{law: new, article: 2}}]{more}}}\n"
    )


RULES = "".join(
    [
        _rule(
            "SHOP",
            "food",
            "{stage: shop, licence: licensed}",
            "shop_regulator",
            ", assist: [{role: kitchen_regulator, duty: technical}]",
        ),
        _rule("KITCHEN", "food", "{stage: kitchen, licence: licensed}", "kitchen_regulator"),
        _rule(
            "STREET",
            "food",
            "{licence: unlicensed, stage: {not: [odd, fumes]}}",
            "street_team",
            ", readings: [{says: {zh: 另有一说, en: another reading}, lead: shop_regulator, "
            "confidence: M, basis: [{law: always, article: 3}]}]",
        ),
        _rule(
            "WATER",
            "food",
            "{stage: farm, zone.water: inside}",
            "environment",
            ", overrides: [STREET]",
        ),
        _rule("ODD1", "food", "{stage: odd}", "shop_regulator"),
        _rule("ODD2", "food", "{stage: odd, licence: unlicensed}", "kitchen_regulator"),
        _rule("FUMES", "food", "{stage: fumes, licence: licensed}", "nobody_yet"),
        _rule("ROAD", "hole", "{}", "maintainer").replace("{stage}", "坑"),
        _rule("LOW", "mast", "{height_m: low}", "street_team").replace("{stage}", "低"),
        _rule("TALL", "mast", "{height_m: tall}", "environment").replace("{stage}", "高"),
    ]
)


def _unit(id_: str, kind: UnitKind = UnitKind.ORG, ends: date | None = None) -> Unit:
    return Unit(id_, ((None, Text(f"{id_}局", id_)),), kind, Period(START, ends))


UNITS = [
    _unit("team_w"),
    _unit("team_e"),
    _unit("trade", ends=REFORM),
    _unit("health"),
    _unit("market"),
    _unit("epb"),
    _unit("gov"),
    _unit("far_gov"),
    _unit("works"),
    _unit("builder", UnitKind.OWNER),
    _unit("office", UnitKind.COORDINATION),
]


def _mandate(
    role: str,
    unit: str | None,
    *,
    street: str | None = None,
    start: date = START,
    end: date | None = None,
    register: str | None = None,
) -> Mandate:
    scope = Scope.STREET if street else Scope.SEGMENT if register else Scope.DISTRICT
    return Mandate(role, scope, street, unit, Period(start, end), register)


MANDATES = (
    _mandate("street_team", "team_w", street="W"),
    _mandate("street_team", "team_e", street="E"),
    _mandate("shop_regulator", "trade", end=REFORM),
    _mandate("shop_regulator", "market", start=REFORM),
    _mandate("kitchen_regulator", "health", end=REFORM),
    _mandate("kitchen_regulator", "market", start=REFORM),
    _mandate("environment", "epb"),
    _mandate("maintainer", None, register="maintain"),
)


def _edition(kind: Kind, rows: list[dict[str, object]]) -> Edition:
    frame = gpd.GeoDataFrame(rows, crs="EPSG:4326")
    return Edition.made(
        kind=kind, name=f"toy-{kind}", valid_from=START, ceases_on=None, frame=frame
    )


def atlas() -> Atlas:
    """The maps of the toy district."""
    streets = _edition(
        Kind.STREET,
        [
            {"code": "W", "name": "西街道", "geometry": box(114.00, 22.00, 114.01, 22.01)},
            {"code": "E", "name": "东街道", "geometry": box(114.01, 22.00, 114.02, 22.01)},
        ],
    )
    neighbours = _edition(
        Kind.DISTRICT,
        [{"code": "FAR", "name": "远区", "geometry": box(114.02, 22.00, 114.03, 22.01)}],
    )
    zones = _edition(
        Kind.ZONE,
        [
            {
                "code": "Z1",
                "name": "水塘",
                "zone": "water",
                "grade": "inside",
                "geometry": box(114.00, 22.00, 114.004, 22.003),
            }
        ],
    )
    north = 12 / 110_750
    roads = _edition(
        Kind.ROAD,
        [
            {
                "code": code,
                "name": name,
                "ref": code,
                "road_class": road_class,
                "legal_class": "city_road",
                "geometry": LineString([(114.0, lat), (114.02, lat)]),
                "from_m": 0.0,
                "to_m": 2063.0,
            }
            for code, name, road_class, lat in (
                ("R1", "大路", "arterial", 22.005),
                ("R2", "辅路", "branch", 22.005 + north),
            )
        ],
    )
    entries = [
        RegisterEntry(segment, "", None, None, None, "maintain", owner, START, None)
        for segment, owner in (("R1", "works"), ("R2", "builder"))
    ]
    return Atlas([streets, neighbours, zones, roads], entries)


def district(folder: Path) -> District:
    """The toy district, its rule book built in `folder`."""
    for name, files in {
        "common": {
            "roles.yaml": ROLES,
            "laws.yaml": LAWS,
            "sources.yaml": "sources: {A: {what: 示例, kind: A}}",
            "deadlines.yaml": "deadlines: {}",
        },
        "toy": {"pack.yaml": PACK, "rules.yaml": RULES, "parameters.yaml": PARAMETERS},
    }.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            (folder / name / file).write_text(content, encoding="utf-8")
    book = open_book([folder / "toy"], folder / "tables", folder / "common")
    settings = Settings(
        code="T",
        name=Text("示例区", "Toy district"),
        schematic=False,
        crs_metric="EPSG:4547",
        accuracy_m=10,
        intake_unit="gov",
        first_contact="street_team",
        streets=(
            Street("W", Text("西街道", "West"), Period(START), ()),
            Street("E", Text("东街道", "East"), Period(START), ()),
        ),
        neighbours=(Neighbour("FAR", Text("远区", "Far"), "far_gov", Period(START)),),
    )
    registry = Registry({unit.id: unit for unit in UNITS}, MANDATES, "units")
    return District(settings, book, registry, atlas())
