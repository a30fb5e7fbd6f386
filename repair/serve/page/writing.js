// Writing in the article itself: a sentence becomes a field, and leaving it takes what was written.

const FIELD = {
  role: "textbox",
  "aria-multiline": "true",
  "aria-label": "The sentence, to write in. Enter or leaving it takes what you wrote.",
  spellcheck: "true",
};

export class Writing {
  // `element` shows the sentence, `range` is where it stands, `words` what it reads as now, `caret` where the writing begins.
  constructor(element, range, words, caret) {
    Object.assign(this, { element, range, before: words });
    element.replaceChildren(words);
    for (const [name, value] of Object.entries(FIELD)) element.setAttribute(name, value);
    element.contentEditable = "true"; // where a browser does not know the other
    element.contentEditable = "plaintext-only";
    element.focus({ preventScroll: true });
    if (words) getSelection().collapse(element.firstChild, Math.min(caret, words.length));
  }

  get words() {
    return this.element.textContent.replace(/\u00a0/g, (blank) => (this.before.includes(blank) ? blank : " ")).replace(/\n+$/, "");
  }

  get changed() {
    return this.words !== this.before;
  }
}

// How many characters of an element's text stand before a point of the window; all of them where the point is nowhere in it.
export function caretAt(element, x, y) {
  const place = document.caretPositionFromPoint?.(x, y);
  const found = place ? [place.offsetNode, place.offset] : rangeAt(x, y);
  if (!found || !element.contains(found[0])) return Infinity;
  const before = new Range();
  before.setStart(element, 0);
  before.setEnd(...found);
  return before.toString().length;
}

function rangeAt(x, y) {
  const range = document.caretRangeFromPoint?.(x, y);
  return range && [range.startContainer, range.startOffset];
}
