// Masthead and footer: what stays while views come and go.

import * as api from "../api.js";
import { setSiteName } from "../head.js";
import { translator } from "../i18n.js";
import { renderFooter } from "./footer.js";
import { markCurrent, renderMasthead } from "./masthead.js";

let drawn = null; // language that masthead and footer are in
let fresh = 0;

/** Bring masthead and footer up to date for a page. Never fails: without /site/ they just say less. */
export async function updateChrome({ locale, path, query }) {
  const t = translator(locale); // not the caller's: a draft may be in another language than its address
  document.documentElement.lang = locale;
  if (drawn !== locale) {
    drawn = locale;
    fresh = 0;
    draw({ locale, t, site: null });
  }
  markCurrent(path, query);
  if (Date.now() - fresh < 60000) return;
  try {
    const site = await api.site(locale);
    if (drawn !== locale) return;
    fresh = Date.now();
    setSiteName(site.name);
    draw({ locale, t, site });
    markCurrent(location.pathname, new URLSearchParams(location.search));
  } catch {
    // The page itself reports an unreachable server; saying it twice helps nobody.
  }
}

function draw(context) {
  document.getElementById("skip-link").textContent = context.t("skip");
  renderMasthead(document.getElementById("masthead"), context);
  renderFooter(document.getElementById("footer"), context);
}
