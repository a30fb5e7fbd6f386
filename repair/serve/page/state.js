// The article, what the editor decided about it and wrote in it, with undo and redo. Knows nothing of the page.

import { Article } from "./article.js";
import { carriedOut, composed, former } from "./edits.js";
import { Certainty } from "./groups.js";
import { itemsOfFindings, itemsOfReport, joined } from "./items.js";
import { difference } from "./text.js";

const OPEN = Object.freeze({ status: "open" });

export class Desk {
  constructor(text, marks = null) {
    this.origin = this.article = new Article({ text });
    this.article.tell(marks);
    this.decisions = new Map();
    this.drafts = new Map(); // by key: what is written in the field for one's own wording
    this.past = []; // steps: lists of changes, each a decision about one item, or an edit from one article to another
    this.future = [];
    this.edits = 0; // by hand, so far
    this.saved = true; // nothing was decided since the last copy or download
    this.certainty = new Certainty();
    this.signature = "";
  }

  get text() {
    return this.article.text;
  }

  get items() {
    return this.article.items;
  }

  get sentences() {
    return this.article.sentences;
  }

  get finished() {
    return this.article.finished;
  }

  get byKey() {
    return this.article.byKey;
  }

  // What the server tells, for the article that it was asked about

  start(article, { sentences, quotations = [], certainties }) {
    const { shown } = this.certainty;
    this.certainty = new Certainty(certainties);
    this.certainty.shown = Math.min(shown, this.certainty.shown);
    const ranges = (pairs) => pairs.map(([start, end]) => ({ start: article.offsets.utf16(start), end: article.offsets.utf16(end) }));
    article.setRanges(ranges(sentences), ranges(quotations));
    article.setItems(article.items);
  }

  add(article, event) {
    article.read = article.offsets.utf16(event.read);
    article.setItems(joined(article.items, itemsOfFindings(article, event.findings)));
  }

  // Takes the final report of what was unread, and what is known of its items from before. What the editor has decided or works
  // on stays, also where the report knows nothing of it; `open` is the key of the item that is being written about.
  finish(article, report, recall, open = null) {
    const kept = article.items.filter((item) => item.key === open || this.worked(item) || !article.isUnread(item));
    const settled = kept.map((item) => (item.safety === "pending" ? { ...item, safety: "none" } : item));
    article.setItems(joined(settled, itemsOfReport(article, report)));
    article.unread = [];
    this.signature = report.signature;
    this.forget();
    for (const item of article.items) {
      const known = this.isOpen(item) && recall(this, item);
      if (known) this.decisions.set(item.key, known);
    }
  }

  // Drops the steps about items that are nowhere any more.
  forget() {
    const articles = new Set([this.article, ...[...this.past, ...this.future].flat().flatMap(({ from, to }) => (to ? [from, to] : []))]);
    const known = ({ key, to }) => to || [...articles].some((article) => article.byKey.has(key));
    [this.past, this.future] = [this.past, this.future].map((steps) => steps.map((step) => step.filter(known)).filter((step) => step.length));
  }

  // All has to be read, as it had at first.
  readAgain() {
    this.article.unread = [{ start: 0, end: this.text.length }];
    this.article.read = 0;
    this.article.setItems(this.items.filter((item) => this.worked(item)));
  }

  // Has the editor put work into it that must not get lost?
  worked(item) {
    return ["accepted", "rejected"].includes(this.decision(item).status) || this.typed(item) !== undefined;
  }

  // What was written in its field and not yet taken.
  typed(item) {
    const draft = this.drafts.get(item.key);
    return draft === undefined || draft.trim() === item.text.trim() ? undefined : draft;
  }

  // All of it as data, and back; the articles are told by their numbers.
  toJSON() {
    const articles = [];
    const number = (article) => (articles.includes(article) ? articles.indexOf(article) : articles.push(article) - 1);
    const told = (steps) => steps.map((step) => step.map((change) => (change.to ? { from: number(change.from), to: number(change.to) } : change)));
    const { edits, saved, signature } = this;
    const { levels } = this.certainty;
    const [origin, article, past, future] = [number(this.origin), number(this.article), told(this.past), told(this.future)];
    return { articles, origin, article, past, future, edits, saved, signature, levels, decisions: [...this.decisions], drafts: [...this.drafts] };
  }

