// The article, what was found in it, and what the editor decided, with undo and redo. Knows nothing of the page.

import { Certainty } from "./groups.js";
import { clash, itemsOfFindings, itemsOfReport } from "./items.js";
import { Offsets, countBelow } from "./text.js";

const OPEN = Object.freeze({ status: "open" });

export class Desk {
  constructor(text) {
    this.text = text;
    this.offsets = new Offsets(text);
    this.sentences = [];
    this.quotations = [];
    this.items = [];
    this.decisions = new Map();
    this.drafts = new Map(); // by key: what is written in the field for one's own wording
    this.heard = []; // the server's events, from which a reload makes all this again
    this.past = [];
    this.future = [];
    this.read = 0; // how far the server has read, in UTF-16 units
    this.finished = false;
    this.saved = true; // nothing was decided since the last copy or download
    this.certainty = new Certainty();
  }

  // Takes over what was decided and written about the same text before.
  carry(earlier) {
    this.decisions = new Map(earlier.decisions);
    this.drafts = new Map(earlier.drafts);
    [this.past, this.future] = [earlier.past, earlier.future];
    this.saved = earlier.saved;
    this.items = earlier.items.filter((item) => earlier.worked(item));
  }

  start(event) {
    const { sentences, quotations = [], certainties } = event;
    this.heard = [event];
    this.certainty = new Certainty(certainties);
    const ranges = (pairs) => pairs.map(([start, end]) => ({ start: this.offsets.utf16(start), end: this.offsets.utf16(end) }));
    this.sentences = ranges(sentences);
    this.starts = this.sentences.map((sentence) => sentence.start);
    this.quotations = ranges(quotations);
    this.setItems(this.items);
  }

  add(event) {
    this.heard.push(event);
    this.read = this.offsets.utf16(event.read);
    this.setItems(joined(this.items, itemsOfFindings(this.text, event.findings)));
  }

  // Takes the final report, and what is known of its items from before. What the editor works on stays, also where the
  // report knows nothing of it; `open` is the key of the item that is being written about.
  finish(report, recall, open = null) {
    this.heard = [this.heard[0], report];
    this.read = this.text.length;
    this.finished = true;
    const kept = this.items.filter((item) => item.key === open || this.worked(item));
    const settled = kept.map((item) => (item.safety === "pending" ? { ...item, safety: "none" } : item));
    this.setItems(joined(settled, itemsOfReport(this.text, report)));
    const known = (step) => step.filter((change) => this.byKey.has(change.key));
    [this.past, this.future] = [this.past, this.future].map((steps) => steps.map(known).filter((step) => step.length));
    for (const item of this.items) {
      const known = this.isOpen(item) && recall(this, item);
      if (known) this.decisions.set(item.key, known);
    }
  }

  // Has the editor put work into it that must not get lost?
  worked(item) {
    return this.decision(item).status === "accepted" || this.typed(item) !== undefined;
  }

  // What was written in its field and not yet taken.
  typed(item) {
    const draft = this.drafts.get(item.key);
    return draft === undefined || draft.trim() === item.text.trim() ? undefined : draft;
  }

  // All of it as data, and back.
  toJSON() {
    const { text, heard, past, future, saved } = this;
    return { text, heard, past, future, saved, decisions: [...this.decisions], drafts: [...this.drafts] };
  }

  static from({ text, heard, past, future, saved, decisions, drafts }) {
    const desk = new Desk(text);
    [desk.decisions, desk.drafts, desk.past, desk.future] = [new Map(decisions), new Map(drafts), past, future];
    for (const event of heard) {
      if (event.type === "start") desk.start(event);
      else if (event.type === "findings") desk.add(event);
      else desk.finish(event, () => undefined);
    }
    desk.saved = saved;
    return desk;
  }

  setItems(items) {
    this.items = items.toSorted((a, b) => a.start - b.start || a.end - b.end);
    this.byKey = new Map(this.items.map((item) => [item.key, item]));
    this.bySentence = this.sentences.map(() => []);
    for (const item of this.items) {
      item.quoted = this.quotations.some((quotation) => clash(quotation, item) && item.start < quotation.end);
      item.sentence = this.sentenceAt(item.start);
      for (const i of this.sentencesOf(item)) this.bySentence[i].push(item);
    }
  }

  sentenceAt(offset) {
    return Math.max(countBelow(this.starts, offset + 1) - 1, 0);
  }

  sentencesOf(item) {
    const last = this.sentenceAt(Math.max(item.start, item.end - 1));
    return Array.from({ length: last - item.sentence + 1 }, (_, i) => item.sentence + i);
  }

  decision(item) {
    return this.decisions.get(item.key) ?? OPEN;
  }

  isOpen(item) {
    return this.decision(item).status === "open";
  }

  // Other open items whose words are the same, in quotations as this one or outside as this one.
  likes(item) {
    const words = sameWords(item);
    if (!/\p{L}/u.test(words)) return [];
    const alike = (one) => one !== item && one.quoted === item.quoted && sameWords(one) === words;
    return this.shown.filter((one) => this.isOpen(one) && alike(one));
  }

