// An answer for "today" that was left open past midnight is no answer for today.
const LOOK_EVERY_MS = 60_000;

export function startAge() {
  const look = () => {
    const panel = document.getElementById("panel");
    const strip = document.getElementById("stale");
    if (!panel || !strip || !panel.dataset.served || !panel.dataset.opened) return;
    strip.hidden = panel.dataset.opened === localDay();
  };
  const opened = () => {
    const panel = document.getElementById("panel");
    if (panel && !panel.dataset.opened) panel.dataset.opened = localDay();
    look();
  };
  opened();
  setInterval(opened, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", opened);
}

function localDay() {
  return new Date().toDateString();
}
