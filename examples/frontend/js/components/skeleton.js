// What stands where a page will be while it loads: about as tall as the page, so that nothing jumps.

import { h } from "../dom.js";

const bar = (className) => h("span", { class: `bone ${className}` });
const text = (n) => Array.from({ length: n }, (_, i) => bar(i === n - 1 ? "bone-short" : "bone-line"));

export function skeleton(name, t) {
  const rows = (n) => Array.from({ length: n }, () => h("div", { class: "bone-row" }, bar("bone-label"), bar("bone-title"), text(2)));
  let left;
  if (name === "front") left = [bar("bone-picture"), bar("bone-label"), bar("bone-headline"), text(3), rows(2)];
  else if (name === "content" || name === "preview") left = [bar("bone-label"), bar("bone-headline"), bar("bone-headline"), text(12)];
  else left = [bar("bone-headline"), rows(6)];
  return h("div", { class: "wrap columns skeleton" },
    h("p", { class: "visually-hidden", role: "status" }, t("loading")),
    h("div", { class: "column-main", "aria-hidden": "true" }, left),
    h("div", { class: "column-side", "aria-hidden": "true" }, rows(6)));
}
