// Chooses the best of many documents without sorting them.

/** A document and what it is worth. */
export interface Ranked {
  doc: number;
  value: number;
}

/**
 * Returns the documents of the most value, in order; equal ones (as float32) in that of
 * docs, which ascend. A document is worth what most says or, with exact, what that says:
 * at most as much, and dearer to compute. It is asked of likely documents alone.
 */
export function best(
  docs: Uint32Array,
  count: number,
  most: (doc: number) => number,
  exact?: (doc: number) => number,
): Ranked[] {
  const kept = new Kept(count);
  if (!exact) {
    for (const doc of docs) kept.offer(doc, most(doc));
    return kept.list;
  }
  // The most promising ones set the mark that the others have to reach.
  const promising = new Set(best(docs, count, most).map((r) => r.doc));
  for (const doc of promising) kept.offer(doc, exact(doc));
  for (const doc of docs) {
    if (kept.reaches(most(doc)) && !promising.has(doc)) kept.offer(doc, exact(doc));
  }
  return kept.list;
}

/** Keeps the best of what it is offered, in order. */
class Kept {
  readonly list: Ranked[] = [];
  private readonly keys: number[] = [];
  private least = -Infinity; // key that gets into a full list, if the document is an earlier one

  constructor(private readonly count: number) {}

  reaches(value: number): boolean {
    return Math.fround(value) >= this.least;
  }

  offer(doc: number, value: number): void {
    const key = Math.fround(value);
    if (key < this.least) return;
    const { list, keys, count } = this;
    let i = list.length;
    while (i > 0 && (keys[i - 1]! < key || (keys[i - 1] === key && list[i - 1]!.doc > doc))) i--;
    if (i >= count) return;
    list.splice(i, 0, { doc, value });
    keys.splice(i, 0, key);
    if (list.length > count) {
      list.pop();
      keys.pop();
    }
    if (list.length === count) this.least = keys[count - 1]!;
  }
}
