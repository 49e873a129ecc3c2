// Printing and sharing a card.
export function startCard() {
  const print = document.getElementById("print");
  if (print) print.addEventListener("click", () => window.print());
  const share = document.getElementById("share");
  if (share && navigator.share) {
    share.hidden = false;
    share.addEventListener("click", () =>
      navigator.share({ title: share.dataset.title, url: share.dataset.url }).catch(() => {}),
    );
  }
}
