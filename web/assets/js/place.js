// Where: the device's position with its accuracy, or a pin put by hand, which then is kept.
import { says, state } from "./state.js";

const GOOD_M = 15;
const LONGEST_MS = 12_000;
const WEAK_M = 50;
const HAND_M = 10;

export function startPlace(map) {
  let fix = null; // the device's last position, kept in this page alone
  let watch = null;
  let go = null;
  let chosen = null;

  map.onTap((spot) => {
    const { step } = state();
    if (step === "where") choose(spot, HAND_M, "hand");
    else if (step === "what" && go) go(withPlace(spot, HAND_M, "hand"));
  });
  map.onMove((spot) => choose(spot, HAND_M, "hand"));
  // Borders come after the page: then the street's name can be said
  map.onReady(() => {
    if (chosen && document.getElementById("here")) choose(chosen.spot, chosen.accuracy, chosen.by);
  });

  function choose(spot, accuracy, by) {
    const form = document.getElementById("here");
    if (!form) return;
    if (by === "hand") stop();
    chosen = { spot, accuracy, by };
    form.elements.at.value = `${spot.lon.toFixed(6)},${spot.lat.toFixed(6)}`;
    form.elements.accuracy.value = String(Math.max(1, Math.round(accuracy)));
    form.elements.by.value = by;
    document.getElementById("use-here").disabled = false;
    map.pin(spot, accuracy, { movable: true });
    if (by === "gps") map.centre(spot);
    const street = map.streetAt(spot);
    const words = [street || (map.loaded() ? says("outside") : "")];
    words.push(by === "gps" ? says("accuracy", { m: Math.round(accuracy) }) : says("hand"));
    if (by === "gps" && accuracy > WEAK_M) words.push(says("weak"));
    tell(words.filter(Boolean).join(says("stop")), accuracy > WEAK_M);
  }

  function tell(text, weak = false) {
    const found = document.getElementById("found");
    if (!found) return;
    found.textContent = text;
    found.classList.toggle("found-weak", weak);
  }

  function locate() {
    if (!navigator.geolocation) {
      tell(says("no_gps"), true);
      return;
    }
    stop();
    tell(says("locating"));
    let best = null;
    const since = Date.now();
    watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        if (best === null || coords.accuracy <= best) {
          best = coords.accuracy;
          fix = { lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy };
          if (state().step === "where") choose(fix, fix.accuracy, "gps");
          else if (state().step === "what" && !state().point) map.pin(fix, fix.accuracy, { movable: false });
        }
        if (coords.accuracy <= GOOD_M || Date.now() - since > LONGEST_MS) stop();
      },
      (error) => {
        stop();
        if (best === null) tell(says(error.code === 1 ? "denied" : "no_fix"), true);
      },
      { enableHighAccuracy: true, maximumAge: 10_000, timeout: LONGEST_MS },
    );
  }

  function stop() {
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = null;
  }

  // Only where the person allowed it before: a page that opens must not ask by itself
  async function locateIfAllowed() {
    if (!navigator.permissions || !navigator.geolocation) return;
    const allowed = await navigator.permissions.query({ name: "geolocation" }).catch(() => null);
    if (allowed && allowed.state === "granted" && ["what", "where"].includes(state().step)) locate();
  }

  function withPlace(spot, accuracy, by) {
    const url = new URL(location.href);
    for (const name of ["road", "stake", "direction", "cross", "area", "site"]) url.searchParams.delete(name);
    url.searchParams.set("at", `${spot.lon.toFixed(6)},${spot.lat.toFixed(6)}`);
    url.searchParams.set("accuracy", String(Math.max(1, Math.round(accuracy))));
    url.searchParams.set("by", by);
    return url;
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("#locate")) locate();
  });

  return {
    goBy: (how) => (go = how),
    shown() {
      const { step, point } = state();
      chosen = null;
      if (step !== "where" && step !== "what") {
        stop();
        return;
      }
      if (step === "where" && point) choose(point, state().accuracy, state().by || "map");
      else if (step === "where" && fix) choose(fix, fix.accuracy, "gps");
      else if (!point && !fix) locateIfAllowed();
    },
  };
}
