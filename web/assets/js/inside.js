// Whether a position lies in a polygon: only to say a street's name beside the pin. Which street
// it is, and how sure that is, the server decides.
export function inside({ lon, lat }, geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons.some((rings) => rings.filter((ring) => crosses(lon, lat, ring)).length % 2 === 1);
}

function crosses(lon, lat, ring) {
  let odd = false;
  for (let at = 0, last = ring.length - 1; at < ring.length; last = at++) {
    const [x1, y1] = ring[at];
    const [x2, y2] = ring[last];
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) odd = !odd;
  }
  return odd;
}
