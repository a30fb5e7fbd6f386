// What is on the screen: holds the desk and the file that was opened, and draws what changes.

import { useToken } from "./api.js";
import { $, keepingFocus } from "./dom.js";
import { keepDraft } from "./drafts.js";
import { endingOf, opened } from "./files.js";
import { groupsOf } from "./groups.js";
import { drawList } from "./list.js";
import { Reading, writingOwn } from "./reading.js";
import { askForToken, drawEnd, drawLevel, drawSummary, say, showError, showOutputs, showProgress, showScreen, showView } from "./screen.js";
import { Desk } from "./state.js";
import { plural, withPlainNewlines } from "./text.js";
import { drawArticle, drawComparison, drawSentence } from "./view.js";
import { Writing } from "./writing.js";

export class App extends Reading {
  desk = null;
  shelved = null; // the desk that its text is being edited of
  keeps = false; // whether a reload may bring all back
  stale = false; // the list has news that wait until nobody writes in it
  file = null; // that was opened: its name, its bytes in base64, its text and what it tells of the text
  opened = ""; // the text in the field, with the line ends it had
  current = null; // key of the finding that is open
  unfolded = false; // whether the doubtful findings are listed
  view = "review";
  elements = []; // of the sentences
  writing = null; // in a sentence of the article

  get name() {
    return this.file?.name ?? "";
  }

  // The text to check: the opened file as it was, as long as nobody typed into it.
  text() {
    const typed = $("text").value;
    return withPlainNewlines(this.opened) === typed ? this.opened : typed;
  }

  async open(file) {
    try {
      say(`Opening ${file.name} …`);
      this.file = await opened(file);
      this.opened = this.file.text;
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
    const earlier = this.desk ?? this.shelved;
    const marks = this.file?.text === text ? this.file.marks : null;
    await this.read(earlier?.text === text ? earlier : new Desk(text, marks), true);
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
    showOutputs(endingOf(this.name));
    this.draw();
    window.scrollTo(0, 0);
    $("main").focus({ preventScroll: true });
  }

  shelve(desk) {
    this.shelved = desk;
    $("back").hidden = desk === null;
  }

  draw() {
    this.drawArticle();
    this.drawRest();
  }

  // Leaves the article alone while somebody writes in it.
  drawArticle() {
    if (this.writing) return;
    this.elements = drawArticle($("article"), this.desk, this.current);
  }

  // Draws what came from the server. A card in which somebody writes is left alone until they are done.
  drawNews() {
    this.stale = writingOwn();
    if (this.stale) drawSummary(this.desk);
    else this.drawRest();
  }

  settle() {
    if (this.stale && !writingOwn()) this.drawNews();
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
    return desk || text ? { desk, text, source, editing: this.desk === null, file: this.file, opened: this.opened } : null;
  }

  restore({ desk, text, source, editing, file, opened }) {
    [this.file, this.opened] = [file, opened];
    $("text").value = text;
    $("source").value = source ?? "";
    $("text").dispatchEvent(new Event("input"));
    if (!desk) return;
    const restored = Desk.from(desk);
    if (editing) return this.shelve(restored);
    this.resume(restored);
    if (!restored.finished) return this.read(restored);
    say("What was on this page before is back.");
  }

  drawOne(i) {
    if (!this.writing) drawSentence(this.elements[i], this.desk, i, this.current);
  }

  // Makes a sentence a field.
  startWriting(i, caret = Infinity) {
    const range = this.desk.article.shown(this.desk.sentences[i]);
    const words = this.desk.decided(range).map((part) => part.text).join("");
    this.writing = new Writing(this.elements[i], range, words, caret);
  }

  // Takes what was written; the server reads it again, unless the page is being left.
  endWriting(leaving = false) {
    const { writing } = this;
    if (!writing) return false;
    this.writing = null;
    const changed = writing.changed && this.desk.write(writing.range, writing.words);
    if (!this.desk.byKey.has(this.current)) this.current = null;
    this.draw();
    if (changed && !leaving) this.read(this.desk);
    return changed;
  }

  // To another state of the text.
  turnTo() {
    this.running?.abort();
    this.running = null;
    showProgress("");
    document.body.classList.remove("busy");
    this.current = null;
    this.draw();
    if (!this.desk.finished) this.read(this.desk);
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

  // Marks the open finding. The article is not drawn again: a second click has to find what the first one hit.
  drawCurrent() {
    for (const mark of $("article").querySelectorAll("mark")) mark.toggleAttribute("data-current", mark.dataset.key === this.current);
    this.drawRest();
  }

  // Draws again what hangs on these items.
  drawItems(keys) {
    const items = keys.map((key) => this.desk.byKey.get(key)).filter(Boolean);
    for (const i of new Set(items.flatMap((item) => this.desk.article.sentencesOf(item)))) this.drawOne(i);
    this.drawRest();
  }

  setView(name) {
    this.view = name;
    showView(name);
    if (name === "compare") drawComparison($("rows"), this.desk);
  }
}
