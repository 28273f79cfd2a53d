// Wagtail takes what stands in a form for saved when it begins to watch the form, two seconds after it was opened, and
// when it has saved it by itself: also what was typed in those seconds, or while the save was under way. That would be
// saved with the next change, or never; and whoever leaves would not be warned. So Wagtail is told that there are edits.

(() => {
  // What saving itself changes, and what Wagtail looks after apart.
  const ASIDE = /^(csrfmiddlewaretoken|loaded_revision_id|loaded_revision_created_at|overwrite_revision_id|next|comments-.*)$/;
  const typed = new WeakSet(); // forms that somebody has typed into, since they were opened or sent last
  const sent = new WeakMap(); // form -> the fields that are on their way

  document.addEventListener("input", ({ target, isTrusted }) => {
    const form = target.closest?.("form");
    if (isTrusted && form) typed.add(form);
  });

  document.addEventListener("w-unsaved:watch-edits", ({ target: form }) => {
    if (typed.has(form)) tellOfEdits(form);
  });

  document.addEventListener("w-autosave:save", ({ target: form, detail }) => {
    typed.delete(form);
    sent.set(form, fieldsOf(detail.formData));
  });

  document.addEventListener("w-autosave:success", ({ target: form, detail: { response } }) => {
    const answered = Object.keys(response.field_updates ?? {});
    if (written(sent.get(form), answered) !== written(fieldsOf(new FormData(form)), answered)) tellOfEdits(form);
  });

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
