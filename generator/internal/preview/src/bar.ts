// The editor's bar: what the page's editor should know, at the foot of the window.

import { counted, h, t, type Host } from "./host.ts";
import { find, goTo } from "./marks.ts";

/** What preview knows of the page shown. */
export interface PageReport {
  /** The page's file, "" for a page that the build makes. */
  file: string;
  editor?: string;
  draft: boolean;
  future: boolean;
  words: number;
  minutes: number;
  /** Languages in which the page is missing, or older than the original. */
  missing: string[];
  stale: string[];
  /** Facts that were last verified too long ago. */
  due: { url: string; text: string }[];
  /** References that lead nowhere, and their marks. */
  broken: { text: string; mark: string }[];
  /** What is wrong in the page's front matter. */
  wrong: { text: string; mark: string }[];
  backlinks: { url: string; title: string }[];
  /** What the preview itself has to say, such as that files are polled. */
  notice?: string;
}

/** Why a page ranks where it does. */
interface Rank {
  rank: number;
  total: number;
  score: number;
  explanation: string[];
}

const openKey = "vigie-preview-bar";

/** The bar. */
export class Bar {
  private readonly element: HTMLElement;
  private readonly state: HTMLElement;
  private readonly body: HTMLElement;
  private readonly facts: HTMLElement;
  private readonly toggle: HTMLElement;

  constructor(host: Host, private readonly base: string) {
    this.state = h("span", { class: "state", role: "status" });
    this.facts = h("ul", {});
    // A report must not wipe out a query, nor its answer.
    this.body = h("div", { class: "bar-body", id: "bar-body" }, this.facts, this.rank());
    this.toggle = h("button", { type: "button", class: "toggle", "aria-controls": "bar-body" });
    this.element = h("aside", { class: "bar", "aria-label": t("bar"), hidden: "" }, h("div", { class: "bar-head" }, h("b", {}, "Vigie"), this.state, this.toggle), this.body);
    this.toggle.addEventListener("click", () => this.open(this.body.hidden));
    this.open(localStorage.getItem(openKey) === "1");
    host.root.append(this.element);
  }

  private open(open: boolean): void {
    this.body.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    this.toggle.textContent = t(open ? "hide" : "expand");
    localStorage.setItem(openKey, open ? "1" : "0");
  }

  /** Says whether the page is in touch with the program. */
  connected(yes: boolean): void {
    this.element.hidden = false;
    this.element.classList.toggle("lost", !yes);
    if (!yes) this.state.textContent = t("lost");
  }

  /** Shows a report. */
  show(r: PageReport): void {
    this.element.hidden = false;
    const flags: string[] = [];
    if (r.draft) flags.push(t("draft"));
    if (r.future) flags.push(t("future"));
    if (r.broken.length > 0) flags.push(counted(r.broken.length, "broken"));
    if (r.wrong.length > 0) flags.push(counted(r.wrong.length, "errors"));
    if (r.due.length > 0) flags.push(`${r.due.length} ${t("due")}`);
    this.state.textContent = flags.length > 0 ? flags.join(" · ") : t("ok");
    const items: HTMLElement[] = [];
    const add = (...nodes: (Node | string)[]) => items.push(h("li", {}, ...nodes));
    if (r.file !== "") add(r.editor ? h("a", { href: r.editor, title: t("open") }, r.file) : r.file);
    if (r.words > 0) add(`${counted(r.words, "words")}, ${r.minutes} ${t("minutes")}`);
    if (r.missing.length > 0) add(`${t("missing")} : ${r.missing.join(", ")}`);
    if (r.stale.length > 0) add(`${t("stale")} : ${r.stale.join(", ")}`);
    for (const b of [...r.broken, ...r.wrong]) {
      if (find(b.mark) === null) {
        add(h("span", { class: "bad" }, b.text));
        continue;
      }
      const go = h("button", { type: "button", class: "bad link" }, b.text);
      go.addEventListener("click", () => goTo(b.mark));
      add(go);
    }
    for (const d of r.due) add(h("a", { href: d.url }, d.text), ` ${t("due")}`);
    if (r.backlinks.length > 0) add(`${counted(r.backlinks.length, "backlinks")} : `, ...r.backlinks.slice(0, 12).flatMap((b, i) => [i > 0 ? ", " : "", h("a", { href: b.url }, b.title)]));
    if (r.notice) add(r.notice);
    this.facts.replaceChildren(...items);
  }

  /** The form that asks why the page ranks where it does for a query. */
  private rank(): HTMLElement {
    const input = h("input", { type: "search", name: "q", "aria-label": t("query"), placeholder: t("query"), autocomplete: "off" }) as HTMLInputElement;
    const answer = h("div", { class: "rank", role: "status" });
    const form = h("form", {}, input, h("button", { type: "submit" }, t("rank")));
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      const query = new URLSearchParams({ path: location.pathname, q: input.value, lang: document.documentElement.lang });
      void fetch(`${this.base}_vigie/rank?${query}`)
        .then((r) => r.json() as Promise<Rank>)
        .then((r) => {
          answer.replaceChildren(r.rank === 0 ? t("none") : `${r.rank}/${r.total} (${r.score.toFixed(3)})`, h("ul", {}, ...(r.explanation ?? []).map((line) => h("li", {}, line))));
        })
        .catch((error: unknown) => answer.replaceChildren(String(error)));
    });
    return h("div", {}, form, answer);
  }
}
