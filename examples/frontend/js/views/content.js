// Everything that has a path of its own: articles, reviews, campaigns, editions, whatever a plugin adds.

import * as api from "../api.js";
import { latest, siteOf } from "../components/aside.js";
import { Redirect } from "../router.js";
import { frontPath } from "../links.js";
import { articlePage } from "./article.js";
import { campaignPage } from "./campaign.js";

export default async function content(context) {
  const { locale, path, signal } = context;
  // The column and the site's settings do not depend on what the path is; ask for them meanwhile.
  const around = Promise.all([latest(locale, { signal }), siteOf(locale, { signal })]);
  around.catch(() => {}); // heard below, unless the page itself fails first
  const found = await api.resolve(path, { signal });
  if (found.kind === "redirect") throw new Redirect(found.location);
  if (found.kind === "front") throw new Redirect(found.path || frontPath(found.locale || locale));
  let detail;
  try {
    // A campaign's own address has its figures as well.
    detail = found.type === "campaign"
      ? await api.campaign(found.slug, found.locale, { signal })
      : await api.detail(found.type, found.slug, found.locale, { signal });
  } catch (error) {
    // The teaser that we remembered this path from may be older than a move of the page: ask what is there now.
    if (error.status === 404 && api.forget(path)) return content(context);
    throw error;
  }
  const [list, site] = await around;
  return detailPage(detail, { list, site }, context);
}

/** The page of a detail document; also used for previews. */
export function detailPage(detail, around, context) {
  const make = detail.type === "campaign" ? campaignPage : articlePage;
  return {
    name: detail.type === "campaign" ? "campaign" : "article",
    title: detail.seo?.title || detail.headline,
    description: detail.seo?.description || detail.lede,
    canonical: detail.seo?.canonical || null,
    translations: detail.translations || [],
    jsonLd: detail.json_ld,
    node: make(detail, around, context),
  };
}
