// Edits: {start, end, text}, in order and apart, in UTF-16 units of the text that they change. Knows nothing of the page.

// The text with the edits done.
export function carriedOut(text, edits) {
  let position = 0;
  let result = "";
  for (const edit of edits) {
    result += text.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + text.slice(position);
}

// Where the edits stand once they are done: {start, end, edit} each.
export function placed(edits) {
  let shift = 0;
  return edits.map((edit) => {
    const start = edit.start + shift;
    shift += edit.text.length - (edit.end - edit.start);
    return { start, end: start + edit.text.length, edit };
  });
}

// The edits of a text that do what `edits` do and then `next`, which is an edit of `between`, what the first ones make of it.
export function composed(edits, between, next) {
  const places = placed(edits);
  const touched = places.filter((place) => place.start <= next.end && next.start <= place.end);
  const before = places.filter((place) => place.end < next.start);
  const after = places.filter((place) => place.start > next.end);
  const start = Math.min(next.start, ...touched.map((place) => place.start));
  const end = Math.max(next.end, ...touched.map((place) => place.end));
  const text = between.slice(start, next.start) + next.text + between.slice(next.end, end);
  const head = before.length ? before.at(-1).edit.end - before.at(-1).end : 0;
  const last = touched.at(-1) ?? before.at(-1);
  const tail = last ? last.edit.end - last.end : 0;
  const joined = { start: start + head, end: end + tail, text };
  return [...before.map(({ edit }) => edit), joined, ...after.map(({ edit }) => edit)];
}

// Where in the text before the edits a range of the text after them was; what lies in an edit was where the edit is.
export function former(edits, { start, end }) {
  const places = placed(edits);
  const back = (offset, side) => {
    const place = places.findLast((one) => one.start <= offset);
    if (!place) return offset;
    return offset < place.end || (offset === place.end && side === "start" && place.start === place.end) ? place.edit[side] : place.edit.end + offset - place.end;
  };
  const [first, last] = [back(start, "start"), back(end, "end")];
  return { start: first, end: Math.max(last, first) };
}
