// Tells how close together a document has the words of a query. The formula is in the
// package comment of search/engine, its twin in near.go there.

import type { Unit } from "./plan";
import { textFields } from "./term";

/** Nearness, and whether more blocks could still raise it. */
export interface Near {
  value: number;
  known: boolean;
}

/** Returns how close a document has some words, as far as their blocks are loaded. */
export function near(words: readonly Unit[], doc: number): Near {
  let value = 0;
  let known = true;
  for (let f = 0; f < textFields && value < 1; f++) {
    const lists: number[][] = [];
    let complete = true;
    for (const u of words) {
      const list: number[] = [];
      for (const { term } of u.expansions) {
        const blocks = term.blocks[f];
        const part = blocks?.of(doc);
        if (part) list.push(...part);
        else if (blocks) complete = false;
      }
      lists.push(list);
    }
    if (!complete) known = false;
    if (lists.some((list) => !list.length)) continue;
    const [first, ...others] = lists as [number[], ...number[][]];
    for (const block of first) {
      if (others.every((list) => list.includes(block))) value = 1;
      else if (
        [block - 1, block].some((low) => low >= 0 && others.every((list) => list.includes(low) || list.includes(low + 1)))
      ) {
        value = Math.max(value, 0.5);
      }
    }
  }
  return { value, known: known || value === 1 };
}
