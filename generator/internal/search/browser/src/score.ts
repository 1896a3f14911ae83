// Scores documents as bleve does, in the same order of operations: BM25 in float64
// over lengths of float32. The formula is in the package comment of search/engine.

import { exactPhrase } from "./literal";
import { isLive, type Unit } from "./plan";
import type { Index } from "./shards";
import { body, find, lengthOf, type Postings, type Term } from "./term";

const boosts = [6, 6, 2.5, 2, 1, 1];
const k1 = 1.2;
const b = 0.75;

/** The scores of the documents that have a unit, 0 for the others. */
export type Scores = Float64Array;

/** A term in a field, as a unit weighs it. */
interface Clause {
  postings: Postings;
  inBody: boolean;
  idf: number;
  boost: number;
  average: number;
}

/** A unit with its clauses: by expansion of a word, by field of a phrase. */
interface Weighed {
  unit: Unit;
  groups: Clause[][];
}

/** Weighs the live units of a query against each other; returns the scores of each, undefined for the others. */
export function score(units: readonly Unit[], index: Index): (Scores | undefined)[] {
  const weighed = units.map((unit) => (isLive(unit) ? weigh(unit, index) : undefined));
  let sum = 0;
  for (const c of weighed.flatMap((w) => w?.groups.flat() ?? [])) sum += (c.boost * c.idf) ** 2;
  const queryNorm = 1 / Math.sqrt(sum);
  return weighed.map((w) => {
    if (!w) return undefined;
    return w.unit.phrase ? scorePhrase(w.unit, w.groups, queryNorm, index) : scoreWord(w.groups, queryNorm, index.documents);
  });
}

function weigh(unit: Unit, index: Index): Weighed {
  const clause = (term: Term, field: number, factor: number): Clause => {
    const postings = term.postings[field]!;
    const df = postings.docs.length;
    return {
      postings,
      inBody: field === body,
      idf: Math.log(1 + (index.documents - df + 0.5) / (df + 0.5)),
      boost: boosts[field]! * factor,
      average: index.averages[field]!,
    };
  };
  return {
    unit,
    groups: unit.phrase
      ? unit.fields.map((f) => unit.phrase!.filter((t) => t !== undefined).map((t) => clause(t, f, 1)))
      : unit.expansions.map(({ term, factor }) =>
          term.postings.flatMap((p, f) => (p ? [clause(term, f, factor)] : [])),
        ),
  };
}

/** Adds a clause's scores of all its documents to sums. */
function addTo(sums: Scores, c: Clause, queryNorm: number): void {
  const { docs } = c.postings;
  for (let i = 0; i < docs.length; i++) sums[docs[i]!]! += scoreOf(c, i, queryNorm);
}

/** The score of a clause in the document at a place. */
function scoreOf(c: Clause, i: number, queryNorm: number): number {
  const { docs, frequencies, lengths } = c.postings;
  const tf = Math.sqrt(frequencies[i]!);
  const length = fieldLengths[lengths[c.inBody ? docs[i]! : i]!]!;
  const saturated = tf + k1 * (1 - b + (b * length) / c.average);
  return ((c.idf * (tf * k1)) / saturated) * (c.boost * c.idf * queryNorm);
}

// Lengths as bleve reads them back from what zap stores, by code.
const fieldLengths = Float64Array.from({ length: 256 }, (_, code) => {
  const norm = Math.fround(1 / Math.sqrt(lengthOf(code)));
  return 1 / (norm * norm);
});

/** The best of a word's expansions. */
function scoreWord(groups: Clause[][], queryNorm: number, documents: number): Scores {
  const best = new Float64Array(documents);
  if (groups.length === 1) {
    for (const c of groups[0]!) addTo(best, c, queryNorm);
    return best;
  }
  const sums = new Float64Array(documents);
  for (const group of groups) {
    for (const c of group) addTo(sums, c, queryNorm);
    for (const { postings } of group) {
      for (const d of postings.docs) {
        if (sums[d]! > best[d]!) best[d] = sums[d]!;
      }
    }
    for (const { postings } of group) for (const d of postings.docs) sums[d] = 0;
  }
  return best;
}

/** The sum of the fields that have all the terms of a phrase, in the documents that have it. */
function scorePhrase(unit: Unit, groups: Clause[][], queryNorm: number, index: Index): Scores {
  const scores = new Float64Array(index.documents);
  for (const doc of unit.docs ?? []) {
    for (const clauses of groups) {
      const places = clauses.map((c) => find(c.postings.docs, doc));
      if (places.includes(-1)) continue;
      clauses.forEach((c, i) => (scores[doc]! += scoreOf(c, places[i]!, queryNorm)));
    }
  }
  return scores;
}

/** The documents that have the terms of a phrase at their distances. */
export async function nearPhrase(unit: Unit, index: Index, signal?: AbortSignal): Promise<number[]> {
  return unit.fields.length ? (await phraseMatches(unit, index, signal)).flat() : [];
}

const maxPhrases = 16; // that are remembered

/** The documents that have a phrase, by its fields. Remembered, since a phrase stays while more is typed. */
function phraseMatches(unit: Unit, index: Index, signal?: AbortSignal): Promise<number[][]> {
  const key = unit.phrase!.map((t) => t?.text ?? "").join(" ");
  const known = index.phrases.get(key);
  if (known) return Promise.resolve(known);
  return findPhrase(unit, index, signal).then((found) => {
    if (index.phrases.size >= maxPhrases) index.phrases.clear();
    index.phrases.set(key, found);
    return found;
  });
}

async function findPhrase(unit: Unit, index: Index, signal?: AbortSignal): Promise<number[][]> {
  const parts = unit.phrase!.flatMap((term, offset) => (term ? [{ term, offset }] : []));
  const single = parts.length === 1;
  const positions = single ? [] : await Promise.all(parts.map((p) => index.positions(p.term, signal)));
  return unit.fields.map((f) => {
    const lists = parts.map((p) => p.term.postings[f]!.docs);
    return Array.from(lists[0]!).filter((doc, i) => {
      if (single) return true;
      const places = lists.map((docs, n) => (n ? find(docs, doc) : i));
      if (places.includes(-1)) return false;
      const at = positions.map((of, n) => of(f, places[n]!));
      return at[0]!.some((start) => parts.every((p, n) => !n || find(at[n]!, start + p.offset) >= 0));
    });
  });
}

/** Marks the documents that have one of some units. */
export async function having(units: readonly Unit[], index: Index, signal?: AbortSignal): Promise<Uint8Array> {
  const found = new Uint8Array(index.documents);
  for (const unit of units) {
    if (unit.literal) for (const doc of await exactPhrase(unit.literal, index, signal)) found[doc] = 1;
    else if (unit.phrase) for (const doc of (await phraseMatches(unit, index, signal)).flat()) found[doc] = 1;
    for (const e of unit.expansions) {
      for (const p of e.term.postings) p?.docs.forEach((doc) => (found[doc] = 1));
    }
  }
  return found;
}
