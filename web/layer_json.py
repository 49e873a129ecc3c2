"""A map layer as GeoJSON, exactly the geometry that the server itself computes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import numpy as np
import shapely

from geo.editions import COLUMNS, Edition, Kind
from geo.layers import Atlas


def used(atlas: Atlas, kind: Kind, on: date) -> tuple[tuple[Edition, frozenset[str]], ...]:
    """The editions of a kind in force on a day, each with the subjects it is used for."""
    return tuple(pair for pair in atlas.in_force(on) if pair[0].kind is kind)


def tag_of(editions: tuple[tuple[Edition, frozenset[str]], ...]) -> str:
    """A tag that changes whenever the layer does."""
    return "-".join(edition.sha256[:16] for edition, _ in editions) or "none"


def layer_geojson(editions: tuple[tuple[Edition, frozenset[str]], ...]) -> bytes:
    """The features of the editions as one collection; empty when there are none.

    `schematic` says whether any of them is drawn, not surveyed.
    """
    return json.dumps(
        {
            "type": "FeatureCollection",
            "schematic": any(edition.schematic for edition, _ in editions),
            "editions": [
                {
                    "kind": edition.kind.value,
                    "name": edition.name,
                    "valid_from": edition.valid_from.isoformat(),
                    "ceases_on": edition.ceases_on and edition.ceases_on.isoformat(),
                    "schematic": edition.schematic,
                    "sha256": edition.sha256,
                }
                for edition, _ in editions
            ],
            "features": [
                feature
                for edition, subjects in editions
                for feature in _features(edition, subjects)
            ],
        },
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    ).encode()


def _features(edition: Edition, subjects: frozenset[str]) -> Iterator[dict[str, object]]:
    frame = edition.frame
    shapes = shapely.to_geojson(np.asarray(frame.geometry.values))
    columns = [list(frame[column]) for column in COLUMNS[edition.kind]]
    for shape, *values in zip(shapes, *columns, strict=True):
        properties = dict(zip(COLUMNS[edition.kind], map(_plain, values), strict=True))
        if edition.kind is Kind.ZONE and properties["zone"] not in subjects:
            continue  # another edition speaks for this kind of zone
        yield {"type": "Feature", "properties": properties, "geometry": json.loads(shape)}


def _plain(value: object) -> object:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    return value
