// The page: turns clicks, keys and what the browser tells into commands.

import { serverInfo } from "./api.js";
import { Commands } from "./commands.js";
import { $ } from "./dom.js";
import { keepDraft, keptDraft } from "./drafts.js";
import { App } from "./editor.js";
import { listenToDrops } from "./files.js";
import { keysAreOn, listenToKeys, switchKeys } from "./keys.js";
import { showError, showScreen } from "./screen.js";
import { plural } from "./text.js";
import { caretAt } from "./writing.js";

// What is only known from the server (`info`) is said once it has answered.
function describePrivacy(info) {
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
  const where = local ? "on this computer" : `on ${location.host}`;
  const sent = info?.sent_to ? `Sentences with flagged places are sent to ${info.sent_to}; the text` : "The text is sent nowhere else and";
  const kept = info?.drafts ? "; this tab remembers it until you close it" : "";
  $("privacy").textContent = `Everything is read ${where}.${info ? ` ${sent} is not stored${info.sent_to ? " here" : ""}${kept}.` : ""}`;
}

function countWords() {
  const count = $("text").value.match(/\S+/g)?.length ?? 0;
  $("words").textContent = count ? plural(count, "word") : "";
}

const ARTICLE_WORDS = 40; // so much pasted at once is no scrap to go on writing at
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
  if (event.target.id === "write") commands.run("check");
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
// Writing in the article: a second click begins it, Enter and Escape end it, with Alt the arrows go on to the next sentence.
$("article").addEventListener("dblclick", ({ target, clientX, clientY }) => {
  const sentence = target.closest(".sentence");
  if (!sentence || sentence.isContentEditable) return;
  const caret = caretAt(sentence, clientX, clientY);
  commands.run("write", { sentence: app.elements.indexOf(sentence), caret });
});
$("article").addEventListener("keydown", (event) => {
  const { key, altKey, shiftKey, isComposing } = event;
  if (!app.writing || isComposing) return;
  const by = altKey ? { ArrowUp: -1, ArrowDown: 1 }[key] : undefined;
  if (by) {
    const to = app.elements.indexOf(app.writing.element) + by;
    if (app.elements[to]) commands.run("write", { sentence: to });
  } else if ((key === "Enter" && !shiftKey) || key === "Escape") commands.run("written");
  else return;
  event.preventDefault();
  event.stopPropagation();
});
$("article").addEventListener("input", () => (app.desk.saved = false));
listenToKeys((name, argument) => commands.run(name, argument));
listenToDrops((file) => commands.take(file), showError);
$("file").addEventListener("change", ({ target }) => {
  if (target.files[0]) commands.take(target.files[0]);
  target.value = "";
});
$("text").addEventListener("input", countWords);
$("text").addEventListener("paste", ({ target, clipboardData }) => {
  const all = target.selectionEnd - target.selectionStart === target.value.length;
  if (all) app.file = null; // another article: it is not the file that was opened
  const text = clipboardData?.getData("text/plain") ?? "";
  if (all && text.trim().split(/\s+/).length >= ARTICLE_WORDS) setTimeout(() => commands.run("check")); // once it is there
});
$("changed-only").addEventListener("change", ({ target }) => $("compare").classList.toggle("only", target.checked));
$("grouping").addEventListener("change", () => app.drawRest());
$("level").addEventListener("input", ({ target }) => app.setLevel(Number(target.value)));
$("single-keys").addEventListener("change", ({ target }) => switchKeys(target.checked));
for (const radio of document.querySelectorAll('input[name="view"]')) {
  radio.addEventListener("change", () => app.setView(radio.value));
}
$("list").addEventListener("input", ({ target }) => {
  if (target.matches(".own input")) app.desk.drafts.set(target.closest("[data-key]").dataset.key, target.value);
});
// What was held back while somebody wrote is drawn once they leave the field; after a click, so that it still hits.
let pressed = false;
document.addEventListener("pointerdown", () => (pressed = true));
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    pressed = false;
    setTimeout(settle);
  });
}
$("list").addEventListener("focusout", () => !pressed && setTimeout(() => app.settle()));
$("article").addEventListener("focusout", () => !pressed && setTimeout(settle));
function settle() {
  app.settle();
  if (app.writing && document.activeElement !== app.writing.element) commands.run("written");
}
window.addEventListener("beforeunload", (event) => {
  const desk = app.desk ?? app.shelved;
  if (desk && !desk.saved) event.preventDefault();
});
$("single-keys").checked = keysAreOn();
describePrivacy();
showScreen("write");
serverInfo()
  .then((info) => {
    describePrivacy(info);
    if (!info.drafts) return keepDraft(null);
    app.keeps = true;
    const kept = keptDraft();
    if (kept && !app.draft()) app.restore(kept); // unless somebody was quicker
    return window.addEventListener("pagehide", () => {
      app.endWriting(true);
      keepDraft(app.draft());
    });
  })
  .catch((error) => showError(error.message));
