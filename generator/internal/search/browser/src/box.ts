// The search box: a field, and below it what the index answers as one types.

import type { Hit, Result } from "./engine";
import { filterOf, withFilter } from "./filters";
import type { Remote } from "./remote";
import { el, group, type Look, showFacets, showHits, showRecent } from "./results";
import { forget, kept, remember } from "./store";
import type { Texts } from "./texts";

export interface BoxOptions {
  session: Remote;
  texts: Texts;
  input: HTMLInputElement;
  /** The element with the class search-box that receives the answers. */
  box: HTMLElement;
  /** The form of the input, which leads to the search page without this script. */
  form: HTMLFormElement;
  root: string;
  /** Whether the answers are the options of a list box (see Look). */
  options: boolean;
  /** Hits shown at first, and how many more at a time. */
  limit: number;
  /** Called for every query that is searched, "" included. */
  onQuery?: (query: string) => void;
  /** Called when a hit is opened in this tab. */
  onOpen?: () => void;
}

// A wait shorter than this is not announced, in milliseconds.
const moment = 250;
// Screen readers are told of an answer once the typing pauses.
const pause = 600;

export class Box {
  private readonly o: BoxOptions;
  private readonly look: Look;
  private readonly status: HTMLElement;
  private readonly live: HTMLElement;
  private readonly facets: HTMLElement;
  private readonly results: HTMLElement;
  private readonly after: HTMLElement;
  private stop = new AbortController();
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private announcing: ReturnType<typeof setTimeout> | undefined;
  private active: HTMLElement | undefined;
  private hits: Hit[] = [];
  private failed = false;

  constructor(o: BoxOptions) {
    this.o = o;
    this.look = { texts: o.texts, options: o.options, root: o.root };
    this.status = el("div", { class: "search-status" });
    this.live = el("div", { class: "visually-hidden", role: "status" });
    this.facets = el("div", { class: "search-facets" });
    this.results = el("div", { class: "search-results" });
    this.after = el("div", { class: "search-after" });
    o.box.replaceChildren(this.live, this.status, this.facets, this.results, this.after);
    if (o.options) {
      this.results.id = "search-listbox";
      this.results.setAttribute("role", "listbox");
      this.results.setAttribute("aria-label", o.texts.say("listbox"));
      this.results.hidden = true;
      o.input.setAttribute("aria-controls", this.results.id);
      o.input.addEventListener("keydown", (event) => this.key(event));
    }
    o.input.addEventListener("input", () => this.ask());
    o.form.addEventListener("submit", (event) => {
      remember(o.input.value);
      if (!o.options) {
        event.preventDefault(); // this is the page it leads to
        this.ask();
      }
    });
    o.box.addEventListener("click", (event) => this.click(event));
    addEventListener("online", () => this.failed && this.ask());
  }

  /** Searches for what stands in the field. A query that was under way is dropped.
   *  before are the hits that stay, where more of them are wanted. */
  async ask(before: Hit[] = []): Promise<void> {
    this.stop.abort();
    this.stop = new AbortController();
    const { signal } = this.stop;
    clearTimeout(this.waiting);
    const query = this.o.input.value;
    this.o.onQuery?.(query.trim());
    if (query.trim() === "") {
      this.o.box.removeAttribute("aria-busy");
      this.showNothingAsked();
      return;
    }
    this.waiting = setTimeout(() => {
      this.o.box.setAttribute("aria-busy", "true");
      this.say(this.o.texts.say("loading"));
    }, moment);
    try {
      const result = await this.o.session.search(query, { limit: this.o.limit, offset: before.length, signal });
      if (!signal.aborted) {
        this.hits = [...before, ...result.hits];
        this.showResult(query, { ...result, hits: this.hits });
      }
    } catch (error) {
      if (!signal.aborted) {
        this.showError(error);
      }
    }
    if (!signal.aborted) {
      clearTimeout(this.waiting);
      this.o.box.removeAttribute("aria-busy");
    }
  }

