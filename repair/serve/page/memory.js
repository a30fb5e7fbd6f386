// What the editor said before in this session: it holds for the next check too. Nothing of it is stored.

export class Memory {
  constructor() {
    this.ignores = [];
    this.rejections = new Set();
  }

  // Remembers what was rejected, before the text is edited or checked again.
  learn(desk) {
    const rejected = desk.items.filter((item) => desk.decision(item).status === "rejected");
    for (const item of rejected) this.rejections.add(this.name(item, desk.sentenceText(item.sentence)));
  }

  ignore(kind, value) {
    this.ignores.push({ kind, value });
  }

  // What is known of an item without asking again: ignored, rejected, or undefined.
  recall(desk, item) {
    if (this.ignores.some((ignore) => matches(ignore, item))) return { status: "ignored" };
    if (this.rejections.has(this.name(item, desk.sentenceText(item.sentence)))) return { status: "rejected" };
    return undefined;
  }

  name(item, sentence) {
    return JSON.stringify([item.source, item.text, sentence.trim()]);
  }
}

// What may be ignored for good about an item: pairs of kind and value, the likeliest first.
export function ignorable(item) {
  const text = item.text.trim();
  const words = /\p{L}/u.test(text) ? [{ kind: "word", value: text, label: `“${text}”, however it is capitalised` }] : [];
  const names = /^\p{Lu}/u.test(text) ? [{ kind: "name", value: text, label: `the name “${text}”, written exactly so` }] : [];
  const rule = item.source.includes("/")
    ? [{ kind: "rule", value: item.source, label: `everything that ${item.source} finds (${item.message.replace(/\.$/, "")})` }]
    : [];
  return [...words, ...names, ...rule];
}

export function matches({ kind, value }, item) {
  const text = item.text.trim();
  if (kind === "word") return text.toLowerCase() === value.toLowerCase();
  if (kind === "name") return text === value;
  return item.source === value || item.source.startsWith(`${value}/`);
}
