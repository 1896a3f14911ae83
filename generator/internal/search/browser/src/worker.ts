// The engine's own thread: a module worker that the page starts when search is first
// used, so that no fetching, checking and ranking holds up typing. Where there can be
// no worker, a page imports this file as a module and takes the session from it.
//
// The page sends an Opening, then the manifest's bytes or null if it has none, then
// Questions. The worker says "ready" first, and then sends Answers: to the latest
// question, and to those before that it was done with.

import type { Result } from "./engine";
import { Session } from "./session";

export { Session };

/** Where the index is. */
export interface Opening {
  /** The manifest's whole address. */
  manifest: string;
}

export interface Question {
  id: number;
  query: string;
  limit: number;
  offset: number;
}

/** What is wrong: an IndexError has a kind, a mistake of ours none, but its stack. */
export interface Trouble {
  kind: string | undefined;
  message: string;
  stack?: string | undefined;
}

/** Has a result or trouble. */
export interface Answer {
  id: number;
  result?: Result;
  trouble?: Trouble;
}

if (typeof document === "undefined") {
  let session: Session;
  let latest: Question | undefined;
  let first: (bytes: ArrayBuffer | null) => void;
  let stop = new AbortController();

  const answer = async (question: Question): Promise<void> => {
    if (question !== latest) return;
    const { id, query } = question;
    try {
      const result = await session.search(query, { ...question, signal: stop.signal });
      postMessage({ id, result } satisfies Answer);
    } catch (error) {
      const { kind, message, stack } = error as Trouble;
      postMessage({ id, trouble: { kind, message, stack } } satisfies Answer);
    }
  };

  onmessage = ({ data }: MessageEvent<Opening | Question | ArrayBuffer | null>) => {
    if (!data || data instanceof ArrayBuffer) {
      first(data);
    } else if ("manifest" in data) {
      session = new Session(data.manifest, new Promise((resolve) => (first = resolve)));
      session.open().catch(() => {}); // whoever asks is told
    } else {
      // Those that came while this thread was at work are passed over.
      stop.abort();
      stop = new AbortController();
      latest = data;
      setTimeout(answer, 0, data);
    }
  };
  postMessage("ready");
}
