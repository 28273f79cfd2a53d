// Dates as the newsroom writes them, always in its own time zone.

import { TIME_ZONE } from "./config.js";

const TAGS = { uk: "uk-UA", ru: "ru-RU", en: "en-GB" };
const formats = new Map();

function format(locale, options) {
  const key = locale + JSON.stringify(options);
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat(TAGS[locale] || locale, { timeZone: TIME_ZONE, ...options }));
  }
  return formats.get(key);
}

function parts(date, locale, options) {
  const found = {};
  for (const { type, value } of format(locale, options).formatToParts(date)) found[type] = value;
  return found;
}

/** "14 січня 2026", "14 января 2026", "14 January 2026": no trailing «р.» or «г.», as in a news feed. */
export function day(value, locale) {
  // A bare day is that day everywhere: noon keeps it from slipping into the one before.
  const p = parts(new Date(isDay(value) ? `${value}T12:00Z` : value), locale, { day: "numeric", month: "long", year: "numeric" });
  return `${p.day} ${p.month} ${p.year}`;
}

/** "16:30" */
export function time(value, locale) {
  return format(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(value));
}

/** "14 січня 2026, 16:30" */
export function dayAndTime(value, locale) {
  return `${day(value, locale)}, ${time(value, locale)}`;
}

/** "середа" */
export function weekday(value, locale) {
  return format(locale, { weekday: "long" }).format(new Date(value));
}

/** "2026-01-14" in the newsroom's zone: to group by day. */
export function dayKey(value) {
  const p = parts(new Date(value), "en", { year: "numeric", month: "2-digit", day: "2-digit" });
  return `${p.year}-${p.month}-${p.day}`;
}

/** True for a day without a time: "2026-01-14". */
export function isDay(value) {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
}

/** True for an RFC 3339 date with time. */
export function isTimestamp(value) {
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value));
}

/**
 * The instant at which a day ("2026-01-14") begins in the newsroom's zone, `plusDays` later, as RFC 3339 UTC;
 * null if it is no date. The offset is looked up at that very day, because of summer time.
 */
export function startOfDay(isoDay, plusDays = 0) {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(isoDay || "");
  if (!match) return null;
  const wall = Date.UTC(+match[1], +match[2] - 1, +match[3] + plusDays);
  if (Number.isNaN(wall)) return null;
  let instant = wall;
  for (let i = 0; i < 2; i += 1) instant = wall - offset(instant);
  return new Date(instant).toISOString().replace(".000Z", "Z");
}

function offset(instant) {
  const p = parts(new Date(instant), "en", {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  return Date.UTC(+p.year, +p.month - 1, +p.day, +p.hour, +p.minute) - Math.floor(instant / 60000) * 60000;
}
