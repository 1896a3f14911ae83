// The script that preview adds to each page: it keeps the page in step with the files
// it is made from, and shows the editor what is wrong.

import { Bar, type PageReport } from "./bar.ts";
import { followMarks } from "./marks.ts";
import { Overlay, type Problem } from "./overlay.ts";
import { patch, type Patch } from "./patch.ts";
import { Host } from "./host.ts";
import { Stream } from "./stream.ts";
import { keep, see, seen, takeKept } from "./tab.ts";
import { Toast, type Elsewhere } from "./toast.ts";

/** What preview says when a page connects or comes back. */
interface Hello {
  /** Names the running program: another one may have another site. */
  program: string;
  problems: Problem[];
  report: PageReport;
}

/** Which pages changed elsewhere; the same page may be told of again. */
interface News {
  /** Counts the site's updates. */
  update: number;
  /** With the update that each changed in. */
  pages: (Elsewhere & { update: number })[];
}

/** How many milliseconds a reader is on the way to another page; some links lead to none. */
const patience = 5000;

const root = document.querySelector("script[data-vigie-preview]");
const base = root?.getAttribute("data-base") ?? "/";
const update = Number(root?.getAttribute("data-update") ?? 0);
const program = root?.getAttribute("data-program") ?? "";
let hash = root?.getAttribute("data-hash") ?? "";
/** The timer that runs while the reader is on the way to another page, else 0. */
let leaving = 0;
let outdated = false;

const host = new Host(base + "_vigie/client.css");
const overlay = new Overlay(host);
const bar = new Bar(host, base);
const toast = new Toast(host);
const stream = new Stream(address, () => bar.connected(false));

followMarks(base + "_vigie/marks.css", (ids) => overlay.tell(ids));

addEventListener("beforeunload", () => {
  clearTimeout(leaving);
  leaving = setTimeout(stay, patience);
});
addEventListener("pageshow", (e) => {
  if (e.persisted) stay(); // the reader came back
});

stream.on<Hello>("hello", (hello) => {
  bar.connected(true);
  if (program !== "" && program !== hello.program) {
    reload();
    return;
  }
  overlay.show(hello.problems);
  bar.show(hello.report);
});
stream.on<Patch>("patch", (p) => {
  if (p.from !== hash || !patch(p)) {
    reload();
    return;
  }
  hash = p.hash;
  stream.open(); // its address names what the page shows
  document.dispatchEvent(new CustomEvent("vigie:patched"));
});
stream.on<null>("reload", () => reload());
stream.on<Problem[]>("problems", (list) => overlay.show(list));
stream.on<PageReport>("report", (report) => bar.show(report));
stream.on<News>("elsewhere", (news) => {
  const last = seen(program, update);
  if (news.update <= last) return;
  toast.show(news.pages.filter((p) => p.update > last));
  see(program, news.update);
});

restore();
stream.open();

function address(): string {
  const query = new URLSearchParams({ path: location.pathname, hash, seen: String(seen(program, update)) });
  return `${base}_vigie/events?${query}`;
}

/**
 * Loads the page anew, where the reader stands. It would undo a click that leads to
 * another page, so it waits for what comes of that.
 */
function reload(): void {
  outdated = true;
  if (leaving !== 0) return;
  keep({ scroll: [scrollX, scrollY], toast: toast.pages });
  stream.close(); // what is told from now on is for the page to come
  location.reload();
}

/** The reader is still here: what waited is done. */
function stay(): void {
  clearTimeout(leaving);
  leaving = 0;
  if (outdated) reload();
}

/** Gives the page back what it kept when it was loaded anew. */
function restore(): void {
  const kept = takeKept();
  if (kept === null) return;
  toast.show(kept.toast);
  const [left, top] = kept.scroll;
  const go = () => scrollTo({ left, top, behavior: "instant" as ScrollBehavior });
  go();
  if (document.readyState !== "complete") addEventListener("load", go, { once: true });
}
