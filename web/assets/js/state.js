// What the server says of the step that is shown, and the words for what the script shows.
export function state() {
  const found = document.getElementById("state");
  const data = found ? found.dataset : {};
  return {
    step: data.step || "",
    point: pointOf(data.point),
    accuracy: Number(data.accuracy) || 10,
    by: data.by || "",
    border: Number(data.border) || 0,
    codes: (data.codes || "").split(" ").filter(Boolean),
  };
}

export function pointOf(text) {
  const pair = (text || "").split(",").map(Number);
  return pair.length === 2 && pair.every(Number.isFinite) ? { lon: pair[0], lat: pair[1] } : null;
}

let words;
export function says(key, values = {}) {
  if (!words) {
    const map = document.getElementById("map");
    words = map ? JSON.parse(map.dataset.says) : {};
  }
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, value),
    words[key] || "",
  );
}
