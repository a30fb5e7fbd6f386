// Scrolls so that something can be seen: not under the toolbar, nor under the sheet with the open finding.

const NARROW = "(max-width: 60rem)"; // as in desk.css
const AIR = 12; // pixels kept free beside it

// Brings the card of the list into sight; on a narrow screen it is a sheet, which always is.
export function showCard(card) {
  if (!matchMedia(NARROW).matches) card?.scrollIntoView({ block: "nearest", behavior: behavior() });
}

// Brings a mark in the article into the part of the window that nothing covers.
export function showMark(mark) {
  if (!mark) return;
  const [top, bottom] = free();
  const { top: from, bottom: to } = mark.getBoundingClientRect();
  if (from >= top && to <= bottom) return;
  const middle = (top + Math.max(bottom, top)) / 2;
  window.scrollBy({ top: (from + to) / 2 - middle, behavior: behavior() });
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
