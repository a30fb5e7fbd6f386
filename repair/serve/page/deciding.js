// What an editor does with findings: going from one to the next, deciding, taking back.

import { ignoreAlways } from "./api.js";
import { $ } from "./dom.js";
import { ignorable, matches } from "./memory.js";
import { askWhatToIgnore, say } from "./screen.js";
import { firstInSight, showCard, showMark } from "./sight.js";
import { plural } from "./text.js";

export class Deciding {
  constructor(app) {
    this.app = app;
    this.last = null; // the item that the last command decided about
  }

  get desk() {
    return this.app.desk;
  }

  get item() {
    return this.desk.byKey.get(this.app.current);
  }

  // Moving about

  next() {
    this.step(1);
  }

  previous() {
    this.step(-1);
  }

  step(by) {
    const items = this.app.order().filter((item) => this.desk.decision(item).status !== "ignored");
    const at = items.indexOf(this.item);
    const to = at < 0 ? (by > 0 ? 0 : items.length - 1) : at + by;
    if (items[to]) return this.goTo(items[to].key);
    const { doubtful } = this.desk.counts();
    const folded = by > 0 && doubtful && !this.app.unfolded ? ` ${plural(doubtful, "doubtful one is", "doubtful ones are")} folded.` : "";
    return say(items.length ? `This is the ${by > 0 ? "last" : "first"} finding.${folded}` : `Nothing to decide here.${folded}`);
  }

  select(_, key) {
    const closing = key === this.app.current && document.activeElement?.matches(".head");
    this.goTo(closing ? null : key);
  }

  close() {
    if ($("downloads").open) $("downloads").open = false;
    else this.goTo(null);
  }

  // Opens a finding: in the list, with the focus on it, and in the text.
  goTo(key) {
    this.app.current = key;
    if (key && !this.app.order().some((item) => item.key === key)) this.app.unfolded = true;
    this.app.drawCurrent();
    if (!key) return;
    document.querySelector(`[data-focus="${key}:head"]`)?.focus({ preventScroll: true });
    showMark(document.querySelector(`#article mark[data-key="${key}"]`));
    showCard(document.querySelector(`.card[data-key="${key}"]`));
  }

  // Deciding

  accept() {
    const { item } = this;
    if (!item) return say("Choose a finding first: j goes to the next.");
    const decision = this.leading(item);
    if (decision) return this.decide(item, decision);
    const ideas = item.choices.length ? "choose an idea by its number, or " : "";
    return this.ownWording(`No fix is likely enough: ${ideas}write your own wording.`);
  }

  choose(n) {
    const choice = this.item?.choices[n];
    if (choice) this.decide(this.item, { status: "accepted", text: choice.text });
  }

  own(text) {
    this.decide(this.item, this.ownDecision(text, this.item));
  }

  // The decision for somebody's own wording.
  ownDecision(text, item) {
    const words = dressed(text, item);
    return { status: "accepted", text: item.start === item.end ? parted(words, this.desk.text, item.start) : words };
  }

  ownWording(message = "") {
    const field = document.querySelector(".card.current .own input");
    if (!field) return;
    field.focus();
    field.select();
    if (message) say(message);
  }

  reject() {
    if (this.item) this.decide(this.item, { status: "rejected" });
    else say("Choose a finding first: j goes to the next.");
  }

  reopen() {
    const { item } = this;
    if (!item || this.desk.isOpen(item)) return;
    this.desk.decide([[item, { status: "open" }]]);
    this.app.drawItems([item.key]);
    this.goTo(item.key);
    say("Open again.");
  }

  decide(item, decision) {
    this.desk.decide([[item, decision]]);
    this.app.drawItems([item.key]);
    this.goOn(item);
    this.last = item;
    const what = decision.status === "accepted" ? `Accepted: “${decision.text.trim() || "left out"}”.` : "Rejected: the text stays.";
    const likes = this.desk.likes(item).length;
    const same = likes ? ` The same words stand in ${plural(likes, "other place")}: s decides there too.` : "";
    say(`${what} ${this.remaining()}${same}`);
  }

  // Decides about every place with the same words as about the last or the open one: one step to undo.
  same() {
    const item = this.last ?? this.item;
    if (!item) return say("Choose a finding first: j goes to the next.");
    const decision = this.desk.isOpen(item) ? this.leading(item) : this.desk.decision(item);
    if (!decision) return this.ownWording("Decide about this one first, then do the same everywhere.");
    const likes = this.desk.likes(item);
    if (!likes.length) return say("These words are marked in no other place.");
    const items = this.desk.isOpen(item) ? [item, ...likes] : likes;
    this.desk.decide(items.map((one) => [one, fitted(decision, item, one)]));
    this.app.drawItems(items.map((one) => one.key));
    this.goOn(item);
    const what = decision.status === "accepted" ? `Accepted “${decision.text.trim()}”` : "Rejected";
    return say(`${what} in ${plural(likes.length + 1, "place")}. ${this.remaining()}`);
  }

