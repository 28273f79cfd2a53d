// When Wagtail has saved a form by itself, it takes all that stands in it then for saved: also what was typed while the
// save was under way. That would be saved with the next change, or never; and whoever leaves would not be warned.
// So what was sent is compared with what stands there, and if they differ, Wagtail is told that there are edits.

(() => {
  // What saving itself changes, and what Wagtail looks after apart.
  const ASIDE = /^(csrfmiddlewaretoken|loaded_revision_id|loaded_revision_created_at|overwrite_revision_id|next|comments-.*)$/;
  const sent = new WeakMap(); // form -> the fields that are on their way

  document.addEventListener("w-autosave:save", ({ target, detail }) => sent.set(target, fieldsOf(detail.formData)));

  document.addEventListener("w-autosave:success", ({ target: form, detail: { response } }) => {
    const answered = Object.keys(response.field_updates ?? {});
    if (written(sent.get(form), answered) === written(fieldsOf(new FormData(form)), answered)) return;
    queueMicrotask(() => {
      // When Wagtail has seen that it thinks there are none: it looks at changes only, not at what is set twice.
      form.setAttribute("data-w-unsaved-force-value", "true");
      form.setAttribute("data-w-unsaved-has-edits-value", "true");
    });
  });

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
