// Everything a newsroom may want to change without reading the rest of the code.

const meta = document.querySelector('meta[name="ostriv-api"]');

/** Absolute address of the API, always with a trailing slash. */
export const API = new URL((meta?.content || "/api/v1/").replace(/\/?$/, "/"), location.origin).href;

/** Languages of the interface, in the order of the language switch. The first one is the default. */
export const LOCALES = ["uk", "ru", "en"];

/** Every date is shown in the newsroom's zone, wherever the reader is. */
export const TIME_ZONE = "Europe/Kyiv";

export const PAGE_SIZE = 20;
export const ASIDE_SIZE = 8;

/** How often a visible thermometer asks for its figures, in milliseconds. */
export const PROGRESS_EVERY = 1500;
export const PROGRESS_SLOWEST = 30000;
