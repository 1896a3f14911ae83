// The stream of events from the program to the page.

/** How long to wait for a program that answers, but with no stream. */
const retryAfter = 500;

/**
 * A stream that is open while the page is seen, and comes back when it breaks. Browsers
 * open six connections to a host, for all tabs: those in the background need none.
 */
export class Stream {
  private readonly listeners: [name: string, take: (data: unknown) => void][] = [];
  private events: EventSource | null = null;
  private retry = 0;

  /**
   * `address` is asked for the stream's address whenever it is opened: it says what the
   * page shows. `lost` is told when the stream breaks.
   */
  constructor(private readonly address: () => string, private readonly lost: () => void) {
    addEventListener("pagehide", () => this.close());
    // A page that the reader comes back to may be as it was left.
    addEventListener("pageshow", (e) => {
      if (e.persisted) this.open();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.close();
      else this.open();
    });
  }

  /** Has events of a name taken. */
  on<T>(name: string, take: (data: T) => void): void {
    this.listeners.push([name, take as (data: unknown) => void]);
  }

  /** Opens the stream, anew if it was open; for a page in the background, once it is seen. */
  open(): void {
    this.close();
    if (document.visibilityState === "hidden") return;
    const events = new EventSource(this.address());
    for (const [name, take] of this.listeners) {
      events.addEventListener(name, (e) => take(JSON.parse((e as MessageEvent<string>).data)));
    }
    events.addEventListener("error", () => {
      this.lost();
      // The server answered, but not with a stream: it is starting again, or full.
      if (events.readyState === EventSource.CLOSED) this.retry = setTimeout(() => this.open(), retryAfter);
    });
    this.events = events;
  }

  /** Closes the stream: nothing comes any more. */
  close(): void {
    clearTimeout(this.retry);
    this.events?.close();
    this.events = null;
  }
}
