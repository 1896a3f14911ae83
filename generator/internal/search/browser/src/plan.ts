// Compiles a query for an index: its units and what each may stand for. The twin of
// unit.go in search/engine, whose package comment is the contract.

import { type Analyzer, literal, type Token } from "./analysis";
import { compare } from "./bytes";
import type { Query, Term as Unwanted } from "./query";
import type { Index } from "./shards";
import { entities, names, type Term, textFields, title, type Word } from "./term";

/** A part of a query that a document has or has not. */
export interface Unit {
  /** Of a word: the terms that stand for it. */
  expansions: Expansion[];
  /** Of a phrase: its words as they are written. */
  literal?: string[];
  /** Of a phrase: the documents that have it: these very words, or near ones. */
  docs?: Uint32Array;
  /** Of a phrase: its terms, undefined for words between that give none. */
  phrase?: (Term | undefined)[];
  /** Of a phrase: the fields whose dictionaries have all its terms. */
  fields: number[];
  /** Whether all expansions are typos. */
  typo: boolean;
}

export interface Expansion {
  term: Term;
  factor: number;
}

/** A piece of the query whose term is in no dictionary, and what to suggest. */
export interface Unknown {
  /** The word or phrase that has it: an index in the query's words or phrases. */
  of: "words" | "phrases";
  index: number;
  token: Token;
  best: string;
}

/** A query compiled for one index. */
export interface Plan {
  units: Unit[];
  /** The same, with the words of phrases in place of these. */
  loose: Unit[];
  /** No document may have one of these. */
  without: Unit[];
  /** The first letters of a last word that is too short to be completed, or "". */
  begun: string;
  /** The unit of that word, which may be dropped. */
  soft?: Unit;
  /** How many terms of the title come before that word's. */
  softTitle: number;
  /** The terms of the query as a title, with what they are taken for; empty if it is none. */
  title: string[];
  /** Terms of words that are in no dictionary, and what they are taken for. */
  taken: Map<string, string>;
  unknown: Unknown[];
  /** The unit of each term that is marked in texts. */
  marks: Map<string, number>;
}

const completionFactor = 0.4;
const typoFactors = [0, 0.6, 0.3];
const minPrefix = 3;
const maxCompletions = 12;
const minStem = 4;
const maxTypos = 8;
const endings = ["ation", "ition", "isation", "ement", "ique", "inage", "nnelle"];

/** Whether a document can score by the unit. */
export const isLive = (u: Unit): boolean => !!(u.expansions.length || u.fields.length);

/** Leaves out the unit of the word that has only begun. */
export function dropSoft(plan: Plan): void {
  const { soft } = plan;
  if (!soft) return;
  plan.units = plan.units.filter((u) => u !== soft);
  plan.loose = plan.loose.filter((u) => u !== soft);
  plan.title.splice(plan.softTitle);
  delete plan.soft;
}

