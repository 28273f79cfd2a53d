// Addresses of this site's own pages, and of what teasers point at.

import { LOCALES } from "./config.js";
import { safeUrl } from "./dom.js";

const e = encodeURIComponent;

export const frontPath = (locale) => `/${locale}/`;
export const sectionPath = (locale, slug) => `/${locale}/section/${e(slug)}/`;
export const authorPath = (locale, slug) => `/${locale}/author/${e(slug)}/`;
export const tagPath = (locale, slug) => `/${locale}/tag/${e(slug)}/`;
export const campaignsPath = (locale) => `/${locale}/campaigns/`;
export const newslettersPath = (locale) => `/${locale}/newsletters/`;

/** A path with parameters, and without a lone "?" where there are none. */
export function withQuery(path, query) {
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

export function allPath(locale, filters = {}) {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value));
  return withQuery(`/${locale}/all/`, query);
}

/**
 * Where a click on a teaser goes: its own path on this site, so that the site may live on another host than the
 * API; for a teaser that points elsewhere, its target.
 */
export function teaserHref(teaser) {
  const target = teaser.target;
  if (target?.url) {
    const url = safeUrl(target.url);
    if (url && !target.external) return new URL(url).pathname;
    if (url) return url;
  }
  return teaser.path || safeUrl(teaser.url) || "#";
}

/** True for addresses that the router shows itself; all others (/donate/, /feeds/, ...) are the server's. */
export function isOwnPath(path) {
  return path === "/" || path === "/preview/" || new RegExp(`^/(${LOCALES.join("|")})(/|$)`).test(path);
}
