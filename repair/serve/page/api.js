// Talks to the server that served this page, and to nothing else. Every failure is an ApiError whose message can be shown.

import { wellFormed } from "./text.js";

const TRIES = 5;
let token = "";

export class ApiError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

// Remembered for this page only; sent with every request from now on.
export function useToken(value) {
  token = value;
}

// Checks and repairs a text: `asked` holds it, its `source` and what its file tells of it (`marks`) where there are such, and, where
// only some of it is to be read, what was `changed` in it. Calls `onEvent` for each line of the stream: start, findings (many), report.
// `onWait(seconds, tries left)` is told when the server is busy and the request will be tried again.
export async function fix({ text, source = "", ...rest }, { onEvent, onWait, signal }) {
  const asked = { ...rest, text: wellFormed(text), ...(source.trim() && { source: wellFormed(source) }) };
  const request = { method: "POST", body: JSON.stringify(asked), signal };
  const headers = { "Content-Type": "application/json", Accept: "application/x-ndjson" };
  const response = await patiently("/api/fix", { ...request, headers }, onWait);
  let finished = false;
  for await (const event of lines(response)) {
    if (event.type === "error") throw new ApiError(messageOf(event) ?? "The server stopped with an error.");
    finished ||= event.type === "report";
    onEvent(event);
  }
  if (!finished) throw gone();
}

// What the page must know of its server: may it keep drafts in this tab, and where does the server send sentences?
export async function serverInfo() {
  return (await patiently("/api/info", {})).json();
}

// The text of a dropped or opened file, and what the file tells of it: {text, marks}.
export async function readDocument(file) {
  const path = `/api/document?name=${encodeURIComponent(file.name)}`;
  const headers = { "Content-Type": "application/octet-stream" };
  return (await patiently(path, { method: "POST", body: file, headers })).json();
}

// A file as it is after edits: {data, left}, its bytes in base64 and the edits that it could not take.
export async function editDocument(asked) {
  const headers = { "Content-Type": "application/json" };
  return (await patiently("/api/document/edited", { method: "POST", body: JSON.stringify(asked), headers })).json();
}

// True where the server keeps the ignore for good, false where it cannot.
export async function ignoreAlways(kind, value) {
  const headers = { "Content-Type": "application/json" };
  try {
    await patiently("/api/ignore", { method: "POST", body: JSON.stringify({ kind, value }), headers });
    return true;
  } catch (error) {
    if ([404, 405, 501].includes(error.status)) return false;
    throw error;
  }
}

async function patiently(path, options, onWait = () => {}) {
  for (let left = TRIES - 1; ; left -= 1) {
    const response = await send(path, options);
    if (response.ok) return response;
    if (response.status !== 503 || left === 0) throw await refusal(response);
    const seconds = Math.min(Number(response.headers.get("Retry-After")) || 2, 30);
    onWait(seconds, left);
    await pause(seconds, options.signal);
  }
}

async function send(path, options) {
  const headers = token ? { ...options.headers, Authorization: `Bearer ${token}` } : options.headers;
  try {
    return await fetch(path, { ...options, headers, cache: "no-store" });
  } catch (error) {
    throw error.name === "AbortError" ? error : gone();
  }
}

function gone() {
  return new ApiError("The server does not answer. Your text is safe on this page: start “repair serve” again, then try again.");
}

async function refusal(response) {
  const told = await response.json().then(messageOf, () => undefined);
  const { status } = response;
  if (status === 413) return new ApiError(told ?? "This text is too long for the server. Check it in parts.", status);
  if (status === 503) return new ApiError("The server is still busy. Nothing is lost: try again in a moment.", status);
  if (status === 401) return new ApiError("This server asks for its access token.", status);
  return new ApiError(told ?? `The server answered with an error (${status}).`, status);
}

function messageOf(answer) {
  return [answer?.error, answer?.message, answer?.detail].find((one) => typeof one === "string");
}

async function* lines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw error.name === "AbortError" ? error : gone();
    });
    const parts = (rest + (value ?? "")).split("\n");
    rest = done ? "" : parts.pop();
    yield* parts.filter((part) => part.trim()).map((part) => JSON.parse(part));
    if (done) return;
  }
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("stopped", "AbortError"));
    });
  });
}
