// The one shape of every list. Headline and lede come as the newsroom wrote them, an ellipsis included:
// nothing here cuts or changes them.

import { dayAndTime, day, dayKey, time } from "../dates.js";
import { h } from "../dom.js";
import { allPath, sectionPath, teaserHref } from "../links.js";
import { picture } from "./picture.js";

const SIZES = {
  lead: "(min-width: 64rem) 48rem, 100vw",
  standard: "(min-width: 64rem) 23rem, (min-width: 40rem) 50vw, 7rem",
  row: "(min-width: 40rem) 12rem, 7rem",
};

export function timestamp(value, locale, text = dayAndTime) {
  return value ? h("time", { datetime: value, class: "time" }, text(value, locale)) : null;
}

export function sectionLabel(section, locale) {
  return section ? h("a", { class: "label", href: sectionPath(locale, section.slug) }, section.name) : null;
}

function headlineLink(teaser, t) {
  const external = teaser.target?.external;
  return h("a", {
    class: "teaser-link", href: teaserHref(teaser), rel: external ? "external noopener" : null,
    hreflang: teaser.locale || null,
  }, teaser.headline, external ? h("span", { class: "visually-hidden" }, ` (${t("external")})`) : null,
  external ? h("span", { class: "out", "aria-hidden": "true" }, "\u00a0↗") : null);
}

/**
 * A teaser. `variant`: "lead", "standard", "row" (lists), "compact" (no picture, no lede) or "aside" (no picture).
 * `level` is that of its heading.
 */
export function teaserCard(teaser, { t, locale, variant = "standard", level = 3, eager = false }) {
  const withImage = variant in SIZES && teaser.image;
  const img = withImage ? picture(teaser.image, { sizes: SIZES[variant], eager }) : null;
  const lede = variant !== "compact" && teaser.lede ? h("p", { class: "lede" }, teaser.lede) : null;
  return h("article", {
    class: `teaser teaser-${variant}${img ? " has-image" : ""}`, "data-id": teaser.id, "data-type": teaser.type,
    "data-slot": teaser.slot?.size,
  },
  img ? h("div", { class: "teaser-image" }, img) : null,
  h("div", { class: "teaser-text" },
    h("p", { class: "meta" }, sectionLabel(teaser.section, locale), timestamp(teaser.published_at, locale)),
    h(`h${level}`, { class: "headline" }, headlineLink(teaser, t)),
    lede));
}

/** The latest news as a feed: days as headings, times in front. */
export function feed(teasers, { t, locale, level = 3 }) {
  const days = new Map();
  for (const teaser of teasers) {
    const key = teaser.published_at ? dayKey(teaser.published_at) : "";
    if (!days.has(key)) days.set(key, []);
    days.get(key).push(teaser);
  }
  return h("div", { class: "feed" }, [...days].map(([key, items]) => [
    key ? h(`h${level}`, { class: "feed-day" }, day(items[0].published_at, locale)) : null,
    h("ul", { class: "feed-list" }, items.map((teaser) => h("li", { class: "teaser", "data-id": teaser.id },
      timestamp(teaser.published_at, locale, time),
      h("div", null, headlineLink(teaser, t), sectionLabel(teaser.section, locale))))),
  ]));
}

/** A list of teasers under each other. */
export function teaserList(teasers, { t, locale, variant = "row", level = 2 }) {
  return h("ul", { class: `teasers teasers-${variant}` }, teasers.map((teaser) =>
    h("li", null, teaserCard(teaser, { t, locale, variant, level }))));
}

export function allLink({ t, locale }, filters) {
  return h("a", { class: "all-link", href: allPath(locale, filters) }, t("all"),
    h("span", { "aria-hidden": "true" }, " →"));
}