/** Compiles a query. */
export async function compile(q: Query, analyzer: Analyzer, index: Index, signal?: AbortSignal): Promise<Plan> {
  const plan: Plan = {
    units: [], loose: [], without: [], begun: "", softTitle: 0, title: [], taken: new Map(), unknown: [], marks: new Map(),
  };
  const beginning = (text: string): string => analyzer.prefix(text).at(-1)?.term ?? "";
  const words = q.words.map((w) => analyzer.query(w.text));
  const phrases = q.phrases.map((text) => analyzer.query(text)).map((tokens, i) => ({ tokens, i }));
  const without = q.without
    .map((t) => ({ t, tokens: t.phrase ? [] : analyzer.query(t.text) }))
    .filter((w) => w.t.phrase || w.tokens.length);

  // All shards are asked for before the first is waited for.
  const all = [...words, ...phrases.map((p) => p.tokens), ...without.map((w) => w.tokens)].flat();
  const terms = new Map<string, Term | undefined>();
  await Promise.all([...new Set(all.map((t) => t.term))].map(async (t) => {
    const term = await index.term(t, signal);
    terms.set(t, term?.frequency ? term : undefined);
  }));

  const seen = new Set<string>();
  const addWord = async (text: string, prefix: string, at?: Omit<Unknown, "best">): Promise<void> => {
    if (seen.has(text)) return;
    seen.add(text);
    const unit: Unit = { expansions: [], fields: [], typo: false };
    plan.units.push(unit);
    const add = async (found: readonly Word[], factor: number): Promise<void> => {
      const loaded = await Promise.all(found.map((w) => index.term(w.text, signal)));
      for (const term of loaded) if (term?.frequency) unit.expansions.push({ term, factor });
    };
    const exact = terms.get(text);
    if (exact) unit.expansions.push({ term: exact, factor: 1 });
    if ([...prefix].length >= minPrefix) {
      const longer = (await index.beginning(prefix, signal)).filter((w) => w.text !== text);
      await add(common(longer, maxCompletions), completionFactor);
    }
    if (prefix && !unit.expansions.length) {
      const shorter = stems(prefix);
      if (shorter.length) {
        const lexicon = new Map((await index.lexicon(prefix, signal)).map((w) => [w.text, w]));
        const word = shorter.map((text) => lexicon.get(text)).find((w) => w?.frequency);
        await add(word ? [word] : [], completionFactor);
      }
    }
    if (!unit.expansions.length && text) {
      const [found, edits] = await typos(text, index, signal);
      await add(found, typoFactors[edits]!);
      unit.typo = found.length > 0;
      if (at && unit.typo) plan.unknown.push({ ...at, best: found[0]!.text });
    }
    if (!exact && unit.expansions.length) plan.taken.set(text, unit.expansions[0]!.term.text);
  };

  for (const [i, tokens] of words.entries()) {
    const { text, prefix } = q.words[i]!;
    if (prefix && tokens.length < 2 && plan.units.length + q.phrases.length) {
      plan.begun = shortBeginning(beginning(text));
    }
    // A letter that no title and no name has as a word asks for nothing yet.
    const counts = plan.begun && tokens[0] ? terms.get(tokens[0].term)?.counts : undefined;
    if (plan.begun && tokens[0] && [...tokens[0].term].length === 1 && !seen.has(tokens[0].term) && !counts?.[title] && !counts?.[names]) continue;
    const count = plan.units.length;
    plan.softTitle = plan.title.length;
    for (const [j, token] of tokens.entries()) {
      const last = prefix && j === tokens.length - 1;
      await addWord(token.term, last ? beginning(text) : "", { of: "words", index: i, token });
      plan.title.push(plan.taken.get(token.term) ?? token.term);
    }
    if (plan.begun && plan.units.length > count) plan.soft = plan.units[count]!;
    if (prefix && !tokens.length && !plan.units.length && !q.phrases.length && beginning(text)) {
      await addWord("", beginning(text));
    }
  }
  for (const { tokens, i } of phrases) {
    for (const token of tokens) {
      plan.title.push(token.term);
      if (terms.get(token.term)) continue;
      const [found] = await typos(token.term, index, signal);
      if (found[0]) plan.unknown.push({ of: "phrases", index: i, token, best: found[0].text });
    }
    plan.units.push({ ...phraseUnit(tokens, terms), literal: literal(q.phrases[i]!).map((t) => t.term) });
  }
  if (q.phrases.length > 1 || (q.phrases.length && q.words.length)) plan.title = [];
  for (const { t, tokens } of without) {
    const unit = unwanted(t, tokens, terms);
    if (unit.literal || isLive(unit)) plan.without.push(unit);
  }
  plan.loose = loosen(plan.units, phrases.map((p) => p.tokens), seen);
  plan.units.forEach((u, i) => {
    for (const term of [...u.expansions.map((e) => e.term.text), ...(u.phrase ?? []).map((p) => p?.text ?? "")]) {
      if (term && !plan.marks.has(term)) plan.marks.set(term, i);
    }
  });
  return plan;
}

function unwanted(t: Unwanted, tokens: Token[], terms: Map<string, Term | undefined>): Unit {
  if (t.phrase) return { expansions: [], literal: literal(t.text).map((w) => w.term), fields: [], typo: false };
  if (tokens.length > 1) return phraseUnit(tokens, terms);
  const term = terms.get(tokens[0]!.term);
  return { expansions: term ? [{ term, factor: 1 }] : [], fields: [], typo: false };
}

