// The front page: slots as the editors ordered them, the latest news, the donation call.

import * as api from "../api.js";
import { siteCall, siteOf } from "../components/aside.js";
import { allLink, feed, teaserCard, teaserList } from "../components/teaser.js";
import { h } from "../dom.js";

const FEED_SIZE = 15; // about as tall as the slots beside it; the link below leads to the rest

export default async function front(context) {
  const { locale, signal } = context;
  const [document_, site] = await Promise.all([api.front(locale, { signal }), siteOf(locale, { signal })]);
  return frontPage(document_, site, context);
}

/** Also used for the preview of a front page. */
export function frontPage(document_, site, context) {
  const { t } = context;
  let { slots = [], latest = [] } = document_;
  if (!slots.length) {
    // Nobody has arranged this front page yet: the newest stories take the places.
    slots = latest.slice(0, 5).map((teaser, i) => ({ ...teaser, slot: { position: i + 1, size: i ? "standard" : "lead" } }));
    latest = latest.slice(5);
  }
  const of = (size) => slots.filter((teaser) => (teaser.slot?.size || "standard") === size);
  const leads = of("lead");
  const standard = of("standard");
  const compact = of("compact");
  const name = site?.name || "Ostriv";

  const node = h("div", { class: "wrap columns front" },
    h("h1", { class: "visually-hidden" }, name),
    h("div", { class: "column-main" },
      slots.length || latest.length ? null : h("p", { class: "empty" }, t("empty.front")),
      leads.map((teaser, i) => teaserCard(teaser, { ...context, variant: "lead", level: 2, eager: i === 0 })),
      h("div", { class: `grid${standard.length % 3 ? "" : " grid-3"}` }, standard.map((teaser) => teaserCard(teaser, { ...context, variant: "standard", level: 2 }))),
      compact.length
        ? h("section", { class: "compact", "aria-label": t("more") },
          h("h2", { class: "side-title" }, t("more")), teaserList(compact, { ...context, variant: "compact", level: 3 }))
        : null,
      siteCall(site, context)),
    h("aside", { class: "column-side", "aria-label": t("latest") },
      latest.length ? [h("h2", { class: "side-title" }, t("latest")), feed(latest.slice(0, FEED_SIZE), context)] : null,
      allLink(context)));

  return {
    name: "front", title: name, description: site?.tagline || "", node,
    translations: (document_.translations || []).map(({ locale, path }) => ({ locale, path })),
  };
}
