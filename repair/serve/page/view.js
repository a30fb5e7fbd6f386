// Draws the article: for review with its marks, or before and after side by side. Reads the desk, changes nothing.

import { h } from "./dom.js";
import { LABELS, family } from "./items.js";
import { difference } from "./text.js";

const STRIPES = 160;

// The article with its marks. Returns the element of each sentence, so that one can be drawn again by itself.
export function drawArticle(root, desk, current) {
  const elements = [];
  const paragraphs = desk.article.paragraphs().map((numbers) => {
    const children = numbers.map((i) => (elements[i] = h("span", { class: "sentence" })));
    return h("p", {}, children);
  });
  elements.forEach((element, i) => drawSentence(element, desk, i, current));
  root.replaceChildren(...paragraphs);
  return elements;
}

export function drawSentence(element, desk, i, current) {
  element.dataset.state = desk.sentenceState(i);
  element.replaceChildren(...reviewed(desk, i, current));
}

function* reviewed(desk, i, current) {
  for (const piece of trimmed(desk, i)) {
    const text = desk.text.slice(piece.start, piece.end);
    const node = piece.item ? mark(desk, piece, text, piece.item.key === current) : text;
    if (node === null || node === "") continue;
    const shown = piece.by ? h("span", { class: "written", title: "Your words" }, node) : node;
    yield piece.quoted ? h("span", { class: "quoted" }, shown) : shown;
  }
}

function mark(desk, piece, text, isCurrent) {
  const { item } = piece;
  const { status, text: chosen } = desk.decision(item);
  if (status === "ignored" || !desk.shows(item)) return text;
  if (status === "accepted" && piece.start !== item.start) return null;
  const shown = status === "accepted" ? chosen : text;
  const attributes = {
    class: `mark ${family(item)} ${item.severity} ${status} ${desk.certainty.of(item)}${item.start === item.end ? " place" : ""}`,
    "data-key": item.key,
    "data-do": "select",
    "data-current": isCurrent,
    title: `${LABELS[item.category]}: ${item.message}`,
  };
  return h("mark", attributes, shown);
}

// The pieces of a sentence without the line break that ends it.
function* trimmed(desk, i) {
  const { start, end } = desk.sentences[i];
  const length = desk.text.slice(start, end).replace(/\s*[\n\r\u2028\u2029]\s*$/, "").length;
  for (const piece of desk.article.pieces({ start, end })) {
    const stop = piece.item ? piece.end : Math.min(piece.end, start + length);
    if (stop > piece.start || piece.item) yield { ...piece, end: stop };
  }
}

// Two columns, a row for each paragraph of the text that was opened. "changed" marks those in which something changed.
export function drawComparison(root, desk) {
  const { origin } = desk;
  const changes = desk.changes();
  const ranges = origin.paragraphs().map((numbers) => ({ start: origin.sentences[numbers[0]].start, end: origin.sentences[numbers.at(-1)].end }));
  const rows = ranges.map((range) => {
    const mine = changes.filter((change) => range.start <= change.start && change.start < range.end);
    const sides = ["del", "ins"].map((tag) => h("p", {}, [...side(origin.text, range, mine, tag)]));
    return h("div", { class: mine.length ? "row changed" : "row", role: "row" }, sides.map(cell));
  });
  const names = h("div", { class: "row names", role: "row" }, heading("Before"), heading("After"));
  root.replaceChildren(h("div", { role: "table", "aria-label": "The article before and after" }, names, rows));
}

function cell(content) {
  return h("div", { role: "cell" }, content);
}

function heading(text) {
  return h("div", { role: "columnheader" }, text);
}

// One side of the comparison: what was there (del) or what stands there now (ins).
function* side(text, range, changes, tag) {
  let at = range.start;
  for (const change of changes) {
    yield text.slice(at, change.start);
    yield* changedPart(text.slice(change.start, change.end), change.text, tag);
    at = change.end;
  }
  yield text.slice(at, Math.max(range.end, at)).trimEnd();
}

function* changedPart(old, next, tag) {
  const [head, removed, added, tail] = difference(old, next);
  const changed = tag === "del" ? removed : added;
  yield head;
  if (changed) yield changed.trim() || tag === "ins" ? h(tag, {}, changed) : h(tag, { class: "gap" }, "␣".repeat(changed.length));
  yield tail;
}

// A stripe for each sentence (or a few): unread, clean, open or done. The worst of a few counts.
export function drawStrip(root, desk) {
  const order = ["clean", "read", "done", "doubtful", "open", "unread"];
  const states = desk.sentences.map((_, i) => desk.sentenceState(i));
  const count = Math.min(states.length, STRIPES);
  const stripes = Array.from({ length: count }, (_, n) => {
    const some = states.slice(Math.floor((n * states.length) / count), Math.floor(((n + 1) * states.length) / count));
    return h("i", { "data-state": some.reduce((a, b) => (order.indexOf(a) > order.indexOf(b) ? a : b)) });
  });
  root.replaceChildren(...stripes);
}
