"""Two million positions at once, beside the bare tree query with a dictionary and geopandas.

Runs in processes of its own, so that the memory that is told is that of what is measured and of
nothing else: `python -m bench.bulk rates DATA` prints the rates of ours and of the peers, which
take turns; `python -m bench.bulk memory DATA` does our work alone and prints the most memory held.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from bench.measured import Measured, in_turns
from enforcement.bulk import ManyAnswers
from enforcement.district import District, open_district
from enforcement.questions import InArea, Question
from geo.bulk import ManyMaps
from geo.editions import CRS, Edition, Kind
from geo.layers import Atlas

POINTS = 2_000_000
POLYGONS = 1_000
ROUNDS = 2
MOST_GB = 1.0
DAY = date(2026, 1, 1)
WEST, SOUTH, EAST, NORTH = 114.0, 22.5, 114.3, 22.8
TREE = "STRtree.query(points, intersects), dictionary"


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


def measure(data: Path) -> list[Measured]:
    """Rows a second without and with the border's distance, located and answered; memory."""
    seconds: dict[str, float] = _child("rates", data)
    gigabytes: dict[str, float] = _child("memory", data)
    lines = [
        Measured(
            name=f"bulk {name}, {POINTS:,} x {POLYGONS:,}",
            ours=POINTS / seconds[name] / 1e3,
            peer=POINTS / seconds[peer] / 1e3,
            unit="1000 rows/s",
            peer_name=peer,
            target="" if target is None else f">= {target}",
            holds=None if target is None else seconds[peer] >= target * seconds[name],
        )
        for name, peer, target in (
            ("locate", TREE, 0.8),
            ("locate with border_m", TREE, 0.5),
            ("answer", TREE, 0.8),
            ("answer with border_m", TREE, 0.5),
            ("locate", "geopandas sjoin(intersects)", None),
        )
    ]
    lines.append(
        Measured(
            name="bulk answer with border_m, most memory",
            ours=gigabytes["most"],
            peer=gigabytes["loaded"],
            unit="GB",
            peer_name="the same process before, inputs loaded",
            target=f"<= {MOST_GB} GB",
            holds=gigabytes["most"] <= MOST_GB,
            by="peak resident memory of a process",
        )
    )
    return lines


def _child(what: str, data: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.bulk", what, str(data)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


# --- in the child --------------------------------------------------------------------------


def _rates(district: District, on: Ground) -> dict[str, float]:
    """The CPU seconds of each. Grids and trees are made anew each time, on all sides."""
    runs: dict[str, Callable[[], object]] = {
        TREE: partial(_bare, on),
        "geopandas sjoin(intersects)": partial(_joined, on),
        "locate": partial(_located, on, border=False),
        "locate with border_m": partial(_located, on, border=True),
        "answer": partial(_answered, district, on, border=False),
        "answer with border_m": partial(_answered, district, on, border=True),
    }
    best = in_turns(list(runs.values()), rounds=ROUNDS)
    return dict(zip(runs, best, strict=True))


def _bare(on: Ground) -> dict[int, int]:
    """What one would write without this project: which polygon each position is in."""
    tree = shapely.STRtree(on.shapes)
    position, polygon = tree.query(shapely.points(on.lons, on.lats), predicate="intersects")
    return dict(zip(position.tolist(), polygon.tolist(), strict=True))


def _joined(on: Ground) -> gpd.GeoDataFrame:
    """The same in one call of geopandas."""
    areas = gpd.GeoDataFrame({"code": np.arange(len(on.shapes))}, geometry=on.shapes, crs=CRS)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(on.lons, on.lats, crs=CRS))
    return points.sjoin(areas, predicate="intersects", how="left")


def _located(on: Ground, *, border: bool) -> object:
    return ManyMaps().at(on.atlas.on(DAY), on.lons, on.lats, roads=False, border=border)


def _answered(district: District, on: Ground, *, border: bool) -> object:
    """Whole answers to a matter that asks for no road."""
    drawn = District(district.settings, district.book, district.registry, on.atlas)
    matter = next(
        one
        for one in district.book.matters(DAY)
        if not any((fact.place or "").startswith("road") for fact in one.facts)
    )
    question = Question(matter.code, DAY, DAY, InArea(""))
    number, accuracy = np.zeros(len(on.lons), dtype=np.int64), np.full(len(on.lons), 10.0)
    many = ManyAnswers(drawn, border=border)
    return many.of([question], number, on.lons, on.lats, accuracy)


def _most_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main(what: str, data: Path) -> None:
    """Print what is wanted as JSON."""
    district, on = open_district(None, data=data), ground()
    if what == "memory":
        loaded = _most_gb()
        _answered(district, on, border=True)
        print(json.dumps({"loaded": loaded, "most": _most_gb()}))
    else:
        print(json.dumps(_rates(district, on)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
