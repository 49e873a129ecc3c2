// Results while someone types; the form itself still works with Enter or its button.
const PAUSE_MS = 120;

export function startSearch() {
  let waiting = 0;
  let running = null;

  document.addEventListener("input", (event) => {
    if (event.target.id !== "q") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => look(event.target), event.isComposing ? PAUSE_MS * 3 : PAUSE_MS);
  });

  async function look(field) {
    const results = document.getElementById("results");
    const common = document.getElementById("common");
    if (!results || !field.isConnected) return;
    if (running) running.abort();
    if (!field.value.trim()) {
      results.replaceChildren();
      common.hidden = false;
      return;
    }
    const mine = (running = new AbortController());
    const url = new URL(field.form.dataset.live, location.href);
    url.search = new URLSearchParams(new FormData(field.form));
    try {
      const answer = await fetch(url, { signal: mine.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      results.replaceChildren(...[...page.body.childNodes].map((one) => document.adoptNode(one)));
      common.hidden = true;
    } catch (error) {
      // Without a network the words stay, and Enter tries again and says so
      if (error.name !== "AbortError") common.hidden = false;
    }
  }
}
