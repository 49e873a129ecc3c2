// The map: borders in thin ink, the street at hand tinted, roads by who maintains them in three
// quiet hues, the accuracy as a true circle, and a pin that fingers and arrow keys can move.
import {
  Canvas,
  Circle,
  Control,
  DivIcon,
  FeatureGroup,
  GeoJSON,
  LatLng,
  Map as LeafletMap,
  Marker,
  Tooltip,
} from "leaflet";
import { addBasemap } from "./basemap.js";
import { inside } from "./inside.js";
import { says, state } from "./state.js";

const CLOSE = 16;
const SVG = "http://www.w3.org/2000/svg";
const HUES = ["--road-0", "--road-1", "--road-2"];

const NOTHING = {
  show() {},
  pin() {},
  centre() {},
  streetAt: () => null,
  loaded: () => false,
  onTap() {},
  onMove() {},
  onReady() {},
};

export function startMap(frame) {
  if (!frame) return NOTHING;
  try {
    return drawn(frame);
  } catch (error) {
    console.error(error);
    broken();
    return NOTHING;
  }
}

function broken() {
  const note = document.getElementById("map-broken");
  if (note) note.hidden = false;
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function drawn(frame) {
  const map = new LeafletMap(frame, {
    preferCanvas: true,
    zoomControl: false,
    attributionControl: false,
    zoomSnap: 0.25,
    minZoom: 9,
    maxZoom: 19,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    fadeAnimation: false,
    renderer: new Canvas({ padding: 0.4, tolerance: 6 }),
  });
  map.addControl(new Control.Zoom({ position: "topright", zoomInTitle: says("in"), zoomOutTitle: says("out") }));
  map.setView([22.65, 114.2], 11);
  addBasemap(map, frame);
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", says("keys"));

  let streets = [];
  let layer = null;
  let roads = null;
  let ready = false;
  let on = null;
  let pin = null;
  let circle = null;
  let tapped = () => {};
  let moved = () => {};
  let arrived = () => {};
  let under = null; // the street under a pin that is not yet asked about

  function street(feature) {
    const { code } = feature.properties;
    const near = code === under || state().codes.includes(code);
    return {
      color: colour("--border"),
      weight: near ? 2.25 : 1,
      opacity: near ? 1 : 0.55,
      fillColor: colour("--touch"),
      fillOpacity: near ? 0.13 : 0,
      interactive: false,
    };
  }

  function road(feature) {
    return {
      color: colour(HUES[feature.properties.hue] || "--line-firm"),
      weight: map.getZoom() >= 13 ? 4 : 2,
      opacity: 0.85,
      interactive: false,
    };
  }

  async function load() {
    try {
      const [areas, lines] = await Promise.all([json(frame.dataset.streets), json(frame.dataset.roads)]);
      if (roads) roads.remove();
      if (layer) layer.remove();
      roads = new GeoJSON(lines, { style: road }).addTo(map);
      streets = areas.features;
      layer = new GeoJSON(areas, { style: street, onEachFeature: named }).addTo(map);
      legend(lines.features);
      ready = true;
      fit();
      arrived();
    } catch (error) {
      console.error(error);
      broken();
    }
  }

  function named(feature, shape) {
    const text = document.createElement("span");
    text.textContent = feature.properties.name;
    shape.bindTooltip(new Tooltip({ permanent: true, direction: "center", className: "place-name", opacity: 1 }), {});
    shape.setTooltipContent(text);
  }

  function fit() {
    const spot = state().point;
    if (spot) map.fitBounds(new LatLng(spot.lat, spot.lon).toBounds(reach() * 2), { animate: false, maxZoom: 17 });
    else if (layer && layer.getLayers().length) {
      map.fitBounds(new FeatureGroup(layer.getLayers()).getBounds(), { animate: false, padding: [6, 6] });
    }
  }

  // Metres around the position worth seeing: the whole circle, and the nearest border if it is near
  function reach() {
    const { accuracy, border, step } = state();
    return Math.max(accuracy * 2.5, step === "where" ? 150 : Math.min(border * 1.3, 1500), 250);
  }

  function put(spot, accuracy, { movable }) {
    const at = new LatLng(spot.lat, spot.lon);
    if (!circle) {
      circle = new Circle(at, { radius: accuracy, interactive: false }).addTo(map);
    }
    circle.setLatLng(at).setRadius(accuracy);
    circle.setStyle({ color: colour("--touch"), weight: 1.5, fillColor: colour("--touch"), fillOpacity: 0.12 });
    if (!pin) {
      pin = new Marker(at, { icon: icon(), keyboard: true, autoPan: true, alt: says("pin") }).addTo(map);
      pin.on("drag", () => circle.setLatLng(pin.getLatLng()));
      pin.on("dragend", () => told());
      pin.getElement().addEventListener("keydown", nudged);
    }
    pin.setLatLng(at);
    const element = pin.getElement();
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", movable ? says("move") : says("pin"));
    if (movable) pin.dragging.enable();
    else pin.dragging.disable();
    tint(movable ? spot : null);
  }

  function streetAt(spot) {
    const found = streets.find((one) => inside(spot, one.geometry));
    return found ? found.properties : null;
  }

  function tint(spot) {
    const found = spot && streetAt(spot);
    under = found ? found.code : null;
    if (layer) layer.setStyle(street);
  }

  function take() {
    if (pin) pin.remove();
    if (circle) circle.remove();
    pin = circle = null;
    tint(null);
  }

  function told() {
    const at = pin.getLatLng().wrap();
    moved({ lon: at.lng, lat: at.lat });
  }

  function nudged(event) {
    const by = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!by || !pin.dragging.enabled()) return;
    event.preventDefault();
    event.stopPropagation();
    const reach = event.shiftKey ? 40 : 8;
    const now = map.latLngToContainerPoint(pin.getLatLng());
    const at = map.containerPointToLatLng([now.x + by[0] * reach, now.y + by[1] * reach]);
    pin.setLatLng(at);
    circle.setLatLng(at);
    map.panInside(at, { padding: [40, 40], animate: false });
    told();
  }

  map.on("click", (event) => tapped({ lon: event.latlng.wrap().lng, lat: event.latlng.lat }));
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== frame) return;
    const middle = map.getCenter();
    tapped({ lon: middle.lng, lat: middle.lat });
  });
  map.on("zoomend", () => {
    if (roads) roads.setStyle(road);
    frame.classList.toggle("far", map.getZoom() < 10.6);
    frame.dataset.zoom = map.getZoom();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(frame);

  function show() {
    const now = state();
    if (on !== frame.dataset.streets) {
      on = frame.dataset.streets;
      load();
    }
    if (layer) layer.setStyle(street);
    if (roads) roads.setStyle(road);
    if (now.point) put(now.point, now.accuracy, { movable: now.step === "where" });
    else take();
    if (ready && (now.point || now.step !== "where")) fit();
  }

  return {
    show,
    pin: put,
    centre: (spot) => map.setView([spot.lat, spot.lon], Math.max(map.getZoom(), CLOSE), { animate: false }),
    streetAt: (spot) => streetAt(spot)?.name ?? null,
    loaded: () => ready,
    onTap: (what) => (tapped = what),
    onMove: (what) => (moved = what),
    onReady: (what) => (arrived = what),
  };
}

async function json(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

function legend(lines) {
  const list = document.getElementById("legend");
  const common = { 2: says("operators"), "-1": says("unregistered") };
  list.replaceChildren(
    ...lines.map(({ properties: { hue, name } }) => {
      const item = document.createElement("li");
      item.className = `legend-${hue < 0 ? "none" : hue}`;
      item.textContent = name || common[hue];
      return item;
    }),
  );
  list.hidden = !list.children.length;
}

function icon() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("aria-hidden", "true");
  const body = document.createElementNS(SVG, "path");
  body.setAttribute("d", "M24 46C24 46 39 30.5 39 18.5A15 15 0 1 0 9 18.5C9 30.5 24 46 24 46Z");
  body.setAttribute("class", "pin-body");
  const eye = document.createElementNS(SVG, "circle");
  for (const [name, value] of [["cx", 24], ["cy", 18.5], ["r", 5.5], ["class", "pin-eye"]]) eye.setAttribute(name, value);
  svg.append(body, eye);
  return new DivIcon({ className: "pin", html: svg, iconSize: [48, 48], iconAnchor: [24, 46] });
}
