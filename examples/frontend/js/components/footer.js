// Who we are, the ways onward, and the newsletter.

import { h } from "../dom.js";
import { allPath, campaignsPath, newslettersPath, sectionPath } from "../links.js";
import { newsletterSlot } from "./newsletter.js";

let last = "";

export function renderFooter(root, { locale, t, site }) {
  const now = JSON.stringify([locale, site]);
  if (now === last) return;
  last = now;
  const link = (href, text) => h("li", null, h("a", { href }, text));
  root.replaceChildren(h("div", { class: "wrap footer-grid" },
    h("div", { class: "footer-about" },
      h("p", { class: "footer-name" }, site?.name || "Ostriv"),
      h("p", null, site?.tagline || t("footer.about")),
      h("p", { class: "footer-small" }, "© ", String(new Date().getFullYear()), " ", site?.name || "", ". ",
        t("footer.made"), ".")),
    h("nav", { "aria-label": t("site"), class: "footer-links" }, h("ul", null,
      (site?.sections || []).map((s) => link(sectionPath(locale, s.slug), s.name)),
      link(allPath(locale), t("all")),
      link(campaignsPath(locale), t("campaigns")),
      link(newslettersPath(locale), t("newsletters")))),
    newsletterSlot({ locale, t })));
}
