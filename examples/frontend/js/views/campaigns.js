// All campaigns, the running ones first (the API's order).

import * as api from "../api.js";
import { latest, latestColumn } from "../components/aside.js";
import { picture } from "../components/picture.js";
import { LOCALES } from "../config.js";
import { h } from "../dom.js";
import { campaignsPath } from "../links.js";
import { campaignBox, campaignState } from "./campaign.js";

export default async function campaigns(context) {
  const { locale, t, signal } = context;
  const [{ results }, list] = await Promise.all([api.campaigns(locale, { signal }), latest(locale, { signal })]);
  const node = h("div", { class: "wrap columns" },
    h("div", { class: "column-main" },
      h("header", { class: "list-head" }, h("h1", null, t("campaigns")), h("p", { class: "standfirst" }, t("campaigns.lede"))),
      results.length ? null : h("p", { class: "empty" }, t("campaigns.none")),
      h("ul", { class: "campaigns" }, results.map((campaign) => h("li", { "data-campaign": campaign.slug },
        picture(campaign.image, { sizes: "(min-width: 64rem) 48rem, 100vw", className: "campaign-image" }),
        campaignState(campaign, context),
        h("h2", { class: "headline" }, campaign.path ? h("a", { href: campaign.path }, campaign.headline) : campaign.headline),
        campaign.lede ? h("p", { class: "lede" }, campaign.lede) : null,
        campaignBox(campaign, context))))),
    latestColumn(list, context));
  const translations = LOCALES.filter((code) => code !== locale).map((code) => ({ locale: code, path: campaignsPath(code) }));
  return { title: t("campaigns"), description: t("campaigns.lede"), translations, node };
}
