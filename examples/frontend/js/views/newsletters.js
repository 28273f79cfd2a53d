// The newsletters of a language: sign-up and what was sent before.

import * as api from "../api.js";
import { latest, latestColumn } from "../components/aside.js";
import { signUp } from "../components/newsletter.js";
import { timestamp } from "../components/teaser.js";
import { LOCALES } from "../config.js";
import { h } from "../dom.js";
import { newslettersPath, teaserHref } from "../links.js";

const EARLIER = 5;

export default async function newsletters(context) {
  const { locale, t, signal } = context;
  const [{ results }, list] = await Promise.all([api.newsletters(locale, { signal }), latest(locale, { signal })]);
  const archives = await Promise.all(results.map((n) =>
    api.editions(n.slug, {}, { signal }).catch(() => null)));
  const node = h("div", { class: "wrap columns" },
    h("div", { class: "column-main" },
      h("header", { class: "list-head" }, h("h1", null, t("newsletters")), h("p", { class: "standfirst" }, t("newsletters.lede"))),
      results.length ? null : h("p", { class: "empty" }, t("newsletters.none")),
      results.map((newsletter, i) => h("section", { class: "newsletter-entry" },
        signUp(newsletter, context), editions(archives[i]?.results || [], context)))),
    latestColumn(list, context));
  const translations = LOCALES.filter((code) => code !== locale).map((code) => ({ locale: code, path: newslettersPath(code) }));
  return { title: t("newsletters"), description: t("newsletters.lede"), translations, node };
}

function editions(results, { t, locale }) {
  if (!results.length) return null;
  return [h("h3", { class: "side-title" }, t("newsletter.editions")),
    h("ul", { class: "plain-list" }, results.slice(0, EARLIER).map((edition) => h("li", null,
      h("a", { href: teaserHref(edition) }, edition.headline), " ", timestamp(edition.published_at, locale))))];
}
