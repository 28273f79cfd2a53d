// Wagtail saves a form by itself. Two things it leaves open.
//
// It takes what stands in a form for saved when it begins to watch the form, two seconds after it was opened, and when
// it has saved it by itself: also what was typed in those seconds, or while the save was under way. That would be saved
// with the next change, or never; and whoever leaves would not be warned. So Wagtail is told that there are edits.
//
// And it goes on saving while somebody sends the form: of a new article there would be two, or the second be refused;
// of another the older words could be written last. So what is sent waits for the save that is under way, and none
// begins after it.

(() => {
  // What saving itself changes, and what Wagtail looks after apart.
  const ASIDE = /^(csrfmiddlewaretoken|loaded_revision_id|loaded_revision_created_at|overwrite_revision_id|next|comments-.*)$/;
  // Milliseconds after which a form is sent, or saved by itself again, though nothing was heard of what is under way.
  const PATIENCE = 30_000;
  const typed = new WeakSet(); // forms that somebody has typed into, since they were opened or sent last
  const saves = new WeakMap(); // form -> {event, began, fields} of its last save
  const underWay = new WeakSet(); // forms that are being saved
  const waiting = new WeakMap(); // form -> the button that sent it, while that waits for a save
  const leaving = new WeakSet(); // forms that were sent

  document.addEventListener("input", ({ target, isTrusted }) => {
    const form = target.closest?.("form");
    if (isTrusted && form) typed.add(form);
  });

  document.addEventListener("w-unsaved:watch-edits", ({ target: form }) => {
    if (typed.has(form)) tellOfEdits(form);
  });

  document.addEventListener("w-autosave:save", (event) => {
    const form = event.target;
    if (leaving.has(form)) event.preventDefault();
    if (event.defaultPrevented) return;
    typed.delete(form);
    underWay.add(form);
    saves.set(form, { event, began: performance.now(), fields: fieldsOf(event.detail.formData) });
  });

  document.addEventListener("w-autosave:success", ({ target: form, detail: { response } }) => {
    const answered = Object.keys(response.field_updates ?? {});
    const { fields } = saves.get(form);
    if (written(fields, answered) !== written(fieldsOf(new FormData(form)), answered)) tellOfEdits(form);
    hasEnded(form);
  });

  document.addEventListener("w-autosave:error", ({ target: form }) => hasEnded(form));

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!underWay.has(form) || takeBack(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const isFirst = !waiting.has(form);
      waiting.set(form, event.submitter);
      if (isFirst) setTimeout(() => waiting.has(form) && hasEnded(form), PATIENCE);
    },
    { capture: true },
  );

  window.addEventListener("submit", ({ target: form, defaultPrevented }) => {
    if (defaultPrevented) return;
    leaving.add(form);
    setTimeout(() => leaving.delete(form), PATIENCE); // it was stopped, or the answer is a file
  });

  // Wagtail waits a moment before it sends what it saves. As long as it does, the save can be called off.
  function takeBack(form) {
    const { event, began } = saves.get(form);
    if (performance.now() - began >= Number(form.dataset.wAutosaveIntervalValue ?? 0)) return false;
    event.preventDefault();
    underWay.delete(form);
    return true;
  }

  function hasEnded(form) {
    underWay.delete(form);
    if (!waiting.has(form)) return;
    const button = waiting.get(form);
    waiting.delete(form);
    queueMicrotask(() => send(form, button));
  }

  function send(form, button) {
    // Not the button itself: by now it is disabled, so that it isn't pressed twice, or another has taken its place.
    const pressed = document.createElement("input");
    Object.assign(pressed, { type: "hidden", name: button?.name ?? "", value: button?.value ?? "" });
    form.append(pressed);
    form.requestSubmit();
    pressed.remove();
  }

  function tellOfEdits(form) {
    // When Wagtail has seen that it thinks there are none: it looks at changes only, not at what is set twice.
    queueMicrotask(() => {
      form.setAttribute("data-w-unsaved-force-value", "true"); // until the next save,
      form.setAttribute("data-w-unsaved-has-edits-value", "true"); // and from this moment on
    });
  }

  function fieldsOf(data) {
    return [...data].filter(([name]) => !ASIDE.test(name)).map(([name, value]) => [name, comparable(value)]);
  }

  function comparable(value) {
    return value instanceof File ? [value.name, value.size, value.lastModified] : value;
  }

  function written(fields, without) {
    return JSON.stringify(fields.filter(([name]) => !without.includes(name)));
  }
})();
