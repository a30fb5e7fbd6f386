// Everything the editor can do, by name; buttons and keys call the same commands.

import { editDocument } from "./api.js";
import { Deciding } from "./deciding.js";
import { $ } from "./dom.js";
import { bytesOf, copy, download, endingOf, named } from "./files.js";
import { editsOf, refusedEdit } from "./outputs.js";
import { markedUp } from "./report.js";
import { ask, confirmed, say, showError, showScreen } from "./screen.js";
import { plural, withPlainNewlines } from "./text.js";

const EVERYWHERE = new Set(["back", "check", "open", "help", "dismiss", "retry"]);

// These speak of the open finding, which only the review shows.
const ON_MARKS = new Set(["next", "previous", "accept", "choose", "reject", "ignore", "reopen", "own-wording", "same", "write"]);

export class Commands extends Deciding {
  // Runs a command; true where there was one to run. `key` names the finding that a button belongs to.
  run(name, argument, key) {
    const command = this[name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())];
    const onDesk = !$("desk").hidden;
    if (!command || (!onDesk && !EVERYWHERE.has(name))) return false;
    if (name !== "written") this.app.endWriting();
    if (key && name !== "select") this.app.current = this.desk.byKey.has(key) ? key : null;
    if (name !== "same" || key) this.last = null;
    if (onDesk && ON_MARKS.has(name)) this.app.setView("review");
    Promise.resolve(command.call(this, argument, key)).catch((error) => showError(error.message));
    return true;
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
    download(this.desk.output(), named(this.app.name, "-repaired.txt"), "text/plain;charset=utf-8");
    this.desk.saved = true;
    say("The text is downloaded.");
  }

  downloadReport() {
    download(markedUp(this.desk, this.app.name), named(this.app.name, "-report.html"), "text/html;charset=utf-8");
    this.desk.saved = true;
    say("The report is downloaded.");
  }

  downloadFile() {
    return this.downloadAs("-repaired", false);
  }

  downloadTracked() {
    return this.downloadAs("-tracked", true);
  }

  // The file that was opened, with the changes in its own markup or tracked. What it could not take is told.
  async downloadAs(suffix, tracked) {
    const { file } = this.app;
    say("Writing the file …");
    const { data, left } = await editDocument(editsOf(this.desk, file, tracked));
    download(bytesOf(data), named(file.name, `${suffix}${endingOf(file.name)}`), "application/octet-stream");
    this.desk.saved = left.length === 0;
    say("The file is downloaded.");
    if (left.length) showError(`${plural(left.length, "change")} could not be put into the file: ${left.map(refusedEdit).join("; ")}.`);
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
    return this.app.read(this.app.failed.desk, this.app.failed.all);
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
    this.app.file = null;
    $("source").value = "";
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
