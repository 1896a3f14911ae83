// The terms of an index and their postings, as the files of search/shard have them
// (FORMAT.md there, version 2).

import { corrupt, Reader } from "./bytes";

/** The number of the text fields: title, names, headings, summary, entities, body. */
export const textFields = 6;
export const title = 0;
export const names = 1;
export const entities = 4;
export const body = 5;

const bitKeys = 1 << 6;

/** Whether a term is in too many bodies for its places there to count as near others. */
const isCommon = (count: number, documents: number): boolean => count > Math.max(128, documents >> 2);

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
  /** Codes of the field's length; of the body, by document. */
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
    /** Codes of the lengths of all bodies. */
    private readonly bodies: Uint8Array,
  ) {
    this.frequency = counts.reduce((a, b) => a + b, 0);
  }

  /** The postings by text field. */
  get postings(): readonly (Postings | undefined)[] {
    if (!this.decoded) {
      const r = new Reader(this.data.bytes, this.data.at, this.data.end);
      const fields = this.counts.map((n, f) => {
        if (!n) return undefined;
        const docs = r.docs(n, this.bodies.length);
        const frequencies = r.packed(n);
        for (let i = 0; i < n; i++) frequencies[i]!++;
        const lengths = f === body ? this.bodies : r.raw(n);
        return { docs, frequencies, lengths, hasBlocks: !!(this.withBlocks & (1 << f)) };
      });
      this.rest = r;
      this.decoded = fields;
    }
    return this.decoded;
  }

  /** What follows the postings: blocks, then keys. */
  private after(): Reader {
    void this.postings;
    return new Reader(this.rest.bytes, this.rest.at, this.rest.end);
  }

  private allBlocks?: (Blocks | undefined)[];
  private afterBlocks!: Reader;

  /** The blocks by text field; undefined for those that the file of positions has. */
  get blocks(): readonly (Blocks | undefined)[] {
    if (!this.allBlocks) {
      const r = this.after();
      this.allBlocks = this.postings.map((p, f) => {
        if (!p) return undefined;
        if (!p.hasBlocks) return new Blocks(p);
        return f === body && isCommon(p.docs.length, this.bodies.length) ? undefined : new Blocks(p, r);
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
      const docs = r.docs(r.count(), this.bodies.length);
      if (have === sum) found = docs as Uint32Array<ArrayBuffer>;
    }
    r.close();
    return found;
  }

  /** The documents of a keyword. */
  get keyword(): Uint32Array {
    const r = new Reader(this.data.bytes, this.data.at, this.data.end);
    const docs = r.docs(this.keywords, this.bodies.length);
    r.close();
    return docs;
  }
}

/** The blocks of a term in a field, by place among its documents. */
export class Blocks {
  private readonly starts: Uint32Array | undefined;
  private readonly values: Uint32Array;

  /** Without a reader, all occurrences are in block 0. */
  constructor(
    private readonly postings: Postings,
    r?: Reader,
  ) {
    if (!r) {
      this.values = first;
      return;
    }
    const { frequencies } = postings;
    const starts = new Uint32Array(frequencies.length + 1);
    let total = 0;
    for (let i = 0; i < frequencies.length; i++) starts[i + 1] = total += frequencies[i]!;
    this.starts = starts;
    this.values = r.packed(total);
    for (let i = 0, at = 0; i < frequencies.length; i++) {
      for (let last = 0; at < starts[i + 1]!; at++) last = this.values[at]! += last;
    }
  }

  /** The blocks of a document, ascending, perhaps repeated; none if it is not among them. */
  of(doc: number): Uint32Array {
    const i = find(this.postings.docs, doc);
    return i < 0 ? none : this.at(i);
  }

  /** The blocks of the document at a place. */
  at(place: number): Uint32Array {
    const { starts, values } = this;
    return starts ? values.subarray(starts[place]!, starts[place + 1]!) : values;
  }
}

const first = new Uint32Array(1);
const none = new Uint32Array();

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
