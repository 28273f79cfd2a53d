// A story, with everything that surrounds it on a news page.

import { renderBody } from "../blocks.js";
import { latestColumn, siteCall } from "../components/aside.js";
import { figure } from "../components/picture.js";
import { sectionLabel, teaserList, timestamp } from "../components/teaser.js";
import { h, safeUrl } from "../dom.js";
import { extraFields, words } from "../generic.js";
import { LOCALE_NAMES } from "../i18n.js";
import { authorPath, tagPath } from "../links.js";

export function articlePage(detail, { list, site }, context) {
  const { t, locale } = context;
  const hasOwnCall = (detail.body || []).some((block) => block.type === "donation_call");
  const related = detail.related || [];
  return h("div", { class: "wrap columns" },
    h("article", { class: "column-main article", "data-id": detail.id, "data-type": detail.type },
      articleHead(detail, context),
      detail.image ? figure(detail.image, { t, sizes: "(min-width: 64rem) 48rem, 100vw", eager: true, className: "figure main-image" }) : null,
      h("div", { class: "body" },
        renderBody(detail.body, { ...context, site }),
        onward(detail, t),
        extraFields(detail, { ...context, stream: renderBody })),
      foot(detail, context),
      related.length
        ? h("section", { class: "related", "aria-label": t("related") },
          h("h2", { class: "side-title" }, t("related")), teaserList(related, { ...context, variant: "row", level: 3 }))
        : null,
      hasOwnCall ? null : siteCall(site, context)),
    latestColumn(list, { ...context, locale, except: detail.id }));
}

export function articleHead(detail, { t, locale }) {
  return h("header", { class: "article-head" },
    h("p", { class: "meta" }, sectionLabel(detail.section, locale), timestamp(detail.published_at, locale)),
    h("h1", { class: "article-headline" }, detail.headline),
    standfirst(detail),
    byline(detail, { t, locale }));
}

/** The lede, unless the text begins with the very same words: agencies send it as the first sentence. */
function standfirst({ lede, body }) {
  if (!lede) return null;
  const first = (body || []).find((block) => block.type === "paragraph");
  const start = lede.replace(/\s*(\.{3}|…)$/, "").trim();
  if (first && plain(first.value).startsWith(start)) return null;
  return h("p", { class: "standfirst" }, lede);
}

function plain(html) {
  return (new DOMParser().parseFromString(html || "", "text/html").body.textContent || "").trim();
}

function byline({ authors, source }, { t, locale }) {
  const people = (authors || []).map((a, i) => [i ? ", " : "", h("a", { href: authorPath(locale, a.slug), rel: "author" }, a.name)]);
  const url = safeUrl(source?.url);
  if (!people.length && !source?.name) return null;
  return h("p", { class: "byline" },
    people.length ? h("span", { class: "byline-authors" }, people) : null,
    source?.name
      ? h("span", { class: "byline-source" }, `${t("source")}: `,
        url ? h("a", { href: url, rel: "external noopener" }, source.name) : source.name)
      : null);
}

/** A teaser without a story of its own points at one. */
function onward({ target }, t) {
  const url = safeUrl(target?.url);
  if (!url) return null;
  const href = target.external ? url : new URL(url).pathname;
  return h("p", { class: "onward" }, h("a", { class: "button", href, rel: target.external ? "external noopener" : null },
    t("readMore"), target.external ? ` (${t("external")})` : null));
}

function foot({ corrections, keywords: tags, translations, locale: own }, { t, locale }) {
  const others = (translations || []).filter((x) => x.locale !== own);
  return h("footer", { class: "article-foot" },
    corrections?.length
      ? h("section", { class: "corrections" }, h("h2", null, t("corrections")), corrections.map((correction) =>
        h("div", { class: "correction" }, timestamp(correction.made_at, locale),
          words(correction.text || "").map((line) => h("p", null, line)))))
      : null,
    others.length
      ? h("section", { class: "translations" }, h("h2", null, t("translations")), h("ul", null, others.map((x) =>
        h("li", null, h("span", { class: "translation-name" }, LOCALE_NAMES[x.locale]?.name || x.locale, ": "),
          h("a", { href: x.path, lang: x.locale, hreflang: x.locale, rel: "alternate" }, x.headline)))))
      : null,
    tags?.length
      ? h("nav", { class: "tags", "aria-label": t("tags") }, h("ul", null, tags.map(({ slug, name }) =>
        h("li", null, h("a", { href: tagPath(locale, slug), rel: "tag" }, name)))))
      : null);
}
