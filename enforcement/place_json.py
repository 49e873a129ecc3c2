"""A place as JSON carries it: where the position is, and what else its circle touches."""

from __future__ import annotations

from geo.locate import Area, RoadHit, Whereabouts


def _area(area: Area | None) -> dict[str, str] | None:
    return None if area is None else {"code": area.code, "name": area.name}


def _road(road: RoadHit | None) -> dict[str, object] | None:
    if road is None:
        return None
    return {
        "segment": road.segment,
        "ref": road.ref,
        "name": road.name,
        "class": road.road_class,
        "legal_class": road.legal_class,
        "handed_over": road.handed_over,
        "stake": road.stake,
        "direction": road.direction,
        "side": road.side,
        "distance_m": round(road.distance_m, 1),
        "owners": dict(road.owners),
    }


def place_json(whereabouts: Whereabouts) -> dict[str, object]:
    """The place of the position itself, and the other places that its circle touches."""
    first = whereabouts.places[0]
    point = whereabouts.point
    found: dict[str, object] = {
        "street": _area(first.street),
        "community": _area(first.community),
        "neighbour": _area(first.neighbour),
        "zones": {kind: list(grades) for kind, grades in first.zones},
        "road": _road(first.road),
        "border_m": None if whereabouts.border_m is None else round(whereabouts.border_m, 1),
        "lon": None if point is None else point.lon,
        "lat": None if point is None else point.lat,
        "accuracy_m": whereabouts.accuracy_m,
    }
    if len(whereabouts.places) > 1:
        found["touches"] = [
            {
                "street": _area(place.street),
                "neighbour": _area(place.neighbour),
                "zones": {kind: list(grades) for kind, grades in place.zones},
                "road": _road(place.road),
                "share": round(share, 4),
            }
            for place, share in zip(whereabouts.places, whereabouts.shares, strict=True)
        ]
    return found
