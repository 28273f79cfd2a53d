// The donation page: keeps the thermometer moving, sends the form, says what became of a donation.
// Without this script the page is still read, and the form still leads to the checkout.

const data = JSON.parse(document.getElementById("campaign").textContent);
const texts = data.texts;
const find = (selector) => document.querySelector(selector);
const api = "/api/v1";

// --- figures, written as the worker writes them ---------------------------------------------------------------

const numbers = new Intl.NumberFormat(data.locale, { minimumGroupingDigits: 1 });
const plurals = new Intl.PluralRules(data.locale);

function money(minor) {
  return new Intl.NumberFormat(data.locale, {
    style: "currency",
    currency: data.currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: minor % 100 === 0 ? 0 : 2,
    maximumFractionDigits: minor % 100 === 0 ? 0 : 2,
  }).format(minor / 100);
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

function donorsText(count) {
  if (count <= 0) return texts.donors_none;
  const form = { one: "one", few: "few" }[plurals.select(count)] ?? "many";
  return fill(texts[`donors_${form}`], { n: numbers.format(count) });
}

// "1 500,50" in minor units, or null. Without floats: 0.1 + 0.2 has no place in money.
function parseMajor(text) {
  const match = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.replace(/\s/g, "").replace(",", "."));
  return match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : null;
}

// --- thermometer ----------------------------------------------------------------------------------------------

const bar = find("[data-bar]");
const thermometer = find(".thermometer");
const shown = { raised: data.raised, donors: data.donors, goal: data.goal };
let etag = "";

function show(progress) {
  const { raised, donors, goal, percent } = progress;
  if (raised === shown.raised && donors === shown.donors && goal === shown.goal) return;
  const grew = raised > shown.raised;
  Object.assign(shown, { raised, donors, goal });
  const sum = money(Math.max(0, raised));
  find("[data-raised]").textContent = sum;
  find(".sums span").textContent = find(".sums span").textContent.replace(/ .*/, ` ${money(goal)}`);
  find("[data-reached]").textContent = fill(texts.reached, { percent });
  find("[data-donors]").textContent = donorsText(donors);
  find("[data-said]").textContent = `${texts.raised}: ${sum}`;
  bar.max = goal;
  bar.value = Math.max(0, Math.min(raised, goal));
  bar.setAttribute("aria-label", find(".sums").textContent.trim());
  if (grew) {
    thermometer.classList.remove("moved");
    void thermometer.offsetWidth;
    thermometer.classList.add("moved");
  }
}

async function askProgress() {
  const response = await fetch(`${api}/campaigns/${data.slug}/progress/`, {
    headers: etag ? { "If-None-Match": etag } : {},
    cache: "no-cache",
    signal: AbortSignal.timeout(8000),
  });
  if (response.status === 304) return;
  if (!response.ok) throw new Error(String(response.status));
  etag = response.headers.get("ETag") ?? "";
  show(await response.json());
}

const EVERY = 1000;
const AT_MOST = 30000;
let pause = EVERY;
let timer = 0;

async function poll() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    await askProgress();
    pause = EVERY;
  } catch {
    pause = Math.min(pause * 2, AT_MOST); // a server that is down is left alone
  }
  clearTimeout(timer);
  timer = setTimeout(poll, pause);
}

document.addEventListener("visibilitychange", () => {
  pause = EVERY;
  poll();
});
poll();

// --- what became of a donation ----------------------------------------------------------------------------------

const thanks = find("#thanks");
const FINAL = new Set(["paid", "declined", "expired", "refunded", "charged_back", "failed"]);

function sayStatus(donation) {
  const kind = { charged_back: "refunded", failed: "declined" }[donation.status] ?? donation.status;
  const text = fill(texts[`thanks_${kind}`] ?? texts.thanks_pending, { amount: money(donation.amount) });
  thanks.classList.toggle("bad", kind !== "paid" && kind !== "pending");
  thanks.dataset.status = donation.status;
  const line = find("[data-thanks-status]");
  if (line.textContent !== text) line.textContent = text;
}

