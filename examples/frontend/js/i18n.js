// Texts of the interface. Content comes from the API in its own language and is never translated here.

import { LOCALES } from "./config.js";
import en from "./i18n/en.js";
import ru from "./i18n/ru.js";
import uk from "./i18n/uk.js";

const texts = { uk, ru, en };

export const LOCALE_NAMES = {
  uk: { name: "Українська", short: "Укр" },
  ru: { name: "Русский", short: "Рус" },
  en: { name: "English", short: "Eng" },
};

/**
 * The translator of one language: t("key", {name: value}) fills "{name}" in the text; where the text is an
 * object of plural forms, `n` chooses among them. An unknown key shows itself, so that it gets noticed.
 */
export function translator(locale) {
  const own = texts[locale] || texts[LOCALES[0]];
  const plurals = new Intl.PluralRules(locale);
  return function t(key, values = {}) {
    let text = own[key];
    if (text && typeof text === "object") text = text[plurals.select(values.n)] ?? text.other;
    if (text === undefined) return key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  };
}

/** The name of a content type, or what the API calls it (types of plugins). */
export function typeName(locale, type, fallback) {
  return texts[locale]?.[`type.${type}`] || fallback || type;
}

/** The reader's first language that we speak. */
export function preferredLocale() {
  for (const tag of navigator.languages || [navigator.language || ""]) {
    const code = tag.slice(0, 2).toLowerCase();
    if (LOCALES.includes(code)) return code;
  }
  return LOCALES[0];
}
