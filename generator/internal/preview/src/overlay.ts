// What is wrong with the site, over the page that was right last.

import { h, t, type Host } from "./host.ts";

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
}

/** Shows errors as a dialog that leaves when they do. */
export class Overlay {
  private readonly element: HTMLElement;
  private dismissed = "";
  private shown: Problem[] = [];

  constructor(host: Host) {
    this.element = h("div", { class: "overlay", role: "alertdialog", "aria-modal": "false", "aria-labelledby": "overlay-title", hidden: "" });
    host.root.append(this.element);
    addEventListener("keydown", (e) => {
      if (e.key === "Escape" && !this.element.hidden) this.dismiss();
    });
  }

  /** Shows the errors of a list; without any the overlay goes. */
  show(problems: Problem[]): void {
    this.shown = problems.filter((p) => p.severity === "error");
    if (this.shown.length === 0) {
      this.dismissed = "";
      this.element.hidden = true;
      this.element.replaceChildren();
      return;
    }
    if (JSON.stringify(this.shown) === this.dismissed) return;
    const close = h("button", { type: "button", class: "close", "aria-label": t("close") }, "×");
    close.addEventListener("click", () => this.dismiss());
    const count = this.shown.length;
    this.element.replaceChildren(
      h("header", {}, h("h1", { id: "overlay-title" }, `${count} ${t(count === 1 ? "error" : "errors")}`), close),
      h("ol", {}, ...this.shown.slice(0, 50).map(problem)),
    );
    this.element.hidden = false;
  }

  private dismiss(): void {
    this.dismissed = JSON.stringify(this.shown);
    this.element.hidden = true;
  }
}

function problem(p: Problem): HTMLElement {
  const place = p.line > 0 ? `${p.file}:${p.line}:${p.column}` : p.file;
  const item = h("li", {}, p.editor ? h("a", { class: "place", href: p.editor, title: t("open") }, place) : h("span", { class: "place" }, place), h("p", { class: "message" }, p.message));
  if (p.source) {
    const before = [...p.source].slice(0, p.column - 1).map((c) => (c === "\t" ? "\t" : " ")).join("");
    item.append(h("pre", {}, p.source + "\n", h("span", { class: "caret" }, before + "^".repeat(Math.max(1, p.length ?? 1)))));
  }
  if (p.suggestion) item.append(h("p", { class: "cure" }, h("b", {}, t("cure")), " ", p.suggestion));
  for (const n of p.notes ?? []) item.append(h("p", { class: "note" }, `${n.file}:${n.line}:${n.column} ${n.message}`));
  return item;
}
