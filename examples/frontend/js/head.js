// <title>, description, canonical address, translations and structured data of the page on show.

import { h, safeUrl } from "./dom.js";

let siteName = "Ostriv";
let title = "";

export function setSiteName(name) {
  siteName = name || siteName;
  writeTitle();
}

function writeTitle() {
  if (title !== "") document.title = title && title !== siteName ? `${title} — ${siteName}` : siteName;
}

/** `page`: what a view returns: {title, description, canonical, translations, jsonLd, noindex}. */
export function setHead(page) {
  title = page.title || siteName;
  writeTitle();
  document.documentElement.lang = page.locale;
  document.querySelector('meta[name="description"]').content = page.description || "";

  for (const old of document.head.querySelectorAll("[data-page]")) old.remove();
  const add = (tag, props) => document.head.append(h(tag, { ...props, "data-page": true }));

  if (page.noindex) add("meta", { name: "robots", content: "noindex" });
  else add("link", { rel: "canonical", href: safeUrl(page.canonical) || location.origin + page.path });

  const alternates = page.noindex ? [] : page.translations || [];
  if (alternates.length) {
    add("link", { rel: "alternate", hreflang: page.locale, href: location.origin + page.path });
    for (const { locale, path } of alternates) {
      if (locale !== page.locale) add("link", { rel: "alternate", hreflang: locale, href: location.origin + path });
    }
  }
  if (page.jsonLd && Object.keys(page.jsonLd).length) {
    const data = h("script", { type: "application/ld+json", "data-page": true });
    data.textContent = JSON.stringify(page.jsonLd);
    document.head.append(data);
  }
}
