// What goes back into the file that was opened: the changes, and a comment for what is undecided.

import { LABELS, asSentence } from "./items.js";

// What the server is asked. Where the whole text was edited on the way it has to find the changes itself.
export function editsOf(desk, file, tracked) {
  const asked = { name: file.name, data: file.data, tracked };
  if (desk.origin.text !== file.text) return { ...asked, text: desk.output() };
  const { offsets } = desk.origin;
  const change = ({ start, end }, text) => ({ start: offsets.point(start), end: offsets.point(end), text });
  const edits = desk.changes().map((edit) => change(edit, edit.text));
  const comments = tracked ? desk.undecided().map(([range, item]) => change(range, remark(item))) : [];
  return { ...asked, edits, comments };
}

function remark(item) {
  const ideas = item.choices.map(({ text }) => (text.trim() ? `“${text.trim()}”` : "leave it out"));
  return [`${LABELS[item.category]}.`, asSentence(item.message), ideas.length && `Perhaps: ${ideas.join(", ")}.`].filter(Boolean).join(" ");
}

export function refusedEdit({ text, reason }) {
  return `${text ? `“${text}”` : "leaving words out"} (${reason})`;
}
