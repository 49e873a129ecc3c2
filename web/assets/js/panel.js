// Steps without a reload: the next page is fetched and its panel put in place of this one.
const QUICK_MS = 150;

export function startPanel(onShown) {
  let running = null;

  async function go(address, { push = true } = {}) {
    const url = new URL(address, location.href);
    if (running) running.abort();
    const mine = (running = new AbortController());
    const before = document.getElementById("panel");
    const slow = setTimeout(() => showLoading(before), QUICK_MS);
    try {
      const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById("panel");
      if (!next || !page.getElementById("state")) {
        location.href = url;
        return;
      }
      clearTimeout(slow);
      hideLoading(before);
      if (push) history.pushState(null, "", url);
      document.title = page.title;
      refreshBar(page);
      document.querySelector(".screen").dataset.step = page.getElementById("state").dataset.step;
      before.replaceWith(document.adoptNode(next));
      arrive(next);
      onShown();
    } catch (error) {
      clearTimeout(slow);
      hideLoading(before);
      if (error.name !== "AbortError") showOffline();
    } finally {
      if (running === mine) running = null;
    }
  }

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target.closest("a[href]");
    if (!link || link.origin !== location.origin || !isStep(link.pathname) || link.hash) return;
    if (link.target || link.hasAttribute("download")) return;
    event.preventDefault();
    go(link.href);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "get") return;
    const url = new URL(form.action);
    if (url.origin !== location.origin || !isStep(url.pathname)) return;
    event.preventDefault();
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value !== "") fields.append(name, value);
    const button = event.submitter;
    if (button && button.name) fields.append(button.name, button.value);
    url.search = fields;
    go(url);
  });

  window.addEventListener("popstate", () => go(location.href, { push: false }));
  window.addEventListener("online", () => toggle("offline", false));
  return { go };
}

// Only the pages with the map are steps of one another
function isStep(path) {
  return Boolean(document.getElementById("state")) && path === "/";
}

function refreshBar(page) {
  for (const selector of [".top", "#loading"]) {
    const [mine, theirs] = [document.querySelector(selector), page.querySelector(selector)];
    if (mine && theirs) mine.replaceWith(document.adoptNode(theirs));
  }
}

function arrive(panel) {
  panel.scrollTop = 0;
  window.scrollTo(0, 0);
  const target = panel.querySelector("#error") || panel.querySelector("h1") || panel;
  if (target !== panel) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
}

function showLoading(panel) {
  const shape = document.getElementById("loading");
  if (!shape || panel.querySelector(":scope > .shape")) return;
  for (const child of panel.children) child.classList.add("behind");
  panel.prepend(shape.content.cloneNode(true));
  panel.setAttribute("aria-busy", "true");
}

function hideLoading(panel) {
  const shape = panel.querySelector(":scope > .shape");
  if (shape) shape.remove();
  for (const child of panel.children) child.classList.remove("behind");
  panel.removeAttribute("aria-busy");
}

function showOffline() {
  toggle("offline", true);
}

function toggle(id, shown) {
  const found = document.getElementById(id);
  if (found) found.hidden = !shown;
}
