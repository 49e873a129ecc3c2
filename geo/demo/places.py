"""The schematic district's communities: real names at plausible positions, and the ground around.

A community's ground is what lies nearer to its point than to any other community of the same
patch. The 12-digit codes end in 9xx, which the official list does not use, so that nobody takes
them for real ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from shapely import (
    LineString,
    MultiPoint,
    Point,
    Polygon,
    get_parts,
    polygonize,
    union_all,
    voronoi_polygons,
)

from geo.demo.outline import DISTRICT_2004, patches, polygon

# Patch: community and position, west to east. The first of a patch is the centre of its old town.
_COMMUNITIES = {
    "平湖": """
        平湖 114.127 22.689, 白坭坑 114.119 22.672, 上木古 114.141 22.673, 新木 114.147 22.687,
        山厦 114.133 22.702, 辅城坳 114.103 22.691, 鹅公岭 114.117 22.708, 良安田 114.104 22.678,
        禾花 114.100 22.708""",
    "布吉": """
        布吉墟 114.118 22.611, 木棉湾 114.128 22.596, 大芬 114.130 22.613, 罗岗 114.117 22.622,
        长龙 114.105 22.600""",
    "吉华": "甘坑 114.105 22.658, 三联 114.114 22.637, 水径 114.101 22.622, 光雅园 114.097 22.637",
    "坂田": """
        坂田 114.067 22.634, 五和 114.061 22.647, 岗头 114.068 22.660, 雪象 114.079 22.656,
        杨美 114.061 22.622, 南坑 114.069 22.609, 大发埔 114.079 22.642, 马安堂 114.079 22.625""",
    "南湾": """
        南岭村 114.142 22.601, 沙湾 114.153 22.608, 吉厦 114.144 22.614, 丹竹头 114.143 22.627,
        樟树布 114.158 22.622, 下李朗 114.136 22.641, 上李朗 114.125 22.653, 厦村 114.149 22.638""",
    "横岗": """
        横岗 114.196 22.643, 六约 114.175 22.637, 塘坑 114.181 22.651, 四联 114.181 22.627,
        松柏 114.198 22.629, 怡锦 114.193 22.661""",
    "园山": """
        荷坳 114.222 22.680, 安良 114.241 22.664, 大康 114.223 22.655, 保安 114.218 22.637,
        西坑 114.214 22.612, 银荷 114.243 22.642""",
    "龙城": """
        爱联 114.205 22.701, 黄阁坑 114.213 22.714, 吉祥 114.229 22.713, 盛平 114.239 22.724,
        尚景 114.223 22.729, 回龙埔 114.246 22.735, 五联 114.209 22.735, 龙红格 114.238 22.699""",
    "宝龙西": "龙新 114.258 22.691",
    "宝龙东": """
        同乐 114.286 22.697, 南约 114.304 22.693, 宝龙 114.309 22.708, 同心 114.325 22.721,
        龙东 114.319 22.737""",
    "龙岗": """
        龙岗墟 114.270 22.724, 南联 114.261 22.712, 平南 114.273 22.741, 新生 114.291 22.739,
        同德 114.292 22.720, 龙西 114.247 22.753, 吓坑 114.222 22.755, 清林 114.236 22.774,
        上井 114.211 22.774, 黄龙 114.218 22.795""",
    "坪地": """
        坪地 114.301 22.771, 坪西 114.282 22.766, 六联 114.279 22.783, 怡心 114.294 22.792,
        中心 114.313 22.780, 四方埔 114.322 22.795, 坪东 114.333 22.779, 年丰 114.318 22.762""",
    "坪山": """
        坪山 114.346 22.704, 六和 114.357 22.717, 沙湖 114.325 22.683, 汤坑 114.309 22.669,
        碧岭 114.289 22.655, 江岭 114.352 22.687, 石井 114.385 22.695, 竹坑 114.375 22.710,
        田心 114.405 22.708, 金龟 114.399 22.673, 马峦 114.341 22.658, 赤坳 114.371 22.669""",
    "坑梓": """
        坑梓 114.383 22.746, 秀新 114.372 22.756, 龙田 114.366 22.741, 老坑 114.356 22.757,
        金沙 114.395 22.763, 沙田 114.398 22.738""",
    "葵涌": """
        葵涌 114.421 22.638, 三溪 114.432 22.650, 高源 114.452 22.655, 土洋 114.397 22.623,
        溪涌 114.361 22.620, 官湖 114.431 22.615, 径心 114.451 22.630""",
    "大鹏": """
        王母 114.479 22.600, 布新 114.467 22.586, 水头 114.493 22.611, 鹏城 114.515 22.605,
        下沙 114.480 22.573, 岭澳 114.551 22.608, 坝光 114.505 22.640, 长岭 114.571 22.637""",
    "南澳": """
        南隆 114.497 22.541, 水头沙 114.494 22.515, 东山 114.529 22.548, 新大 114.513 22.531,
        东渔 114.571 22.541, 西涌 114.541 22.498, 东涌 114.586 22.509, 半天云 114.516 22.489""",
}
# Patches that were once one street number their communities in one row: no code is used twice.
_NUMBERED_TOGETHER = (("布吉", "吉华"), ("横岗", "园山"), ("龙城", "宝龙西", "宝龙东", "龙岗"))


@dataclass(frozen=True, slots=True)
class Community:
    """A community: its name, the patch it lies in, its serial within the street, and its centre."""

    name: str
    patch: str
    serial: int  # 901 … , the last three digits of the 12-digit code
    lon: float
    lat: float


@cache
def communities() -> tuple[Community, ...]:
    """Every community of the district of 2004, patch by patch."""
    serials: dict[str, int] = {}
    row = {patch: group[0] for group in _NUMBERED_TOGETHER for patch in group}
    found = []
    for patch in DISTRICT_2004:
        for entry in _COMMUNITIES[patch].replace("\n", " ").split(","):
            name, lon, lat = entry.split()
            key = row.get(patch, patch)
            serials[key] = serials.get(key, 900) + 1
            found.append(Community(name, patch, serials[key], float(lon), float(lat)))
    return tuple(found)


@cache
def community_areas() -> dict[Community, Polygon]:
    """The ground of each community (EPSG:4326, to 1e-6 degrees); all of them fill the district."""
    lines = [LineString(patches()[patch].exterior) for patch in DISTRICT_2004]
    for patch in DISTRICT_2004:
        own = MultiPoint([(c.lon, c.lat) for c in communities() if c.patch == patch])
        if len(own.geoms) > 1:
            cells = voronoi_polygons(own, extend_to=patches()[patch], only_edges=True)
            lines += list(get_parts(cells.intersection(patches()[patch])))
    # One noding of all lines at once: cells that meet share their vertices, across streets too
    faces = get_parts(polygonize(get_parts(union_all(lines, grid_size=1e-6))))
    return {
        community: polygon(
            next(face for face in faces if face.covers(Point(community.lon, community.lat)))
        )
        for community in communities()
    }
