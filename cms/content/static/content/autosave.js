// Wagtail saves a form by itself. Two things it leaves open.
//
// It takes what stands in a form for saved when it begins to watch the form, two seconds after it was opened, and when
// it has saved it by itself: also what was typed in those seconds, or while the save was under way. That would be saved
// with the next change, or never; and whoever leaves would not be warned. So Wagtail is told that there are edits.
//
// And it goes on saving while somebody sends the form: of a new article there would be two, or the second be refused;
// of another the older words could be written last. So what is sent waits for the save that is under way, and none
// begins after it. If that save finds a newer version, or no server, the form stays: whoever presses again is asked.

(() => {
  // What a form says of a page's way through a workflow: done by whoever sends it, never by saving it.
  const ACTIONS = ["action-workflow-action", "workflow-action-name", "workflow-action-extra-data"];
  // What saving itself changes, and what Wagtail looks after apart.
  const ASIDE = /^(csrfmiddlewaretoken|loaded_revision_id|loaded_revision_created_at|overwrite_revision_id|next|comments-.*)$/;
  // Ends of a save after which sending could cost words: somebody else's newer ones, or these.
  const DANGERS = ["invalid_revision", "network_error"];
  // Milliseconds after which a form is sent though its save hasn't ended, or is saved again though it was sent.
  const PATIENCE = 30_000;
  const states = new WeakMap();

  function stateOf(form) {
    if (!states.has(form)) {
      states.set(form, {
        isTyped: false, // by somebody, since it was opened or saved last
        save: null, // its last one: {event, began, fields}
        isSaving: false,
        waiting: null, // while sending it waits for a save: {button}
        isLeaving: false, // it was sent
        isRefused: false, // it was not saved since, though there were edits
        timer: 0, // of waiting or leaving
      });
    }
    return states.get(form);
  }

  document.addEventListener("input", ({ target, isTrusted }) => {
    const form = target.closest?.("form");
    if (isTrusted && form) stateOf(form).isTyped = true;
  });

  document.addEventListener("w-unsaved:watch-edits", ({ target: form }) => {
    if (stateOf(form).isTyped) tellOfEdits(form);
  });

  document.addEventListener("w-autosave:save", (event) => {
    const state = stateOf(event.target);
    if (event.defaultPrevented) return;
    if (state.isLeaving) {
      event.preventDefault();
      state.isRefused = true;
      return;
    }
    const { formData } = event.detail;
    ACTIONS.forEach((name) => formData.delete(name));
    const save = { event, began: performance.now(), fields: fieldsOf(formData) };
    Object.assign(state, { save, isSaving: true, isTyped: false });
  });

  document.addEventListener("w-autosave:success", ({ target: form, detail: { response } }) => {
    const answered = Object.keys(response.field_updates ?? {});
    const { fields } = stateOf(form).save;
    if (written(fields, answered) !== written(fieldsOf(new FormData(form)), answered)) tellOfEdits(form);
    hasEnded(form);
  });

  document.addEventListener("w-autosave:error", ({ target: form, detail: { type } }) => {
    if (DANGERS.includes(type)) keep(form);
    hasEnded(form);
  });

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const state = stateOf(form);
      if (!isSaving(state) || isCalledOff(form, state)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!state.waiting) state.timer = setTimeout(hasEnded, PATIENCE, form);
      // A button that has a name says more than to save.
      state.waiting = { button: event.submitter?.name ? event.submitter : (state.waiting?.button ?? event.submitter) };
    },
    { capture: true },
  );

  window.addEventListener("submit", ({ target: form, defaultPrevented }) => {
    if (defaultPrevented) return;
    const state = stateOf(form);
    state.isLeaving = true;
    clearTimeout(state.timer);
    state.timer = setTimeout(stays, PATIENCE, form);
  });

  // Wagtail's modals of workflows send the form past everybody who listens.
  window.jQuery?.(document).on("submit", "[data-edit-form]", (event) => {
    if (event.originalEvent) return;
    event.preventDefault();
    event.target.requestSubmit();
  });

  function isSaving({ isSaving, save }) {
    return isSaving && !save.event.defaultPrevented;
  }

  // Wagtail waits a moment before it sends what it saves. As long as it does, the save can be called off.
  function isCalledOff(form, state) {
    const { event, began } = state.save;
    if (performance.now() - began >= Number(form.dataset.wAutosaveIntervalValue ?? 0)) return false;
    event.preventDefault();
    Object.assign(state, { isSaving: false, isRefused: true });
    return true;
  }

  function hasEnded(form) {
    const state = stateOf(form);
    state.isSaving = false;
    if (!state.waiting) return;
    const button = released(state);
    queueMicrotask(() => send(form, button));
  }

  // What sent the form, which waits no longer.
  function released(state) {
    const { button } = state.waiting;
    clearTimeout(state.timer);
    state.waiting = null;
    return button;
  }

  function send(form, button) {
    // Not the button itself: by now it is disabled, so that it isn't pressed twice, or another has taken its place.
    const pressed = document.createElement("input");
    Object.assign(pressed, { type: "hidden", name: button?.name ?? "", value: button?.value ?? "" });
    form.append(pressed);
    form.requestSubmit();
    pressed.remove();
  }

  // As if it had not been sent. Wagtail says what the matter is.
  function keep(form) {
    const state = stateOf(form);
    if (!state.waiting) return;
    const button = released(state);
    if (button) button.dataset.wProgressLoadingValue = "false";
    form.querySelectorAll(ACTIONS.map((name) => `[name=${name}]`)).forEach((input) => input.remove());
  }

  // It was sent and is still here: that was stopped, or the answer is a file.
  function stays(form) {
    const state = stateOf(form);
    const { isRefused } = state;
    Object.assign(state, { isLeaving: false, isRefused: false });
    if (!isRefused) return;
    form.setAttribute("data-w-unsaved-confirmation-value", "true");
    form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, cancelable: true, detail: { type: "edits" } }));
  }

  function tellOfEdits(form) {
    // When Wagtail has seen that it thinks there are none: it looks at changes only, not at what is set twice.
    queueMicrotask(() => {
      form.setAttribute("data-w-unsaved-force-value", "true"); // until the next save,
      form.setAttribute("data-w-unsaved-has-edits-value", "true"); // and from this moment on
    });
  }

  function fieldsOf(data) {
    return [...data]
      .filter(([name]) => !ASIDE.test(name) && !ACTIONS.includes(name))
      .map(([name, value]) => [name, comparable(value)]);
  }

  function comparable(value) {
    return value instanceof File ? [value.name, value.size, value.lastModified] : value;
  }

  function written(fields, without) {
    return JSON.stringify(fields.filter(([name]) => !without.includes(name)));
  }
})();
