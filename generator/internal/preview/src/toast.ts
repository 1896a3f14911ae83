// Tells that what changed is another page than the one shown.

import { h, t, type Host } from "./host.ts";

/** A page that changed. */
export interface Elsewhere {
  url: string;
  title: string;
}

/** A notice that leads to the page that changed. */
export class Toast {
  /** The pages that the notice tells of, none while it is hidden. */
  pages: Elsewhere[] = [];
  private readonly element: HTMLElement;

  constructor(host: Host) {
    this.element = h("div", { class: "toast", role: "status", hidden: "" });
    host.root.append(this.element);
  }

  show(pages: Elsewhere[]): void {
    const first = pages[0];
    if (first === undefined) {
      this.hide();
      return;
    }
    this.pages = pages;
    const close = h("button", { type: "button", class: "close", "aria-label": t("close") }, "×");
    close.addEventListener("click", () => this.hide());
    this.element.replaceChildren(
      h("p", {}, t("elsewhere"), " : ", h("a", { href: first.url }, first.title), pages.length > 1 ? ` (+ ${pages.length - 1})` : ""),
      close,
    );
    this.element.hidden = false;
  }

  hide(): void {
    this.pages = [];
    this.element.hidden = true;
  }
}
