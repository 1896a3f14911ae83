// What a tab remembers of the pages it showed, from one to the next.

import type { Elsewhere } from "./toast.ts";

/** What a page leaves to itself when it is loaded anew. */
export interface Kept {
  scroll: [x: number, y: number];
  /** The notice that was shown, if any. */
  toast: Elsewhere[];
}

const keptKey = () => "vigie-preview-kept:" + location.pathname;
const seenKey = "vigie-preview-seen";

/** Keeps what the page will want when it has been loaded anew. */
export function keep(kept: Kept): void {
  sessionStorage.setItem(keptKey(), JSON.stringify(kept));
}

/** Takes what was kept of the page, if it was loaded anew. */
export function takeKept(): Kept | null {
  const kept = sessionStorage.getItem(keptKey());
  sessionStorage.removeItem(keptKey());
  return kept === null ? null : JSON.parse(kept) as Kept;
}

/**
 * The last update that the tab was told of, of those of a run of the program; for a tab
 * that was told of none, the one that its page is of.
 */
export function seen(program: string, update: number): number {
  const [of, told] = JSON.parse(sessionStorage.getItem(seenKey) ?? "[]") as [string?, number?];
  return of === program ? told ?? update : update;
}

/** Notes the last update that the tab was told of. */
export function see(program: string, update: number): void {
  sessionStorage.setItem(seenKey, JSON.stringify([program, update]));
}
