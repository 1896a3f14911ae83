// The terms of an index and their postings, as the files of search/shard have them
// (FORMAT.md there, version 1).

import { corrupt, Reader } from "./bytes";

/** The number of the text fields: title, names, headings, summary, entities, body. */
export const textFields = 6;
export const entities = 4;
export const body = 5;

const bitKeys = 1 << 6;
const manyBlocks = (documents: number): number => Math.max(128, documents >> 4);

/** A term of the lexicon. */
export interface Word {
  text: string;
  /** The sum of its document counts over the text fields. */
  frequency: number;
}

/** The documents of a term in a field. */
export interface Postings {
  docs: Uint32Array;
  frequencies: Uint32Array;
  /** Codes of the field's length. */
  lengths: Uint8Array;
  hasBlocks: boolean;
}

/** The length that a code stands for. */
export const lengthOf = (code: number): number => (code < 16 ? code : ((code & 7) + 8) * 2 ** ((code >> 3) - 1));

/** A term as its shard has it, decoded when asked for. */
export class Term implements Word {
  readonly frequency: number;
  private decoded?: (Postings | undefined)[];
  private rest!: Reader;

  constructor(
    readonly text: string,
    readonly bits: number,
    /** Of documents, by text field. */
    readonly counts: number[],
    /** The fields, as bits, that have blocks. */
    private readonly withBlocks: number,
    private readonly keywords: number,
    readonly shard: number,
    /** Its place in the shard. */
    readonly place: number,
    private readonly data: Reader,
    private readonly documents: number,
  ) {
    this.frequency = counts.reduce((a, b) => a + b, 0);
  }

  /** The postings by text field. */
  get postings(): readonly (Postings | undefined)[] {
    if (!this.decoded) {
      const r = new Reader(this.data.bytes, this.data.at, this.data.end);
      const fields = this.counts.map((n, f) => {
        if (!n) return undefined;
        const docs = r.docs(n, this.documents);
        const frequencies = r.numbers(n);
        if (frequencies.includes(0)) throw corrupt("a term occurs nowhere");
        const { bytes, at, end } = r.part(n);
        return { docs, frequencies, lengths: bytes.subarray(at, end), hasBlocks: !!(this.withBlocks & (1 << f)) };
      });
      this.rest = r;
      this.decoded = fields;
    }
    return this.decoded;
  }

  /** Whether some of its blocks stand in the file of blocks. */
  get isParted(): boolean {
    return !!(this.withBlocks & (1 << body)) && this.counts[body]! > manyBlocks(this.documents);
  }

  /** What follows the postings: blocks, then keys. */
  private after(): Reader {
    void this.postings;
    return new Reader(this.rest.bytes, this.rest.at, this.rest.end);
  }

  private allBlocks?: (Blocks | undefined)[];
  private afterBlocks!: Reader;

  /** The blocks by text field, without those in the file of blocks. */
  get blocks(): readonly (Blocks | undefined)[] {
    if (!this.allBlocks) {
      const r = this.after();
      const short = new Set<number>();
      if (this.isParted) {
        for (const p of this.postings.slice(0, body)) p?.docs.forEach((d) => short.add(d));
      }
      this.allBlocks = this.postings.map((p, f) => {
        if (!p) return undefined;
        if (!p.hasBlocks) return new Blocks(p);
        const parted = f === body && this.isParted;
        return new Blocks(p, r, parted ? (d) => short.has(d) : undefined);
      });
      this.afterBlocks = r;
    }
    return this.allBlocks;
  }

  /** The documents that have a key: a title or name that begins with the term. */
  keyed(sum: number): Uint32Array {
    if (!(this.bits & bitKeys)) return new Uint32Array();
    void this.blocks;
    const r = new Reader(this.afterBlocks.bytes, this.afterBlocks.at, this.afterBlocks.end);
    let found = new Uint32Array();
    for (let n = r.count(); n > 0; n--) {
      let have = 0;
      for (let i = 0; i < 4; i++) have = have * 256 + r.byte();
      const docs = r.docs(r.count(), this.documents);
      if (have === sum) found = docs as Uint32Array<ArrayBuffer>;
    }
    r.close();
    return found;
  }

  /** The documents of a keyword. */
  get keyword(): Uint32Array {
    const r = new Reader(this.data.bytes, this.data.at, this.data.end);
    const docs = r.docs(this.keywords, this.documents);
    r.close();
    return docs;
  }
}

/** The blocks of a term in a field, by place among its documents. */
export class Blocks {
  private readonly starts: Uint32Array;
  private readonly values: Uint32Array;
  private readonly missing?: number[];

  /** Without a reader, all occurrences are in block 0. */
  constructor(
    private readonly postings: Postings,
    r?: Reader,
    has?: (doc: number) => boolean,
  ) {
    const { docs, frequencies } = postings;
    this.starts = new Uint32Array(docs.length + 1);
    let total = 0;
    if (has) this.missing = [];
    docs.forEach((d, i) => {
      if (!has || has(d)) total += r ? frequencies[i]! : 1;
      else this.missing!.push(i);
      this.starts[i + 1] = total;
    });
    if (r && total > r.left) throw corrupt("a list is too long");
    this.values = new Uint32Array(total);
    if (r) docs.forEach((_, i) => readAscending(r, this.values, this.starts[i]!, this.starts[i + 1]!));
  }

  /** Reads the missing blocks from their part of the file of blocks, once. */
  fill(r: Reader): void {
    const missing = this.missing;
    if (!missing || this.late) return;
    const frequencies = this.postings.frequencies;
    this.late = new Map(
      missing.map((i) => {
        const n = frequencies[i]!;
        if (n > r.left) throw corrupt("a list is too long");
        const list = new Uint32Array(n);
        readAscending(r, list, 0, n);
        return [i, list];
      }),
    );
    r.close();
  }

  private late?: Map<number, Uint32Array>;

  /** Whether blocks of some documents stand in the file of blocks. */
  get isPartial(): boolean {
    return !!this.missing?.length;
  }

  /** The blocks of a document, ascending, perhaps repeated; undefined if they are not there yet. */
  of(doc: number): Uint32Array | undefined {
    const i = find(this.postings.docs, doc);
    if (i < 0) return none;
    const from = this.starts[i]!;
    const to = this.starts[i + 1]!;
    return from < to ? this.values.subarray(from, to) : this.late?.get(i);
  }
}

const none = new Uint32Array();

function readAscending(r: Reader, into: Uint32Array, from: number, to: number): void {
  for (let last = 0; from < to; from++) into[from] = last += r.number();
}

/** The place of a number in an ascending list, or -1. */
export function find(list: Uint32Array, n: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]! < n) low = middle + 1;
    else high = middle;
  }
  return list[low] === n ? low : -1;
}
