// Name of the newspaper, date, languages, search and sections.

import { LOCALES } from "../config.js";
import { day, weekday } from "../dates.js";
import { h, icon } from "../dom.js";
import { LOCALE_NAMES } from "../i18n.js";
import { allPath, campaignsPath, frontPath, sectionPath } from "../links.js";
import { donateHref } from "./donation.js";
import { picture } from "./picture.js";

let last = ""; // so that a page that changes nothing leaves the masthead, and the focus in it, alone
let languages = { locale: LOCALES[0], translations: [] };

export function renderMasthead(root, { locale, t, site }) {
  const now = JSON.stringify([locale, site]);
  if (now === last) return;
  last = now;
  if (languages.locale !== locale) languages = { locale, translations: [] };

  const search = h("form", { class: "search", role: "search", action: allPath(locale), method: "get", id: "search" },
    h("input", {
      type: "search", name: "q", "aria-label": t("search.label"), placeholder: t("search"), maxlength: 200,
      enterkeyhint: "search", autocomplete: "off",
    }),
    h("button", { type: "submit", class: "search-go", "aria-label": t("search") }, icon("search")));

  const toggle = h("button", {
    type: "button", class: "search-toggle", "aria-expanded": "false", "aria-controls": "search",
    "aria-label": t("search.open"),
    on: {
      click() {
        const open = root.toggleAttribute("data-search");
        toggle.setAttribute("aria-expanded", String(open));
        if (open) search.querySelector("input").focus();
      },
    },
  }, icon("search"));
  root.removeAttribute("data-search");

  const call = site?.donation_call;
  root.replaceChildren(
    h("div", { class: "strip" }, h("div", { class: "wrap strip-row" },
      h("p", { class: "today" }, h("span", { class: "weekday" }, `${weekday(Date.now(), locale)},`), day(Date.now(), locale)),
      h("nav", { class: "languages", "aria-label": t("language") }, h("ul", { id: "languages" })))),
    h("div", { class: "wrap masthead-row" },
      h("a", { class: "brand", href: frontPath(locale) },
        site?.logo
          ? picture(site.logo, { sizes: "64px", className: "brand-logo", eager: true, placeholder: false, alt: "" })
          : h("img", { class: "brand-logo", src: "/icon.svg", alt: "", width: 48, height: 48 }),
        h("span", { class: "brand-text" },
          h("span", { class: "brand-name" }, site?.name || "Ostriv"),
          h("span", { class: "brand-tagline" }, site?.tagline || ""))),
      search, toggle,
      h("a", { class: "button support", href: donateHref(call?.campaign, locale) }, t("support"))),
    h("nav", { class: "sections", "aria-label": t("sections") }, h("div", { class: "wrap" },
      h("ul", null,
        h("li", null, h("a", { href: allPath(locale) }, t("all"))),
        (site?.sections || []).map((s) => h("li", null, h("a", { href: sectionPath(locale, s.slug) }, s.name))),
        h("li", null, h("a", { href: campaignsPath(locale) }, t("campaigns")))))));
  drawLanguages();
}

/** Tell which links lead to the page on show, and show its search words in the field. */
export function markCurrent(path, query) {
  for (const link of document.querySelectorAll(".sections a")) {
    if (new URL(link.href).pathname === path) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const field = document.querySelector("#search input");
  if (field && field !== document.activeElement) field.value = query.get("q") || "";
}

/** The switch leads to the same page in another language where there is one, else to that front page. */
export function showLanguages(locale, translations) {
  languages = { locale, translations: translations || [] };
  drawLanguages();
}

function drawLanguages() {
  const list = document.getElementById("languages");
  if (!list) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.lang : null;
  list.replaceChildren(...LOCALES.map((code) => {
    const { name, short } = LOCALE_NAMES[code];
    const same = languages.translations.find((x) => x.locale === code);
    return h("li", null, h("a", {
      href: same?.path || frontPath(code), lang: code, hreflang: code, "aria-label": name, title: name,
      "aria-current": code === languages.locale ? "true" : null,
    }, short));
  }));
  if (focused) list.querySelector(`[lang="${focused}"]`)?.focus();
}
