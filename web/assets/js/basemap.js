// Map pictures from the one host that the district's settings name; most districts name none, and
// then nobody outside learns where anyone looks.
import { Control, TileLayer } from "leaflet";

export function addBasemap(map, frame) {
  const { basemap, basemapBy, basemapZoom } = frame.dataset;
  if (!basemap) return;
  new TileLayer(basemap, {
    maxNativeZoom: Number(basemapZoom),
    maxZoom: 22,
    className: "basemap",
    // Hosts of public maps must know which site asks; the page and its address stay untold
    referrerPolicy: "origin",
  }).addTo(map);
  const by = document.createElement("span");
  by.textContent = basemapBy;
  map.addControl(new Control.Attribution({ prefix: false, position: "bottomright" }).addAttribution(by.innerHTML));
}