  static from({ articles, origin, article, past, future, edits, saved, signature, levels, decisions, drafts }) {
    const desk = new Desk("");
    const made = articles.map((one) => new Article(one));
    const heard = (steps) => steps.map((step) => step.map((change) => ("to" in change ? { from: made[change.from], to: made[change.to] } : change)));
    [desk.origin, desk.article, desk.past, desk.future] = [made[origin], made[article], heard(past), heard(future)];
    [desk.decisions, desk.drafts, desk.certainty] = [new Map(decisions), new Map(drafts), new Certainty(levels)];
    return Object.assign(desk, { edits, saved, signature });
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
    const { article } = this;
    const final = !article.isUnread(this.sentences[i]);
    if (!final && this.sentences[i].end > article.read) return "unread";
    const items = article.bySentence[i].filter((item) => this.shows(item) && this.decision(item).status !== "ignored");
    if (items.length === 0) return final ? "clean" : "read";
    const open = items.filter((item) => this.isOpen(item));
    if (open.length === 0) return "done";
    return open.every((item) => this.certainty.of(item) === "doubtful") ? "doubtful" : "open";
  }

  // Decides about several items at once, as one step to undo. `changes`: pairs of item and decision.
  decide(changes) {
    this.take(changes.map(([item, after]) => ({ key: item.key, before: this.decision(item), after })));
  }

  // Puts other words in the place of those that stand in a range now, as one step to undo; false where they are the same. What was
  // decided about words that stay stays.
  write(range, words) {
    const parts = this.decided(range);
    const [head, removed, added] = difference(parts.map((part) => part.text).join(""), words);
    if (!removed && !added) return false;
    const from = this.article;
    this.edits += 1;
    this.take([{ from, to: from.edited(placeOf(parts, range, head.length, removed.length, added), `${this.edits}/`) }]);
    return true;
  }

  take(step) {
    if (step.length === 0) return;
    this.past.push(step);
    this.future = [];
    this.carryOut(step, "after");
  }

  // Both give the step that was taken; none where there is nothing to go back to.
  undo() {
    return this.move(this.past, this.future, "before");
  }

  redo() {
    return this.move(this.future, this.past, "after");
  }

  move(from, to, side) {
    const step = from.pop();
    if (step) {
      to.push(step);
      this.carryOut(step, side);
    }
    return step;
  }

  carryOut(step, side) {
    for (const change of step) {
      if (change.to) this.article = side === "after" ? change.to : change.from;
      else this.decisions.set(change.key, change[side]);
    }
    this.saved = false;
  }

  // A range as decided so far, in parts: {start, end, text, item}.
  decided(range) {
    return [...this.article.pieces(range)].map(({ start, end, item }) => {
      const { status, text } = item ? this.decision(item) : OPEN;
      if (status !== "accepted") return { start, end, text: this.text.slice(start, end) };
      return { start, end, text: start === item.start ? text : "", item };
    });
  }

  // One sentence as decided so far.
  sentenceText(i) {
    return this.decided(this.sentences[i]).map((part) => part.text).join("");
  }

  // The accepted changes of the text as it stands, and all changes of the text that was opened, those by hand among them.
  accepted() {
    const edits = [];
    for (const item of this.items) {
      const { status, text } = this.decision(item);
      if (status === "accepted" && item.start >= (edits.at(-1)?.end ?? 0)) edits.push({ start: item.start, end: item.end, text });
    }
    return edits;
  }

  changes() {
    return this.accepted().reduceRight((edits, edit) => composed(edits, this.textFrom(edits), edit), this.article.written);
  }

  textFrom(edits) {
    return carriedOut(this.origin.text, edits);
  }

  // What is undecided, where it stood in the text that was opened: pairs of range and item.
  undecided() {
    return this.shown.filter((item) => this.isOpen(item)).map((item) => [former(this.article.written, item), item]);
  }

  // The text as decided so far.
  output() {
    return carriedOut(this.text, this.accepted());
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
      written: this.article.written.length,
      safe: this.safe().length,
      sentences: states.length,
      clean: states.filter((state) => state === "clean").length,
    };
  }
}

function sameWords(item) {
  return item.text.trim().replace(/\s+/g, " ").toLowerCase();
}

// The edit of the text that replaces `length` characters from `at` on of what the parts of a range read as. A change that was
// accepted goes into it where it touches it.
function placeOf(parts, range, at, length, added) {
  let position = 0;
  const placed = parts.map((part) => ({ ...part, from: position, to: (position += part.text.length) }));
  const touched = placed.filter(({ from, to }) => from < at + length && at < to);
  const beside = placed.filter(({ item, from, to }) => !item && from <= at && at <= to); // where words are only put in
  const [first, last] = length || !beside.length ? [touched[0], touched.at(-1)] : [beside[0], beside[0]];
  if (!first) return { start: range.end, end: range.end, text: added };
  const head = first.item ? first.text.slice(0, at - first.from) : "";
  const tail = last.item ? last.text.slice(at + length - last.from) : "";
  const start = first.item ? first.item.start : first.start + at - first.from;
  const end = last.item ? last.item.end : last.start + at + length - last.from;
  return { start, end, text: head + added + tail };
}
