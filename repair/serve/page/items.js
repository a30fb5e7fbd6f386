// From the server's findings and repairs to items: one item is one place the editor decides about.

const SEVERITIES = ["minor", "major", "critical"];
const CHOICES = 3;

export const LABELS = {
  "accuracy/mistranslation": "Wrong meaning",
  "accuracy/untranslated": "Not translated",
  "accuracy/omission": "Something is missing",
  "accuracy/addition": "Something was added",
  "accuracy/number": "Number differs",
  "accuracy/date": "Date differs",
  "accuracy/unit": "Unit differs",
  "accuracy/name": "Name differs",
  "accuracy/negation": "Negation differs",
  "accuracy/quotation": "Quotation differs",
  "fluency/grammar": "Grammar",
  "fluency/spelling": "Spelling",
  "fluency/spacing": "Spacing",
  "fluency/punctuation": "Punctuation",
  "fluency/repetition": "Repetition",
  "fluency/inconsistency": "Inconsistent",
  "style/unidiomatic": "Not how English puts it",
  "locale/format": "Format",
};

// Items of a finished report. Its repairs come first; a finding that no repair touches is an item without a fix.
export function itemsOfReport(article, report) {
  const repairs = [...report.applied, ...report.not_applied].map((repair) => ofRepair(repair, article));
  const rest = report.findings
    .map((finding) => ofFinding(finding, article, "none"))
    .filter((item) => !repairs.some((repair) => clash(repair, item)));
  return [...repairs, ...rest].sort((a, b) => a.start - b.start);
}

// Items of findings that have just been streamed: what may be done about them is not decided yet.
export function itemsOfFindings(article, findings) {
  return findings.map((finding) => ofFinding(finding, article, "pending"));
}

// Items that were there and fresh ones. A fresh one takes the place of its former self, and gives way to another.
export function joined(former, fresh) {
  const keys = new Set(fresh.map((item) => item.key));
  const kept = former.filter((item) => !keys.has(item.key));
  return [...kept, ...fresh.filter((item) => !kept.some((one) => clash(one, item)))];
}

export function clash(a, b) {
  if (a.start === a.end || b.start === b.end) return a.start <= b.end && b.start <= a.end;
  return a.start < b.end && b.start < a.end;
}

// The part of the category that decides the line under the words: accuracy, fluency, style or locale.
export function family(item) {
  return item.category.split("/")[0];
}

function ofFinding(finding, article, safety) {
  return {
    ...place(finding, article),
    text: finding.text,
    category: finding.category,
    severity: finding.severity,
    message: finding.message,
    source: finding.source,
    safety,
    why: "",
    score: finding.score,
    choices: finding.suggestions.slice(0, CHOICES),
  };
}

function ofRepair(repair, article) {
  const findings = repair.findings.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
  const messages = new Set(findings.map((finding) => finding.message));
  const others = findings.flatMap((finding) => inside(repair, finding));
  return {
    ...place(repair, article),
    text: repair.before,
    category: findings[0].category,
    severity: findings[0].severity,
    message: [...messages].map(asSentence).join(" "),
    source: findings[0].source,
    safety: repair.safety,
    why: repair.reasons.filter((reason) => !messages.has(reason)).join("; "),
    score: Math.max(...findings.map((finding) => finding.score)),
    choices: choicesOf(repair, others),
  };
}

// What the repair would write comes first; each text once, with the score that its suggestion has.
function choicesOf(repair, others) {
  const score = others.find((other) => other.text === repair.after)?.score ?? repair.score;
  const rest = others.filter((other, n) => other.text !== repair.after && n === others.findIndex((one) => one.text === other.text));
  return [{ text: repair.after, score }, ...rest].slice(0, CHOICES);
}

// A message with the full stop that some go without.
export function asSentence(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

// A finding's suggestions as texts for the whole repair, where the finding lies inside it.
function inside(repair, finding) {
  const characters = [...repair.before];
  const head = characters.slice(0, Math.max(finding.start - repair.start, 0)).join("");
  const tail = characters.slice(finding.end - repair.start).join("");
  const fits = finding.start >= repair.start && finding.end <= repair.end;
  return fits ? finding.suggestions.map(({ text, score }) => ({ text: head + text + tail, score })) : [];
}

function place({ start, end }, { offsets, mark }) {
  return { key: `${mark}${start}:${end}`, start: offsets.utf16(start), end: offsets.utf16(end) };
}
