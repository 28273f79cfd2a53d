// Older and newer pages of a list. The place in the list is a cursor, kept in the address with the filters.

import { cursorOf } from "../api.js";
import { h } from "../dom.js";
import { withQuery } from "../links.js";

export function pager(list, { t, path, query }) {
  const at = (cursor) => {
    const next = new URLSearchParams(query);
    next.delete("cursor");
    if (cursor) next.set("cursor", cursor);
    return withQuery(path, next);
  };
  const newer = cursorOf(list.previous);
  const older = cursorOf(list.next);
  if (!newer && !older) return null;
  return h("nav", { class: "pager", "aria-label": t("pages") },
    newer ? h("a", { class: "button button-quiet", rel: "prev", href: at(newer) }, "← ", t("newer")) : h("span"),
    older ? h("a", { class: "button button-quiet", rel: "next", href: at(older) }, t("older"), " →") : h("span"));
}
