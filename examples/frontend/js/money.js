// The API gives integer minor units (kopiyky, cents); people read whole ones.

const TAGS = { uk: "uk-UA", ru: "ru-RU", en: "en-GB" };

/** 1250000, "UAH" -> "12 500 ₴". Fractions are shown only where there are any. */
export function money(minor, currency, locale) {
  const options = { style: "currency", currency, currencyDisplay: "narrowSymbol" };
  const digits = new Intl.NumberFormat("en", options).resolvedOptions().maximumFractionDigits;
  const amount = minor / 10 ** digits;
  return new Intl.NumberFormat(TAGS[locale] || locale, {
    ...options,
    minimumFractionDigits: Number.isInteger(amount) ? 0 : digits,
    maximumFractionDigits: digits,
  }).format(amount);
}
