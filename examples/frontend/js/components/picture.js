// Responsive images from the API's renditions.

import { h, safeUrl } from "../dom.js";

const TYPES = { avif: "image/avif", webp: "image/webp" }; // the smallest first: a browser takes the first it knows

/**
 * A <picture>. Width and height are always set, so text does not jump when it arrives; until then its dominant colour
 * holds the place. Where the layout crops it, its focal point stays in sight.
 * Returns null for no image. `alt` overrides the image's own (use "" where a headline says the same).
 * `placeholder` is false for what may be transparent, a logo.
 */
export function picture(image, { sizes = "100vw", className = null, eager = false, placeholder = true, alt } = {}) {
  if (!image) return null;
  const renditions = Object.values(image.renditions || {})
    .filter((r) => safeUrl(r?.url) && r.width)
    .sort((a, b) => a.width - b.width)
    .filter((r, i, all) => i === 0 || r.width !== all[i - 1].width); // small originals repeat themselves
  if (!renditions.length) return null;
  const largest = renditions[renditions.length - 1];
  // A format is offered only where every width has it: a new picture has some a second later than others.
  const has = (format) => renditions.every((r) => safeUrl(r.formats?.[format]));
  const srcset = (url) => renditions.map((r) => `${safeUrl(url(r))} ${r.width}w`).join(", ");
  const fallback = has("jpeg") ? (r) => r.formats.jpeg : (r) => r.url;
  const img = h("img", {
    class: className,
    sizes,
    srcset: srcset(fallback),
    src: safeUrl(fallback(renditions[Math.min(1, renditions.length - 1)])),
    width: largest.width,
    height: largest.height || null,
    alt: alt ?? image.alt ?? "",
    loading: eager ? "eager" : "lazy",
    fetchpriority: eager ? "high" : null,
    decoding: "async",
    vars: {
      ...(placeholder && image.color ? { "background-color": image.color } : {}),
      ...(image.focal_point
        ? { "object-position": `${image.focal_point.x * 100}% ${image.focal_point.y * 100}%` }
        : {}),
    },
  });
  const sources = Object.entries(TYPES)
    .filter(([format]) => has(format))
    .map(([format, type]) => h("source", { type, sizes, srcset: srcset((r) => r.formats[format]) }));
  return h("picture", null, sources, img);
}

/** A picture with its caption and credit. */
export function figure(image, { caption, t, sizes, eager, className = "figure" } = {}) {
  const img = picture(image, { sizes, eager });
  if (!img) return null;
  const credit = image.credit ? h("span", { class: "credit" }, `${t("photo")}: ${image.credit}`) : null;
  return h("figure", { class: className }, img,
    caption || credit
      ? h("figcaption", null, caption ? h("span", { class: "caption" }, caption) : null, caption && credit ? " " : null, credit)
      : null);
}
