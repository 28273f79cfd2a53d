// A draft, as an editor sees it in Wagtail's preview panel. The token lives for some minutes and opens this one draft.

import * as api from "../api.js";
import { latest, siteOf } from "../components/aside.js";
import { API } from "../config.js";
import { fragment, h } from "../dom.js";
import { translator } from "../i18n.js";
import { refresh } from "../router.js";
import { detailPage } from "./content.js";
import { frontPage } from "./front.js";

export default async function preview(context) {
  const { params, query, signal } = context;
  listen();
  const token = params.token || query.get("token") || "";
  let draft;
  try {
    if (!token) throw new api.ApiError(404, null);
    draft = await api.preview(token, { signal });
  } catch (error) {
    if (error.status === 404 || error.status === 410) return gone(context);
    throw error;
  }
  const locale = draft.locale || context.locale;
  const own = { ...context, locale, t: translator(locale) };
  const [list, site] = await Promise.all([
    draft.type === "front" ? null : latest(locale, { signal }), siteOf(locale, { signal }),
  ]);
  const page = draft.type === "front" ? frontPage(draft, site, own) : detailPage(draft, { list, site }, own);
  return {
    ...page, locale, noindex: true, jsonLd: null, name: "preview", translations: [],
    node: fragment(h("p", { class: "draft-banner", role: "note" }, own.t("preview")), page.node),
  };
}

function gone({ t }) {
  return {
    name: "missing", title: t("preview.gone.title"), noindex: true,
    node: h("div", { class: "wrap state" }, h("h1", null, t("preview.gone.title")), h("p", null, t("preview.gone.text"))),
  };
}

let listening = false;

/** In the editor's preview panel: say that drafts can be shown in place, and show each that one is told of. */
function listen() {
  if (listening || window.parent === window) return;
  listening = true;
  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== window.parent || origin !== new URL(API).origin || data?.ostriv?.type !== "preview:show") return;
    history.replaceState(history.state, "", `/preview/?token=${encodeURIComponent(data.ostriv.token)}`);
    refresh();
  });
  window.parent.postMessage({ ostriv: { type: "preview:listening" } }, "*"); // no secret in it
}
