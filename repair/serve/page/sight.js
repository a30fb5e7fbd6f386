// Scrolls so that something can be seen: not under the toolbar, nor under the sheet with the open finding.

const NARROW = "(max-width: 60rem)"; // as in desk.css
const AIR = 12; // pixels kept free beside it

// Brings the card of the list into sight; on a narrow screen it is a sheet, which always is. The list moves, and the article only
// where the list cannot.
export function showCard(card) {
  if (!card || matchMedia(NARROW).matches) return;
  const list = card.closest(".findings");
  const [top, bottom] = free();
  const [frame, box] = [list, card].map((one) => one.getBoundingClientRect());
  const [above, below] = [box.top - Math.max(frame.top, top), box.bottom - Math.min(frame.bottom, bottom)];
  const by = above < 0 ? above : Math.max(Math.min(above, below), 0);
  const left = by - Math.min(by, list.scrollHeight - list.clientHeight - list.scrollTop);
  list.scrollBy({ top: by, behavior: behavior() });
  if (left > 0) window.scrollBy({ top: left, behavior: behavior() });
}

// Brings a mark or a sentence of the article into the part of the window that nothing covers.
export function showMark(mark) {
  if (!mark) return;
  const [top, bottom] = free();
  const { top: from, bottom: to } = mark.getBoundingClientRect();
  if (from >= top && to <= bottom) return;
  const middle = (top + Math.max(bottom, top)) / 2;
  window.scrollBy({ top: (from + to) / 2 - middle, behavior: behavior() });
}

// The number of the first of these elements that can be seen.
export function firstInSight(elements) {
  const [top] = free();
  return Math.max(elements.findIndex((element) => element.getBoundingClientRect().bottom > top), 0);
}

// The upper and the lower edge of what can be seen of the article.
function free() {
  let [top, bottom] = [0, innerHeight];
  for (const bar of document.querySelectorAll(".tools, .status, .card.current")) {
    const { position } = getComputedStyle(bar);
    const box = bar.getBoundingClientRect();
    if (position === "sticky") top = Math.max(top, box.height);
    if (position !== "fixed" || box.height === 0) continue;
    if (box.top <= 0) top = Math.max(top, box.bottom);
    else bottom = Math.min(bottom, box.top);
  }
  return [top + AIR, bottom - AIR];
}

function behavior() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
