// The elements that show an answer. Data only ever becomes text and addresses,
// never markup.

import type { Facet, Fragment, Hit, Result } from "./engine";
import { Texts, writeDate } from "./texts";

/** How answers are shown: in the dialog as the options of a list box, which the
 *  keyboard walks while the caret stays in the field; on the search page as
 *  headings and links, like any page. */
export interface Look {
  texts: Texts;
  options: boolean;
  /** The site's root, "/" or its base path. */
  root: string;
}

// What an element's content may be made of.
type Child = Node | string;

/** Makes an element. An attribute whose value is undefined is left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | undefined> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) {
      made.setAttribute(name, value);
    }
  }
  made.append(...children);
  return made;
}

/** Shows the hits: those with all words by kind, then those with near phrases, then those with some of the words. */
export function showHits(result: Result, look: Look): HTMLElement[] {
  const groups = new Map<string, Hit[]>();
  const near: Hit[] = [];
  const partial: Hit[] = [];
  for (const hit of result.hits) {
    if (hit.tier === 3) {
      near.push(hit);
    } else if (hit.tier === 4) {
      partial.push(hit);
    } else {
      groups.set(hit.kind, [...(groups.get(hit.kind) ?? []), hit]);
    }
  }
  const shown: HTMLElement[] = [];
  for (const [kind, hits] of groups) {
    const facet = result.kinds.find((f) => f.value === kind);
    const title = hits[0]!.kindTitle || look.texts.say("loose");
    shown.push(group([title, ...countOf(facet, look)], hits.map((hit) => showHit(hit, look, false)), look));
  }
  for (const [title, hits] of [["near", near], ["partial", partial]] as const) {
    if (hits.length > 0) {
      shown.push(group([look.texts.say(title)], hits.map((hit) => showHit(hit, look, true)), look));
    }
  }
  return shown;
}

function countOf(facet: Facet | undefined, look: Look): Child[] {
  return facet?.count ? [" ", el("span", { class: "count" }, facet.count.toLocaleString(look.texts.lang))] : [];
}

let ids = 0;

/** Puts items under a title. */
export function group(title: Child[], items: HTMLElement[], look: Look): HTMLElement {
  const id = `search-group-${++ids}`;
  const attributes = { class: "search-group", "aria-labelledby": id };
  return look.options
    ? el("div", { ...attributes, role: "group" }, el("div", { class: "search-group-title", role: "presentation", id }, ...title), ...items)
    : el("section", attributes, el("h2", { class: "search-group-title", id }, ...title), el("ol", {}, ...items.map((i) => el("li", {}, i))));
}

function showHit(hit: Hit, look: Look, mixed: boolean): HTMLElement {
  const page = look.root + hit.url.replace(/^\/+/, "");
  // A page found by its name is wanted from its beginning.
  const section = hit.anchor && hit.tier > 0 ? `${page}#${encodeURIComponent(hit.anchor)}` : "";
  const meta: Child[] = [];
  if (section && hit.heading) {
    meta.push(look.options ? el("span", { class: "search-hit-section" }, hit.heading) : el("a", { class: "search-hit-section", href: section }, hit.heading));
  }
  if (mixed && hit.kindTitle) {
    meta.push(el("span", {}, hit.kindTitle));
  }
  if (hit.date) {
    meta.push(el("time", { datetime: hit.date }, writeDate(hit.date, look.texts.lang)));
  }
  const line = meta.flatMap((part) => [part, " "]); // kept apart where it is read out
  const excerpt = el(look.options ? "span" : "p", { class: "search-hit-excerpt" }, ...fragments(hit.excerpt));
  if (!look.options) {
    return el(
      "article",
      { class: "search-hit", "data-id": hit.id },
      el("h3", { class: "search-hit-title" }, el("a", { href: page }, ...fragments(hit.title))),
      ...(line.length > 0 ? [el("p", { class: "search-hit-meta" }, ...line)] : []),
      excerpt,
    );
  }
  const head = el(
    "span",
    { class: "search-hit-head" },
    el("span", { class: "search-hit-title" }, ...fragments(hit.title)),
    " ",
    el("span", { class: "search-hit-meta" }, ...line),
  );
  return option(section || page, head, " ", excerpt);
}

/** Makes an option of the list box: a link, so that it can be opened, copied and
 *  dragged as one, which the Tab key passes by. */
function option(href: string, ...children: Child[]): HTMLAnchorElement {
  return el("a", { class: "search-hit", role: "option", id: `search-option-${++ids}`, href, tabindex: "-1", "aria-selected": "false" }, ...children);
}

/** Makes the options for earlier searches. */
export function showRecent(queries: string[], href: (query: string) => string): HTMLElement[] {
  return queries.map((query) => {
    const made = option(href(query), query);
    made.dataset.query = query;
    return made;
  });
}

function fragments(list: Fragment[]): Child[] {
  return list.map((f) => (f.match ? el("mark", {}, f.text) : f.text));
}

/** Makes the buttons that narrow the answer to one value of a field. */
export function showFacets(field: string, title: string, facets: Facet[], active: string, look: Look): HTMLElement | undefined {
  const chosen = active.toLowerCase();
  // The value in force stays, to be taken back, even where nothing has it.
  const shown = active && !facets.some((f) => f.value.toLowerCase() === chosen) ? [{ value: active, title: active, count: 0 }, ...facets] : facets;
  if (shown.length < 2 && !active) {
    return undefined;
  }
  const chips = shown.map((f) => {
    const value = f.value.toLowerCase();
    const pressed = value === chosen;
    return el(
      "button",
      { type: "button", class: "search-chip", "aria-pressed": String(pressed), "data-key": `${field}:${value}`, "data-field": field, "data-value": pressed ? "" : f.value },
      f.title || look.texts.say("loose"),
      ...countOf(f, look),
    );
  });
  return el("div", { class: "search-chips", role: "group", "aria-label": title }, ...chips);
}
