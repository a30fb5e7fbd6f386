// How far the reading has come, in words and as a share of the whole wait. The pieces are read one by one, then the article
// as a whole: all its words, the doubtful ones again, and at last what was repaired. Each takes about as long.

import { plural } from "./text.js";

const PREVIEW = 0.35;
const STAGES = {
  reading: { from: PREVIEW, to: 0.45, name: () => "The article as a whole: first look" },
  looking: { from: 0.45, to: 0.8, name: (done, total) => `The article as a whole: second look, ${done} of ${plural(total, "doubtful place")}` },
  again: { from: 0.8, to: 1, name: () => "Reading again what was repaired" },
};

// For a share of the article that was read piece by piece: [words, share of the wait].
export function previewOf(share) {
  return [`A first reading … ${Math.floor(100 * share)} %`, PREVIEW * share];
}

// For a "progress" event of the server.
export function stepOf({ stage, done, total }) {
  if (stage === "waiting") return [`${plural(total, "article is", "articles are")} ahead of yours`, null];
  const { from, to, name } = STAGES[stage];
  return [name(done, total), from + (to - from) * Math.min(done / total, 1)];
}

// The same while only what was changed is read again: that is too short for a share.
export function againOf(event) {
  return event.stage === "waiting" ? stepOf(event) : ["Reading what you changed …", null];
}
