// The body of a page: one function a block type, and a plain rendering for types that this site does not know.

import { donationCall } from "./components/donation.js";
import { embed } from "./components/embed.js";
import { figure } from "./components/picture.js";
import { teaserList } from "./components/teaser.js";
import { h, icon, safeUrl } from "./dom.js";
import { anything } from "./generic.js";

const WIDE = "(min-width: 64rem) 44rem, 100vw";

/**
 * Rich text. The API sanitises `paragraph` and the text of `pullout` (an allow-list of tags, attributes and link
 * schemes) before it publishes them; these two are the only strings on this site that are read as HTML.
 */
function richText(html, className) {
  const element = h("div", { class: className });
  element.innerHTML = html || "";
  for (const link of element.querySelectorAll("a[href]")) {
    if (new URL(link.href, location.origin).origin !== location.origin) link.rel = "external noopener";
  }
  return element;
}

function quote({ text, attribution, role }) {
  return h("figure", { class: "quote" },
    h("blockquote", null, lines(text).map((line) => h("p", null, line))),
    attribution
      ? h("figcaption", null, h("cite", null, attribution), role ? h("span", { class: "quote-role" }, `, ${role}`) : null)
      : null);
}

function lines(text) {
  return String(text || "").split(/\n+/).filter((line) => line.trim());
}

function gallery({ images }, { t }) {
  return h("div", { class: "gallery", role: "group", "aria-label": t("gallery") }, (images || []).map((item) =>
    figure(item.image, { caption: item.caption, t, sizes: "(min-width: 40rem) 22rem, 100vw" })));
}

function table({ caption, head, rows }, { t }) {
  const columns = head && head.length && head.some(Boolean) ? head : null;
  // The frame scrolls, not the page; a scrolling region has to be reachable with the keyboard.
  return h("div", { class: "table-frame", role: "region", tabindex: 0, "aria-label": caption || t("table") },
    h("table", null,
      caption ? h("caption", null, caption) : null,
      columns ? h("thead", null, h("tr", null, columns.map((cell) => h("th", { scope: "col" }, cell)))) : null,
      h("tbody", null, (rows || []).map((row) => h("tr", null, row.map((cell) => h("td", null, cell)))))));
}

function file({ title, url, size, filename }, { t }) {
  const href = safeUrl(url);
  if (!href) return null;
  return h("p", { class: "document" }, icon("file"),
    h("a", { href, download: filename || true }, title || filename || t("document")),
    h("span", { class: "document-size" }, [filename, fileSize(size)].filter(Boolean).join(", ")));
}

function fileSize(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

const renderers = {
  heading: ({ text, level }) => h(level === 3 ? "h3" : "h2", { class: "body-heading" }, text),
  paragraph: (html) => richText(html, "rich"),
  quote,
  image: ({ image, caption }, { t }) => figure(image, { caption, t, sizes: WIDE }),
  gallery,
  embed,
  table,
  document: file,
  pullout: ({ title, text }) => h("aside", { class: "pullout", "aria-label": title || null },
    title ? h("p", { class: "pullout-title" }, title) : null, richText(text, "rich")),
  // What the author left empty is as the newsroom's own call has it.
  donation_call: (value, context) => {
    const own = Object.entries(value).filter(([, part]) => part);
    return donationCall({ ...context.site?.donation_call, ...Object.fromEntries(own) }, context);
  },
  related: (teasers, context) => Array.isArray(teasers) && teasers.length
    ? h("aside", { class: "related", "aria-label": context.t("related") },
      h("h2", { class: "side-title" }, context.t("related")), teaserList(teasers, { ...context, variant: "aside", level: 3 }))
    : null,
};

// What an edition of a newsletter is made of, beside the above.
Object.assign(renderers, {
  teasers: ({ heading, pages, teasers }, context) => {
    const shown = (teasers || pages || []).filter((teaser) => teaser?.headline);
    return shown.length ? h("div", null, heading ? h("h2", { class: "side-title" }, heading) : null,
      teaserList(shown, { ...context, variant: "row", level: 3 })) : null;
  },
  divider: () => h("hr"),
});

/** All blocks of a body. A block that cannot be shown is left out; it never takes the article with it. */
export function renderBody(body, context) {
  return (body || []).map((block) => {
    const known = Object.hasOwn(renderers, block.type);
    let node = null;
    try {
      node = known ? renderers[block.type](block.value, context) : anything(block.value, { ...context, stream: renderBody });
    } catch (error) {
      console.warn(`The block "${block.type}" could not be shown.`, error);
    }
    return node ? h("div", { class: `block block-${known ? block.type.replace("_", "-") : "other"}` }, node) : null;
  });
}
