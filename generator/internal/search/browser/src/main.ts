// The part of search that every page loads: it opens the search field, from the
// header's link and by the keys "/" and Ctrl or ⌘ K, and fetches the rest then.
// Without it the link leads to the search page, which lists all pages.

import type { Handover } from "./app";
import { kept, keepSlash } from "./store";

const template = document.getElementById("search-template");
if (template instanceof HTMLTemplateElement) {
  start(template);
}

function start(template: HTMLTemplateElement): void {
  const link = document.querySelector<HTMLElement>("[data-search-open]");
  const page = document.querySelector<HTMLElement>("[data-search-page]");
  const say = (name: string) => template.content.querySelector(`[data-text="${name}"]`)?.textContent ?? "";
  let dialog: HTMLDialogElement | undefined;

  // The script of the box. A fetch that failed is tried again under another
  // address: browsers may remember a module that did not load.
  let tries = 0;
  let app: Promise<typeof import("./app")> | undefined;
  const fetchApp = () => {
    app ??= import((template.dataset.app ?? "") + (tries++ ? `?${tries}` : "")).catch((error) => {
      app = undefined;
      throw error;
    });
    return app!;
  };

  // The thread of the engine. It comes at the same time as the box; app.ts knows what
  // to do where it does not start.
  let thread: Promise<Worker> | undefined;
  const startThread = () => {
    thread ??= new Promise<Worker>((resolve, reject) => {
      const worker = new Worker(template.dataset.engine ?? "", { type: "module" });
      worker.onmessage = () => resolve(worker);
      worker.onerror = reject;
    });
    thread.catch(() => (thread = undefined));
    return thread;
  };

  // Hands a field over to the box, once its script is there; until then each
  // letter typed tries anew.
  const connect = (h: Handover) => {
    let state: "no" | "trying" | "yes" = "no";
    let again = false; // the network came back while trying
    const attempt = async () => {
      if (state !== "no") {
        return;
      }
      state = "trying";
      h.manifest = fetch(template.dataset.manifest ?? "", { cache: "no-cache" });
      h.manifest.catch(() => {}); // the box says so
      void startThread();
      const waiting = setTimeout(() => note(h.box, say("loading")), 250);
      try {
        (await fetchApp()).connect(h);
        state = "yes";
      } catch {
        state = "no";
        note(h.box, say(navigator.onLine ? "unavailable" : "offline"));
      }
      clearTimeout(waiting);
      if (again && state === "no") {
        again = false;
        void attempt();
      }
    };
    h.input.addEventListener("input", attempt);
    addEventListener("online", () => {
      again = state === "trying";
      void attempt();
    });
    return attempt;
  };

  const openDialog = () => {
    if (!dialog) {
      dialog = makeDialog(template);
      const form = dialog.querySelector("form")!;
      const input = dialog.querySelector<HTMLInputElement>("[role=combobox]")!;
      const box = dialog.querySelector<HTMLElement>(".search-box")!;
      const attempt = connect({ template, dialog, form, input, box, start: startThread });
      dialog.addEventListener("open", attempt);
      const slash = dialog.querySelector<HTMLInputElement>("[data-search-slash]");
      if (slash) {
        slash.checked = kept().slash;
        slash.addEventListener("change", () => {
          keepSlash(slash.checked);
          announceKeys(slash.checked);
        });
      }
    }
    if (!dialog.open) {
      dialog.showModal();
      dialog.dispatchEvent(new Event("open"));
    }
    dialog.querySelector<HTMLInputElement>("[role=combobox]")!.select();
  };

  const pageInput = page?.querySelector<HTMLInputElement>("input[name=q]");
  const open = () => {
    if (pageInput) {
      pageInput.focus();
      pageInput.select();
    } else {
      openDialog();
    }
  };

  if (page && pageInput) {
    const box = page.querySelector<HTMLElement>(".search-box")!;
    pageInput.value = new URLSearchParams(location.search).get("q") ?? pageInput.value;
    const attempt = connect({ template, input: pageInput, form: pageInput.form!, box, start: startThread });
    pageInput.addEventListener("focus", attempt);
    if (pageInput.value) {
      void attempt();
    }
  }

  const announceKeys = (slash: boolean) => {
    link?.setAttribute("aria-keyshortcuts", (slash ? "/ " : "") + "Control+K Meta+K");
  };
  announceKeys(kept().slash);

  link?.addEventListener("click", (event) => {
    if (event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      link.focus(); // not every browser does; the dialog gives the focus back to it
      open();
    }
  });
  // On its way to the link, a reader gives us the time to fetch.
  link?.addEventListener(
    "pointerenter",
    () => {
      fetchApp().catch(() => {});
      void startThread();
    },
    { once: true },
  );

  addEventListener("keydown", (event) => {
    const bare = !event.ctrlKey && !event.metaKey && !event.altKey;
    const command = (event.ctrlKey !== event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    if (event.defaultPrevented || event.isComposing || !(command || (bare && event.key === "/" && kept().slash))) {
      return;
    }
    // For a moment, a dialog that was closed still has the focus.
    const ours = event.target instanceof Node && (dialog?.contains(event.target) ?? false);
    if (ours ? dialog!.open && !command && isField(event.target) : isField(event.target)) {
      return;
    }
    event.preventDefault();
    open();
  });
}

// Writes a note where the answers will be, and has it read out.
function note(box: HTMLElement, text: string): void {
  const p = document.createElement("p");
  p.className = "search-status";
  p.setAttribute("role", "alert");
  p.textContent = text;
  box.replaceChildren(p);
}

function makeDialog(template: HTMLTemplateElement): HTMLDialogElement {
  const made = document.importNode(template.content, true).querySelector("dialog")!;
  made.querySelector("[data-search-close]")?.addEventListener("click", () => made.close());
  made.addEventListener("pointerdown", (event) => {
    if (event.target === made) {
      made.close(); // its content covers it: this is what lies around
    }
  });
  document.body.append(made);
  return made;
}

// Tells whether keys are typed into an element.
function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));
}
