/* The live desk without reloading: buttons of entries, and what colleagues post meanwhile. All of it works without. */
(() => {
  'use strict';

  const PAUSE = 4000;
  const list = document.getElementById('liveblog-entries');
  if (!list) return;

  const withoutTokens = (html) => html.replace(/<input type="hidden" name="csrfmiddlewaretoken"[^>]*>/g, '');
  let shown = null;

  const show = (html) => {
    if (shown === withoutTokens(html)) return;
    const focused = list.contains(document.activeElement) ? document.activeElement.id : '';
    list.innerHTML = html;
    shown = withoutTokens(html);
    if (focused) document.getElementById(focused)?.focus();
  };

  let asked = 0;
  const ask = async (address, options = {}) => {
    asked += 1;
    const mine = asked;
    const response = await fetch(address, {
      ...options,
      headers: { 'X-Requested-With': 'XMLHttpRequest' },
      credentials: 'same-origin',
      redirect: 'error',
    });
    if (!response.ok) throw new Error(`${response.status}`);
    const html = await response.text();
    // An older answer must not undo a newer one.
    if (mine === asked) show(html);
  };

  list.addEventListener('submit', async (event) => {
    const form = event.target.closest('[data-liveblog-act]');
    if (!form || !event.submitter) return;
    event.preventDefault();
    // (A button of this form is called “action”, so form.action is that button.)
    const data = new FormData(form, event.submitter);
    event.submitter.disabled = true;
    try {
      await ask(form.getAttribute('action'), { method: 'POST', body: data });
    } catch {
      // The session has ended, or the network has: let the browser say which.
      event.submitter.disabled = false;
      const action = document.createElement('input');
      action.type = 'hidden';
      action.name = event.submitter.name;
      action.value = event.submitter.value;
      form.append(action);
      form.submit();
    }
  });

  const follow = async () => {
    if (!document.hidden) {
      try {
        await ask(list.dataset.address);
      } catch {
        // Next time, perhaps.
      }
    }
    setTimeout(follow, PAUSE);
  };
  setTimeout(follow, PAUSE);

  // Rich text editors are made by a script of their own, which gives them no name and no focus.
  const form = document.getElementById('entry-form');
  const ready = () => {
    for (const editor of document.querySelectorAll('.liveblog-rich [contenteditable="true"]')) {
      const label = editor.closest('.w-field__wrapper')?.querySelector('label');
      if (label) editor.setAttribute('aria-label', label.textContent.trim());
    }
    if (!window.location.hash) form?.querySelector('[contenteditable="true"]')?.focus({ preventScroll: true });
  };
  if (document.readyState === 'complete') ready();
  else window.addEventListener('load', ready);
})();
