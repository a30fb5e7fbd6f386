// The article with every change and decision as one HTML file that needs nothing else: to send on or to print.

import { LABELS, family } from "./items.js";
import { plural } from "./text.js";

const STYLE = `
:root { color-scheme: light dark; }
body { font: 1.05rem/1.65 Charter, "Iowan Old Style", Palatino, Georgia, serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 3rem; }
article p { white-space: pre-wrap; }
del { color: #a1261b; } ins { color: #1c6b43; text-decoration: none; border-bottom: 2px solid; }
mark { background: none; color: inherit; text-decoration: underline dotted 3px #8a5a00; }
mark.accuracy { text-decoration: underline wavy 1.5px #b3261e; } mark.style { text-decoration: underline dashed 1.5px #3d55a8; }
mark.locale { text-decoration: underline double 1.5px #0f6b6b; } mark.doubtful { text-decoration: underline 1px #8d867a; }
sup { font: 0.65em system-ui, sans-serif; }
table { border-collapse: collapse; font: 0.85rem/1.45 system-ui, sans-serif; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.75rem 0.4rem 0; border-top: 1px solid #8886; }
td { overflow-wrap: anywhere; }
footer { font: 0.8rem system-ui, sans-serif; margin-top: 3rem; }
@media (prefers-color-scheme: dark) { del { color: #ff9d90; } ins { color: #7fd6a4; } }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } }`;

export function markedUp(desk, name) {
  const numbers = new Map(desk.items.map((item, n) => [item.key, n + 1]));
  const { accepted, rejected, ignored, open, written } = desk.counts();
  const title = escaped(name || "Article");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}: what was repaired</title>
<style>${STYLE}</style>
<h1>${title}</h1>
<p>${plural(desk.items.length, "finding")}: ${accepted} accepted, ${rejected} rejected, ${ignored} ignored, ${open} not decided${written ? `; ${plural(written, "edit")} by hand` : ""}.</p>
<article>
${desk.article.paragraphs().map((sentences) => paragraph(desk, sentences, numbers)).join("\n")}
</article>
<h2>Findings</h2>
<table>
<thead><tr><th>No.</th><th>Was</th><th>Is</th><th>Why</th><th>Decision</th></tr></thead>
<tbody>
${desk.items.map((item) => row(desk, item, numbers)).join("\n")}
</tbody>
</table>
<footer>${escaped(desk.signature)}</footer>
</html>
`;
}

function paragraph(desk, sentences, numbers) {
  const pieces = sentences.flatMap((i) => [...desk.article.pieces(desk.sentences[i])]);
  const content = pieces.map((piece) => byHand(desk, piece) + marked(desk, piece, numbers)).join("");
  return `<p>${content.trimEnd()}</p>`;
}

// What was taken out by hand, before the piece that begins what stands there now.
function byHand(desk, { start, by }) {
  const gone = by?.start === start ? desk.origin.text.slice(by.edit.start, by.edit.end) : "";
  return gone ? `<del>${escaped(gone)}</del>` : "";
}

function marked(desk, { start, end, item, by }, numbers) {
  const text = by && start < end ? `<ins>${escaped(desk.text.slice(start, end))}</ins>` : escaped(desk.text.slice(start, end));
  if (!item) return text;
  const { status, text: chosen } = desk.decision(item);
  const first = start === item.start;
  const note = first ? `<sup>${numbers.get(item.key)}</sup>` : "";
  const kind = `${family(item)} ${desk.certainty.of(item)}`;
  if (status !== "accepted") return `<mark class="${kind}">${text}</mark>${note}`;
  return `<del>${text}</del>${first ? `<ins>${escaped(chosen)}</ins>${note}` : ""}`;
}

function row(desk, item, numbers) {
  const { status, text } = desk.decision(item);
  const is = status === "accepted" ? text : item.text;
  const decision = status === "open" ? "not decided" : status;
  const why = `${LABELS[item.category]}. ${item.message}${item.quoted ? " (quoted speech)" : ""}`;
  return `<tr>${[numbers.get(item.key), spaced(item.text), spaced(is), why, decision].map((cell) => `<td>${escaped(String(cell))}</td>`).join("")}</tr>`;
}

// Spaces at the ends would not be seen.
function spaced(text) {
  return text.replace(/^ +| +$/g, (run) => "␣".repeat(run.length));
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character]);
}