  // Items that safe repairs would settle now.
  safe() {
    return this.items.filter((item) => item.safety === "safe" && this.isOpen(item));
  }

  // Is it certain enough to be shown? What was decided about stays in sight.
  shows(item) {
    return this.certainty.shows(item) || !this.isOpen(item);
  }

  get shown() {
    return this.items.filter((item) => this.shows(item));
  }

  // "unread", "read" (nothing found so far), "clean", "open", "doubtful" (open, but not more) or "done" for a sentence.
  sentenceState(i) {
    if (this.sentences[i].end > this.read) return "unread";
    const items = this.bySentence[i].filter((item) => this.shows(item) && this.decision(item).status !== "ignored");
    if (items.length === 0) return this.finished ? "clean" : "read";
    const open = items.filter((item) => this.isOpen(item));
    if (open.length === 0) return "done";
    return open.every((item) => this.certainty.of(item) === "doubtful") ? "doubtful" : "open";
  }

  // Decides about several items at once, as one step to undo. `changes`: pairs of item and decision.
  decide(changes) {
    const step = changes.map(([item, after]) => ({ key: item.key, before: this.decision(item), after }));
    if (step.length === 0) return;
    this.past.push(step);
    this.future = [];
    this.carryOut(step, "after");
  }

  // Both return the keys of the items that changed; none where there is nothing to go back to.
  undo() {
    return this.move(this.past, this.future, "before");
  }

  redo() {
    return this.move(this.future, this.past, "after");
  }

  move(from, to, side) {
    const step = from.pop();
    if (!step) return [];
    to.push(step);
    this.carryOut(step, side);
    return step.map((change) => change.key);
  }

  carryOut(step, side) {
    for (const change of step) this.decisions.set(change.key, change[side]);
    this.saved = false;
  }

  // The text as decided so far.
  output() {
    let position = 0;
    let result = "";
    for (const item of this.items) {
      const { status, text } = this.decision(item);
      if (status !== "accepted" || item.start < position) continue;
      result += this.text.slice(position, item.start) + text;
      position = item.end;
    }
    return result + this.text.slice(position);
  }

  // One sentence as decided so far.
  sentenceText(i) {
    const parts = [...this.pieces(i)].map(({ start, end, item }) => {
      const { status, text } = item ? this.decision(item) : OPEN;
      if (status !== "accepted") return this.text.slice(start, end);
      return start === item.start ? text : "";
    });
    return parts.join("");
  }

  counts() {
    const { shown } = this;
    const of = (status) => shown.filter((item) => this.decision(item).status === status).length;
    const states = this.sentences.map((_, i) => this.sentenceState(i));
    const doubtful = shown.filter((item) => this.isOpen(item) && this.certainty.of(item) === "doubtful").length;
    return {
      findings: shown.length,
      hidden: this.items.length - shown.length,
      doubtful,
      open: of("open") - doubtful,
      accepted: of("accepted"),
      rejected: of("rejected"),
      ignored: of("ignored"),
      safe: this.safe().length,
      sentences: states.length,
      clean: states.filter((state) => state === "clean").length,
    };
  }

  // Sentences cut where an item or a quotation begins or ends: {start, end, quoted, item}, in order.
  *pieces(i) {
    const sentence = this.sentences[i];
    const items = this.bySentence[i];
    const quotations = this.quotations.filter((quotation) => clash(quotation, sentence));
    const cuts = [...items, ...quotations].flatMap(({ start, end }) => [start, end]);
    const inside = cuts.filter((cut) => cut > sentence.start && cut < sentence.end);
    const borders = [...new Set([sentence.start, ...inside, sentence.end])].sort((a, b) => a - b);
    const quotedAt = (at) => quotations.some((quotation) => quotation.start <= at && at < quotation.end);
    for (let b = 0; b < borders.length; b += 1) {
      const [start, end] = [borders[b], borders[b + 1]];
      const empty = items.find((item) => item.start === start && item.end === start);
      if (empty) yield { start, end: start, quoted: quotedAt(start - 1) && quotedAt(start), item: empty };
      if (end === undefined) return;
      const item = items.find((one) => one.start <= start && end <= one.end);
      yield { start, end, quoted: quotedAt(start), item };
    }
  }

  // Runs of sentences that begin on a line of their own: arrays of sentence numbers.
  paragraphs() {
    const result = [];
    this.sentences.forEach((sentence, i) => {
      const opens = i === 0 || /[\n\r\u2028\u2029]\s*$/.test(this.text.slice(this.sentences[i - 1].start, sentence.start));
      if (opens) result.push([i]);
      else result.at(-1).push(i);
    });
    return result;
  }
}

function sameWords(item) {
  return item.text.trim().replace(/\s+/g, " ").toLowerCase();
}

// Items that were there and fresh ones. A fresh one takes the place of its former self, and gives way to another.
function joined(former, fresh) {
  const keys = new Set(fresh.map((item) => item.key));
  const kept = former.filter((item) => !keys.has(item.key));
  return [...kept, ...fresh.filter((item) => !kept.some((one) => clash(one, item)))];
}
