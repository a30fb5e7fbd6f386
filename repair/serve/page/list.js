// Draws the findings beside the text: a line each, the current one opened with its reason, fixes and buttons.

import { h } from "./dom.js";
import { LABELS, asSentence, family } from "./items.js";
import { context, difference, plural } from "./text.js";

const STATUS = { open: "to decide", accepted: "accepted", rejected: "rejected", ignored: "ignored" };

export function drawList(root, desk, { current, grouping }) {
  const groups = grouping === "category" ? byCategory(desk) : bySentence(desk);
  root.replaceChildren(...groups.map((group) => drawGroup(desk, group, current)));
}

function drawGroup(desk, group, current) {
  if (!group.items) return h("p", { class: "clean" }, group.title);
  const cards = group.items.map((item) => card(desk, item, item.key === current));
  return h("section", {}, h("h3", {}, group.title), h("ol", {}, cards));
}

// In the order of the article, with a line for each run of sentences that need nothing.
function bySentence(desk) {
  const groups = [];
  let quiet = 0;
  const flush = () => {
    if (quiet) groups.push({ title: `${plural(quiet, "sentence needs", "sentences need")} nothing` });
    quiet = 0;
  };
  desk.sentences.forEach((_, i) => {
    const items = desk.bySentence[i].filter((item) => item.sentence === i);
    if (items.length) {
      flush();
      groups.push({ title: `Sentence ${i + 1}`, items });
    } else if (desk.sentenceState(i) === "clean") quiet += 1;
  });
  flush();
  return groups;
}

function byCategory(desk) {
  const groups = Object.entries(LABELS)
    .map(([category, title]) => ({ title, items: desk.items.filter((item) => item.category === category) }))
    .filter((group) => group.items.length);
  const { clean } = desk.counts();
  const line = { title: `${plural(clean, "sentence needs", "sentences need")} nothing` };
  return clean ? [...groups, line] : groups;
}

function card(desk, item, isCurrent) {
  const { status } = desk.decision(item);
  const name = `${item.key}:head`;
  const head = h(
    "button",
    { class: "head", "data-do": "select", "data-focus": name, "aria-expanded": String(isCurrent), type: "button" },
    h("span", { class: `label ${family(item)}` }, LABELS[item.category]),
    h("span", { class: "tags" }, tags(item, status)),
    h("span", { class: "line" }, line(desk, item)),
  );
  const body = isCurrent ? details(desk, item, status) : null;
  const className = `card ${status} ${isCurrent ? "current" : ""}`;
  return h("li", { class: className, "data-key": item.key, "data-status": status }, head, body);
}

function tags(item, status) {
  const list = status === "open" ? [severity(item), safety(item)] : [STATUS[status]];
  return list.filter(Boolean).map((text) => h("span", { class: `tag ${text.split(" ").at(-1)}` }, text));
}

function severity(item) {
  return item.severity === "minor" ? "" : item.severity;
}

function safety(item) {
  if (item.safety === "safe") return "safe";
  if (item.safety === "pending") return "";
  if (item.safety === "none") return item.quoted ? "quotation, no fix" : "no fix";
  return item.quoted ? "quotation: for you to decide" : "review";
}

// "before ~~old~~ new after": the change in its place, as a copy editor would write it.
function line(desk, item) {
  const sentence = desk.sentences[item.sentence];
  const [before, after] = context(desk.text, item.start, item.end, sentence.start, sentence.end);
  const { status, text } = desk.decision(item);
  const chosen = status === "accepted" ? text : desk.offered(item) ? item.choices[0] : null;
  if (chosen === null || status === "rejected" || status === "ignored") {
    const shown = item.start === item.end ? h("b", { class: "place" }, "‸") : h("b", {}, spaced(item.text));
    return [before, shown, after];
  }
  return [before, ...change(item.text, chosen), after];
}

function change(old, next) {
  const [head, removed, added, tail] = difference(old, next);
  return [head, removed && h("del", {}, spaced(removed)), added && h("ins", {}, spaced(added)), tail];
}

// Spaces at the ends would collapse and not be seen.
function spaced(text) {
  return text.replace(/^ +| +$/g, (run) => "\u00a0".repeat(run.length));
}

function details(desk, item, status) {
  return h(
    "div",
    { class: "details" },
    h("p", { class: "message" }, asSentence(item.message)),
    note(item),
    item.choices.length > 0 && status === "open" ? choices(item) : null,
    own(item, status),
    buttons(desk, item, status),
    h("p", { class: "source" }, item.source === "lm" ? "Found by the language model" : `Found by ${item.source}`),
  );
}

function note(item) {
  if (item.quoted) return h("p", { class: "note speech" }, "Quoted speech, for you to decide: nothing here is changed unasked.");
  if (item.safety === "rejected") return h("p", { class: "note" }, `Not offered as a fix: ${item.why}.`);
  if (item.safety === "none") return h("p", { class: "note" }, "There is no fix to offer: a person has to look.");
  if (item.safety === "review") return h("p", { class: "note" }, "For review: not sure enough to change it without you.");
  return null;
}

function choices(item) {
  const list = item.choices.map((text, n) =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "choice", "data-do": "choose", "data-choice": n, "data-focus": `${item.key}:${n}` },
        h("kbd", {}, String(n + 1)),
        h("span", {}, text === "" ? h("em", {}, "leave it out") : spaced(text)),
      ),
    ),
  );
  return h("ol", { class: "choices", "aria-label": "Suggestions" }, list);
}

function own(item, status) {
  if (status !== "open") return null;
  const id = `own-${item.key}`;
  return h(
    "form",
    { class: "own", "data-do": "own", autocomplete: "off" },
    h("label", { for: id }, "Your own wording"),
    h("input", { id, type: "text", value: item.text.trim(), "data-focus": `${item.key}:own`, spellcheck: "true" }),
    h("button", { type: "submit" }, "Use"),
  );
}

function buttons(desk, item, status) {
  const button = (action, text, key, className) =>
    h(
      "button",
      { type: "button", class: className, "data-do": action, "data-focus": `${item.key}:${action}`, "aria-keyshortcuts": key },
      `${text} `,
      h("kbd", { "aria-hidden": "true" }, key),
    );
  if (status !== "open") return h("p", { class: "buttons" }, button("reopen", "Decide again", "d"));
  return h(
    "p",
    { class: "buttons" },
    desk.offered(item) ? button("accept", "Accept", "a", "primary") : null,
    button("reject", "Reject", "r"),
    button("ignore", "Ignore always", "i", "quiet"),
  );
}
