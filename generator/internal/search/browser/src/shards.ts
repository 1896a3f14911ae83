// Reads the files that search/shard writes: FORMAT.md there, version 4. It finds and
// decodes; it knows no query and no score.

import { version as analysisVersion } from "./analysis";
import { compare, corrupt, crc32, decode, IndexError, Reader } from "./bytes";
import { plain } from "./plain";
import { Literal } from "./literal";
import { Blocks, entities, Term, textFields, type Word } from "./term";

/** Fetches a file of the index by its path below the manifest's folder. */
export type Load = (path: string, signal?: AbortSignal) => Promise<Uint8Array>;

const version = 4;
const maxFile = 1 << 26;
const maxDocuments = 1_000_000;
const maxTerms = 1 << 16;

const bitKeyword = 1 << 7;

/** What a result shows of a document. */
export interface Shown {
  path: string;
  title: string;
  kind: string;
  date: string;
  summary: string;
  names: string[];
  sections: { anchor: string; heading: string; text: string }[];
}

/** A value that successive documents have. */
interface Run {
  value: number;
  documents: number;
}

/** An index, of which shards are loaded when they are needed. */
export class Index {
  readonly lang: string;
  readonly documents: number;
  readonly dated: number;
  /** The average length of a text field, rounded up. */
  readonly averages: number[];
  readonly kinds: { value: string; title: string }[];
  /** The documents of phrases that were looked for, by field. */
  readonly phrases = new Map<string, number[][]>();
  /** The documents of exact phrases that were looked for. */
  readonly exact = new Map<string, Uint32Array>();
  private readonly blockSize: number;
  /** What the groups are named after: the first, then those of documents, of so many files each. */
  private readonly groups: string[];
  private readonly groupSize: number;
  private readonly years: Run[];
  private readonly kindRuns: Run[];
  private readonly lexicons: string[];
  private readonly firsts: string[];
  /** The file of positions of each shard of terms, and the first shard it covers. */
  private readonly covering: { file: number; first: number }[] = [];
  private readonly cache = new Map<string, Promise<unknown>>();

  constructor(
    manifest: Uint8Array,
    private readonly load: Load,
  ) {
    const r = open(manifest, "m", 0);
    this.groups = [hex(manifest.subarray(9, 14))];
    if (r.number() !== analysisVersion) throw new IndexError("version", "search index: made with another analysis");
    this.lang = r.text();
    const n = (this.documents = r.number());
    this.dated = r.number();
    if (n > maxDocuments || this.dated > n) throw corrupt("it has too many documents");
    this.averages = Array.from({ length: textFields }, () => Math.ceil(r.number() / n));
    this.blockSize = r.number();
    this.groupSize = r.number();
    if (!this.blockSize || !this.groupSize) throw corrupt("a file holds no documents");
    const sums = r.part(5 * Math.ceil(Math.ceil(n / this.blockSize) / this.groupSize));
    while (sums.left) this.groups.push(hex(sums.raw(5)));
    this.years = runs(r, this.dated);
    this.kinds = r.list(() => ({ value: r.text(), title: r.text() }));
    this.kindRuns = runs(r, n, true);
    this.lexicons = r.list(() => r.text());
    this.firsts = r.terms(maxTerms, (term) => term);
    r.list(() => r.number()).forEach((shards, file) => {
      const first = this.covering.length;
      if (first + shards > this.firsts.length) throw corrupt("positions have no terms");
      for (; shards > 0; shards--) this.covering.push({ file, first });
    });
    if (this.covering.length < this.firsts.length) throw corrupt("positions are missing");
    r.close();
  }

  /** The year of each dated document. */
  yearOf(): Uint32Array {
    return spread(this.years, this.dated);
  }

  /** The kind of each document: an index into kinds plus 1, or 0. */
  async kindOf(signal?: AbortSignal): Promise<Uint32Array> {
    return this.documents ? (await this.tables(signal)).kindOf : new Uint32Array();
  }

  private tables(signal?: AbortSignal): Promise<{ bodies: Uint8Array; kindOf: Uint32Array }> {
    return this.file("k", 0, signal, (r) => {
      const bodies = r.raw(this.documents);
      const list = this.kindRuns.length ? this.kindRuns : runs(r, this.documents);
      r.close();
      if (list.some((run) => run.value > this.kinds.length)) throw corrupt("there is no such kind");
      return { bodies, kindOf: spread(list, this.documents) };
    });
  }

  /** The entry of a term, a keyword with # before it. */
  async term(text: string, signal?: AbortSignal): Promise<Term | undefined> {
    if (!this.firsts.length) return undefined;
    return (await this.terms(before(this.firsts, text), signal)).get(text);
  }

  private terms(shard: number, signal?: AbortSignal): Promise<Map<string, Term>> {
    const tables = this.tables(signal);
    tables.catch(() => {}); // is waited for below, if the shard comes
    return this.file("t", shard, signal, async (r) => this.readTerms(r, shard, (await tables).bodies));
  }

