// One state of the article's text, with its sentences and what was found in it. Knows nothing of decisions or of the page.

import { composed, placed } from "./edits.js";
import { clash } from "./items.js";
import { Offsets, countBelow } from "./text.js";

const LINE_END = /[\n\r\u2028\u2029]\s*$/;

export class Article {
  // `written`: the edits by hand that made this text out of the one that was opened. `unread`: the ranges that the server has
  // still to read. `mark` begins the keys of what is found in it. `marks` are what its file tells of the text: lists of ranges, each
  // with what it is, by kind.
  constructor({ text, written = [], sentences = [], quotations = [], items = [], unread = [{ start: 0, end: text.length }], mark = "", marks = null }) {
    Object.assign(this, { text, written, sentences, quotations, unread, mark, marks });
    this.offsets = new Offsets(text);
    this.read = 0; // how far the first reading has come
    this.setRanges(sentences, quotations);
    this.setItems(items);
  }

  toJSON() {
    const { text, written, sentences, quotations, items, unread, mark, marks } = this;
    return { text, written, sentences, quotations, items, unread, mark, marks };
  }

  get finished() {
    return this.unread.length === 0;
  }

  setRanges(sentences, quotations) {
    [this.sentences, this.quotations] = [sentences, quotations];
    this.starts = sentences.map((sentence) => sentence.start);
  }

  setItems(items) {
    this.items = items.toSorted((a, b) => a.start - b.start || a.end - b.end);
    this.byKey = new Map(this.items.map((item) => [item.key, item]));
    this.bySentence = this.sentences.map(() => []);
    for (const item of this.items) {
      item.quoted = this.quotations.some((quotation) => clash(quotation, item) && item.start < quotation.end);
      item.sentence = this.sentenceAt(item.start);
      for (const i of this.sentencesOf(item)) this.bySentence[i]?.push(item);
    }
  }

  sentenceAt(offset) {
    return Math.max(countBelow(this.starts, offset + 1) - 1, 0);
  }

  sentencesOf({ start, end }) {
    const [first, last] = [this.sentenceAt(start), this.sentenceAt(Math.max(start, end - 1))];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }

  // Has the server still to read any of it?
  isUnread(range) {
    return this.unread.some((one) => clash(one, range));
  }

  // A sentence without the white space that ends it.
  shown({ start, end }) {
    return { start, end: start + this.text.slice(start, end).trimEnd().length };
  }

  get allUnread() {
    return this.unread.some(({ start, end }) => start === 0 && end === this.text.length);
  }

  // What the server is asked: to read all, or what is unread.
  asked(all) {
    const points = ({ start, end, what }) => [this.offsets.point(start), this.offsets.point(end), ...(what ? [what] : [])];
    const marks = this.marks && mapped(this.marks, points);
    return { text: this.text, ...(marks && { marks }), ...(!all && { changed: this.unread.map(points) }) };
  }

  // What the file tells of the text, as the server says it.
  tell(marks) {
    const range = ([start, end, what]) => ({ start: this.offsets.utf16(start), end: this.offsets.utf16(end), what });
    this.marks = marks ? mapped(marks, range) : null;
  }

  // The text after one more edit by hand. Its sentence has to be read again; items that the edit touches are gone.
  edited(edit, mark) {
    const by = edit.text.length - (edit.end - edit.start);
    const overlaps = (range) => range.start < edit.end && edit.start < range.end;
    const moved = (range) => (range.start >= edit.end && range.end > edit.start ? { start: range.start + by, end: range.end + by } : range);
    const grown = (range) => ({ start: Math.min(range.start, edit.start), end: Math.max(range.end, edit.end) + by });
    const follow = (range) => (overlaps(range) || (range.start < edit.start && edit.end < range.end) ? grown(range) : moved(range));
    const lies = (item) => item.end <= edit.start || item.start >= edit.end;
    const inside = this.sentences.filter((one) => overlaps(one) || (one.start <= edit.start && edit.end <= one.end));
    const sentence = grown({ start: inside[0].start, end: inside.at(-1).end });
    const at = this.sentences.indexOf(inside[0]);
    return new Article({
      text: this.text.slice(0, edit.start) + edit.text + this.text.slice(edit.end),
      written: composed(this.written, this.text, edit),
      sentences: this.sentences.map(moved).toSpliced(at, inside.length, sentence),
      quotations: this.quotations.map(follow),
      items: this.items.filter(lies).map((item) => ({ ...item, ...moved({ start: item.start, end: item.end }) })),
      unread: [...this.unread.map(follow), sentence],
      mark,
      marks: this.marks && mapped(this.marks, (range) => ({ ...range, ...follow({ start: range.start, end: range.end }) })),
    });
  }

  // A range cut where an item, a quotation or words by hand begin or end: {start, end, quoted, item, by}, in order; `by` is the
  // edit by hand that a piece comes from.
  *pieces(range) {
    const items = [...new Set(this.sentencesOf(range).flatMap((i) => this.bySentence[i] ?? []))];
    const quotations = this.quotations.filter((quotation) => clash(quotation, range));
    const places = placed(this.written).filter((place) => place.start < range.end && clash(place, range));
    const cuts = [...items, ...quotations, ...places].flatMap(({ start, end }) => [start, end]);
    const inside = cuts.filter((cut) => cut > range.start && cut < range.end);
    const borders = [...new Set([range.start, ...inside, range.end])].sort((a, b) => a - b);
    const quotedAt = (at) => quotations.some((quotation) => quotation.start <= at && at < quotation.end);
    for (let b = 0; b < borders.length; b += 1) {
      const [start, end] = [borders[b], borders[b + 1]];
      const empty = items.find((item) => item.start === start && item.end === start);
      if (empty) yield { start, end: start, quoted: quotedAt(start - 1) && quotedAt(start), item: empty };
      const gone = places.find((place) => place.start === start && place.end === start);
      if (gone) yield { start, end: start, quoted: false, by: gone };
      if (end === undefined) return;
      const item = items.find((one) => one.start <= start && end <= one.end);
      const by = places.find((place) => place.start <= start && end <= place.end);
      yield { start, end, quoted: quotedAt(start), item, by };
    }
  }

  // Runs of sentences that begin on a line of their own: arrays of sentence numbers.
  paragraphs() {
    const result = [];
    this.sentences.forEach((sentence, i) => {
      const opens = i === 0 || LINE_END.test(this.text.slice(this.sentences[i - 1].start, sentence.start));
      if (opens) result.push([i]);
      else result.at(-1).push(i);
    });
    return result;
  }
}

function mapped(marks, change) {
  return Object.fromEntries(Object.entries(marks).map(([kind, ranges]) => [kind, ranges.map(change)]));
}
