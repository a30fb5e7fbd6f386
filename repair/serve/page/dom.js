// Making elements without a framework.

// h("p", {class: "note", "data-key": 3}, "text", child): attributes that are false, null or undefined are left out.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function $(id) {
  return document.getElementById(id);
}

// Runs `render`, then puts the focus back on the element with the same data-focus.
export function keepingFocus(render) {
  const name = document.activeElement?.dataset?.focus;
  render();
  if (name) document.querySelector(`[data-focus="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
}
