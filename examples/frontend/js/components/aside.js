// The column beside a page: the latest teasers with date and time, the way to all of them, and the donation call.

import * as api from "../api.js";
import { ASIDE_SIZE } from "../config.js";
import { h } from "../dom.js";
import { donationCall } from "./donation.js";
import { allLink, teaserList } from "./teaser.js";

/** `list`: an answer of /content/ (or a promise of one); `except`: id of the page on show. */
export function latestColumn(list, { except, ...context }) {
  const { t } = context;
  const others = (list?.results || []).filter((teaser) => teaser.id !== except).slice(0, ASIDE_SIZE);
  return h("aside", { class: "column-side", "aria-label": t("more") },
    others.length ? [h("h2", { class: "side-title" }, t("more")), teaserList(others, { ...context, variant: "aside", level: 3 })] : null,
    allLink(context));
}

export function latest(locale, options) {
  // One more than is shown, because the page on show is left out. A missing column must not break the page.
  return api.content({ locale, page_size: ASIDE_SIZE + 1 }, options).catch(ignoreFault);
}

export function siteOf(locale, options) {
  return api.site(locale, options).catch(ignoreFault);
}

function ignoreFault(error) {
  if (error.name === "AbortError") throw error;
  return null;
}

export function siteCall(site, context) {
  return site?.donation_call ? donationCall(site.donation_call, context) : null;
}
