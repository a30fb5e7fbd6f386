// What stands around the article: status line, errors, counts, progress, dialogs.

import { $, h } from "./dom.js";
import { plural } from "./text.js";
import { drawStrip } from "./view.js";

export function say(message) {
  $("status").textContent = message;
}

// Shows a failure that needs the reader, with what can be done about it; none clears it. The line at the edge of the window
// tells it too: the rest may have been scrolled away.
export function showError(message = "", action = null) {
  if (message) say(message);
  const retry = action && h("button", { type: "button", "data-do": action }, "Try again");
  const close = h("button", { type: "button", "data-do": "dismiss", class: "quiet" }, "Dismiss");
  $("error").replaceChildren(...(message ? [h("p", {}, message), retry, close].filter(Boolean) : []));
}

export function showScreen(name) {
  $("write").hidden = name !== "write";
  $("desk").hidden = name !== "desk";
  document.body.dataset.screen = name;
}

export function showView(name) {
  $("article").hidden = name !== "review";
  $("compare").hidden = name !== "compare";
  $("desk").dataset.view = name;
  document.querySelector(`input[name="view"][value="${name}"]`).checked = true;
}

export function drawSummary(desk) {
  const { findings, open, doubtful, hidden, safe, sentences, clean } = desk.counts();
  const quiet = `${clean.toLocaleString("en-GB")} of ${plural(sentences, "sentence needs", "sentences need")} nothing`;
  const rest = open ? `${open} to decide` : findings ? "all decided" : "nothing to decide";
  const more = [doubtful && `${doubtful} doubtful`, hidden && `${hidden} not shown`].filter(Boolean);
  const parts = desk.finished
    ? [h("strong", {}, plural(findings, "finding")), rest, ...more, quiet]
    : [h("strong", {}, `${plural(findings, "finding")} so far`)];
  $("summary").replaceChildren(...parts.map((part) => h("span", {}, part)));
  $("accept-safe").replaceChildren(`Accept all safe (${safe}) `, h("kbd", { "aria-hidden": "true" }, "A"));
  $("accept-safe").disabled = safe === 0;
  $("undo").disabled = desk.past.length === 0;
  $("redo").disabled = desk.future.length === 0;
  drawStrip($("strip"), desk);
}

// Sums up once there is nothing left that has to be decided, and leads out.
export function drawEnd(desk) {
  const { findings, open, doubtful, accepted, rejected, ignored, written } = desk.counts();
  $("end").hidden = !desk.finished || open > 0;
  if ($("end").hidden) return;
  const done = [[accepted, "accepted"], [rejected, "rejected"], [ignored, "ignored"], [written, "written by hand"]].filter(([count]) => count);
  const decided = done.map(([count, what]) => `${count} ${what}`).join(", ");
  const rest = doubtful ? plural(doubtful, "doubtful place left as it is", "doubtful places left as they are") : "";
  const told = [decided, rest].filter(Boolean).join("; ");
  const title = findings > doubtful ? "All is decided" : "Nothing has to be decided";
  const copy = h("button", { type: "button", class: "primary", "data-do": "copy", "data-focus": "end" }, "Copy text");
  const look = doubtful && h("button", { type: "button", class: "quiet", "data-do": "lookAtDoubtful" }, doubtful === 1 ? "Look at it" : "Look at them");
  $("end").replaceChildren(h("p", {}, h("strong", {}, `${title}.`), told && ` ${told}.`), copy, ...(look ? [look] : []));
}

// Names the level of certainty that is shown, and what it costs.
export function drawLevel(certainty) {
  const { name, false_alarms: rate } = certainty.levels[certainty.shown];
  const word = certainty.shown === certainty.levels.length - 1 ? "everything" : name;
  const cost = rate === null ? "" : `about ${rate.toPrecision(1)} false alarms per 1,000 words`;
  $("level").setAttribute("aria-valuetext", [word, cost].filter(Boolean).join(": "));
  $("level-cost").textContent = cost;
}

// `share` of the article read, from 0 to 1; null while that is not known.
export function showProgress(text, share = null) {
  $("progress").hidden = text === "";
  $("reading").textContent = text;
  if (share === null) $("read").removeAttribute("value");
  else $("read").value = share;
}

// Offers to download the file that was opened, where it is one that can be given back.
export function showOutputs(ending) {
  $("as-file").hidden = ending === "";
  $("as-file").querySelector("small").textContent = ending;
  $("as-tracked").hidden = ending !== ".docx";
}

// Opens a dialog and gives what its form was closed with; "" where it was cancelled.
export function ask(id) {
  const dialog = $(id);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

// Asks before something gets lost; `what` is put where the question leaves a place for it.
export async function confirmed(id, what = "") {
  const place = $(id).querySelector("[data-what]");
  if (place) place.textContent = what;
  return (await ask(id)) === "yes";
}

export async function askWhatToIgnore(options) {
  const lines = options.map((option, n) =>
    h("label", {}, h("input", { type: "radio", name: "ignorable", value: n, checked: n === 0 }), ` ${option.label}`),
  );
  $("ignorable").replaceChildren(...lines);
  if ((await ask("ignoring")) !== "ignore") return null;
  return options[Number($("ignorable").querySelector("input:checked").value)];
}

export async function askForToken() {
  $("token").value = "";
  return (await ask("asking")) === "use" ? $("token").value.trim() : "";
}
