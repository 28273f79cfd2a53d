/** A body as HTML: what a frontend's components would do, in one file that the compiler checks for completeness. */
import { createClient, unwrap } from "./client.ts";
import type { Block, BlockOf, DetailOf, EditionBlock, Image, Teaser } from "./types.ts";

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const text = (value: string): string => value.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);

export function renderBody(body: readonly (Block | EditionBlock)[]): string {
  return body.map(renderBlock).join("\n");
}

/** One block. A type without a case here does not compile. */
export function renderBlock(block: Block | EditionBlock): string {
  switch (block.type) {
    case "paragraph":
      return block.value;
    case "heading":
      return `<h${block.value.level}>${text(block.value.text)}</h${block.value.level}>`;
    case "quote":
      return `<blockquote><p>${text(block.value.text)}</p>${cite(block)}</blockquote>`;
    case "image":
      return figure(block.value.image, block.value.caption);
    case "gallery":
      return block.value.images.map((each) => figure(each.image, each.caption)).join("");
    case "embed":
      return block.value.html || `<a href="${text(block.value.url)}">${text(block.value.title || block.value.url)}</a>`;
    case "table":
      return `<table>${[block.value.head, ...block.value.rows].map(row).join("")}</table>`;
    case "document":
      return `<a href="${text(block.value.url)}" download>${text(block.value.title)}</a>`;
    case "pullout":
      return `<aside><h2>${text(block.value.title)}</h2>${block.value.text}</aside>`;
    case "donation_call":
      return block.value.campaign
        ? `<a href="${text(block.value.campaign.url)}">${text(block.value.button || block.value.campaign.headline)}</a>`
        : "";
    case "related":
      return block.value.map(card).join("");
    case "teasers":
      return `<h2>${text(block.value.heading)}</h2>${block.value.teasers.map(card).join("")}`;
    case "divider":
      return "<hr>";
    case "events_upcoming":
      return `<div data-list="${text(block.value.list_url)}"></div>`;
    case "factcheck_verdict":
      return block.value.factcheck ? card(block.value.factcheck) : "";
    case "gallery_report":
      return block.value.report ? card(block.value.report) : "";
    case "pressreview_digest":
      return block.value.pieces.map((piece) => `<q>${text(piece.quote)}</q> ${text(piece.outlet)}`).join("");
    default:
      return unknown(block);
  }
}

/** Reached only by blocks that are newer than this frontend: the compiler knows of none. */
function unknown(block: never): string {
  return `<!-- ${text((block as { type: string }).type)} -->`;
}

function cite(block: BlockOf<"quote">): string {
  const { attribution, role } = block.value;
  return attribution ? `<footer>${text(attribution)}${role ? `, ${text(role)}` : ""}</footer>` : "";
}

function figure(image: Image | null, caption: string): string {
  if (image === null) return "";
  const { large } = image.renditions;
  const size = `width="${large.width}" height="${large.height}"`;
  const shown = `<img src="${text(large.url)}" ${size} alt="${text(image.alt)}" loading="lazy">`;
  return `<figure>${shown}<figcaption>${text(caption)} ${text(image.credit)}</figcaption></figure>`;
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${text(cell)}</td>`).join("")}</tr>`;
}

/** A teaser of any type; what a type adds is there once its type is known. */
export function card(teaser: Teaser): string {
  const more = teaser.type === "event" && teaser.starts_at ? ` <time>${text(teaser.starts_at)}</time>` : "";
  return `<article><a href="${text(teaser.url)}">${text(teaser.headline)}</a>${more}</article>`;
}

/** From the list to an article of it, and to what it is about. */
export async function firstArticle(baseUrl: string): Promise<DetailOf<"article"> | null> {
  const api = createClient(baseUrl);
  const list = unwrap(await api.GET("/api/v1/content/", { params: { query: { locale: ["uk"], page_size: 1 } } }));
  const [first] = list.results;
  if (first === undefined) return null;
  const path = { type: first.type, slug: first.slug };
  const detail = unwrap(await api.GET("/api/v1/content/{type}/{slug}/", { params: { path } }));
  return detail.type === "article" ? detail : null;
}