async function follow(id) {
  thanks.classList.add("shown");
  thanks.focus({ preventScroll: true });
  const since = Date.now();
  for (;;) {
    try {
      const response = await fetch(`${api}/donations/${encodeURIComponent(id)}/`, { cache: "no-store" });
      if (response.status === 404) {
        thanks.classList.remove("shown");
        return;
      }
      if (response.ok) {
        const donation = await response.json();
        sayStatus(donation);
        // A decline may still be followed by the payment of a second try: keep an eye on it for a while.
        if (donation.status === "paid" || (FINAL.has(donation.status) && Date.now() - since > 20000)) return;
      }
    } catch {
      // asked again below
    }
    const waited = Date.now() - since;
    if (waited > 60000 && !thanks.classList.contains("bad")) find("[data-thanks-status]").textContent = texts.thanks_later;
    if (waited > 600000) return;
    await new Promise((resolve) => setTimeout(resolve, waited > 60000 ? 5000 : 1000));
  }
}

const donationId = new URLSearchParams(location.search).get("donation");
if (donationId) follow(donationId);

// --- the form ---------------------------------------------------------------------------------------------------

const form = find("[data-form]");
const submit = find("[data-submit]");
const errorLine = find("[data-error]");

function chosenAmount() {
  const own = form.elements.own_amount.value.trim();
  if (own) return parseMajor(own);
  const chosen = form.querySelector('input[name="amount"]:checked');
  return chosen ? Number(chosen.value) : null;
}

function tell(text) {
  errorLine.textContent = text;
  errorLine.hidden = !text;
}

function nameButton() {
  const amount = chosenAmount();
  submit.textContent = amount ? fill(texts.give_amount, { amount: money(amount) }) : texts.give;
}

// crypto.randomUUID exists on secure origins only, and a newsroom tries this out on its local network first.
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

let key = newKey();

async function give() {
  const amount = chosenAmount();
  const limits = { least: money(data.least), most: money(data.most) };
  if (amount === null || amount < data.least || amount > data.most) {
    tell(fill(texts.error_amount, limits));
    form.elements.own_amount.focus();
    return;
  }
  if (!form.reportValidity()) return;
  const fields = new FormData(form);
  const body = {
    amount,
    currency: data.currency,
    gateway: fields.get("gateway") ?? "",
    name: fields.get("name").trim(),
    email: fields.get("email").trim(),
    message: fields.get("message").trim(),
    anonymous: fields.has("anonymous"),
    return_url: `${location.origin}${location.pathname}#thanks`,
    locale: data.locale,
  };
  submit.setAttribute("aria-busy", "true");
  submit.textContent = texts.working;
  tell("");
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30000),
    });
    const answer = await response.json();
    if (response.ok) {
      location.assign(answer.checkout_url);
      return;
    }
    key = newKey();
    const first = answer.errors?.[0];
    tell(first?.field === "amount" ? fill(texts.error_amount, limits) : (first?.message ?? answer.detail ?? texts.error));
  } catch {
    tell(texts.error); // the same key: if the first request did arrive, the second one continues it
  }
  submit.removeAttribute("aria-busy");
  nameButton();
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-busy") !== "true") give();
  });
  form.addEventListener("input", (event) => {
    const { name } = event.target;
    if (name === "own_amount" && event.target.value.trim()) {
      for (const radio of form.querySelectorAll('input[name="amount"]')) radio.checked = false;
    }
    if (name === "amount") form.elements.own_amount.value = "";
    key = newKey();
    tell("");
    nameButton();
  });
  // Back from the checkout by the browser's own button: the page comes from its cache as it was left.
  addEventListener("pageshow", () => {
    submit.removeAttribute("aria-busy");
    key = newKey();
    nameButton();
  });
  nameButton();
}

// --- sharing ----------------------------------------------------------------------------------------------------

const copy = find("[data-copy]");
if (copy && navigator.clipboard) {
  copy.parentElement.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(find('link[rel="canonical"]').href);
    copy.textContent = texts.copied;
  });
}