  private showNothingAsked(): void {
    const { texts, options, form } = this.o;
    const recent = options ? kept().recent : [];
    const items = showRecent(recent, (query) => address(form, query));
    this.fill([], items.length > 0 ? [group([texts.say("recent")], items, this.look)] : []);
    this.after.replaceChildren(...(items.length > 0 ? [this.button("erase", "erase")] : []), el("p", { class: "search-help" }, texts.say("help")));
    this.say();
  }

  private showResult(query: string, result: Result): void {
    const { texts, options, form } = this.o;
    const facets = [
      showFacets("kind", texts.say("kinds"), result.kinds, filterOf(query, "kind"), this.look),
      showFacets("year", texts.say("years"), result.years, filterOf(query, "year"), this.look),
    ].filter((f) => f !== undefined);
    this.fill(facets, showHits(result, this.look));

    const missed =
      result.near > 0 ? texts.say("none-exact") : result.partial > 0 ? texts.say("none-all") : texts.say("none", query.trim());
    const count = result.total > 0 ? texts.count("results", result.total) : missed;
    const notes: (HTMLElement | string)[] = [el("p", {}, count)];
    if (result.suggestion) {
      const suggestion = this.button("suggestion", "suggest", result.suggestion);
      suggestion.dataset.query = result.suggestion;
      notes.push(suggestion);
    }
    if (result.ignored.length > 0) {
      notes.push(el("p", { class: "search-ignored" }, texts.say("ignored", result.ignored.join(", "))));
    }
    this.say(...notes);

    const all = result.total + result.near + result.partial;
    this.after.replaceChildren();
    const shown = result.hits.length;
    if (all > shown && options) {
      this.after.append(el("a", { class: "search-all", href: address(form, query) }, texts.count("all", all)));
    } else if (all > shown) {
      this.after.append(this.button("more", "more"));
    } else if (all === 0) {
      this.after.append(el("p", { class: "search-help" }, texts.say("help")));
    }
  }

  private showError(error: unknown): void {
    const { texts, form, options } = this.o;
    const kind = error instanceof Error && "kind" in error ? error.kind : undefined;
    if (!kind) {
      console.error(error); // a mistake of ours, not of the network
    }
    this.fill([], []);
    this.after.replaceChildren();
    if (!navigator.onLine && kind !== "version") {
      this.say(el("p", {}, texts.say("offline")));
    } else if (kind === "version") {
      this.say(el("p", {}, texts.say("version")), this.button("reload", "reload"));
    } else {
      this.say(el("p", {}, texts.say(kind === "corrupt" ? "corrupt" : "unavailable")), this.button("retry", "retry"));
    }
    if (options) {
      this.after.append(el("a", { class: "search-all", href: address(form, "") }, texts.say("browse")));
    }
    this.failed = true;
  }

  // Shows facets and hits in place of those before, and keeps the focus where it is.
  private fill(facets: HTMLElement[], groups: HTMLElement[]): void {
    this.failed = false;
    this.choose(undefined);
    const focused = document.activeElement;
    const key = focused instanceof HTMLElement && this.o.box.contains(focused) ? focused.dataset.key ?? "" : undefined;
    this.facets.replaceChildren(...facets);
    this.results.replaceChildren(...groups);
    if (key !== undefined && key !== "more") {
      const same = this.facets.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
      (same ?? this.o.input).focus();
    }
    if (this.o.options) {
      this.results.hidden = groups.length === 0;
      this.o.input.setAttribute("aria-expanded", String(groups.length > 0));
    } else {
      this.results.scrollTop = 0;
    }
  }

  // Says how things stand: to the eye at once, to the ear when the typing pauses.
  private say(...notes: (HTMLElement | string)[]): void {
    this.status.replaceChildren(...notes);
    clearTimeout(this.announcing);
    this.announcing = setTimeout(() => {
      this.live.textContent = [...this.status.childNodes].map((n) => n.textContent).join(" ");
    }, pause);
  }

