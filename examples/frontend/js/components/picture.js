// Responsive images from the API's renditions.

import { h, safeUrl } from "../dom.js";

/**
 * An <img> with srcset. Width and height are always set, so text does not jump when the picture arrives.
 * Returns null for no image. `alt` overrides the image's own (use "" where a headline says the same).
 */
export function picture(image, { sizes = "100vw", className = null, eager = false, alt } = {}) {
  if (!image) return null;
  const renditions = Object.values(image.renditions || {})
    .filter((r) => safeUrl(r?.url) && r.width)
    .sort((a, b) => a.width - b.width)
    .filter((r, i, all) => i === 0 || r.width !== all[i - 1].width); // small originals repeat themselves
  if (!renditions.length) return null;
  const largest = renditions[renditions.length - 1];
  const fallback = renditions[Math.min(1, renditions.length - 1)];
  return h("img", {
    class: className,
    sizes,
    srcset: renditions.map((r) => `${safeUrl(r.url)} ${r.width}w`).join(", "),
    src: safeUrl(fallback.url),
    width: largest.width,
    height: largest.height || null,
    alt: alt ?? image.alt ?? "",
    loading: eager ? "eager" : "lazy",
    fetchpriority: eager ? "high" : null,
    decoding: "async",
  });
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
