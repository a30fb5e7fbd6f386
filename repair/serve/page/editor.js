// What is on the screen: holds the desk, runs the check, and draws what changes.

import { fix, useToken } from "./api.js";
import { $, keepingFocus } from "./dom.js";
import { keepDraft } from "./drafts.js";
import { textOf } from "./files.js";
import { groupsOf } from "./groups.js";
import { drawList } from "./list.js";
import { Memory } from "./memory.js";
import { previewOf, stepOf } from "./progress.js";
import { askForToken, drawEnd, drawLevel, drawSummary, say, showError, showProgress, showScreen, showView } from "./screen.js";
import { Desk } from "./state.js";
import { plural, withPlainNewlines } from "./text.js";
import { drawArticle, drawComparison, drawSentence } from "./view.js";

export class App {
  desk = null;
  shelved = null; // the desk that its text is being edited of
  keeps = false; // whether a reload may bring all back
  stale = false; // the list has news that wait until nobody writes in it
  memory = new Memory();
  name = ""; // of the opened file
  opened = ""; // its text, with the line ends it had
  current = null; // key of the finding that is open
  unfolded = false; // whether the doubtful findings are listed
  view = "review";
  signature = "";
  elements = []; // of the sentences
  running = null; // aborts the check

  // The text to check: the opened file as it was, as long as nobody typed into it.
  text() {
    const typed = $("text").value;
    return withPlainNewlines(this.opened) === typed ? this.opened : typed;
  }

  async open(file) {
    try {
      say(`Opening ${file.name} …`);
      this.opened = await textOf(file);
      this.name = file.name;
      $("text").value = this.opened;
      showError();
      await this.check();
    } catch (error) {
      if (error.status === 401 && (await this.unlock())) return this.open(file);
      say("");
      showError(error.message);
    }
  }

  async unlock() {
    const token = await askForToken();
    useToken(token);
    return token !== "";
  }

  async check(text = this.text()) {
    if (!text.trim()) {
      say("There is no text yet: paste an article first.");
      $("text").focus();
      return;
    }
    this.running?.abort();
    const running = (this.running = new AbortController());
    showError();
    say("Reading …");
    document.body.classList.add("busy");
    const desk = new Desk(text);
    try {
      await fix(text, {
        source: $("source").value,
        signal: running.signal,
        onEvent: (event) => this.receive(desk, event),
        onWait: (seconds, left) =>
          say(`The server is busy: trying again in ${plural(seconds, "second")}, ${plural(left, "try", "tries")} left.`),
      });
    } catch (error) {
      if (this.running === running) await this.fail(error, text);
    } finally {
      if (this.running === running) document.body.classList.remove("busy");
      if (this.desk === desk) showProgress("");
    }
  }

  async fail(error, text) {
    if (error.name === "AbortError") return say("Stopped. What was read so far is shown.");
    if (error.status === 401 && (await this.unlock())) return this.check(text);
    showError(error.message, worthAnother(error) ? "retry" : null);
    this.unread = text;
    return undefined;
  }

  receive(desk, event) {
    if (event.type === "start") this.begin(desk, event);
    if (event.type === "findings") this.preview(desk, event);
    if (event.type === "progress") showProgress(...stepOf(event));
    if (event.type === "report") this.finish(desk, event);
  }

  begin(desk, event) {
    const earlier = this.desk ?? this.shelved;
    if (earlier) this.memory.learn(earlier);
    if (earlier?.text === desk.text) desk.carry(earlier);
    desk.start(event);
    this.resume(desk);
    showProgress("Reading …");
  }

  // Puts a desk on the screen.
  resume(desk) {
    this.desk = desk;
    this.shelve(null);
    this.current = null;
    this.unfolded = false;
    desk.certainty.shown = Number($("level").value);
    this.setView("review");
    showScreen("desk");
    this.draw();
    window.scrollTo(0, 0);
    $("main").focus({ preventScroll: true });
  }

  shelve(desk) {
    this.shelved = desk;
    $("back").hidden = desk === null;
  }

