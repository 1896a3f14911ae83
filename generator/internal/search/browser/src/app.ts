// The part of search that is fetched when it is first used: the box, and beside it
// worker.ts, the engine. main.ts opens the field before that, and hands it over.

import { Box } from "./box";
import { Remote } from "./remote";
import { Texts } from "./texts";

/** What main.ts hands over. */
export interface Handover {
  template: HTMLTemplateElement;
  input: HTMLInputElement;
  box: HTMLElement;
  form: HTMLFormElement;
  /** The dialog that the box is in; none on the search page. */
  dialog?: HTMLDialogElement;
  /** The manifest, on its way. */
  manifest?: Promise<Response>;
  /** See Place. */
  start: () => Promise<Worker>;
}

/** Makes the field search, from what already stands in it. */
export function connect(h: Handover): void {
  const { engine = "", manifest = "", root = "/" } = h.template.dataset;
  const texts = new Texts(h.template.content, document.documentElement.lang);
  const session = new Remote({ engine, manifest, start: h.start }, h.manifest);
  session.open().catch(() => {}); // the box says so, once something is asked
  const common = { session, texts, input: h.input, box: h.box, form: h.form, root };
  const { dialog } = h;
  const box = dialog
    ? new Box({ ...common, options: true, limit: 10, onOpen: () => dialog.close() })
    : new Box({ ...common, options: false, limit: 20, onQuery: showOnPage });
  // Opened again, the dialog shows the searches made since.
  dialog?.addEventListener("open", () => void box.ask());
  void box.ask();
}

const title = document.title;

// Keeps the address and the title of the search page in step with the query, and
// lists all pages while there is none.
function showOnPage(query: string): void {
  const url = new URL(location.href);
  if (query) {
    url.searchParams.set("q", query);
  } else {
    url.searchParams.delete("q");
  }
  if (url.href !== location.href) {
    url.hash = ""; // a place in the list of all pages
    try {
      history.replaceState(history.state, "", url);
    } catch {} // some browsers refuse after a hundred times in a short while
  }
  document.title = query ? `${query} – ${title}` : title;
  for (const list of document.querySelectorAll<HTMLElement>("[data-search-unasked]")) {
    list.hidden = query !== "";
  }
}
