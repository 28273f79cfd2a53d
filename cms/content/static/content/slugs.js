/* The slug field of the admin writes slugs as cms/content/slugs.py does: same steps, and the very same tables, which
 * the page carries as JSON. It takes the place of Wagtail's "w-slug" controller through Wagtail's documented client
 * side: window.wagtail.app and window.StimulusModule. */
(() => {
  const { tables, latin, apostrophes, onlyRussian, maxLength, fallback } = JSON.parse(
    document.getElementById("ostriv-slug-tables").textContent,
  );
  const isPlain = (character) => /^[a-z0-9]$/.test(character);

  function tableFor(text, locale) {
    let language = (locale || "").toLowerCase().split("-")[0];
    if (!(language in tables)) language = [...text].some((letter) => onlyRussian.includes(letter)) ? "ru" : "uk";
    return tables[language];
  }

  function writeLatin(character, letters) {
    if (isPlain(character)) return character;
    let written = "";
    for (const part of character.normalize("NFKD").toLowerCase()) {
      if (isPlain(part)) written += part;
      else if (part in latin || part in letters) written += latin[part] || letters[part] || "";
      else if (!/^\p{M}$/u.test(part)) written += "-";
    }
    return written;
  }

  function romanise(text, locale) {
    const { letters, initial, pairs } = tableFor(text, locale);
    const characters = [...text];
    let written = "";
    for (let i = 0; i < characters.length; i += 1) {
      const character = characters[i];
      const pair = character + (characters[i + 1] || "");
      const atStart = !written || written.endsWith("-");
      if (pair in pairs) {
        written += pairs[pair];
        i += 1;
      } else if (apostrophes.includes(character)) {
        // dropped, and no boundary between words
      } else if (atStart && character in initial) written += initial[character];
      else if (character in letters) written += letters[character];
      else written += writeLatin(character, letters);
    }
    return written;
  }

  function cut(slug, limit) {
    if (slug.length <= limit) return slug;
    const boundary = slug.lastIndexOf("-", limit);
    return boundary > 0 ? slug.slice(0, boundary) : slug.slice(0, limit);
  }

  function slugify(text, locale) {
    const romanised = romanise(text.normalize("NFC").toLowerCase(), locale);
    return cut(romanised.split("-").filter(Boolean).join("-"), maxLength) || fallback;
  }

  class SlugController extends window.StimulusModule.Controller {
    static values = { locale: { default: "", type: String } };

    get language() {
      return this.localeValue || window.wagtailConfig?.ACTIVE_CONTENT_LOCALE || "";
    }

    /* The title asks before it writes: it may, as long as the slug is still the one made of the title before. */
    compare(event) {
      if (!this.element.value) return true;
      const made = this.urlify({ detail: { value: event.detail?.value || "" } }, { ignoreUpdate: true });
      const same = made === this.element.value.trim();
      if (same) this.made = this.element.value;
      else event.preventDefault();
      return same;
    }

    /* What the editor typed into the slug field itself: allowed characters stay as they are. */
    slugify(event, options) {
      const value = (event?.detail?.value ?? this.element.value).trim();
      const allowed = /^[A-Za-z0-9_\s-]*$/.test(value);
      const slug = allowed ? value.replace(/\s+/g, "-").toLowerCase() : slugify(value, this.language);
      return this.write("slugify", slug, value, options);
    }

    urlify(event, options) {
      // The title writes a moment after it was left: by then the editor may be at work in this field.
      const byHand = this.element.value && this.element.value !== this.made;
      if (event?.type === "w-sync:apply" && byHand) return this.element.value;
      const value = (event?.detail?.value ?? this.element.value).trim();
      return this.write("urlify", value && slugify(value, this.language), value, options);
    }

    write(action, cleanValue, sourceValue, { ignoreUpdate = false } = {}) {
      if (!ignoreUpdate) {
        this.element.value = cleanValue;
        if (action === "urlify") this.made = cleanValue;
        this.dispatch("applied", { cancelable: false, detail: { action, cleanValue, sourceValue } });
      }
      return cleanValue;
    }
  }

  window.ostriv = { ...window.ostriv, slugify };
  window.wagtail.app.register("w-slug", SlugController);
})();
