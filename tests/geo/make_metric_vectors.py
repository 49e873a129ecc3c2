"""Write `metric_vectors.json`: what the local metric formula says, for Python and JavaScript alike.

Run from the project's folder: `python -m tests.geo.make_metric_vectors`. The geodesic distances
are there to judge the formula, not to be reproduced by it.
"""

import json
from pathlib import Path

import numpy as np

from geo.metric import Plane, metres_per_degree
from tests.geo.geodesy import geodesic_to_line

VECTORS = Path(__file__).with_name("metric_vectors.json")
LATITUDES = (0.0, 22.6046, -22.6046, 42.3594, 51.5, 54.9)
REACHES = (1e-5, 1e-4, 1e-3, 1e-2, 8e-2)  # degrees: from a metre to nine kilometres


def vectors() -> dict[str, list[dict[str, object]]]:
    """All vectors, the same ones at every run."""
    chance = np.random.default_rng(440307)
    degrees: list[dict[str, object]] = []
    lines: list[dict[str, object]] = []
    for lat in LATITUDES:
        east, north = metres_per_degree(lat)
        degrees.append({"lat": lat, "east": east, "north": north})
        for reach in REACHES:
            for _ in range(4):
                lon = round(float(chance.uniform(-170, 170)), 6)
                offsets = chance.uniform(-reach, reach, (2, 2)) + chance.uniform(-reach, reach, 2)
                ends = np.round(offsets + np.array([lon, lat]), 6).tolist()
                distance, along = Plane.at(lon, lat).to_piece(*ends[0], *ends[1])
                lines.append(
                    {
                        "lon": lon,
                        "lat": lat,
                        "line": ends,
                        "distance_m": distance,
                        "along": along,
                        "geodesic_m": round(geodesic_to_line(lon, lat, ends), 4),
                    }
                )
    return {"metres_per_degree": degrees, "to_line": lines}


if __name__ == "__main__":
    VECTORS.write_text(json.dumps(vectors(), indent=1) + "\n", encoding="utf-8")
