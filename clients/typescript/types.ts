/** The shapes of the API by the names that a frontend uses. */
import type { components } from "./schema.d.ts";

export type Schemas = components["schemas"];

/** Any content, whole; `type` says which. */
export type Detail = Schemas["Detail"];
/** The names of the content types that this client was generated with. */
export type ContentType = Detail["type"];
/** One type's content, whole: `DetailOf<"article">`. */
export type DetailOf<Type extends ContentType> = Extract<Detail, { type: Type }>;

/** Content as lists show it; `type` says which. */
export type Teaser = Schemas["Teaser"];
export type TeaserOf<Type extends Teaser["type"]> = Extract<Teaser, { type: Type }>;
/** An item of a detail's `related`: a teaser, or the first ones whole if `expand=related` asked for them. */
export type Related = Schemas["RelatedContent"];

/** One block of a body; `type` says what its `value` is. */
export type Block = Schemas["Block"];
export type BlockOf<Type extends Block["type"]> = Extract<Block, { type: Type }>;
/** One block of an edition of a newsletter. */
export type EditionBlock = Schemas["EditionBlock"];

export type Image = Schemas["Image"];
export type Locale = Teaser["locale"];
/** What every refusal looks like (RFC 9457). */
export type Problem = Schemas["Problem"];

/** What `/preview/{token}/` shows: as the detail, and what is not written yet is null. */
export type Draft = Schemas["Draft"];

/** What search and suggestions find: a teaser, and why it was found. */
export type SearchResult = Schemas["SearchResult"];
/** Teasers, or what a search found, of which `fields=` asked for these keys only. */
export type Sparse<Key extends keyof Of, Of = Teaser> = Pick<Of, Key>;
