// Fields and blocks of plugins that this site knows nothing about. They are shown by their shape: text as text,
// pictures as pictures, a list of things that have a link and a quote as a list of quotations. All of it is plain
// text here; if a plugin sends HTML, only the words in it are kept.

import { figure } from "./components/picture.js";
import { teaserList } from "./components/teaser.js";
import { day, dayAndTime, isDay, isTimestamp } from "./dates.js";
import { h, safeUrl } from "./dom.js";
import { money } from "./money.js";

/** What every detail document has; anything else is a field of its type. */
const COMMON = new Set([
  "id", "type", "locale", "slug", "path", "url", "headline", "lede", "section", "authors", "published_at", "updated_at",
  "image", "tags", "source", "target", "body", "keywords", "corrections", "related", "translations", "seo", "json_ld", "slot",
]);

/** Fields that say how a page is kept or announced, not what it tells. */
const BACKSTAGE = /(_slug|_id|_key)$|^preheader$/;

const WORK = ["headline", "title", "name", "label"];
const OUTLET = ["outlet", "publisher", "organisation", "organization", "place"];
const PLACE = ["country", "city", "language"];
const LINK = ["url", "link", "href"];
const QUOTE = ["quote", "quotation", "excerpt"];
const TECHNICAL = new Set(["id", "type", "slug", "path", "locale", "translation_key", "alt"]);

/** The fields that this type adds to the common ones, as nodes. */
export function extraFields(detail, context) {
  const simple = [];
  const nodes = [];
  for (const [name, value] of Object.entries(detail)) {
    if (COMMON.has(name) || BACKSTAGE.test(name) || empty(value)) continue;
    const inline = scalar(value, context);
    if (inline) simple.push(h("div", null, h("dt", null, label(name, context)), h("dd", null, inline)));
    else nodes.push(h("section", { class: "extra", "data-field": name }, anything(value, context)));
  }
  if (simple.length) nodes.unshift(h("dl", { class: "facts" }, simple));
  return nodes;
}

/** Any JSON value as a node, or null when there is nothing to show. */
export function anything(value, context) {
  if (empty(value)) return null;
  if (Array.isArray(value)) return list(value, context);
  if (typeof value === "object") return object(value, context);
  if (typeof value === "string" && /[\n<]/.test(value)) {
    return h("div", { class: "rich" }, words(value).map((line) => h("p", null, line)));
  }
  return h("p", null, scalar(value, context));
}

function list(items, context) {
  const things = items.filter((item) => !empty(item));
  // A stream of blocks, as a body is one. (`stream` renders it; handed in, because it comes back here for new blocks.)
  if (context.stream && things.every((item) => typeof item.type === "string" && "value" in item)) return h("div", { class: "body" }, context.stream(things, context));
  if (things.every((item) => item.headline && item.path)) return teaserList(things, { ...context, variant: "aside" });
  if (things.every((item) => typeof item !== "object")) {
    return h("ul", { class: "plain-list" }, things.map((item) => h("li", null, scalar(item, context))));
  }
  return h("ol", { class: "pieces" }, things.map((item) => h("li", { class: "piece" }, anything(item, context))));
}

function object(value, context) {
  if (value.renditions) return figure(value, { t: context.t, sizes: "(min-width: 64rem) 44rem, 100vw" });
  if (Number.isInteger(value.amount) && value.currency) return h("p", null, scalar(value, context));
  // StreamField items carry their fields one level down.
  if (value.value !== undefined && value.type) return anything(value.value, context);
  return piece(value, context);
}

/** One thing with a name, a link, perhaps a quotation and a remark: a cited article, a book, an event. */
function piece(value, context) {
  const used = new Set();
  const take = (names) => {
    const name = names.find((n) => typeof value[n] === "string" && value[n].trim());
    if (name) used.add(name);
    return name ? value[name] : null;
  };
  const title = take(WORK);
  const outlet = take(OUTLET);
  const rawLink = take(LINK);
  const link = safeUrl(rawLink);
  const quotation = take(QUOTE);
  const place = take(PLACE);
  const when = Object.keys(value).find((n) => isDay(value[n]) || isTimestamp(value[n]));
  if (when) used.add(when);
  const origin = [place, when ? scalar(value[when], context) : null].filter(Boolean);
  const linked = (text) => (link ? h("a", { href: link, rel: "external noopener" }, text) : text);

  const nodes = [];
  if (outlet || origin.length) {
    nodes.push(h("p", { class: "meta" },
      outlet ? h("span", { class: "piece-outlet" }, title || !link ? outlet : linked(outlet)) : null,
      origin.map((part) => h("span", { class: "time" }, part))));
  }
  if (title) nodes.push(h("p", { class: "piece-title" }, linked(title)));
  if (!title && !outlet && link) nodes.push(h("p", { class: "piece-title" }, linked(host(link))));
  if (quotation) nodes.push(h("blockquote", { class: "piece-quote" }, words(quotation).map((line) => h("p", null, line))));
  for (const [name, v] of Object.entries(value)) {
    if (used.has(name) || TECHNICAL.has(name) || empty(v)) continue;
    let node;
    if (isTimestamp(v) || isDay(v)) node = h("p", { class: "piece-fact" }, scalar(v, context));
    else if (typeof v === "number" || typeof v === "boolean") {
      node = h("p", { class: "piece-fact" }, `${label(name, context)}: `, scalar(v, context));
    } else node = anything(v, context);
    if (node) nodes.push(node);
  }
  return nodes.length ? h("div", { class: "piece-body" }, nodes) : null;
}

/** A value that fits on a line: text, number, date, yes or no, link, money. Null for everything else. */
function scalar(value, { t, locale }) {
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "number") return new Intl.NumberFormat(locale).format(value);
  if (isDay(value)) return h("time", { datetime: value }, day(value, locale));
  if (isTimestamp(value)) return h("time", { datetime: value }, dayAndTime(value, locale));
  if (typeof value === "string") {
    if (/^https?:\/\//.test(value) && safeUrl(value)) return h("a", { href: safeUrl(value), rel: "external noopener" }, host(value));
    return /[\n<]/.test(value) || value.length > 160 ? null : value;
  }
  if (value && Number.isInteger(value.amount) && typeof value.currency === "string") {
    return money(value.amount, value.currency, locale);
  }
  return null;
}

/** The paragraphs of a text; of HTML only the words (DOMParser runs and fetches nothing). */
export function words(text) {
  if (!/<[a-z!/]/i.test(text)) return text.split(/\n+/).filter((line) => line.trim());
  const { body } = new DOMParser().parseFromString(text, "text/html");
  const blocks = [...body.querySelectorAll("p, li, h1, h2, h3, h4, blockquote")].filter((x) => !x.querySelector("p, li"));
  const found = (blocks.length ? blocks : [body]).map((x) => x.textContent.trim());
  return found.filter(Boolean);
}

function host(url) {
  return new URL(url).hostname.replace(/^www\./, "");
}

/** What a field is called: our own word for the common ones, else its name in the API made readable. */
function label(name, { t }) {
  const key = `field.${name}`;
  if (t(key) !== key) return t(key);
  const text = name.replace(/_(at|on)$/, "").replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function empty(value) {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.every(empty);
  return typeof value === "object" && Object.keys(value).length === 0;
}
