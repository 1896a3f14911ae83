// Reads the values that search/shard writes (FORMAT.md), and names what can go wrong.

/** Why an index cannot be searched. */
export class IndexError extends Error {
  constructor(
    /** A file cannot be loaded, is damaged or foreign, or is of another version. */
    readonly kind: "unavailable" | "corrupt" | "version",
    message: string,
  ) {
    super(message);
    this.name = "IndexError";
  }
}

export const corrupt = (what: string): IndexError => new IndexError("corrupt", "search index: " + what);

/** Reads a file from its beginning; whatever goes beyond the end is an IndexError. */
export class Reader {
  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
    readonly end = bytes.length,
  ) {}

  /** How many bytes are left. */
  get left(): number {
    return this.end - this.at;
  }

  byte(): number {
    if (this.at >= this.end) throw corrupt("a file ends early");
    return this.bytes[this.at++]!;
  }

  number(): number {
    let n = 0;
    for (let scale = 1; scale < 2 ** 35; scale *= 128) {
      const b = this.byte();
      n += (b & 127) * scale;
      if (b < 128) {
        if (n >= 2 ** 32) break;
        return n;
      }
    }
    throw corrupt("a number is too large");
  }

  /** A number of things of at least one byte each. */
  count(max = Infinity): number {
    const n = this.number();
    if (n > this.left || n > max) throw corrupt("a list is too long");
    return n;
  }

  /** The next n bytes, to read by themselves. */
  part(n: number): Reader {
    if (n > this.left) throw corrupt("a file ends early");
    this.at += n;
    return new Reader(this.bytes, this.at - n, this.at);
  }

  /** The next n bytes as they are. */
  raw(n: number): Uint8Array {
    const { at, end } = this.part(n);
    return this.bytes.subarray(at, end);
  }

  text(): string {
    const part = this.part(this.count());
    return decode(part.bytes, part.at, part.end);
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.count() }, read);
  }

  /** A list of terms, each with what read makes of the bytes after it. */
  terms<T>(max: number, read: (term: string) => T): T[] {
    const buffer = new Uint8Array(1024);
    let last = "";
    return Array.from({ length: this.count(max) }, (_, i) => {
      const shared = this.number();
      const rest = this.part(this.count());
      const length = shared + rest.left;
      if (length > buffer.length) throw corrupt("a term is too long");
      buffer.set(rest.bytes.subarray(rest.at, rest.end), shared);
      const term = decode(buffer, 0, length);
      if (i && compare(last, term) >= 0) throw corrupt("terms are out of order");
      return read((last = term));
    });
  }

  /** Document numbers in ascending order, less than max. */
  docs(n: number, max: number): Uint32Array {
    if (n * 4 > max) return this.bits(n, max);
    const docs = this.packed(n);
    for (let i = 0, next = 0; i < n; i++) {
      const doc = (docs[i]! += next);
      if (doc >= max) throw corrupt("there is no such document");
      next = doc + 1;
    }
    return docs;
  }

  private bits(n: number, max: number): Uint32Array {
    const { bytes, at, left } = this.part(Math.ceil(max / 8));
    const docs = new Uint32Array(Math.min(n, left * 8));
    let found = 0;
    for (let i = 0; i < left * 8; i++) {
      if (bytes[at + (i >> 3)]! & (1 << (i & 7))) docs[found++] = i;
    }
    if (found !== n || (n && docs[n - 1]! >= max)) throw corrupt("there is no such document");
    return docs;
  }

  /** Numbers written as bits: a Rice code. */
  packed(n: number): Uint32Array {
    if (n > this.left * 8) throw corrupt("a list is too long");
    const { bytes } = this;
    const list = new Uint32Array(n);
    const end = this.end * 8;
    const start = this.at * 8;
    let at = start + 5;
    const k = this.left ? bytes[this.at]! & 31 : 0;
    for (let i = 0; i < n; i++) {
      let high = 0;
      while (at < end && (bytes[at >> 3]! >> (at & 7)) & 1) {
        high++;
        at++;
      }
      at++;
      let low = 0;
      for (let got = 0; got < k; ) {
        const room = Math.min(8 - (at & 7), k - got);
        low += ((bytes[at >> 3]! >> (at & 7)) & ((1 << room) - 1)) * 2 ** got;
        got += room;
        at += room;
      }
      list[i] = high * 2 ** k + low;
    }
    if (at > end) throw corrupt("a file ends early");
    this.at = (at + 7) >> 3;
    return list;
  }

  /** Checks that all has been read. */
  close(): void {
    if (this.left) throw corrupt("a file is too long");
  }
}

/** Decodes UTF-8 that Go has written. */
export function decode(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let s = "";
  while (from < to) {
    const b = bytes[from++]!;
    if (b < 0x80) {
      s += String.fromCharCode(b);
      continue;
    }
    const more = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
    let c = b & (0x3f >> more);
    for (let i = 0; i < more; i++) c = (c << 6) | (bytes[from++]! & 0x3f);
    s += c < 0x110000 ? String.fromCodePoint(c) : "\ufffd";
  }
  return s;
}

/** Compares strings as their UTF-8 compares. */
export function compare(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x !== y) {
      // Surrogates stand for characters above all others.
      if (x >= 0xd800 && y >= 0xd800) {
        x = (x + 0x2000) & 0xffff;
        y = (y + 0x2000) & 0xffff;
      }
      return x - y;
    }
  }
  return a.length - b.length;
}

/** The CRC-32 (IEEE) of bytes. */
export function crc32(bytes: Uint8Array, from: number): number {
  let crc = -1;
  for (let i = from; i < bytes.length; i++) {
    crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

const table = Int32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});
