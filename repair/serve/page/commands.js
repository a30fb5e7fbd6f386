// Everything the editor can do, by name; buttons and keys call the same commands.

import { ignoreAlways } from "./api.js";
import { $ } from "./dom.js";
import { copy, download, named } from "./files.js";
import { ignorable, matches } from "./memory.js";
import { markedUp } from "./report.js";
import { ask, askWhatToIgnore, confirmed, say, showError, showScreen } from "./screen.js";
import { plural, withPlainNewlines } from "./text.js";

const EVERYWHERE = new Set(["back", "check", "open", "help", "dismiss", "retry"]);

// These speak of the open finding, which only the review shows.
const ON_MARKS = new Set(["next", "previous", "accept", "choose", "reject", "ignore", "reopen", "own-wording"]);

export class Commands {
  constructor(app) {
    this.app = app;
  }

  // Runs a command; true where there was one to run. `key` names the finding that a button belongs to.
  run(name, argument, key) {
    const command = this[name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())];
    const onDesk = !$("desk").hidden;
    if (!command || (!onDesk && !EVERYWHERE.has(name))) return false;
    if (key && name !== "select") this.app.current = key;
    if (onDesk && ON_MARKS.has(name)) this.app.setView("review");
    Promise.resolve(command.call(this, argument, key)).catch((error) => showError(error.message));
    return true;
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
    const before = this.app.current;
    this.app.current = key;
    if (key && !this.app.order().some((item) => item.key === key)) this.app.unfolded = true;
    this.app.drawItems([before, key].filter(Boolean));
    if (!key) return;
    document.querySelector(`[data-focus="${key}:head"]`)?.focus({ preventScroll: true });
    show(document.querySelector(`.card[data-key="${key}"]`));
    show(document.querySelector(`#article mark[data-key="${key}"]`));
  }

  // Deciding

  accept() {
    const { item } = this;
    if (!item) return say("Choose a finding first: j goes to the next.");
    const typed = this.desk.typed(item);
    if (typed !== undefined && this.desk.isOpen(item)) return this.own(typed);
    if (!this.desk.certainty.leads(item)) {
      const ideas = item.choices.length ? "choose an idea by its number, or " : "";
      return this.ownWording(`No fix is likely enough: ${ideas}write your own wording.`);
    }
    return this.decide(item, { status: "accepted", text: item.choices[0].text });
  }

  choose(n) {
    const choice = this.item?.choices[n];
    if (choice) this.decide(this.item, { status: "accepted", text: choice.text });
  }

  own(text) {
    const { item } = this;
    const [head, tail] = [item.text.match(/^\s*/)[0], item.text.trim() ? item.text.match(/\s*$/)[0] : ""];
    this.decide(item, { status: "accepted", text: text.trim() ? head + text.trim() + tail : "" });
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
    const what = decision.status === "accepted" ? `Accepted: “${decision.text.trim() || "left out"}”.` : "Rejected: the text stays.";
    say(`${what} ${this.remaining()}`);
  }

  // To the next finding of the list that is still to be decided; round the end to the first.
  goOn(item) {
    const items = this.app.order();
    const open = (one) => this.desk.isOpen(one);
    const following = items.slice(items.indexOf(item) + 1).find(open) ?? items.find(open);
    this.goTo(following ? following.key : null);
    if (!following) document.querySelector(".tools .primary").focus();
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

  undo() {
    this.travel(this.desk.undo(), "Undone.", "Nothing to undo.");
  }

  redo() {
    this.travel(this.desk.redo(), "Done again.", "Nothing to do again.");
  }

  travel(keys, done, nothing) {
    this.app.drawItems(keys);
    if (keys.length) this.goTo(keys[0]);
    say(keys.length ? `${done} ${this.remaining()}` : nothing);
  }

  remaining() {
    const { open, doubtful } = this.desk.counts();
    if (open) return `${open} to decide.`;
    return doubtful ? `All are decided but ${plural(doubtful, "doubtful one", "doubtful ones")}.` : "All findings are decided.";
  }

  fold() {
    this.app.unfolded = !this.app.unfolded;
    this.app.drawRest();
  }

  // Texts in and out

  compare() {
    this.app.setView(this.app.view === "compare" ? "review" : "compare");
  }

  async copy() {
    await copy(this.desk.output());
    this.desk.saved = true;
    say("The text is copied.");
  }

  downloadText() {
    download(this.desk.output(), named(this.app.name, "-repaired.txt"), "text/plain");
    this.desk.saved = true;
    say("The text is downloaded.");
  }

  downloadReport() {
    download(markedUp(this.desk, this.app.name, this.app.signature), named(this.app.name, "-report.html"), "text/html");
    this.desk.saved = true;
    say("The report is downloaded.");
  }

  open() {
    $("file").click();
  }

  async take(file) {
    if (await this.mayLeave()) await this.app.open(file);
  }

  async check() {
    const { shelved } = this.app;
    const accepted = shelved && this.app.text() !== shelved.text ? shelved.counts().accepted : 0;
    if (accepted && !(await confirmed("checking", plural(accepted, "accepted change")))) return;
    await this.app.check();
  }

  retry() {
    return this.app.check(this.app.unread);
  }

  stop() {
    this.app.running?.abort();
  }

  edit() {
    const { desk } = this;
    this.app.memory.learn(desk);
    this.leave(desk.output());
    this.app.shelve(desk);
    say("Edit the text as you like, then check it again, or go back to the findings.");
  }

  // From editing the text back to the findings as they were.
  async back() {
    const { shelved } = this.app;
    const edited = $("text").value !== withPlainNewlines(shelved.output());
    if (edited && !(await confirmed("returning"))) return;
    this.app.resume(shelved);
    say(`Back at the findings. ${this.remaining()}`);
  }

  async fresh() {
    if (!(await this.mayLeave())) return;
    this.app.name = "";
    this.leave("");
    say("");
  }

  async mayLeave() {
    const desk = this.desk ?? this.app.shelved;
    return !desk || desk.saved || (await ask("leaving")) === "leave";
  }

  leave(text) {
    this.app.running?.abort();
    this.app.opened = text;
    this.app.desk = null;
    this.app.shelve(null);
    showScreen("write");
    $("text").value = text;
    $("text").dispatchEvent(new Event("input"));
    $("text").focus();
  }

  help() {
    $("help").showModal();
  }

  dismiss() {
    showError();
  }
}

function show(element) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element?.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}
