// The donation call, and the thermometer that follows a campaign while somebody looks at it.

import * as api from "../api.js";
import { PROGRESS_EVERY, PROGRESS_SLOWEST } from "../config.js";
import { h, safeUrl } from "../dom.js";
import { campaignsPath } from "../links.js";
import { money } from "../money.js";

/** Where giving happens: the campaign's own page (the server's), else the list of campaigns. */
export function donateHref(campaign, locale) {
  return safeUrl(campaign?.url) || campaignsPath(locale);
}

/** `call`: {headline?, text, button, campaign}. `signal` ends the thermometer when the page goes. */
export function donationCall(call, { t, locale, signal, level = 2 }) {
  if (!call) return null;
  const campaign = call.campaign;
  return h("section", { class: "call", "aria-label": call.headline || t("call.headline") },
    h(`h${level}`, { class: "call-headline" }, call.headline || campaign?.headline || t("call.headline")),
    h("p", { class: "call-text" }, call.text || t("call.text")),
    campaign && call.headline && campaign.headline !== call.headline
      ? h("p", { class: "call-campaign" }, campaign.headline) : null,
    campaign?.slug ? thermometer(campaign.slug, campaign.progress, { t, locale, signal }) : null,
    h("a", { class: "button call-button", href: donateHref(campaign, locale) }, call.button || t("donate")));
}

/** A live thermometer. `progress` is the first reading, if there is one; without it the figures are asked for at once. */
export function thermometer(slug, progress, { t, locale, signal, live = true }) {
  const fill = h("div", { class: "thermo-fill" });
  const bar = h("div", { class: "thermo-bar", role: "progressbar", "aria-label": t("thermo.label"), "aria-valuemin": 0, "aria-valuemax": 100 }, fill);
  const raised = h("strong", { class: "thermo-raised", "data-raised": "" });
  const goal = h("span");
  const rest = h("span", { class: "thermo-rest" });
  // Only changes are spoken, and only after the figures on screen have changed.
  const spoken = h("p", { class: "visually-hidden", "aria-live": "polite" });
  const root = h("div", { class: "thermo", "data-campaign": slug },
    bar, h("p", { class: "thermo-figures" }, h("span", null, raised, " ", goal), rest), spoken);

  let latest = null;
  function show(now) {
    const values = {
      raised: money(now.raised, now.currency, locale), goal: money(now.goal, now.currency, locale), percent: now.percent,
    };
    const sentence = t("thermo.spoken", values);
    fill.style.setProperty("--filled", `${Math.max(0, Math.min(100, now.percent))}%`);
    bar.setAttribute("aria-valuenow", String(Math.max(0, Math.min(100, now.percent))));
    bar.setAttribute("aria-valuetext", sentence);
    raised.textContent = values.raised;
    goal.textContent = t("thermo.of", values);
    rest.textContent = `${now.percent}\u00a0% · ${t("donors", { n: now.donors })}`;
    if (latest && latest.raised !== now.raised) {
      spoken.textContent = sentence;
      root.classList.remove("thermo-moved");
      requestAnimationFrame(() => root.classList.add("thermo-moved"));
    }
    latest = now;
  }
  if (progress) show(progress);
  if (live && signal) {
    follow(slug, show, root, signal, progress ? PROGRESS_EVERY : 0, () => {
      root.hidden = !latest; // nothing to show, as when the campaign has been taken down
    });
  } else if (!progress) {
    root.hidden = true;
  }
  return root;
}

/** Ask for the figures again and again while `element` is on screen and the tab in front; slower after errors. */
function follow(slug, show, element, signal, first, failed) {
  let timer = null;
  let onScreen = false;
  let asking = false;
  let pause = first;

  async function ask() {
    timer = null;
    asking = true;
    try {
      show(await api.progress(slug, { signal }));
      pause = PROGRESS_EVERY;
    } catch (error) {
      if (error.name === "AbortError") return;
      failed();
      pause = Math.min(Math.max(pause, PROGRESS_EVERY) * 2, PROGRESS_SLOWEST);
    } finally {
      asking = false;
    }
    plan(pause);
  }
  function plan(delay) {
    const wanted = onScreen && !document.hidden && !signal.aborted;
    if (!wanted) {
      clearTimeout(timer);
      timer = null;
    } else if (!timer && !asking) {
      timer = setTimeout(ask, delay);
    }
  }
  const observer = new IntersectionObserver((entries) => {
    onScreen = entries[entries.length - 1].isIntersecting;
    plan(pause);
  });
  observer.observe(element);
  document.addEventListener("visibilitychange", () => plan(0), { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    observer.disconnect();
  });
}