  // What one key accepts: what was typed, or a fix that is likely right.
  leading(item) {
    const typed = this.desk.typed(item);
    if (typed !== undefined) return this.ownDecision(typed, item);
    return this.desk.certainty.leads(item) ? { status: "accepted", text: item.choices[0].text } : undefined;
  }

  // To the next finding of the list that is still to be decided; round the end to the first.
  goOn(item) {
    const items = this.app.order();
    const open = (one) => this.desk.isOpen(one);
    const following = items.slice(items.indexOf(item) + 1).find(open) ?? items.find(open);
    this.goTo(following ? following.key : null);
    if (!following) document.querySelector("#end:not([hidden]) .primary, .tools .primary").focus();
  }

  acceptSafe() {
    const safe = this.desk.safe();
    if (safe.length === 0) return say("There is no safe fix left.");
    this.desk.decide(safe.map((item) => [item, { status: "accepted", text: item.choices[0].text }]));
    this.app.drawItems(safe.map((item) => item.key));
    if (!this.item || !this.desk.isOpen(this.item)) this.goOn(this.item);
    return say(`Accepted ${plural(safe.length, "safe fix", "safe fixes")}. ${this.remaining()}`);
  }

  async ignore() {
    const { item } = this;
    const options = item ? ignorable(item) : [];
    if (options.length === 0) return say("There is no word or rule here to ignore: reject it instead.");
    const chosen = await askWhatToIgnore(options);
    if (!chosen) return say("Nothing is ignored.");
    const kept = await ignoreAlways(chosen.kind, chosen.value);
    this.app.memory.ignore(chosen.kind, chosen.value);
    const items = this.desk.items.filter((one) => this.desk.isOpen(one) && matches(chosen, one));
    this.desk.decide(items.map((one) => [one, { status: "ignored" }]));
    this.app.drawItems(items.map((one) => one.key));
    this.goOn(item);
    return say(kept ? "Ignored from now on." : "Ignored until you close this page: this server does not keep such a list.");
  }

  // Makes a sentence a field: the one that is given, or that of the open finding, or the first that can be seen.
  write({ sentence = this.item?.sentence ?? firstInSight(this.app.elements), caret } = {}) {
    this.app.startWriting(sentence, caret);
    showMark(this.app.elements[sentence]);
    say("Write in the sentence. Enter takes it; then it is read again.");
  }

  // Ends the writing in a sentence.
  written() {
    const at = this.app.elements.indexOf(this.app.writing?.element);
    if (this.app.endWriting()) say("The sentence is changed: u takes that back.");
    this.app.elements[at]?.focus({ preventScroll: true });
  }

  undo() {
    this.travel(this.desk.undo(), "Undone.", "Nothing to undo.");
  }

  redo() {
    this.travel(this.desk.redo(), "Done again.", "Nothing to do again.");
  }

  travel(step, done, nothing) {
    if (!step) return say(nothing);
    const keys = step.filter((change) => change.key).map((change) => change.key);
    if (keys.length) {
      this.app.drawItems(keys);
      this.goTo(keys[0]);
    } else {
      this.app.turnTo();
    }
    return say(`${done} ${this.remaining()}`);
  }

  remaining() {
    const { open, doubtful } = this.desk.counts();
    if (open) return `${open} to decide.`;
    return doubtful ? `All are decided but ${plural(doubtful, "doubtful one", "doubtful ones")}.` : "All findings are decided.";
  }

  lookAtDoubtful() {
    const first = this.desk.shown.find((item) => this.desk.isOpen(item) && this.desk.certainty.of(item) === "doubtful");
    this.goTo(first.key);
  }

  fold() {
    this.app.unfolded = !this.app.unfolded;
    this.app.drawRest();
  }
}

// Somebody's own wording with the spaces that the marked words have at their ends.
function dressed(text, item) {
  const [head, tail] = [item.text.match(/^\s*/)[0], item.text.trim() ? item.text.match(/\s*$/)[0] : ""];
  return text.trim() ? head + text.trim() + tail : "";
}

// Words to put in at a place of `text`, with the spaces that part them from what stands there.
function parted(words, text, at) {
  const [before, after] = [text.slice(0, at), text.slice(at)];
  const head = /[^\s([“‘—–]$/.test(before) && /^[\p{L}\p{N}([“‘"—–]/u.test(words) ? " " : "";
  return words && head + words + (/^[\p{L}\p{N}]/u.test(after) ? " " : "");
}

// The decision about `item` for another place with the same words, which may begin a sentence.
function fitted(decision, item, other) {
  if (decision.status !== "accepted") return decision;
  const text = dressed(decision.text, other);
  const [small, capital] = [/^\s*\p{Ll}/u, /^\s*\p{Lu}/u];
  const opens = small.test(item.text) && capital.test(other.text);
  return { ...decision, text: opens ? text.replace(small, (letter) => letter.toUpperCase()) : text };
}