  private readTerms(r: Reader, shard: number, bodies: Uint8Array): Map<string, Term> {
    let place = 0;
    const entries = r.terms(maxTerms, (text) => {
      const bits = r.byte();
      let withBlocks = 0;
      const counts = Array.from({ length: textFields }, (_, f) => {
        if (!(bits & (1 << f))) return 0;
        const n = r.number();
        if (n & 1) withBlocks |= 1 << f;
        if (n < 2 || n / 2 >= this.documents + 1) throw corrupt("a term is in too many documents");
        return Math.floor(n / 2);
      });
      const keywords = bits & bitKeyword ? r.number() : 0;
      return { text, bits, counts, withBlocks, keywords, size: r.number() };
    });
    const found = new Map<string, Term>();
    for (const e of entries) {
      const data = r.part(e.size);
      found.set(
        e.text,
        new Term(e.text, e.bits, e.counts, e.withBlocks, e.keywords, shard, place++, data, bodies),
      );
    }
    r.close();
    return found;
  }

  /** The words that begin with a prefix. */
  async beginning(prefix: string, signal?: AbortSignal): Promise<Word[]> {
    if (!this.firsts.length) return [];
    const from = before(this.firsts, prefix);
    const to = before(this.firsts, prefix + "\u{10ffff}");
    // Few shards, which are likely needed anyway, or else the lexicon.
    const words: Word[] =
      to - from < 2
        ? (await Promise.all([...new Set([from, to])].map((n) => this.terms(n, signal)))).flatMap((m) => [...m.values()])
        : await this.lexicon(prefix, signal);
    return words.filter((w) => w.frequency && w.text.startsWith(prefix));
  }

  /** The words that begin with the first character of a text. */
  async lexicon(text: string, signal?: AbortSignal): Promise<Word[]> {
    const first = String.fromCodePoint(text.codePointAt(0)!);
    if (!this.lexicons.length) return [];
    const words = await this.file("l", before(this.lexicons, first), signal, (r) => {
      const list = r.terms(Infinity, (t) => ({ text: t, frequency: r.number() }));
      r.close();
      return list;
    });
    return words.filter((w) => w.text.startsWith(first));
  }

  /** The positions of a term, by text field and place among its documents. */
  async positions(term: Term, signal?: AbortSignal): Promise<(field: number, place: number) => Uint32Array> {
    const { file, first } = this.covering[term.shard]!;
    const shards = await this.file("p", file, signal, parts);
    const part = shards[term.shard - first] && parts(shards[term.shard - first]!)[term.place];
    if (!part) throw corrupt("positions are missing");
    const r = new Reader(part.bytes, part.at, part.end);
    // A common term has its positions in the body here, for want of blocks.
    const whole = term.postings.map((p, f) => (p && !term.blocks[f] ? new Blocks(p, r) : undefined));
    let end = r.at * 2; // in halves of bytes
    const ends = term.postings.map((p, f) =>
      p && f !== entities && !whole[f] ? p.frequencies.map((n) => (end += n)) : undefined,
    );
    if (part.end !== (end + 1) >> 1) throw corrupt("positions are missing");
    return (field, place) => {
      if (whole[field]) return whole[field].at(place);
      const n = term.postings[field]!.frequencies[place]!;
      const start = ends[field]![place]! - n;
      const list = term.blocks[field]!.at(place);
      return Uint32Array.from({ length: n }, (_, i) => {
        const half = start + i;
        return (list[i] ?? 0) * 16 + ((part.bytes[half >> 1]! >> ((half & 1) * 4)) & 15);
      });
    };
  }

  /** Where a literal word stands; undefined if it stands nowhere. */
  async literal(word: string, signal?: AbortSignal): Promise<Literal | undefined> {
    if (!this.documents) return undefined;
    const firsts = await this.file("x", 0, signal, (r) => {
      const list = r.terms(maxTerms, (term) => term);
      r.close();
      return list;
    });
    if (!firsts.length) return undefined;
    const words = await this.file("w", before(firsts, word), signal, (r) => {
      const entries = r.terms(maxTerms, (text) => ({ text, count: r.number(), size: r.number() }));
      const found = new Map(entries.map(({ text, count, size }) => [text, { count, data: r.part(size) }]));
      r.close();
      return found;
    });
    const entry = words.get(word);
    return entry && new Literal(entry.count, entry.data, this.documents);
  }

  /** What a result shows of a document. */
  async document(doc: number, signal?: AbortSignal): Promise<Shown> {
    const place = this.documents - 1 - doc;
    const number = Math.floor(place / this.blockSize);
    const rest = this.documents - number * this.blockSize;
    const list = await this.file("d", number, signal, (r) => {
      let value: unknown;
      try {
        value = JSON.parse(decode(r.bytes, r.at));
      } catch {
        throw corrupt("documents are not JSON");
      }
      if (!Array.isArray(value) || value.length !== Math.min(rest, this.blockSize)) throw corrupt("documents are missing");
      return value as unknown[];
    });
    // Documents stand in descending order of their numbers. Most of them are not asked for.
    return readShown(list[place % this.blockSize]);
  }

