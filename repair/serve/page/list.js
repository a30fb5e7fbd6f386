// Draws the findings beside the text: a line each, the current one opened with its reason, fixes and buttons.

import { h } from "./dom.js";
import { LABELS, asSentence, family } from "./items.js";
import { context, difference, plural } from "./text.js";

const STATUS = { open: "to decide", accepted: "accepted", rejected: "rejected", ignored: "ignored" };

// `groups` as groupsOf gives them.
export function drawList(root, desk, groups, current) {
  root.replaceChildren(...groups.map((group) => drawGroup(desk, group, current)));
}

function drawGroup(desk, group, current) {
  if (!group.items) return h("p", { class: "clean" }, group.title);
  const heading = group.name === "doubtful" ? foldable(group) : h("h3", {}, group.title, " ", acceptAll(desk, group));
  const cards = group.folded ? [] : group.items.map((item) => card(desk, item, item.key === current));
  return h("section", { "data-group": group.name }, heading, group.folded ? null : h("ol", {}, cards));
}

function foldable({ title, items, folded }) {
  const attributes = { type: "button", class: "fold", "data-do": "fold", "data-focus": "fold", "aria-expanded": String(!folded) };
  return h("h3", {}, h("button", attributes, `${title} (${items.length})`));
}

function acceptAll(desk, { name }) {
  const count = desk.safe().length;
  if (name !== "sure" || count === 0) return null;
  return h(
    "button",
    { type: "button", class: "quiet", "data-do": "acceptSafe", "data-focus": "all", "aria-keyshortcuts": "Shift+A" },
    `Accept all ${count} `,
    h("kbd", { "aria-hidden": "true" }, "A"),
  );
}

function card(desk, item, isCurrent) {
  const { status } = desk.decision(item);
  const name = `${item.key}:head`;
  const head = h(
    "button",
    { class: "head", "data-do": "select", "data-focus": name, "aria-expanded": String(isCurrent), type: "button" },
    h("span", { class: `label ${family(item)}` }, LABELS[item.category]),
    h("span", { class: "tags" }, tags(desk, item, status)),
    h("span", { class: "line" }, line(desk, item, isCurrent)),
  );
  const parts = isCurrent ? [walk(), head, details(desk, item, status)] : [head];
  const className = `card ${status} ${isCurrent ? "current" : ""}`;
  return h("li", { class: className, "data-key": item.key, "data-status": status }, parts);
}

// On a narrow screen the open card is a sheet: from it one goes on, back, or back to the article.
function walk() {
  const button = (action, text, name) =>
    h("button", { type: "button", class: "quiet", "data-do": action, "data-focus": action, "aria-label": name }, text);
  const buttons = [button("previous", "‹ Previous", "Previous finding"), button("next", "Next ›", "Next finding")];
  return h("p", { class: "walk" }, buttons, button("close", "Close ✕", "Close"));
}

function tags(desk, item, status) {
  if (status !== "open") return [tag(STATUS[status])];
  const word = item.safety === "pending" ? "" : desk.certainty.of(item);
  return [severity(item), item.quoted && "quotation", item.safety === "none" && "no fix", word].filter(Boolean).map(tag);
}

function tag(text) {
  return h("span", { class: `tag ${text.split(" ").at(-1)}` }, text);
}

function severity(item) {
  return item.severity === "minor" ? "" : item.severity;
}

// "before ~~old~~ new after": the change in its place, as a copy editor would write it.
function line(desk, item, isCurrent) {
  const sentence = desk.sentences[item.sentence];
  const [before, after] = context(desk.text, item.start, item.end, sentence.start, sentence.end, !isCurrent);
  const { status, text } = desk.decision(item);
  const chosen = status === "accepted" ? text : desk.certainty.leads(item) ? item.choices[0].text : null;
  if (chosen === null || status === "rejected" || status === "ignored") {
    const shown = item.start === item.end ? h("b", { class: "place" }, "‸") : h("b", {}, spaced(item.text));
    return [before, shown, after];
  }
  return [before, ...change(item.text, chosen), after];
}

function change(old, next) {
  const [head, removed, added, tail] = difference(old, next);
  return [head, removed && taken(removed), added && h("ins", {}, spaced(added)), tail];
}

// A space that is struck through would look like a hyphen.
function taken(text) {
  return text.trim() ? h("del", {}, spaced(text)) : h("del", { class: "gap" }, "␣".repeat(text.length));
}

// Spaces at the ends would collapse and not be seen.
function spaced(text) {
  return text.replace(/^ +| +$/g, (run) => "\u00a0".repeat(run.length));
}

// A fix that is likely right comes before the field for one's own wording, others as ideas below it.
function details(desk, item, status) {
  const leads = desk.certainty.leads(item);
  const offered = item.choices.length > 0 && status === "open" ? choices(item, leads) : null;
  return h(
    "div",
    { class: "details" },
    h("p", { class: "message" }, asSentence(item.message)),
    note(item),
    leads ? [offered, own(desk, item, status)] : [own(desk, item, status), offered],
    alike(desk, item),
    buttons(item, status, leads || desk.typed(item) !== undefined),
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

function alike(desk, item) {
  const count = desk.likes(item).length;
  if (count === 0) return null;
  const attributes = { type: "button", class: "quiet", "data-do": "same", "data-focus": `${item.key}:same`, "aria-keyshortcuts": "s" };
  const button = h("button", attributes, "Decide all alike ", h("kbd", { "aria-hidden": "true" }, "s"));
  return h("p", { class: "same" }, `Same in ${plural(count, "other place")} `, button);
}

function choices(item, leads) {
  const list = item.choices.map(({ text }, n) =>
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
  const name = leads ? "Suggestions" : "Ideas";
  const title = leads ? null : h("p", { class: "ideas" }, "Ideas");
  return h("div", { class: "choices" }, title, h("ol", { "aria-label": name }, list));
}

function own(desk, item, status) {
  if (status !== "open") return null;
  const id = `own-${item.key}`;
  return h(
    "form",
    { class: "own", "data-do": "own", autocomplete: "off" },
    h("label", { for: id }, "Your own wording"),
    h("input", { id, type: "text", value: desk.drafts.get(item.key) ?? item.text.trim(), "data-focus": `${item.key}:own`, spellcheck: "true" }),
    h("button", { type: "submit" }, "Use"),
  );
}

function buttons(item, status, acceptable) {
  const button = (action, text, key, className, title) => {
    const shortcut = { "data-focus": `${item.key}:${action}`, "aria-keyshortcuts": key.toUpperCase() === key ? `Shift+${key}` : key };
    return h("button", { type: "button", class: className, title, "data-do": action, ...shortcut }, `${text} `, h("kbd", { "aria-hidden": "true" }, key));
  };
  if (status !== "open") return h("p", { class: "buttons" }, button("reopen", "Decide again", "d"));
  return h(
    "p",
    { class: "buttons" },
    acceptable ? button("accept", "Accept", "a", "primary") : null,
    button("reject", "Reject", "r"),
    button("ignore", "Ignore", "i", "quiet"),
    button("write", "Edit", "E", "quiet", "Edit the sentence in the article"),
  );
}
