// Newsletter sign-up. The server decides what is valid; its words stand next to the field they are about.

import * as api from "../api.js";
import { h, uid } from "../dom.js";
import { newslettersPath } from "../links.js";

/** A place for the language's first newsletter, filled when the API has answered; it stays empty if there is none. */
export function newsletterSlot({ locale, t }) {
  const slot = h("div", { class: "newsletter-slot" });
  api.newsletters(locale).then(({ results }) => {
    if (!results.length) return;
    slot.append(signUp(results[0], { locale, t }));
    if (results.length > 1) {
      slot.append(h("p", { class: "footer-small" }, h("a", { href: newslettersPath(locale) }, t("newsletters"), " →")));
    }
  }).catch(() => {}); // no newsletter is no reason for an error on a page about something else
  return slot;
}

export function signUp(newsletter, { locale, t, level = 2 }) {
  const emailId = uid("email");
  const errorId = uid("email-error");
  const email = h("input", {
    type: "email", name: "email", id: emailId, required: true, autocomplete: "email", maxlength: 254,
    "aria-describedby": errorId, spellcheck: "false", autocapitalize: "off",
  });
  const error = h("p", { class: "field-error", id: errorId, role: "alert" });
  const status = h("p", { class: "form-status", role: "status" });
  const button = h("button", { type: "submit", class: "button" }, t("newsletter.submit"));

  function complain(text) {
    error.textContent = text;
    if (text) email.setAttribute("aria-invalid", "true");
    else email.removeAttribute("aria-invalid");
  }

  async function submit(event) {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    complain("");
    status.textContent = t("newsletter.sending");
    button.setAttribute("aria-disabled", "true"); // not `disabled`: that would drop the focus
    const address = email.value.trim();
    try {
      await api.subscribe(newsletter.slug, { email: address, locale }, { locale });
      form.classList.add("done");
      form.reset();
      status.textContent = t("newsletter.sent", { email: address });
    } catch (problem) {
      status.textContent = "";
      // A problem names its fields; the form has one, so words about any other are shown there as well.
      const messages = (problem.errors || []).map((e) => e.message).filter(Boolean);
      const bad = problem.status >= 400 && problem.status < 500;
      complain(messages.join(" ") || (bad && problem.problem?.detail) || t("newsletter.failed"));
      email.focus();
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  const form = h("form", { class: "newsletter", novalidate: true, method: "post", "data-newsletter": newsletter.slug, on: { submit } },
    h(`h${level}`, { class: "newsletter-name" }, newsletter.name),
    newsletter.description ? h("p", { class: "newsletter-text" }, newsletter.description) : null,
    h("label", { for: emailId }, t("newsletter.email")),
    h("div", { class: "field-row" }, email, button),
    error, status);
  return form;
}
