// A few lines instead of a framework. Text always becomes a text node, so nothing that the API or a
// reader sends can turn into markup; the one exception (sanitised rich text) lives in blocks.js.

/**
 * Make an element. `props`: attributes; `on` holds listeners, `vars` CSS properties, custom or not (set through
 * the CSSOM, which a strict Content-Security-Policy allows, unlike a style attribute).
 * Children: nodes, strings, numbers, arrays of these; null, undefined and false are left out.
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "vars") {
      for (const [property, v] of Object.entries(value)) element.style.setProperty(property, v);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  append(element, children);
  return element;
}

export function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    parent.append(child instanceof Node ? child : String(child));
  }
  return parent;
}

export function fragment(...children) {
  return append(document.createDocumentFragment(), children);
}

const ICONS = {
  search: "M10 3a7 7 0 1 0 4.400 12.400l5.100 5.100 1.500-1.500-5.100-5.100A7 7 0 0 0 10 3zm0 2a5 5 0 1 1 0 10 5 5 0 0 1 0-10z",
  file: "M6 2h8l5 5v15H6V2zm7 1.500V8h4.500L13 3.500zM9 12h7v1.500H9V12zm0 4h7v1.500H9V16z",
  play: "M8 5v14l11-7z",
};

export function icon(name) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** An address that is safe to put into href or src, or null (javascript:, data: and the like). */
export function safeUrl(value) {
  if (typeof value !== "string" || !value.trim()) return null;
  try {
    const url = new URL(value, location.origin);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

let counter = 0;
/** A fresh id, to tie labels and messages to their fields. */
export function uid(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}
