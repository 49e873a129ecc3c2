"""`seamless resolve-many` as a process: two million rows of CSV read, answered and written.

The peer is what one would write with GeoPandas for the street alone: read the CSV, join the points
to the streets, write the table again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from bench.measured import Measured
from enforcement.district import District
from geo.editions import CRS, Kind

ROWS = 2_000_000
AT_ONCE = 100_000
MOST_GB = 1.0
DAY = date(2008, 11, 5)
STAGES = np.array(["catering", "processing", "circulation", "primary_production"])
LICENCES = np.array(["licensed", "unlicensed", ""])
STREETS = "streets.parquet"


def measure(district: District, data: Path) -> list[Measured]:
    """Rows a second with `border_m`, and the most memory."""
    in_, out = data / "many.csv", data / "many-out.csv"
    write_rows(in_, ROWS)
    areas = district.atlas.on(DAY).areas
    streets = [at for at, one in enumerate(areas.features) if one.kind is Kind.STREET]
    gpd.GeoDataFrame(
        {"code": [areas.features[at].area.code for at in streets]},
        geometry=[areas.shapes[at] for at in streets],
        crs=CRS,
    ).to_parquet(data / STREETS)
    ours_s, ours_gb = run(command(in_, out), data)
    peer = [sys.executable, "-m", "bench.many", str(in_), str(data / STREETS), str(out)]
    peer_s, peer_gb = run(peer, data)
    peer_name = "pandas + geopandas sjoin, streets only"
    return [
        Measured(
            name=f"resolve-many as a process, {ROWS:,} rows of CSV",
            ours=ROWS / ours_s / 1e3,
            peer=ROWS / peer_s / 1e3,
            unit="1000 rows/s",
            peer_name=peer_name,
            by="CPU time of the process, one run",
        ),
        Measured(
            name="resolve-many as a process, most memory",
            ours=ours_gb,
            peer=peer_gb,
            unit="GB",
            peer_name=peer_name,
            target=f"<= {MOST_GB} GB",
            holds=ours_gb <= MOST_GB,
            by="peak resident memory of a process",
        ),
    ]


def command(in_: Path, out: Path) -> list[str]:
    """The command line that answers a file of `write_rows`."""
    return [
        *(sys.executable, "-c", "from web.cli import main; main()", "resolve-many"),
        *(str(in_), str(out), "--matter", "food.safety", "--on", DAY.isoformat()),
    ]


def write_rows(path: Path, count: int, seed: int = 1) -> None:
    """A CSV of positions all over the district with facts, always the same, streamed."""
    chance = np.random.default_rng(seed)
    with path.open("w", encoding="ascii") as file:
        file.write("id,lon,lat,stage,licence,premises\n")
        for begin in range(0, count, AT_ONCE):
            size = min(AT_ONCE, count - begin)
            lons = chance.uniform(113.99, 114.60, size).tolist()
            lats = chance.uniform(22.50, 22.83, size).tolist()
            stages = STAGES[chance.integers(0, len(STAGES), size)]
            licences = LICENCES[chance.integers(0, len(LICENCES), size)]
            rows = zip(range(begin, begin + size), lons, lats, stages, licences, strict=True)
            file.writelines(
                f"{id_},{lon:.6f},{lat:.6f},{stage},{licence},fixed\n"
                for id_, lon, lat, stage, licence in rows
            )


def run(words: list[str], data: Path) -> tuple[float, float]:
    """The CPU seconds and the peak of memory (GB) of a process."""
    environment = os.environ | {"SEAMLESS_DATA": str(data), "DATABASE_URL": ""}
    with subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL) as child:
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise ChildProcessError(f"{words}: {child.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6


def _peer(in_: Path, streets: Path, out: Path) -> None:
    table = pd.read_csv(in_)
    points = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table.lon, table.lat, crs=CRS))
    joined = points.sjoin(gpd.read_parquet(streets), predicate="intersects", how="left")
    pd.DataFrame(joined.drop(columns="geometry")).to_csv(out, index=False)


if __name__ == "__main__":
    _peer(*(Path(word) for word in sys.argv[1:]))
