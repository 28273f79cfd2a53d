// A campaign's story with its live thermometer. Giving itself happens on the campaign's own page.

import { renderBody } from "../blocks.js";
import { latestColumn } from "../components/aside.js";
import { donateHref, thermometer } from "../components/donation.js";
import { figure } from "../components/picture.js";
import { day } from "../dates.js";
import { h } from "../dom.js";
import { money } from "../money.js";

export function campaignPage(detail, { list, site }, context) {
  const { t } = context;
  return h("div", { class: "wrap columns" },
    h("article", { class: "column-main article", "data-id": detail.id, "data-type": "campaign" },
      h("header", { class: "article-head" },
        campaignState(detail, context),
        h("h1", { class: "article-headline" }, detail.headline),
        detail.lede ? h("p", { class: "standfirst" }, detail.lede) : null),
      campaignBox(detail, context),
      detail.image ? figure(detail.image, { t, sizes: "(min-width: 64rem) 48rem, 100vw", eager: true, className: "figure main-image" }) : null,
      h("div", { class: "body" }, renderBody(Array.isArray(detail.body) ? detail.body : detail.story, { ...context, site }))),
    latestColumn(list, { ...context, except: detail.id }));
}

export function campaignState({ state, ends_at }, { t, locale }) {
  if (!state) return null;
  return h("p", { class: "meta" }, h("span", { class: `state-${state}` }, t(`campaign.${state}`)),
    state === "running" && ends_at ? h("span", { class: "time" }, t("campaign.until", { date: day(ends_at, locale) })) : null);
}

/** Figures, amounts and the button. */
export function campaignBox(campaign, { t, locale, signal }) {
  const open = campaign.state === undefined || campaign.state === "running";
  const currency = campaign.goal?.currency || campaign.currency || campaign.progress?.currency;
  const amounts = ((currency && campaign.suggested_amounts) || []).slice(0, 4).map((minor) => money(minor, currency, locale));
  return h("div", { class: "call call-plain" },
    campaign.progress ? thermometer(campaign.slug, campaign.progress, { t, locale, signal, live: open }) : null,
    open ? h("p", null, h("a", { class: "button call-button", href: donateHref(donatePage(campaign), locale) }, t("donate")),
      amounts.length ? h("span", { class: "call-amounts" }, amounts.join(" · ")) : null) : null);
}

/** In a detail document `url` may be the reader's page; the page for giving is then under `donate_url`. */
function donatePage(campaign) {
  return { url: campaign.donate_url || campaign.url };
}
