// Single keys for the commands. They are quiet while something is typed, while a dialog is open, and when switched off.

export const KEYS = {
  j: "next",
  ArrowDown: "next",
  k: "previous",
  ArrowUp: "previous",
  a: "accept",
  r: "reject",
  i: "ignore",
  d: "reopen",
  s: "same",
  u: "undo",
  U: "redo",
  A: "acceptSafe",
  e: "own-wording",
  E: "write",
  b: "compare",
  "?": "help",
};
const SWITCH = "repair.single-keys";

export function listenToKeys(run) {
  document.addEventListener("keydown", (event) => {
    const command = commandOf(event);
    if (command && run(command.name, command.argument)) event.preventDefault();
  });
}

export function keysAreOn() {
  return localStorage.getItem(SWITCH) !== "off";
}

export function switchKeys(on) {
  localStorage.setItem(SWITCH, on ? "on" : "off");
}

function commandOf(event) {
  const typing = event.target.closest("input:not([type=radio], [type=range]), textarea, select, dialog, [contenteditable]");
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "Enter" && event.target.closest("textarea")) return { name: "check" };
    if (event.key.toLowerCase() === "z" && !typing) return { name: event.shiftKey ? "redo" : "undo" };
    return null;
  }
  if (typing || event.altKey || !keysAreOn()) return null;
  if (event.key.startsWith("Arrow") && event.target.closest("input")) return null; // these move what has the focus
  if (/^[1-3]$/.test(event.key)) return { name: "choose", argument: Number(event.key) - 1 };
  return KEYS[event.key] ? { name: KEYS[event.key] } : null;
}
