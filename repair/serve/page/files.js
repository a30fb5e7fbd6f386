// Texts in from files, texts out to files and to the clipboard. All of it stays between this page and its server.

import { readDocument } from "./api.js";
import { h } from "./dom.js";

// Takes files dropped anywhere on the page; `take` gets the one file, `refuse` a message.
export function listenToDrops(take, refuse) {
  const root = document.documentElement;
  let depth = 0;
  const over = (by) => {
    depth = Math.max(depth + by, 0);
    root.classList.toggle("dragging", depth > 0);
  };
  const isFile = (event) => event.dataTransfer?.types.includes("Files");
  root.addEventListener("dragenter", (event) => isFile(event) && over(1));
  root.addEventListener("dragleave", (event) => isFile(event) && over(-1));
  root.addEventListener("dragover", (event) => isFile(event) && event.preventDefault());
  root.addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    over(-depth);
    const { files } = event.dataTransfer;
    if (files.length === 1) take(files[0]);
    else refuse("One article at a time: drop a single file.");
  });
}

// A file as it is kept: its name, its bytes in base64, its text and what it tells of the text. Raises an Error whose message can
// be shown.
export async function opened(file) {
  const [{ text, marks }, data] = await Promise.all([readDocument(file), encoded(file)]);
  return { name: file.name, data, text, marks };
}

function encoded(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.replace(/^.*?,/, ""));
    reader.onerror = () => reject(new Error(`“${file.name}” cannot be read: ${reader.error.message}`));
    reader.readAsDataURL(file);
  });
}

export function bytesOf(data) {
  return Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
}

export function download(content, name, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

// What a file's name ends in, in small letters: ".docx".
export function endingOf(name) {
  return name.match(/\.[a-z]+$/i)?.[0].toLowerCase() ?? "";
}

// The file name for what comes out: "article.docx" and "-repaired.txt" give "article-repaired.txt".
export function named(name, ending) {
  return `${(name || "article").replace(/\.[a-z]+$/i, "")}${ending}`;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https a browser lets pages write to the clipboard in the old way only.
    const area = h("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied) throw new Error("The browser does not allow copying here: download the text instead.");
  }
}
