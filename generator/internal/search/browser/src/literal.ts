// Where the words of texts stand as they are written, and the phrases made of them.

import { corrupt, Reader } from "./bytes";
import type { Index } from "./shards";
import { find } from "./term";

/** A literal word, as its file has it (FORMAT.md in search/shard). */
export class Literal {
  readonly docs: Uint32Array;
  /** Where the positions in each document begin, and where the last ones end. */
  private readonly starts: Uint32Array;
  private readonly positions: Uint32Array;

  constructor(count: number, data: Reader, documents: number) {
    const r = new Reader(data.bytes, data.at, data.end);
    if (!count || count > documents) throw corrupt("a word is in too many documents");
    this.docs = r.docs(count, documents);
    const more = r.packed(count);
    this.starts = new Uint32Array(count + 1);
    let total = 0;
    for (let i = 0; i < count; i++) this.starts[i + 1] = total += more[i]! + 1;
    this.positions = r.packed(total);
    r.close();
    for (let i = 0, at = 0; i < count; i++) {
      for (let last = 0; at < this.starts[i + 1]!; at++) last = this.positions[at]! += last;
    }
  }

  /** The positions in the document at a place, ascending. */
  at(place: number): Uint32Array {
    return this.positions.subarray(this.starts[place]!, this.starts[place + 1]!);
  }
}

const maxPhrases = 32; // that are remembered

/** The documents in which some words stand one after the other. */
export async function exactPhrase(words: readonly string[], index: Index, signal?: AbortSignal): Promise<Uint32Array> {
  const key = words.join(" ");
  let found = index.exact.get(key);
  if (!found) {
    found = await findExact(words, index, signal);
    if (index.exact.size >= maxPhrases) index.exact.clear();
    index.exact.set(key, found);
  }
  return found;
}

async function findExact(words: readonly string[], index: Index, signal?: AbortSignal): Promise<Uint32Array> {
  const distinct = [...new Set(words)];
  const loaded = new Map(
    await Promise.all(distinct.map(async (w) => [w, await index.literal(w, signal)] as const)),
  );
  const lists = words.map((w, offset) => ({ of: loaded.get(w), offset }));
  if (!words.length || lists.some((l) => !l.of)) return new Uint32Array();
  // The rarest word leads.
  lists.sort((a, b) => a.of!.docs.length - b.of!.docs.length);
  const [lead, ...others] = lists.map(({ of, offset }) => ({ of: of!, offset }));
  return lead!.of.docs.filter((doc, i) => {
    const places = others.map(({ of }) => find(of.docs, doc));
    if (places.includes(-1)) return false;
    const positions = others.map(({ of }, n) => of.at(places[n]!));
    return lead!.of
      .at(i)
      .some((p) => positions.every((list, n) => find(list, p - lead!.offset + others[n]!.offset) >= 0));
  });
}
