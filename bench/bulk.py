"""Many rows at once, beside the bare tree query with a dictionary."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from bench.measured import Measured
from enforcement.bulk import ManyAnswers
from enforcement.district import District
from enforcement.questions import InArea, Question
from geo.bulk import ManyMaps
from geo.editions import CRS, Edition, Kind
from geo.layers import Atlas

POINTS = 2_000_000
POLYGONS = 1_000
DAY = date(2026, 1, 1)
WEST, SOUTH, EAST, NORTH = 114.0, 22.5, 114.3, 22.8


@dataclass(frozen=True)
class Ground:
    """Polygons that leave no hole, their map, and positions on them."""

    shapes: npt.NDArray[np.object_]
    atlas: Atlas
    lons: npt.NDArray[np.float64]
    lats: npt.NDArray[np.float64]


def ground(points: int = POINTS, polygons: int = POLYGONS) -> Ground:
    """A fresh plane of streets of about a square kilometre each."""
    random = np.random.default_rng(5)
    extent = shapely.box(WEST, SOUTH, EAST, NORTH)
    seeds = random.uniform((WEST, SOUTH), (EAST, NORTH), (polygons, 2))
    cells = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=extent)
    shapes = shapely.set_precision(shapely.intersection(shapely.get_parts(cells), extent), 1e-6)
    rows = [{"code": f"{n:09}", "name": f"{n}", "geometry": one} for n, one in enumerate(shapes)]
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    edition = Edition.made(
        kind=Kind.STREET, name="bench", valid_from=date(2000, 1, 1), ceases_on=None, frame=frame
    )
    where = random.uniform((WEST, SOUTH), (EAST, NORTH), (points, 2))
    lons, lats = (np.ascontiguousarray(each) for each in where.T)
    return Ground(np.asarray(shapes), Atlas([edition]), lons, lats)


def measure(district: District) -> list[Measured]:
    """Rows a second of locating and of whole answers, without and with the border's distance.

    What is made at first (grids, trees) is made within the time, on both sides.
    """
    on = ground()
    day = on.atlas.on(DAY)
    bare = _rate(lambda: _bare(on))
    lines = []
    for name, border, target in (
        ("bulk locate", False, 0.8),
        ("bulk locate with border_m", True, 0.5),
    ):

        def locate(border: bool = border) -> object:  # noqa: FBT001 - bound in the loop
            return ManyMaps().at(day, on.lons, on.lats, roads=False, border=border)

        lines.append((name, _rate(locate), target))
    drawn = District(district.settings, district.book, district.registry, on.atlas)
    matter = next(
        one
        for one in district.book.matters(DAY)
        if not any((fact.place or "").startswith("road") for fact in one.facts)
    )
    question = Question(matter.code, DAY, DAY, InArea(""))
    number, accuracy = np.zeros(len(on.lons), dtype=np.int64), np.full(len(on.lons), 10.0)
    for name, border, target in (
        ("bulk resolve", False, 0.8),
        ("bulk resolve with border_m", True, 0.5),
    ):

        def answer(border: bool = border) -> object:  # noqa: FBT001 - bound in the loop
            many = ManyAnswers(drawn, border=border)
            return many.of([question], number, on.lons, on.lats, accuracy)

        lines.append((name, _rate(answer), target))
    told = [_line(name, ours, bare, target) for name, ours, target in lines]
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"bulk: at most {peak_gb:.2f} GB (this process, everything it measured)")
    return told


def _bare(on: Ground) -> dict[int, int]:
    """What one would write without this project: which polygon each position is in."""
    tree = shapely.STRtree(on.shapes)
    position, polygon = tree.query(shapely.points(on.lons, on.lats), predicate="intersects")
    return dict(zip(position.tolist(), polygon.tolist(), strict=True))


def _rate(run: Callable[[], object]) -> float:
    """Rows a second, the best of two."""
    best = float("inf")
    for _ in range(2):
        gc.collect()
        begin = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - begin)
    return POINTS / best


def _line(name: str, ours: float, bare: float, target: float) -> Measured:
    return Measured(
        name=name,
        ours=ours / 1e3,
        peer=bare / 1e3,
        unit="1000 rows/s",
        peer_name="STRtree.query(points, intersects) and a dictionary",
        target=f">= {target} of the peer",
        holds=ours >= target * bare,
    )