/** The units that are left where phrases count as words. */
function loosen(units: readonly Unit[], phrases: Token[][], seen: Set<string>): Unit[] {
  seen = new Set(seen);
  let next = 0;
  return units.flatMap((u): Unit[] => {
    if (!u.literal) return [u];
    const loose: Unit[] = [];
    phrases[next++]!.forEach(({ term, position }, i, all) => {
      if (seen.has(term)) return;
      seen.add(term);
      const known = u.phrase![position - all[0]!.position];
      loose.push({ expansions: known ? [{ term: known, factor: 1 }] : [], fields: [], typo: false });
    });
    return loose;
  });
}

/** A beginning that is too short to be completed, "" for others. */
const shortBeginning = (s: string): string => ([...s].length < minPrefix && !hasDigit(s) ? s : "");

function phraseUnit(tokens: Token[], terms: Map<string, Term | undefined>): Unit {
  if (!tokens.length) return { expansions: [], phrase: [], fields: [], typo: false };
  const first = tokens[0]!.position;
  const phrase: (Term | undefined)[] = [];
  for (const t of tokens) phrase[t.position - first] = terms.get(t.term);
  const fields: number[] = [];
  for (let f = 0; f < textFields; f++) {
    if (f !== entities && tokens.every((t) => terms.get(t.term)?.counts[f])) fields.push(f);
  }
  return { expansions: [], phrase: Array.from(phrase), fields, typo: false };
}

/** The most frequent words, ties in the order of bytes. */
function common(words: readonly Word[], max: number): Word[] {
  return [...words].sort((a, b) => b.frequency - a.frequency || compare(a.text, b.text)).slice(0, max);
}

/** What a beginning may have been stemmed to, the longest first: the rest of it begins an ending. */
function stems(prefix: string): string[] {
  const all = [...prefix];
  const found: string[] = [];
  for (let n = all.length - 1; n >= minStem; n--) {
    const rest = all.slice(n).join("");
    if (endings.some((e) => e.startsWith(rest))) found.push(all.slice(0, n).join(""));
  }
  return found;
}

const hasDigit = (s: string): boolean => /\p{Nd}/u.test(s);

/** The words of the least distance to a term, and that distance. */
async function typos(term: string, index: Index, signal?: AbortSignal): Promise<[Word[], number]> {
  const want = [...term];
  let limit = want.length >= 8 ? 2 : want.length >= 4 ? 1 : 0;
  if (!limit || hasDigit(term)) return [[], 0];
  let found: Word[] = [];
  for (const w of await index.lexicon(term, signal)) {
    if (!w.frequency || hasDigit(w.text)) continue;
    const n = distance(want, [...w.text], limit);
    if (n > limit) continue;
    if (n < limit) {
      found = [];
      limit = n;
    }
    found.push(w);
  }
  if (limit > 1) { // one edit did not do
    const words = new Map((await index.lexicon(term, signal)).map((w) => [w.text, w]));
    const stem = misspelt(want).map((text) => words.get(text)).find((w) => w?.frequency && !hasDigit(w.text));
    if (stem) return [[stem], 1];
  }
  return [common(found, maxTypos), limit];
}

/** What a term begins with, the longest first, where the rest is an ending but for one edit. */
function misspelt(all: string[]): string[] {
  const found: string[] = [];
  for (let n = all.length - 1; n >= minStem; n--) {
    if (endings.some((e) => distance(all.slice(n), [...e], 1) <= 1)) found.push(all.slice(0, n).join(""));
  }
  return found;
}

/** The edits between two words (optimal string alignment), or more than max. */
function distance(a: string[], b: string[], max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let n = Math.min(last[j - 1]! + +(a[i - 1] !== b[j - 1]), last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) n = Math.min(n, before[j - 2]! + 1);
      row.push(n);
    }
    // A transposition may still come back by one.
    if (Math.min(...row) > max + 1) return max + 1;
    before = last;
    last = row;
  }
  return last[b.length]!;
}
