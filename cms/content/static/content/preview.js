// The preview panel with a frontend on another origin: drafts are shown in place, without loading the page anew.
//
// A frontend that can do that says so when its preview page has loaded:
//     parent.postMessage({ ostriv: { type: "preview:listening" } }, "*")
// From then on it is told of each new state of the form, and fetches that from the API:
//     { ostriv: { type: "preview:show", token } }
// Any other frontend is loaded anew by Wagtail's own code.

(() => {
  const origins = document.currentScript.dataset.origins.split(" ");
  // Asked for each time: saving a new page puts another panel in the place of the first.
  const panelNow = () => document.querySelector("[data-controller~='w-preview']");

  const listening = new WeakMap(); // frame -> the origin that it is of, and the preview mode that it shows
  const SCROLL_PATIENCE = 500; // ms
  let asking = new AbortController();

  const modeNow = () => panelNow()?.querySelector("[data-w-preview-target='mode']")?.value;
  const frames = () => [...(panelNow()?.querySelectorAll("iframe") ?? [])];

  addEventListener("message", (event) => {
    const { origin } = event;
    if (!origins.includes(origin) || event.data?.ostriv?.type !== "preview:listening") return;
    const frame = frames().find((each) => each.contentWindow === event.source);
    if (frame) listening.set(frame, { origin, mode: modeNow() });
  });

  document.addEventListener("w-preview:load", (event) => {
    const frame = panelNow()?.querySelector("#w-preview-iframe");
    const listener = frame && listening.get(frame);
    if (!listener || listener.mode !== modeNow()) return;
    event.preventDefault();
    showInPlace(frame, listener.origin);
  });

  async function showInPlace(frame, origin) {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const token = await tokenOfDraft(signal);
      frame.contentWindow.postMessage({ ostriv: { type: "preview:show", token } }, origin);
    } catch {
      if (signal.aborted) return;
      // The other way shows what is wrong: that somebody has to log in again, or why there is no preview.
      listening.delete(frame);
      panelNow()?.setAttribute("data-w-preview-stale-value", "true");
    }
  }

  async function tokenOfDraft(signal) {
    const url = new URL(panelNow().dataset.wPreviewUrlValue, location.href);
    if (modeNow() !== undefined) url.searchParams.set("mode", modeNow());
    url.searchParams.set("in_preview_panel", "true");
    url.searchParams.set("as", "json");
    const response = await fetch(url, { signal, headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return (await response.json()).token; // fails for a mode that isn't the frontend's, or a form to log in
  }

  // Wagtail asks a frame of another origin where it was scrolled to, and holds the new one back for ten seconds if
  // nobody answers. A frontend that knows nothing of Wagtail doesn't, so this does. ("load" doesn't bubble.)
  document.addEventListener("load", ({ target }) => {
    if (!target.matches?.("iframe") || !panelNow()?.contains(target) || target.id || isOurs(target)) return;
    const nowhere = { wagtail: { type: "w-preview:set-scroll-position", x: 0, y: 0, origin: "*" } };
    setTimeout(() => postMessage(nowhere, location.origin), SCROLL_PATIENCE);
  }, true);

  function isOurs(frame) {
    try {
      return Boolean(frame.contentWindow.location.href);
    } catch {
      return false;
    }
  }
})();