  preview(desk, event) {
    const first = desk.sentenceAt(desk.read);
    desk.add(event);
    showProgress(...previewOf(desk.read / Math.max(desk.text.length, 1)));
    for (let i = first; i < desk.sentences.length && desk.sentences[i].start < desk.read; i += 1) this.drawOne(i);
    this.drawNews();
  }

  finish(desk, report) {
    desk.finish(report, (one, item) => this.memory.recall(one, item), writing() ? this.current : null);
    this.signature = report.signature;
    if (!desk.byKey.has(this.current)) this.current = null;
    if (!this.current && matchMedia("(min-width: 60rem)").matches) this.current = this.order().find((item) => desk.isOpen(item))?.key ?? null;
    this.drawArticle();
    this.drawNews();
    const { findings, clean, sentences } = desk.counts();
    const notes = (report.notes ?? []).map((note) => ` Note: ${note}.`).join("") + this.keep();
    say(`${plural(findings, "finding")}; ${clean} of ${plural(sentences, "sentence needs", "sentences need")} nothing.${notes}`);
  }

  draw() {
    this.drawArticle();
    this.drawRest();
  }

  drawArticle() {
    this.elements = drawArticle($("article"), this.desk, this.current);
  }

  // Draws what came from the server. A card in which somebody writes is left alone until they are done.
  drawNews() {
    this.stale = writing();
    if (this.stale) drawSummary(this.desk);
    else this.drawRest();
  }

  settle() {
    if (this.stale && !writing()) this.drawNews();
  }

  // Keeps all for a reload; says so where it cannot.
  keep() {
    const kept = !this.keeps || keepDraft(this.draft());
    return kept ? "" : " Note: this article is too long to come back after a reload.";
  }

  // The text and all decisions, for a reload.
  draft() {
    const desk = this.desk ?? this.shelved;
    const [text, source] = [$("text").value, $("source").value];
    return desk || text ? { desk, text, source, editing: this.desk === null, name: this.name, opened: this.opened } : null;
  }

  restore({ desk, text, source, editing, name, opened }) {
    [this.name, this.opened] = [name, opened];
    $("text").value = text;
    $("source").value = source ?? "";
    $("text").dispatchEvent(new Event("input"));
    if (!desk) return;
    const restored = Desk.from(desk);
    if (editing) return this.shelve(restored);
    this.resume(restored);
    if (!restored.finished) return this.check(restored.text);
    this.signature = desk.heard.at(-1).signature;
    say("What was on this page before is back.");
  }

  drawOne(i) {
    drawSentence(this.elements[i], this.desk, i, this.current);
  }

  groups() {
    return groupsOf(this.desk, $("grouping").value, this.unfolded);
  }

  // The findings as they stand in the list, without those that are folded away.
  order() {
    return this.groups().flatMap((group) => (group.folded ? [] : (group.items ?? [])));
  }

  // Shows more or fewer findings, in the list, in the text and in the strip.
  setLevel(level) {
    this.desk.certainty.shown = level;
    if (this.current && !this.desk.shows(this.desk.byKey.get(this.current))) this.current = null;
    this.draw();
  }

  drawRest() {
    this.stale = false;
    keepingFocus(() => drawList($("list"), this.desk, this.groups(), this.current));
    if (this.view === "compare") drawComparison($("rows"), this.desk);
    drawSummary(this.desk);
    drawLevel(this.desk.certainty);
    keepingFocus(() => drawEnd(this.desk));
  }

  // Draws again what hangs on these items.
  drawItems(keys) {
    const items = keys.map((key) => this.desk.byKey.get(key)).filter(Boolean);
    for (const i of new Set(items.flatMap((item) => this.desk.sentencesOf(item)))) this.drawOne(i);
    this.drawRest();
  }

  setView(name) {
    this.view = name;
    showView(name);
    if (name === "compare") drawComparison($("rows"), this.desk);
  }
}

// Can the same text be read another time? Not where the server has refused the text itself.
function worthAnother({ status = 0 }) {
  return status === 0 || status === 408 || status >= 500;
}

// Is somebody writing their own wording?
function writing() {
  return document.activeElement?.matches("#list .own input") ?? false;
}