  private button(name: string, action: string, value = ""): HTMLButtonElement {
    return el("button", { type: "button", class: "search-button", "data-action": action, "data-key": action }, this.o.texts.say(name, value));
  }

  private click(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>("a, button") : null;
    if (!target) {
      return;
    }
    const { field, value, query, action } = target.dataset;
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const { input } = this.o;
    if (field !== undefined) {
      input.value = withFilter(input.value, field, value ?? "");
      void this.ask();
    } else if (query !== undefined && plain) {
      event.preventDefault();
      this.write(query);
    } else if (target instanceof HTMLAnchorElement) {
      remember(input.value);
      if (plain) {
        this.o.onOpen?.();
      }
    } else if (action === "erase") {
      forget();
      this.write(input.value);
    } else if (action === "retry") {
      this.write(input.value);
    } else if (action === "reload") {
      location.reload();
    } else if (action === "more") {
      void this.more();
    }
  }

  private write(query: string): void {
    this.o.input.value = query;
    this.o.input.focus();
    void this.ask();
  }

  // Shows more hits, and goes on at the first that was not there.
  private async more(): Promise<void> {
    const hits = () => [...this.results.querySelectorAll<HTMLElement>("[data-id]")];
    const seen = new Set(hits().map((hit) => hit.dataset.id));
    await this.ask(this.hits);
    hits().find((hit) => !seen.has(hit.dataset.id))?.querySelector("a")?.focus();
  }

  // The keys of a combobox (ARIA Authoring Practices). Home and End belong to the
  // text until an option is chosen; Escape closes the dialog by itself.
  private key(event: KeyboardEvent): void {
    if (event.isComposing || event.altKey || event.shiftKey) {
      return;
    }
    const options = [...this.results.querySelectorAll<HTMLElement>("[role=option]")];
    const at = this.active ? options.indexOf(this.active) : -1;
    const command = event.ctrlKey || event.metaKey;
    let next: number | undefined;
    if (event.key === "Enter" && this.active) {
      event.preventDefault();
      this.open(this.active, command);
      return;
    } else if (event.key === "Enter" && command) {
      event.preventDefault();
      window.open(address(this.o.form, this.o.input.value), "_blank", "noopener");
      return;
    } else if (command) {
      return;
    } else if (event.key === "ArrowDown") {
      next = at + 1 < options.length ? at + 1 : -1;
    } else if (event.key === "ArrowUp") {
      next = at < 0 ? options.length - 1 : at - 1;
    } else if (event.key === "Home" && at >= 0) {
      next = 0;
    } else if (event.key === "End" && at >= 0) {
      next = options.length - 1;
    } else {
      return;
    }
    event.preventDefault();
    this.choose(options[next]);
  }

  // Marks an option as the one that Enter opens; past the ends there is none, and
  // the caret is back in the text.
  private choose(chosen: HTMLElement | undefined): void {
    this.active?.setAttribute("aria-selected", "false");
    this.active = chosen;
    if (chosen) {
      chosen.setAttribute("aria-selected", "true");
      chosen.scrollIntoView({ block: "nearest" });
      this.o.input.setAttribute("aria-activedescendant", chosen.id);
    } else {
      this.o.input.removeAttribute("aria-activedescendant");
    }
  }

  private open(chosen: HTMLElement, newTab: boolean): void {
    if (newTab && chosen instanceof HTMLAnchorElement) {
      remember(this.o.input.value);
      window.open(chosen.href, "_blank", "noopener");
    } else {
      chosen.click();
    }
  }
}

/** Returns the search page's address for a query. */
function address(form: HTMLFormElement, query: string): string {
  const url = new URL(form.action);
  if (query.trim() !== "") {
    url.searchParams.set("q", query.trim());
  }
  return url.href;
}
