// Positions and small text tools. The server counts Unicode code points, JavaScript counts UTF-16 units:
// they differ after an emoji, so every offset that comes in passes through `Offsets`. Nothing here knows the page.

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

export class Offsets {
  constructor(text) {
    this.length = text.length;
    // UTF-16 offsets and code point positions of the characters that take two units, ascending.
    this.units = [...text.matchAll(PAIR)].map((match) => match.index);
    this.pairs = this.units.map((index, earlier) => index - earlier);
  }

  // The UTF-16 offset of a code point offset.
  utf16(point) {
    return Math.min(point + countBelow(this.pairs, point), this.length);
  }

  // And back.
  point(offset) {
    return offset - countBelow(this.units, offset);
  }
}

// How many of the ascending numbers are smaller than `limit`.
export function countBelow(numbers, limit) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

// A text that can be sent as UTF-8: half a surrogate pair becomes a replacement character.
export function wellFormed(text) {
  return text.toWellFormed ? text.toWellFormed() : text;
}

// Text areas know only "\n"; this is how a text looks in one.
export function withPlainNewlines(text) {
  return text.replace(/\r\n?/g, "\n");
}

// What two texts share at both ends, cut on borders of words: [before, old, new, after].
export function difference(old, next) {
  const a = old.match(/\w+|\s+|[^\w\s]/gu) ?? [];
  const b = next.match(/\w+|\s+|[^\w\s]/gu) ?? [];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const cut = (tokens) => tokens.slice(head, tokens.length - tail).join("");
  return [a.slice(0, head).join(""), cut(a), cut(b), tail ? a.slice(-tail).join("") : ""];
}

// A few words before and after a range, for a line in the list; kept inside `from` and `to`. Where the line is short the range
// has to be seen in it.
export function context(text, start, end, from, to, short) {
  const room = short ? 16 : 36;
  const before = text.slice(Math.max(from, start - room), start);
  const after = text.slice(end, Math.min(to, end + 60));
  return [
    start - room > from ? before.replace(/^\S*\s/, "… ") : before,
    end + 60 < to ? after.replace(/\s\S*$/, " …") : after.trimEnd(),
  ].map((part) => part.replace(/[\r\n]+/g, " "));
}

export function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
}
