// The page: holds the desk, runs the check, and turns clicks and keys into commands.

import { fix, useToken } from "./api.js";
import { Commands } from "./commands.js";
import { $, keepingFocus } from "./dom.js";
import { listenToDrops, textOf } from "./files.js";
import { groupsOf } from "./groups.js";
import { keysAreOn, listenToKeys, switchKeys } from "./keys.js";
import { drawList } from "./list.js";
import { Memory } from "./memory.js";
import { askForToken, drawLevel, drawSummary, say, showError, showProgress, showScreen, showView } from "./screen.js";
import { Desk } from "./state.js";
import { plural, withPlainNewlines } from "./text.js";
import { drawArticle, drawComparison, drawSentence } from "./view.js";

class App {
  desk = null;
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
    say("");
    showError(error.message, "retry");
    this.unread = text;
    return undefined;
  }

  receive(desk, event) {
    if (event.type === "start") this.begin(desk, event);
    if (event.type === "findings") this.preview(desk, event);
    if (event.type === "report") this.finish(desk, event);
  }

  begin(desk, event) {
    if (this.desk) this.memory.learn(this.desk);
    desk.start(event);
    this.desk = desk;
    this.current = null;
    this.unfolded = false;
    desk.certainty.shown = Number($("level").value);
    this.setView("review");
    showScreen("desk");
    showProgress("Reading …");
    this.draw();
    window.scrollTo(0, 0);
    $("main").focus({ preventScroll: true });
  }

  preview(desk, event) {
    const first = desk.sentenceAt(desk.read);
    desk.add(event);
    const share = event.read / Math.max(event.length ?? desk.text.length, 1);
    showProgress(share < 1 ? `Reading … ${Math.floor(100 * share)} %` : "Reading the article as a whole …", share);
    for (let i = first; i < desk.sentences.length && desk.sentences[i].start < desk.read; i += 1) this.drawOne(i);
    this.drawRest();
  }

  finish(desk, report) {
    const lost = desk.finish(report, (one, item) => this.memory.recall(one, item));
    this.signature = report.signature;
    if (!desk.byKey.has(this.current)) this.current = null;
    if (!this.current && matchMedia("(min-width: 60rem)").matches) this.current = this.order().find((item) => desk.isOpen(item))?.key ?? null;
    this.draw();
    const { findings, clean, sentences } = desk.counts();
    const again = lost ? ` ${plural(lost, "early decision")} no longer fits what the whole article shows: please look again.` : "";
    const notes = (report.notes ?? []).map((note) => ` Note: ${note}.`).join("");
    say(`${plural(findings, "finding")}; ${clean} of ${plural(sentences, "sentence needs", "sentences need")} nothing.${again}${notes}`);
  }

  draw() {
    this.elements = drawArticle($("article"), this.desk, this.current);
    this.drawRest();
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
    keepingFocus(() => drawList($("list"), this.desk, this.groups(), this.current));
    if (this.view === "compare") drawComparison($("compare"), this.desk);
    drawSummary(this.desk);
    drawLevel(this.desk.certainty);
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
    if (name === "compare") drawComparison($("compare"), this.desk);
  }
}

function describePrivacy() {
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
  const where = local ? "on this computer" : `on ${location.host}`;
  $("privacy").textContent = `Everything is read ${where}. The text is sent nowhere else and is not stored.`;
}

function countWords() {
  const count = $("text").value.match(/\S+/g)?.length ?? 0;
  $("words").textContent = count ? plural(count, "word") : "";
}

const app = new App();
const commands = new Commands(app);

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-do]:not(form)");
  if (!target) return;
  if (target.closest(".menu div")) $("downloads").open = false;
  const key = target.closest("[data-key]")?.dataset.key;
  commands.run(target.dataset.do, target.dataset.choice === undefined ? undefined : Number(target.dataset.choice), key);
});
document.addEventListener("submit", (event) => {
  if (event.target.id === "write") app.check();
  else if (event.target.dataset.do === "own") commands.run("own", event.target.querySelector("input").value);
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  const field = event.target.closest(".own");
  if (field) field.closest(".card").querySelector(".head").focus(); // out of the field, what was typed stays
  else commands.run("close");
});
listenToKeys((name, argument) => commands.run(name, argument));
listenToDrops((file) => commands.take(file), showError);
$("file").addEventListener("change", ({ target }) => {
  if (target.files[0]) commands.take(target.files[0]);
  target.value = "";
});
$("text").addEventListener("input", countWords);
$("text").addEventListener("paste", ({ target }) => {
  const all = target.selectionEnd - target.selectionStart === target.value.length;
  if (all) app.name = ""; // another article: it is not the file that was opened
});
$("grouping").addEventListener("change", () => app.drawRest());
$("level").addEventListener("input", ({ target }) => app.setLevel(Number(target.value)));
$("single-keys").addEventListener("change", ({ target }) => switchKeys(target.checked));
for (const radio of document.querySelectorAll('input[name="view"]')) {
  radio.addEventListener("change", () => app.setView(radio.value));
}
window.addEventListener("beforeunload", (event) => {
  if (app.desk && !app.desk.saved) event.preventDefault();
});
$("single-keys").checked = keysAreOn();
describePrivacy();
showScreen("write");
