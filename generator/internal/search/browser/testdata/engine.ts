// An engine of a few lines for the tests of the interface, with the types of the
// real one. The manifest's text chooses what goes wrong; the documents are in
// docs.json beside it. All words must stand in the title or the text.

export type Load = (path: string, signal?: AbortSignal) => Promise<Uint8Array>;

export class IndexError extends Error {
  constructor(
    readonly kind: "unavailable" | "corrupt" | "version",
    message: string,
  ) {
    super(message);
  }
}

export interface Fragment { text: string; match: boolean }
export interface Hit {
  url: string; title: Fragment[]; kind: string; kindTitle: string; date: string; score: number;
  tier: 0 | 1 | 2 | 3 | 4; anchor: string; heading: string; excerpt: Fragment[]; id: string;
}
export interface Facet { value: string; title: string; count: number }
export interface Result {
  query: string; total: number; near: number; partial: number; hits: Hit[]; kinds: Facet[]; years: Facet[];
  suggestion: string; ignored: string[];
}

interface Doc { url: string; title: string; kind: string; kindTitle: string; date: string; anchor: string; heading: string; text: string }

const fold = (s: string) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export class Engine {
  static open(manifest: Uint8Array, load: Load): Engine {
    const said = new TextDecoder().decode(manifest).trim();
    if (said === "version" || said === "corrupt") {
      throw new IndexError(said, said);
    }
    return new Engine(load, said);
  }

  private constructor(private load: Load, private said: string) {}

  async search(query: string, o: { limit?: number; offset?: number; signal?: AbortSignal } = {}): Promise<Result> {
    const docs: Doc[] = JSON.parse(new TextDecoder().decode(await this.load(`${this.said}.json`, o.signal)));
    if (query.includes("lentement")) {
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    if (query.includes("plante")) {
      throw new TypeError("a mistake of the engine");
    }
    const words: string[] = [];
    let kind = "", year = "";
    for (const part of fold(query).split(/\s+/).filter(Boolean)) {
      if (part.startsWith("kind:")) kind = part.slice(5);
      else if (part.startsWith("year:")) year = part.slice(5);
      else words.push(part);
    }
    const ignored = words.filter((w) => w.length > 20);
    const wanted = words.filter((w) => w.length <= 20);
    const filtered = docs.filter((d) => (!kind || d.kind === kind) && (!year || d.date.startsWith(year)));
    const score = (d: Doc) => wanted.filter((w) => fold(d.title + " " + d.text).includes(w)).length;
    const all = filtered.filter((d) => score(d) === wanted.length);
    const some = all.length < 3 ? filtered.filter((d) => score(d) < wanted.length && 2 * score(d) >= wanted.length) : [];
    const exact = (d: Doc) => fold(d.title) === wanted.join(" ");
    const hits = [...all.filter(exact), ...all.filter((d) => !exact(d)), ...some];
    const facets = (value: (d: Doc) => string, title: (d: Doc) => string): Facet[] => {
      const found = new Map<string, Facet>();
      for (const d of all) {
        if (value(d)) {
          const f = found.get(value(d)) ?? { value: value(d), title: title(d), count: 0 };
          f.count++;
          found.set(value(d), f);
        }
      }
      return [...found.values()].sort((a, b) => b.count - a.count || (a.value < b.value ? 1 : -1));
    };
    const mark = (text: string): Fragment[] => {
      const parts: Fragment[] = [];
      for (const text_ of text.split(/([\p{L}\p{N}]+)/u)) {
        parts.push({ text: text_, match: text_ !== "" && wanted.some((w) => fold(text_).startsWith(w)) });
      }
      return parts;
    };
    return {
      query,
      total: all.length,
      near: 0,
      partial: some.length,
      hits: hits.slice(o.offset ?? 0, (o.offset ?? 0) + Math.min(o.limit ?? 10, 100)).map((d) => ({
        url: d.url, id: d.url, kind: d.kind, kindTitle: d.kindTitle, date: d.date, score: 1,
        tier: some.includes(d) ? 4 : exact(d) ? 0 : 1, anchor: d.anchor, heading: d.heading,
        title: mark(d.title), excerpt: mark(d.text),
      })),
      kinds: facets((d) => d.kind, (d) => d.kindTitle),
      years: facets((d) => d.date.slice(0, 4), (d) => d.date.slice(0, 4)),
      suggestion: wanted.join(" ") === "secnumclaud" ? "secnumcloud" : "",
      ignored,
    };
  }
}
