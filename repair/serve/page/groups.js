// Sorts what was found: by how certain it is, the surest first, or along the article, or by kind. Knows nothing of the page.

import { LABELS } from "./items.js";
import { plural } from "./text.js";

// What a server says that tells nothing of certainty; the same as in the command line's report.
const LEVELS = [
  { name: "sure", from: 0.8, false_alarms: null },
  { name: "likely", from: 0.5, false_alarms: null },
  { name: "doubtful", from: 0, false_alarms: null },
];

const TITLES = {
  sure: "Sure",
  quotation: "In quotations",
  likely: "Likely garbled: choose or write",
  doubtful: "Doubtful",
};

export class Certainty {
  constructor(levels) {
    this.levels = levels?.length ? levels : LEVELS;
    this.shown = this.levels.length - 1; // the last of the levels that is shown
  }

  // "sure", "likely" or "doubtful".
  of(item) {
    return item.safety === "safe" ? "sure" : this.levels.find((level) => item.score >= level.from).name;
  }

  group(item) {
    const word = this.of(item);
    if (item.safety === "safe" || word === "doubtful") return word;
    return item.quoted ? "quotation" : "likely";
  }

  // May its first fix be shown as the fix, not as one idea among others?
  leads(item) {
    if (item.safety === "safe") return true;
    const likely = this.levels.find((level) => level.name === "likely").from;
    return item.safety !== "rejected" && item.choices.length > 0 && Math.min(item.choices[0].score, item.score) >= likely;
  }

  shows(item) {
    return this.levels.findIndex((level) => level.name === this.of(item)) <= this.shown;
  }
}

// Groups of items as the list shows them: {name, title, items}, or {title} alone for a line between them. What is
// `folded` is counted and not shown.
export function groupsOf(desk, grouping, unfolded) {
  const groups = { certainty: byCertainty, category: byCategory, sentence: bySentence }[grouping](desk);
  return groups.map((group) => ({ ...group, folded: group.name === "doubtful" && !unfolded }));
}

function byCertainty(desk) {
  const groups = Object.entries(TITLES)
    .map(([name, title]) => ({ name, title, items: desk.shown.filter((item) => desk.certainty.group(item) === name) }))
    .filter((group) => group.items.length);
  return [...groups, ...quietLine(desk)];
}

function byCategory(desk) {
  const groups = Object.entries(LABELS)
    .map(([name, title]) => ({ name, title, items: desk.shown.filter((item) => item.category === name) }))
    .filter((group) => group.items.length);
  return [...groups, ...quietLine(desk)];
}

function quietLine(desk) {
  const { clean } = desk.counts();
  return clean ? [{ title: `${plural(clean, "sentence needs", "sentences need")} nothing` }] : [];
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
    const items = desk.article.bySentence[i].filter((item) => item.sentence === i && desk.shows(item));
    if (items.length) {
      flush();
      groups.push({ name: `sentence-${i}`, title: `Sentence ${i + 1}`, items });
    } else if (desk.sentenceState(i) === "clean") quiet += 1;
  });
  flush();
  return groups;
}
