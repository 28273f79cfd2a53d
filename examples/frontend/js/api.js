// The only module that talks to the server. It knows the addresses of the public API and nothing of the pages.

import { API } from "./config.js";

/** What went wrong, with the RFC 9457 problem document if the server sent one. `status` 0: no answer at all. */
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem?.detail || problem?.title || `HTTP ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.problem = problem || {};
    /** [{field, message}] */
    this.errors = Array.isArray(problem?.errors) ? problem.errors : [];
  }
}

// Answers kept for going back and forth in the history without waiting; links always ask the server again
// (and are answered 304 from the browser's own cache when nothing changed).
const kept = new Map();
const KEEP_FOR = 5 * 60 * 1000;
const KEEP_MOST = 60;
let traversing = false;

/** While true, answers a few minutes old are good enough: the reader went back to what she has just seen. */
export function setTraversing(value) {
  traversing = value;
}

function address(path, params) {
  const url = new URL(path.replace(/^\//, ""), API);
  for (const [name, value] of Object.entries(params || {})) {
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, value);
  }
  return url.href;
}

async function request(url, init) {
  let response;
  try {
    response = await fetch(url, { credentials: "omit", ...init });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, null);
  }
  const type = response.headers.get("content-type") || "";
  const body = type.includes("json") ? await response.json().catch(() => null) : null;
  if (!response.ok) throw new ApiError(response.status, body);
  return body;
}

/** GET a document. `maxAge` (ms) lets an earlier answer of this visit do. */
async function get(path, params, { signal, maxAge = 0, cache } = {}) {
  const url = address(path, params);
  const earlier = kept.get(url);
  const limit = traversing ? KEEP_FOR : maxAge;
  if (earlier && Date.now() - earlier.at < limit) return earlier.body;
  const body = await request(url, { signal, cache, headers: { Accept: "application/json" } });
  kept.delete(url);
  kept.set(url, { at: Date.now(), body });
  if (kept.size > KEEP_MOST) kept.delete(kept.keys().next().value);
  remember(body);
  return body;
}

async function post(path, data, { locale, signal } = {}) {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  if (locale) headers["Accept-Language"] = locale; // messages about fields come in the page's language
  return request(address(path), { method: "POST", headers, body: JSON.stringify(data), signal });
}

// A teaser names the type and slug of its page, so following a link to it needs no /resolve/ first.
const known = new Map();

function remember(body) {
  const lists = [body?.results, body?.slots, body?.latest, body?.related].filter(Array.isArray);
  for (const { path, type, slug, locale } of lists.flat()) {
    if (path && type && slug && locale) known.set(path, { kind: "page", type, slug, locale, path });
  }
}

/** The cursor inside the `next` or `previous` address of a list, or null. */
export function cursorOf(url) {
  return url ? new URL(url, API).searchParams.get("cursor") : null;
}

const e = encodeURIComponent;
const MINUTE = 60 * 1000;

export const site = (locale, o) => get("site/", { locale }, { maxAge: MINUTE, ...o });
export const front = (locale, o) => get("front/", { locale }, o);
export const content = (params, o) => get("content/", params, o);
export const detail = (type, slug, locale, o) => get(`content/${e(type)}/${e(slug)}/`, { locale }, o);
export const sections = (locale, o) => get("sections/", { locale }, { maxAge: MINUTE, ...o });
export const authors = (locale, o) => get("authors/", { locale }, { maxAge: MINUTE, ...o });
export const author = (slug, locale, o) => get(`authors/${e(slug)}/`, { locale }, o);
export const tags = (locale, o) => get("tags/", { locale }, { maxAge: MINUTE, ...o });
export const types = (o) => get("types/", {}, { maxAge: 10 * MINUTE, ...o });
export const preview = (token, o) => get(`preview/${e(token)}/`, {}, { cache: "no-store", ...o });
export const campaigns = (locale, o) => get("campaigns/", { locale }, o);
export const campaign = (slug, locale, o) => get(`campaigns/${e(slug)}/`, { locale }, o);
export const newsletters = (locale, o) => get("newsletters/", { locale }, { maxAge: MINUTE, ...o });
export const editions = (slug, params, o) => get(`newsletters/${e(slug)}/editions/`, params, o);
export const subscribe = (slug, data, o) => post(`newsletters/${e(slug)}/subscriptions/`, data, o);

/** Fresh figures: the browser must ask, though a 304 is a fine answer. */
export const progress = (slug, o) =>
  request(address(`campaigns/${e(slug)}/progress/`), { cache: "no-cache", ...o });

/** What lives at a reader's path: {kind: "page" | "front" | "redirect", ...}. Throws ApiError 404. */
export async function resolve(path, o) {
  return known.get(path) || get("resolve/", { path }, o);
}

/** Forget what a path pointed to; the page behind a remembered teaser may have moved. */
export function forget(path) {
  return known.delete(path);
}
