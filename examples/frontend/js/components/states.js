// Pages for when there is no page: not found, no connection, an error of the server.

import { h, icon } from "../dom.js";
import { allPath, frontPath } from "../links.js";

/** The page (as a view returns it) that explains an error. 404 gets a search, all else a way to try again. */
export function failure(error, context) {
  const { t, locale } = context;
  if (error.status === 404 || error.status === 410) return missing(context);
  if (error.status === 400) return misunderstood(error, context);
  const text = error.status === 0 ? t("error.network") : t("error.server");
  const node = h("div", { class: "wrap state", role: "alert" },
    h("h1", null, t("error.title")),
    h("p", null, text),
    error.problem?.detail ? h("p", { class: "state-detail" }, error.problem.detail) : null,
    h("p", null,
      h("button", { type: "button", class: "button", on: { click: context.retry } }, t("retry")), " ",
      h("a", { href: frontPath(locale) }, t("home"))));
  return { name: "error", title: t("error.title"), noindex: true, node };
}

/** The address asks for something that the API does not know, an old place in a list for instance. */
function misunderstood(error, { t, locale }) {
  const reasons = error.errors.map((e) => e.message).filter(Boolean);
  const node = h("div", { class: "wrap state" },
    h("h1", null, t("error.address.title")),
    h("p", null, t("error.address")),
    h("p", { class: "state-detail" }, reasons.length ? reasons.join(" ") : error.problem.detail),
    h("p", null, h("a", { class: "all-link", href: allPath(locale) }, t("all"), " →")));
  return { name: "error", title: t("error.address.title"), noindex: true, node };
}

function missing({ t, locale }) {
  const node = h("div", { class: "wrap state" },
    h("h1", null, t("missing.title")),
    h("p", null, t("missing.text")),
    h("form", { class: "search", role: "search", action: allPath(locale), method: "get", "aria-label": t("missing.title") },
      h("input", { type: "search", name: "q", "aria-label": t("search.label"), placeholder: t("search"), maxlength: 200 }),
      h("button", { type: "submit", class: "search-go", "aria-label": t("search") }, icon("search"))),
    h("p", null, h("a", { class: "all-link", href: allPath(locale) }, t("all"), " →")));
  return { name: "missing", title: t("missing.title"), noindex: true, node };
}
