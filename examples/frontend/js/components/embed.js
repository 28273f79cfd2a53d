// Embedded posts and videos, without telling their platform anything before the reader asks for them.

import { h, safeUrl } from "../dom.js";

/**
 * A card with a link. If the API gave markup for it, a button shows it in place: in a sandboxed frame, never in
 * our own document.
 */
export function embed(value, { t }) {
  const url = safeUrl(value.url);
  const provider = value.provider || (url ? new URL(url).hostname.replace(/^www\./, "") : "");
  const card = h("div", { class: "embed-card" },
    h("p", { class: "embed-provider" }, provider),
    h("p", { class: "embed-title" }, url ? h("a", { href: url, rel: "external noopener" }, value.title || url) : value.title || ""),
    url ? h("p", { class: "embed-open" }, h("a", { href: url, rel: "external noopener" }, t("embed.open", { provider }), " ↗")) : null);
  const root = h("figure", { class: "embed" }, card);
  if (value.html) {
    const note = h("p", { class: "embed-note", role: "status" }, t("embed.note", { provider }));
    const button = h("button", {
      type: "button", class: "button button-quiet",
      on: {
        click() {
          const player = frame(value.html, value.title || provider);
          // A site whose Content-Security-Policy does not list the platform keeps the link.
          const blocked = (event) => {
            if (!event.effectiveDirective.startsWith("frame-src") && !event.effectiveDirective.startsWith("default-src")) return;
            document.removeEventListener("securitypolicyviolation", blocked);
            player.replaceWith(card);
            button.remove();
            note.textContent = t("embed.blocked");
          };
          document.addEventListener("securitypolicyviolation", blocked);
          card.replaceWith(player);
          button.remove();
          note.textContent = "";
          note.append(h("a", { href: url, rel: "external noopener" }, t("embed.open", { provider }), " ↗"));
        },
      },
    }, t("embed.show"));
    card.append(button);
    root.append(note);
  }
  return root;
}

function frame(html, title) {
  // DOMParser makes an inert document: no script runs and nothing is fetched while we look for the player.
  const inner = new DOMParser().parseFromString(html, "text/html").querySelector("iframe");
  const src = inner && safeUrl(inner.getAttribute("src"));
  const props = { class: "embed-frame", title, loading: "lazy", allow: "fullscreen; picture-in-picture", referrerpolicy: "strict-origin-when-cross-origin" };
  if (src && src.startsWith("https:") && new URL(src).origin !== location.origin) {
    // Its own origin is another one than ours, so allow-same-origin gives it nothing of this site.
    return h("iframe", { ...props, sandbox: "allow-scripts allow-same-origin allow-popups allow-presentation", src });
  }
  return h("iframe", { ...props, sandbox: "allow-scripts allow-popups", srcdoc: html });
}