  /** Loads and decodes a file, once. */
  private file<T>(kind: string, number: number, signal: AbortSignal | undefined, read: (r: Reader) => T | Promise<T>): Promise<T> {
    const name = kind === "k" || kind === "x" ? kind : kind + number;
    const group = this.groups[kind === "d" ? 1 + Math.floor(number / this.groupSize) : 0]!;
    const path = `${this.lang}.${group}/${name}.${kind === "d" ? "txt" : "bin"}`;
    const known = this.cache.get(path) as Promise<T> | undefined;
    if (known) {
      // Another search may have been aborted while this one waited for its file.
      return known.catch((e: unknown) => {
        if (signal?.aborted || e instanceof IndexError) throw e;
        return this.file(kind, number, signal, read);
      });
    }
    const loaded = this.fetch(path, signal).then((bytes) =>
      read(kind === "d" ? openText(bytes, group, number) : open(bytes, kind, number, group)),
    );
    this.cache.set(path, loaded);
    loaded.catch(() => this.cache.delete(path));
    return loaded;
  }

  private async fetch(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    try {
      return await this.load(path, signal);
    } catch (e) {
      if (signal?.aborted || e instanceof IndexError) throw e;
      throw new IndexError("unavailable", `search index: cannot load ${path}: ${e instanceof Error ? e.message : e}`);
    }
  }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

/** Reads a list of parts, each after its size. */
function parts(r: Reader): Reader[] {
  r = new Reader(r.bytes, r.at, r.end);
  const list: Reader[] = [];
  while (r.left) list.push(r.part(r.number()));
  return list;
}

/** The place of the last of some sorted strings that is not after another, or 0. */
function before(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (compare(sorted[middle]!, text) <= 0) low = middle;
    else high = middle;
  }
  return low;
}

/** Checks the header of a file and returns its body. */
function open(bytes: Uint8Array, kind: string, number: number, group?: string): Reader {
  if (bytes.length < 16 || bytes.length > maxFile || decode(bytes, 4, 7) !== "VGS") throw corrupt("not a file of it");
  checkVersion(bytes[7]!);
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) !== crc32(bytes, 4)) throw corrupt("a file is damaged");
  if (
    decode(bytes, 8, 9) !== kind ||
    bytes[14]! * 256 + bytes[15]! !== number ||
    (group && hex(bytes.subarray(9, 14)) !== group)
  ) {
    throw corrupt("a file is another's");
  }
  return new Reader(bytes, 16);
}

/** Checks the header of a file of documents and returns its body. */
function openText(bytes: Uint8Array, group: string, number: number): Reader {
  const end = bytes.indexOf(10) + 1;
  const line = end > 0 && end < 48 ? decode(bytes, 0, end) : "";
  const [, sum, v, rest] = /^([0-9a-f]{8}) VGS(\d+)d(.*)\n$/.exec(line) ?? [];
  if (!sum || bytes.length > maxFile) throw corrupt("not a file of it");
  checkVersion(+v!);
  if (parseInt(sum, 16) !== crc32(bytes, 8)) throw corrupt("a file is damaged");
  if (rest !== `${group} ${number}`) throw corrupt("a file is another's");
  return new Reader(bytes, end);
}

function checkVersion(v: number): void {
  if (v !== version) throw new IndexError("version", `search index: version ${v}, want ${version}`);
}

/** Reads runs that cover some documents; none at all may do. */
function runs(r: Reader, documents: number, orNone = false): Run[] {
  const list = r.list(() => ({ value: r.number(), documents: r.number() }));
  if (orNone && !list.length) return list;
  if (list.reduce((n, run) => n + run.documents, 0) !== documents) throw corrupt("documents are missing");
  return list;
}

function spread(list: readonly Run[], documents: number): Uint32Array {
  const values = new Uint32Array(documents);
  let at = 0;
  for (const run of list) values.fill(run.value, at, (at += run.documents));
  return values;
}

const isText = (v: unknown): v is string => typeof v === "string";

function readShown(v: unknown): Shown {
  if (Array.isArray(v) && v.length === 7) {
    const [path, title, kind, date, summary, names, sections] = v as unknown[];
    if (
      [path, title, kind, date, summary].every(isText) &&
      Array.isArray(names) &&
      names.every(isText) &&
      Array.isArray(sections) &&
      sections.every((s) => Array.isArray(s) && (s.length === 2 || s.length === 3) && s.every(isText))
    ) {
      return {
        ...({ path, title, kind, date, summary } as Shown),
        names,
        sections: (sections as string[][]).map(([heading = "", text = "", anchor]) => ({
          anchor: anchor ?? anchorOf(heading),
          heading,
          text,
        })),
      };
    }
  }
  throw corrupt("a document has another form");
}

/** The anchor of a section that none is written for. */
const anchorOf = (heading: string): string =>
  plain(heading)
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
