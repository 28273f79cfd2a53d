// Navigation with real links and the History API: one view at a time goes into <main>.

import { forget, setTraversing } from "./api.js";
import { updateChrome } from "./components/chrome.js";
import { showLanguages } from "./components/masthead.js";
import { skeleton } from "./components/skeleton.js";
import { failure } from "./components/states.js";
import { LOCALES } from "./config.js";
import { setHead } from "./head.js";
import { preferredLocale, translator } from "./i18n.js";
import { isOwnPath, withQuery } from "./links.js";

/** A view throws this to send the reader on, for instance when a page has moved. */
export class Redirect extends Error {
  constructor(path) {
    super(path);
    this.path = path;
  }
}

const main = document.getElementById("main");
const progress = document.getElementById("progress");
const SKELETON_AFTER = 250; // ms; a faster answer should not flash

let routes = [];
let shown = null; // path and query that <main> shows
let current = new AbortController();

export function start(table) {
  routes = table;
  history.scrollRestoration = "manual";
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  addEventListener("popstate", () => {
    // A jump inside the page (#main) also ends up here; the browser has done it already.
    if (location.pathname + location.search !== shown) render({ traversing: true, focus: true });
  });
  addEventListener("pagehide", rememberScroll);
  render({ traversing: Number.isFinite(history.state?.y) });
}

/** Show another page of this site. */
export function navigate(path, { replace = false } = {}) {
  rememberScroll();
  history[replace ? "replaceState" : "pushState"]({}, "", path);
  render({ focus: true });
}

/** Show the same page again, asking the server anew. */
export function reload() {
  forget(location.pathname);
  render({ focus: true });
}

/** Show what the server has now at this address, in place: nothing flickers, scrolls or takes the focus. */
export function refresh() {
  render({ quiet: true });
}

function rememberScroll() {
  history.replaceState({ ...history.state, y: scrollY }, "");
}

function onClick(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || !isOwnPath(url.pathname)) return;
  if (url.hash && url.pathname === location.pathname && url.search === location.search) return;
  event.preventDefault();
  navigate(url.pathname + url.search + url.hash);
}

// Forms with method="get" are links with parameters (search, filters). They would work without this, too.
function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "get") return;
  const url = new URL(form.action);
  if (url.origin !== location.origin || !isOwnPath(url.pathname)) return;
  event.preventDefault();
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
  navigate(withQuery(url.pathname, query));
}

function match() {
  const path = location.pathname;
  const [, first] = path.split("/");
  const locale = LOCALES.includes(first) ? first : null;
  const rest = locale ? path.slice(first.length + 1) : path;
  if (locale || /^\/preview\//.test(path)) {
    for (const route of routes) {
      const found = route.pattern.exec(rest);
      if (!found || (route.name === "preview") !== !locale) continue;
      const params = {};
      (route.params || []).forEach((name, i) => {
        params[name] = decode(found[i + 1] || "");
      });
      return { route, params, locale: locale || preferredLocale() };
    }
  }
  return { route: null, params: {}, locale: locale || preferredLocale() };
}

function decode(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Canonical spelling of the address: a language first, a slash at the end. */
function normalise() {
  let path = location.pathname;
  if (path === "/" || path === "/index.html") path = `/${preferredLocale()}/`;
  if (!path.endsWith("/")) path += "/";
  if (path !== location.pathname) history.replaceState(history.state, "", path + location.search + location.hash);
}

async function render({ traversing = false, focus = false, quiet = false, hops = 0 } = {}) {
  current.abort();
  current = new AbortController();
  const { signal } = current;
  normalise();
  shown = location.pathname + location.search;
  const { route, params, locale } = match();
  const t = translator(locale);
  const context = {
    locale, t, params, signal, path: location.pathname, query: new URLSearchParams(location.search),
  };

  setTraversing(traversing);
  main.setAttribute("aria-busy", "true");
  progress.hidden = quiet;
  const waiting = quiet ? 0 : setTimeout(() => show(skeleton(route?.name, t)), focus ? SKELETON_AFTER : 0);
  updateChrome(context);

  let page;
  try {
    if (!route) throw Object.assign(new Error("no such page"), { status: 404 });
    page = await route.view(context);
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof Redirect && hops < 5) {
      clearTimeout(waiting);
      const target = new URL(error.path, location.origin);
      if (target.origin !== location.origin || !isOwnPath(target.pathname)) return location.replace(target.href);
      history.replaceState({}, "", target.pathname + target.search);
      return render({ focus, hops: hops + 1 });
    }
    if (!(error.status >= 0)) console.error(error); // a fault of ours, not an answer of the server
    page = failure(error, { ...context, retry: reload });
  }
  clearTimeout(waiting);
  if (signal.aborted) return undefined;

  const name = page.name || route?.name || "missing";
  if (page.locale && page.locale !== locale) updateChrome({ ...context, locale: page.locale });
  show(page.node, name);
  setTraversing(false);
  main.setAttribute("aria-busy", "false");
  progress.hidden = true;
  const own = { ...page, locale: page.locale || locale, path: location.pathname };
  const tell = (translations) => {
    if (signal.aborted) return;
    setHead({ ...own, translations });
    showLanguages(own.locale, translations);
  };
  // Where the page is in other languages may take another question; the page does not wait for that.
  if (page.translations instanceof Promise) {
    tell([]);
    page.translations.then(tell, () => {});
  } else {
    tell(page.translations || []);
  }
  settle({ traversing, focus });
  return undefined;
}

function show(node, name = "loading") {
  main.dataset.view = name;
  main.replaceChildren(node);
}

/** Put the scroll position and the focus where a full page load would have put them. */
function settle({ traversing, focus }) {
  const anchor = location.hash.length > 1 && document.getElementById(decode(location.hash.slice(1)));
  if (focus) {
    const heading = main.querySelector("h1") || main;
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
  }
  if (traversing && Number.isFinite(history.state?.y)) scrollTo(0, history.state.y);
  else if (anchor) anchor.scrollIntoView();
  else if (focus) scrollTo(0, 0);
}
