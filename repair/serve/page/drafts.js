// Keeps the article and what was decided about it in this tab, so that a reload loses nothing. The browser forgets it when
// the tab is closed; a server started with --no-drafts wants nothing kept at all.

const KEY = "repair.draft.2"; // the number of its form

// False where it is too much for the browser, which then keeps nothing; the file that was opened goes first.
export function keepDraft(draft) {
  try {
    if (draft) sessionStorage.setItem(KEY, JSON.stringify(draft));
    else sessionStorage.removeItem(KEY);
    return true;
  } catch {
    if (draft.file) return keepDraft({ ...draft, file: null });
    sessionStorage.removeItem(KEY);
    return false;
  }
}

export function keptDraft() {
  return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
}
