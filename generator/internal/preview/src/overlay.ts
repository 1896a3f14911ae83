// What is wrong with the site: over the page where that is not what its files say,
// else folded up at its side, since the page shows the places itself.

import { counted, h, t, type Host } from "./host.ts";
import { clear, find, goTo } from "./marks.ts";

/** A finding about the site's files. */
export interface Problem {
  severity: "error" | "warning";
  file: string;
  line: number;
  column: number;
  message: string;
  rule: string;
  suggestion?: string;
  /** The line of the file, and how many characters from `column` on are meant. */
  source?: string;
  length?: number;
  /** Opens the place in the editor. */
  editor?: string;
  notes?: { file: string; line: number; column: number; message: string }[];
  /** Names the problem where the page shows it. */
  mark: string;
  /** The problem stands in the files of the page shown. */
  here: boolean;
  /** Because of it the page shown is not what its files say. */
  hides: boolean;
}

const openKey = "vigie-preview-errors";

/** Shows errors, and leaves when they do. */
export class Overlay {
  private readonly element: HTMLElement;
  private readonly title: HTMLElement;
  private readonly first: HTMLElement;
  private readonly toggle: HTMLElement;
  private readonly list: HTMLElement;
  private dismissed = "";
  private shown: Problem[] = [];

  constructor(host: Host) {
    this.title = h("span", { role: "status" });
    this.first = h("button", { type: "button", class: "first" }, t("first"));
    this.toggle = h("button", { type: "button", class: "toggle", "aria-controls": "overlay-list" });
    const close = h("button", { type: "button", class: "close", "aria-label": t("close") }, "×");
    this.list = h("ol", { id: "overlay-list" });
    this.element = h("div", { class: "overlay", "aria-labelledby": "overlay-title", hidden: "" }, h("div", { class: "overlay-head" }, h("h1", { id: "overlay-title" }, this.title), this.first, this.toggle, close), this.list);
    host.root.append(this.element);
    this.first.addEventListener("click", () => goTo(this.marked()[0]?.mark ?? ""));
    this.toggle.addEventListener("click", () => this.open(this.list.hidden));
    close.addEventListener("click", () => this.dismiss());
    addEventListener("keydown", (e) => {
      if (e.key !== "Escape" || this.element.hidden) return;
      if (this.quiet() && !this.list.hidden) this.open(false);
      else this.dismiss();
    });
  }

  /** Shows the errors of a list; without any the overlay goes. */
  show(problems: Problem[]): void {
    this.shown = problems.filter((p) => p.severity === "error");
    if (this.shown.length === 0) {
      this.dismissed = "";
      this.element.hidden = true;
      this.list.replaceChildren();
      return;
    }
    if (JSON.stringify(this.shown) === this.dismissed) return;
    const count = this.shown.length;
    const here = this.shown.filter((p) => p.here).length;
    const title = `${counted(count, "errors")}, ${here} ${t("here")}`;
    if (this.title.textContent !== title) this.title.textContent = title;
    this.list.replaceChildren(...this.shown.slice(0, 50).map((p) => this.problem(p)));
    const quiet = this.quiet();
    this.element.classList.toggle("quiet", quiet);
    this.element.setAttribute("role", quiet ? "region" : "alertdialog");
    this.first.hidden = this.marked().length === 0;
    this.toggle.hidden = !quiet;
    this.open(!quiet || sessionStorage.getItem(openKey) === "1", quiet);
    this.element.hidden = false;
  }

  /** Unfolds what is told of some problems, and takes the focus there. */
  tell(ids: string[]): void {
    this.element.hidden = this.shown.length === 0;
    if (this.list.hidden) this.open(true);
    const item = this.list.querySelector<HTMLElement>(ids.map((id) => `[data-mark="${CSS.escape(id)}"]`).join(","));
    item?.focus({ preventScroll: true });
    item?.scrollIntoView({ block: "nearest" });
    if (ids[0] !== undefined && this.quiet()) clear(ids[0], this.element.getBoundingClientRect().top);
  }

  /** Tells whether the page shows the place of all that is wrong with it. */
  private quiet(): boolean {
    return this.shown.every((p) => !p.hides && (!p.here || find(p.mark) !== null));
  }

  private marked(): Problem[] {
    return this.shown.filter((p) => find(p.mark) !== null);
  }

  private open(open: boolean, keep = true): void {
    this.list.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    this.toggle.textContent = t(open ? "hide" : "expand");
    if (keep) sessionStorage.setItem(openKey, open ? "1" : "0");
  }

  private dismiss(): void {
    this.dismissed = JSON.stringify(this.shown);
    this.element.hidden = true;
  }

  private problem(p: Problem): HTMLElement {
    const place = p.line > 0 ? `${p.file}:${p.line}:${p.column}` : p.file;
    const item = h("li", { "data-mark": p.mark, tabindex: "-1" }, p.editor ? h("a", { class: "place", href: p.editor, title: t("open") }, place) : h("span", { class: "place" }, place));
    if (find(p.mark) !== null) {
      const see = h("button", { type: "button", class: "see" }, t("see"));
      see.addEventListener("click", () => goTo(p.mark));
      item.append(" ", see);
    }
    item.append(h("p", { class: "message" }, p.message));
    if (p.source) {
      const before = [...p.source].slice(0, p.column - 1).map((c) => (c === "\t" ? "\t" : " ")).join("");
      item.append(h("pre", { tabindex: "0" }, p.source + "\n", h("span", { class: "caret" }, before + "^".repeat(Math.max(1, p.length ?? 1)))));
    }
    if (p.suggestion) item.append(h("p", { class: "cure" }, h("b", {}, t("cure")), " ", p.suggestion));
    for (const n of p.notes ?? []) item.append(h("p", { class: "note" }, `${n.file}:${n.line}:${n.column} ${n.message}`));
    return item;
  }
}
