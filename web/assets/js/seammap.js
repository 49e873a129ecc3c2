// The map beside the list of seams. The list is whole without it: here a touch on an entry shows
// the place, and a touch on the place shows the entry.
import { Canvas, Control, DivIcon, FeatureGroup, GeoJSON, LatLng, LatLngBounds, Map as LeafletMap, Marker } from "leaflet";
import { addBasemap } from "./basemap.js";

const NUMBERED = 60; // more numbers than these hide each other
const CLOSEST = 17;
const NEAR = 12.5; // nearer than this, lines are drawn twice as wide
const LARGE_PX = 600;

const frame = document.getElementById("seam-map");
const wait = document.getElementById("seam-wait");
const broken = document.getElementById("seam-broken");
const whole = document.getElementById("seam-all");

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const STYLES = {
  hole: { dashArray: "7 5", weight: 3, fillOpacity: 0.12 },
  overlap: { weight: 3, fillOpacity: 0.45 },
  difference: { weight: 2, fillOpacity: 0.22 },
  road: { weight: 6, fill: false },
  known: { dashArray: "2 7", weight: 4, fillOpacity: 0.06 },
};

async function json(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

async function start() {
  broken.hidden = true;
  wait.hidden = false;
  const [seams, streets] = await Promise.all([json(frame.dataset.seams), json(frame.dataset.streets)]);
  frame.hidden = false;
  draw(seams, streets);
  wait.hidden = true;
}

function draw(seams, streets) {
  const map = new LeafletMap(frame, {
    preferCanvas: true,
    zoomControl: false,
    attributionControl: false,
    zoomSnap: 0.25,
    minZoom: 8,
    maxZoom: 20,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    fadeAnimation: false,
    renderer: new Canvas({ padding: 0.4, tolerance: 8 }),
  });
  map.addControl(
    new Control.Zoom({ position: "topright", zoomInTitle: frame.dataset.in, zoomOutTitle: frame.dataset.out }),
  );
  map.setView([22.65, 114.2], 11);
  addBasemap(map, frame);
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", frame.parentElement.getAttribute("aria-label"));

  const border = () => ({ color: colour("--border"), weight: 1, opacity: 0.55, fill: false, interactive: false });
  const ground = new GeoJSON(streets, { style: border, onEachFeature: named }).addTo(map);
  const shapes = new Map();
  const marks = new Map();
  let chosen = null;

  function style(feature) {
    const { style: kind } = feature.properties;
    const base = { color: colour(`--seam-${kind}`), opacity: 1, ...STYLES[kind] };
    base.fillColor = base.color;
    if (feature.geometry.type.endsWith("LineString")) base.fill = false;
    if (map.getZoom() < NEAR) base.weight = Math.ceil(base.weight / 2);
    if (feature.id === chosen) base.weight += 3;
    return base;
  }

  // The list begins with what is worst, which must lie on top
  const layer = new GeoJSON([...seams.features].reverse(), {
    style,
    onEachFeature(feature, shape) {
      shapes.set(feature.id, shape);
      shape.on("click", () => choose(feature.id, { scroll: true, zoom: false }));
    },
  }).addTo(map);

  const all = seams.features.length <= NUMBERED;
  for (const feature of seams.features) if (all) mark(feature);

  function mark(feature) {
    const [lon, lat] = feature.properties.spot;
    const label = document.createElement("span");
    label.className = `seams-number seams-${feature.properties.style}`;
    label.textContent = feature.id;
    const pin = new Marker(new LatLng(lat, lon), {
      icon: new DivIcon({ className: "seams-pin", html: label, iconSize: [0, 0] }),
      keyboard: false,
      zIndexOffset: feature.id === chosen ? 1000 : 0,
    }).addTo(map);
    pin.getElement().setAttribute("aria-hidden", "true");
    pin.on("click", () => choose(feature.id, { scroll: true, zoom: false }));
    marks.set(feature.id, pin);
  }

  function choose(number, { scroll, zoom }) {
    const before = chosen;
    chosen = number;
    for (const item of document.querySelectorAll(".seams-item")) {
      const is = item.id === `s${number}`;
      item.classList.toggle("seams-chosen", is);
      if (is) item.querySelector(".seams-go").setAttribute("aria-current", "true");
      else item.querySelector(".seams-go").removeAttribute("aria-current");
      if (is && scroll) item.scrollIntoView({ block: "nearest" });
    }
    if (before !== null && !all && marks.has(before)) {
      marks.get(before).remove();
      marks.delete(before);
    }
    const shape = shapes.get(number);
    if (shape && !marks.has(number)) mark(shape.feature);
    for (const [id, pin] of marks) {
      pin.getElement().firstChild.classList.toggle("seams-chosen", id === number);
      pin.setZIndexOffset(id === number ? 1000 : 0);
    }
    layer.setStyle(style);
    if (shape) shape.bringToFront();
    if (shape && zoom) show(shape.getBounds(), CLOSEST);
    thin();
    history.replaceState(null, "", `#s${number}`);
    frame.dataset.chosen = number;
  }

  function show(bounds, maxZoom) {
    map.fitBounds(bounds, { animate: false, padding: [40, 40], maxZoom });
  }

  function overview() {
    const drawn = new FeatureGroup([...ground.getLayers(), ...layer.getLayers()]);
    const bounds = drawn.getLayers().length ? drawn.getBounds() : new LatLngBounds([[22.4, 113.9], [22.9, 114.6]]);
    map.fitBounds(bounds, { animate: false, padding: [8, 8] });
    thin();
  }

  document.querySelector(".seams-list").addEventListener("click", (event) => {
    const link = event.target.closest(".seams-go");
    if (!link) return;
    event.preventDefault();
    choose(Number(link.dataset.number), { scroll: false, zoom: true });
  });
  whole.hidden = false;
  whole.addEventListener("click", overview);
  map.on("zoomend", () => {
    frame.classList.toggle("far", map.getZoom() < 10.6);
    frame.dataset.zoom = map.getZoom();
    layer.setStyle(style);
    thin();
  });
  // A number over a shape that fills the screen would only hide it, a name under a number is noise
  function thin() {
    const marked = [];
    for (const [id, pin] of marks) {
      const bounds = shapes.get(id).getBounds();
      const [one, other] = [bounds.getSouthWest(), bounds.getNorthEast()].map((at) => map.latLngToContainerPoint(at));
      const wide = Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y)) > LARGE_PX;
      pin.getElement().hidden = wide && id !== chosen;
      if (!pin.getElement().hidden) marked.push(pin.getElement().firstChild.getBoundingClientRect());
    }
    for (const name of frame.querySelectorAll(".place-name")) {
      const box = name.getBoundingClientRect();
      const covered = marked.some(
        (mark) => mark.left < box.right && mark.right > box.left && mark.top < box.bottom && mark.bottom > box.top,
      );
      name.classList.toggle("seams-covered", covered);
    }
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    layer.setStyle(style);
    ground.setStyle(border);
  });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(frame);

  overview();
  const asked = /^#s(\d+)$/.exec(location.hash);
  if (asked) choose(Number(asked[1]), { scroll: true, zoom: true });
}

function named(feature, shape) {
  const text = document.createElement("span");
  text.textContent = feature.properties.name;
  shape.bindTooltip(text, { permanent: true, direction: "center", className: "place-name", opacity: 1 });
}

start()
  .catch((error) => {
    console.error(error);
    frame.hidden = true;
    wait.hidden = true;
    broken.hidden = false;
  })
  .finally(() => {
    document.documentElement.dataset.ready = "yes";
  });
