// Lists by cursor: everything, a section, an author, a tag.

import * as api from "../api.js";
import { siteCall, siteOf } from "../components/aside.js";
import { pager } from "../components/pager.js";
import { figure } from "../components/picture.js";
import { allLink, teaserList } from "../components/teaser.js";
import { LOCALES, PAGE_SIZE } from "../config.js";
import { startOfDay } from "../dates.js";
import { h, icon, uid } from "../dom.js";
import { typeName } from "../i18n.js";
import { allPath, authorPath, sectionPath } from "../links.js";

const FILTERS = ["q", "type", "section", "from", "to"];

function page(context, filters) {
  const { locale, query, signal } = context;
  return api.content({ locale, page_size: PAGE_SIZE, cursor: query.get("cursor"), ...filters }, { signal });
}

function layout(context, { head, list, site, withAll = true }) {
  const { t } = context;
  return h("div", { class: "wrap columns" },
    h("div", { class: "column-main" },
      head,
      list.results.length
        ? teaserList(list.results, { ...context, variant: "row", level: 2 }) : h("p", { class: "empty", role: "status" }, t("empty")),
      pager(list, context)),
    h("aside", { class: "column-side" }, siteCall(site, context), withAll ? allLink(context) : null));
}

/** Where there is a page of the same slug in another language, the language switch leads there. */
async function sameSlug(context, fetchList, path) {
  const { locale, params, signal } = context;
  const others = await Promise.all(LOCALES.filter((code) => code !== locale).map(async (code) => {
    const list = await fetchList(code, { signal }).catch(() => null);
    const items = Array.isArray(list) ? list : list?.results || [];
    return items.some((item) => item.slug === params.slug) ? { locale: code, path: path(code, params.slug) } : null;
  }));
  return others.filter(Boolean);
}

/** An entry of a whole list by its slug, else a 404 like the API's own. */
function entry(list, slug) {
  const items = Array.isArray(list) ? list : list?.results || [];
  const found = items.find((item) => item.slug === slug);
  if (!found) throw new api.ApiError(404, null);
  return found;
}

export async function section(context) {
  const { locale, params, t, signal } = context;
  const translations = sameSlug(context, api.sections, sectionPath);
  const [list, all, site] = await Promise.all([
    page(context, { section: params.slug }), api.sections(locale, { signal }), siteOf(locale, { signal }),
  ]);
  const found = entry(all, params.slug);
  const head = h("header", { class: "list-head" },
    h("p", { class: "kicker" }, t("section")), h("h1", null, found.name),
    found.description ? h("p", { class: "standfirst" }, found.description) : null);
  return { title: found.name, description: found.description, translations, node: layout(context, { head, list, site }) };
}

export async function author(context) {
  const { locale, params, t, signal } = context;
  const translations = sameSlug(context, api.authors, authorPath);
  const [list, found, site] = await Promise.all([
    page(context, { author: params.slug }), api.author(params.slug, locale, { signal }), siteOf(locale, { signal }),
  ]);
  const head = h("header", { class: "list-head author-head" },
    figure(found.photo, { t, sizes: "8rem", className: "portrait" }),
    h("div", null,
      h("p", { class: "kicker" }, found.role || t("author")), h("h1", null, found.name),
      found.bio ? h("p", { class: "standfirst" }, found.bio) : null,
      Number.isInteger(found.count) ? h("p", { class: "muted" }, t("materials", { n: found.count })) : null));
  return { title: found.name, description: found.bio || found.role, translations, node: layout(context, { head, list, site }) };
}

export async function tag(context) {
  const { locale, params, t, signal } = context;
  const [list, tags, site] = await Promise.all([
    page(context, { tag: params.slug }), api.tags(locale, { signal }).catch(() => null), siteOf(locale, { signal }),
  ]);
  const items = Array.isArray(tags) ? tags : tags?.results || [];
  const name = items.find((item) => item.slug === params.slug)?.name || params.slug;
  const head = h("header", { class: "list-head" }, h("p", { class: "kicker" }, t("tag")), h("h1", null, name));
  return { title: name, noindex: !list.results.length, node: layout(context, { head, list, site }) };
}

/** All articles; also the search results. Every filter is in the address, so a list can be shared and bookmarked. */
export async function all(context) {
  const { locale, query, t, signal } = context;
  const q = query.get("q") || "";
  const [list, sections, types, site] = await Promise.all([
    page(context, {
      q, type: query.get("type"), section: query.get("section"),
      published_after: startOfDay(query.get("from")), published_before: startOfDay(query.get("to"), 1),
    }),
    api.sections(locale, { signal }).catch(() => null), api.types({ signal }).catch(() => null), siteOf(locale, { signal }),
  ]);
  const title = q ? t("results.for", { q }) : t("all");
  const head = h("header", { class: "list-head" }, h("h1", null, title), filterBox(context, sections?.results || [], types?.results || []));
  return {
    title, node: layout(context, { head, list, site, withAll: false }),
    noindex: Boolean(q), translations: LOCALES.filter((code) => code !== locale).map((code) => ({ locale: code, path: allPath(code) })),
  };
}

/** Folded away on a phone, where the list itself should be in sight, unless a filter is on. */
function filterBox(context, sections, types) {
  const { t, query } = context;
  const used = FILTERS.some((name) => query.get(name));
  const wide = matchMedia("(min-width: 40rem)").matches;
  return h("details", { class: "filter-box", open: used || wide },
    h("summary", null, t("filters")), filters(context, sections, types, used));
}

function filters({ locale, t, query }, sections, types, used) {
  const field = (name, text, control, className = "filter") => {
    control.id = uid(name);
    return h("div", { class: className }, h("label", { for: control.id }, text), control);
  };
  const choice = (name, text, options) => field(name, text, h("select", { name },
    h("option", { value: "" }, t("filter.any")),
    options.map(({ value, label }) => h("option", { value, selected: query.get(name) === value }, label))));
  const input = (name, text, type, className) =>
    field(name, text, h("input", { type, name, value: query.get(name) || null, maxlength: type === "search" ? 200 : null }), className);
  return h("form", { class: "filters", method: "get", action: allPath(locale), "aria-label": t("filters") },
    input("q", t("search"), "search", "filter filter-q"),
    choice("section", t("filter.section"), sections.map((s) => ({ value: s.slug, label: s.name }))),
    choice("type", t("filter.type"), types.filter((x) => x.listed).map((x) => ({ value: x.type, label: typeName(locale, x.type, x.name) }))),
    input("from", t("filter.from"), "date"), input("to", t("filter.to"), "date"),
    h("div", { class: "filter-go" }, h("button", { type: "submit", class: "button" }, icon("search"), " ", t("filter")),
      used ? h("a", { href: allPath(locale) }, t("filter.reset")) : null));
}
