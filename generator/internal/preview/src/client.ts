// The script that preview adds to each page: it keeps the page in step with the files
// it is made from, and shows the editor what is wrong.

import { Bar, type PageReport } from "./bar.ts";
import { Overlay, type Problem } from "./overlay.ts";
import { patch, type Patch } from "./patch.ts";
import { Host } from "./host.ts";
import { Toast, type Elsewhere } from "./toast.ts";

/** What preview says when a page connects or comes back. */
interface Hello {
  /** Names the running program: another one may have another site. */
  program: string;
  problems: Problem[];
  report: PageReport;
}

const root = document.currentScript ?? document.querySelector("script[data-vigie-preview]");
const base = root?.getAttribute("data-base") ?? "/";
let hash = root?.getAttribute("data-hash") ?? "";
let program = root?.getAttribute("data-program") ?? "";

const host = new Host(base + "_vigie/client.css");
const overlay = new Overlay(host);
const bar = new Bar(host, base);
const toast = new Toast(host);

keepScroll();
connect();

/** Opens the stream; the browser reopens it when it breaks. */
function connect(): void {
  const query = new URLSearchParams({ path: location.pathname, hash });
  const events = new EventSource(`${base}_vigie/events?${query}`);
  const on = <T>(name: string, take: (data: T) => void) =>
    events.addEventListener(name, (e) => take(JSON.parse((e as MessageEvent<string>).data) as T));

  on<Hello>("hello", (hello) => {
    bar.connected(true);
    if (program !== "" && program !== hello.program) {
      reload();
      return;
    }
    program = hello.program;
    overlay.show(hello.problems);
    bar.show(hello.report);
  });
  on<Patch>("patch", (p) => {
    if (p.from !== hash || !patch(p)) {
      reload();
      return;
    }
    hash = p.hash;
    toast.hide();
    // The stream's address names what the page shows: it must be true when it reopens.
    events.close();
    connect();
    document.dispatchEvent(new CustomEvent("vigie:patched"));
  });
  on<null>("reload", () => reload());
  on<Problem[]>("problems", (list) => overlay.show(list));
  on<PageReport>("report", (report) => bar.show(report));
  on<Elsewhere[]>("elsewhere", (pages) => toast.show(pages));
  events.addEventListener("error", () => {
    bar.connected(false);
    if (events.readyState === EventSource.CLOSED) {
      // The server answered, but not with a stream: it is starting again.
      setTimeout(connect, 500);
    }
  });
  addEventListener("pagehide", () => events.close(), { once: true });
}

/** Loads the page anew, where the reader stands. */
function reload(): void {
  sessionStorage.setItem(scrollKey(), JSON.stringify([scrollX, scrollY]));
  location.reload();
}

/** Goes back to where a reload found the page. */
function keepScroll(): void {
  const kept = sessionStorage.getItem(scrollKey());
  if (kept === null) return;
  sessionStorage.removeItem(scrollKey());
  const [x, y] = JSON.parse(kept) as [number, number];
  const go = () => scrollTo({ left: x, top: y, behavior: "instant" as ScrollBehavior });
  go();
  if (document.readyState !== "complete") addEventListener("load", go, { once: true });
}

function scrollKey(): string {
  return "vigie-preview-scroll:" + location.pathname;
}
