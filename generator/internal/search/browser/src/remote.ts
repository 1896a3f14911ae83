// The session as the page sees it: in a worker, or where there is none in the page.

import type { Result } from "./engine";
import type { Page, Session } from "./session";
import type { Answer, Opening, Question, Trouble } from "./worker";

// About how long it takes that a letter shows, in milliseconds.
const frame = 20;

/** An error that says what is wrong (see Trouble). */
const failure = (trouble: Trouble): Error => Object.assign(new Error(trouble.message), trouble);

/** Where the engine is, and how its thread is started. */
export interface Place {
  /** Of worker.ts and of the manifest. */
  engine: string;
  manifest: string;
  /** Starts the worker, or returns the one that is starting. */
  start: () => Promise<Worker>;
}

/** Answers queries, somewhere. */
type Ask = (query: string, o: Page) => Promise<Result>;

export class Remote {
  private ask: Promise<Ask> | undefined;
  private tries = 0;
  private ids = 0;
  private readonly first: Promise<ArrayBuffer | null> | null;

  /** first is the manifest's answer, on its way. */
  constructor(
    private readonly place: Place,
    first?: Promise<Response>,
  ) {
    this.first = first?.then((response) => (response.ok ? response.arrayBuffer() : null)).catch(() => null) ?? null;
  }

  /** Makes ready to answer, unless that is done. */
  open(): Promise<Ask> {
    this.ask ??= this.connect().catch((error) => {
      this.ask = undefined;
      throw failure({ kind: "unavailable", message: String(error) });
    });
    return this.ask;
  }

  /** Answers a query, or rejects with a failure.
   *  One that is aborted, or before the latest, may never be answered. */
  async search(query: string, o: Page): Promise<Result> {
    return (await this.open())(query, o);
  }

  private async connect(): Promise<Ask> {
    const { start, engine } = this.place;
    const manifest = new URL(this.place.manifest, document.baseURI).href;
    const { first } = this;
    let worker: Worker;
    try {
      worker = await start();
    } catch {
      // Browsers may remember a module that did not load.
      const module: { Session: typeof Session } = await import(engine + (this.tries++ ? `?${this.tries}` : ""));
      const session = new module.Session(manifest, first);
      session.open().catch(() => {}); // whoever asks is told
      return async (query, o) => {
        await new Promise((resolve) => setTimeout(resolve, frame)); // the letter comes first
        if (o.signal.aborted) throw o.signal.reason;
        return session.search(query, o);
      };
    }
    worker.postMessage({ manifest } satisfies Opening);
    void Promise.resolve(first).then((bytes) => worker.postMessage(bytes, bytes ? [bytes] : []));
    return (query, o) =>
      new Promise((resolve, reject) => {
        const id = ++this.ids;
        worker.onmessage = ({ data }: MessageEvent<Answer>) => {
          if (data.id !== id) return; // of a query before
          if (data.result) resolve(data.result);
          else reject(failure(data.trouble!));
        };
        worker.onerror = reject;
        worker.postMessage({ id, query, limit: o.limit, offset: o.offset } satisfies Question);
      });
  }
}
