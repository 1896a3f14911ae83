// The index, opened for the first search, its files fetched as the engine asks for
// them. It touches no page: it is in a worker, or else in a page.

import { Engine, IndexError, type Load, type Result } from "./engine";

// How long a file may take, in milliseconds.
const patience = 20_000;

/** Which hits of an answer are wanted, and until when. */
export interface Page {
  limit: number;
  offset: number;
  signal: AbortSignal;
}

export class Session {
  private engine: Promise<Engine> | undefined;
  private cache: RequestCache = "force-cache";
  private readonly underWay = new Map<string, Promise<Uint8Array>>();

  /** manifest is its whole address; first, where given, its bytes on their way, null if they do not come. */
  constructor(
    private readonly manifest: string,
    private first: Promise<ArrayBuffer | null> | null,
  ) {}

  /** Reads the manifest, unless that is done. */
  open(): Promise<Engine> {
    this.engine ??= this.read().catch((error) => {
      this.engine = undefined;
      throw error;
    });
    return this.engine;
  }

  /** Answers a query. An index that cannot be read is opened anew, once: the site
   *  may have been published again since, and its old files be gone. */
  async search(query: string, o: Page): Promise<Result> {
    const known = this.engine;
    try {
      return await this.ask(query, o);
    } catch (error) {
      if (known && error instanceof IndexError && !o.signal.aborted) {
        return this.ask(query, o);
      }
      throw error;
    }
  }

  private async ask(query: string, o: Page): Promise<Result> {
    try {
      const result = await (await this.open()).search(query, o);
      this.cache = "force-cache";
      return result;
    } catch (error) {
      if (error instanceof IndexError && !o.signal.aborted) {
        this.engine = undefined;
        this.cache = "reload"; // a bad copy, or a kept "not found", would stay
      }
      throw error;
    }
  }

  private async read(): Promise<Engine> {
    const answer = this.first ?? get(this.manifest, "no-cache");
    this.first = null;
    return Engine.open(await inTime(answer), this.load);
  }

  // Reads a file beside the manifest. A file asked for twice is fetched once, and
  // goes on being fetched when the query is dropped: the next one, a letter
  // longer, mostly wants the same.
  private readonly load: Load = (path, signal) => {
    let file = this.underWay.get(path);
    if (!file) {
      file = inTime(get(new URL(path, this.manifest), this.cache)).finally(() => this.underWay.delete(path));
      this.underWay.set(path, file);
    }
    return signal ? unlessAborted(file, signal) : file;
  };
}

async function get(address: string | URL, cache: RequestCache): Promise<ArrayBuffer> {
  const response = await fetch(address, { cache });
  if (!response.ok) {
    throw new Error(`${response.url}: status ${response.status}`);
  }
  return response.arrayBuffer();
}

async function inTime(answer: Promise<ArrayBuffer | null>): Promise<Uint8Array> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, patience, null);
  });
  try {
    const bytes = await Promise.race([answer, late]);
    if (bytes) {
      return new Uint8Array(bytes);
    }
    throw new Error("no answer");
  } catch (error) {
    throw new IndexError("unavailable", String(error));
  } finally {
    clearTimeout(timer);
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason ?? new DOMException("aborted", "AbortError"));
    if (signal.aborted) {
      abort();
    }
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject);
  });
}
