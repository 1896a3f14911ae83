// Tells how close together a document has the words of a query. The formula is in the
// package comment of search/engine, its twin in near.go there.

import type { Unit } from "./plan";
import { type Blocks, names, textFields, title } from "./term";

/** Marks with 1 the documents whose title and names together have all of some words. */
export function titled(words: readonly Unit[], documents: number): Uint16Array {
  const having = new Uint16Array(documents); // how many words, from the first on
  words.forEach((u, i) => {
    for (const { term } of u.expansions) {
      for (const field of [title, names]) {
        for (const doc of term.postings[field]?.docs ?? []) if (having[doc] === i) having[doc] = i + 1;
      }
    }
  });
  return having.map((n) => +(n === words.length));
}

/** Returns a function that tells how close a document has some words: 0, 0.5 or 1. */
export function nearness(words: readonly Unit[]): (doc: number) => number {
  // By field that has them all: the blocks of each word's expansions.
  const fields: Blocks[][][] = [];
  for (let f = 0; f < textFields; f++) {
    const field = words.map((u) => u.expansions.flatMap(({ term }) => term.blocks[f] ?? []));
    if (field.every((word) => word.length)) fields.push(field);
  }
  return (doc) => {
    let value = 0;
    for (const field of fields) {
      const [first, ...others] = field.map((word) => {
        const lists = word.map((blocks) => blocks.of(doc)).filter((list) => list.length);
        return lists.length < 2 ? lists[0] : lists.flatMap((list) => [...list]);
      });
      if (!first || !others.every((list) => list)) continue;
      for (const block of first) {
        if (others.every((list) => list!.includes(block))) return 1;
        if (value) continue;
        for (const low of [block - 1, block]) {
          if (low >= 0 && others.every((list) => list!.includes(low) || list!.includes(low + 1))) value = 0.5;
        }
      }
    }
    return value;
  };
}
