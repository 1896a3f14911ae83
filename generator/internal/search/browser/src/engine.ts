// Answers queries from the files of search/shard: the twin of Go's search/engine,
// whose package comment is the contract for what is found, in which order and with
// which score. It loads what a query needs and nothing else; it never touches a page.

import { type Analyzer, analyzer } from "./analysis";
import { type Fragment, Looker } from "./excerpt";
import { near } from "./near";
import { compile, type Plan, type Unit } from "./plan";
import { format, parse, type Query } from "./query";
import { having, score } from "./score";
import { Index, type Load, type Shown } from "./shards";

export { IndexError } from "./bytes";
export type { Fragment } from "./excerpt";
export type { Load } from "./shards";

/** A document found. */
export interface Hit {
  /** The site path of its page. */
  url: string;
  title: Fragment[];
  kind: string;
  kindTitle: string;
  /** YYYY-MM-DD, or "". */
  date: string;
  score: number;
  /** 0: the title or a name is the query; 1: all words; 2: with typos; 3: some words. */
  tier: 0 | 1 | 2 | 3;
  /** Of the section that matches best; "" for the page as a whole. */
  anchor: string;
  heading: string;
  excerpt: Fragment[];
  id: string;
}

/** Counts the hits that have a value. */
export interface Facet {
  value: string;
  title: string;
  count: number;
}

/** The answer to a query. */
export interface Result {
  query: string;
  /** Hits of the tiers 0 to 2, and of tier 3. */
  total: number;
  partial: number;
  hits: Hit[];
  kinds: Facet[];
  years: Facet[];
  /** The query with its unknown words replaced, or "". */
  suggestion: string;
  /** What of the query was not used. */
  ignored: string[];
}

export interface Options {
  /** Hits to return: 10 without, 100 at most. */
  limit?: number;
  offset?: number;
  signal?: AbortSignal;
}

const nearWeight = 0.5;
const freshWeight = 0.1;
const fewHits = 3;
const maxLooked = 3; // documents looked at for the spelling of a term

/** A document found, before anything is known of it but its number. */
interface Found {
  doc: number;
  tier: 0 | 1 | 2 | 3;
  score: number;
  final: number;
}

const order = (a: Found, b: Found): number =>
  a.tier - b.tier || Math.fround(b.final) - Math.fround(a.final) || a.doc - b.doc;

/** Answers queries over the documents of one language. */
export class Engine {
  private readonly analyzer: Analyzer;
  private readonly looker: Looker;

  private constructor(private readonly index: Index) {
    this.analyzer = analyzer(index.lang);
    this.looker = new Looker(this.analyzer);
  }

  /** Opens an index by its manifest. Throws an IndexError of kind "corrupt" or "version". */
  static open(manifest: Uint8Array, load: Load): Engine {
    return new Engine(new Index(manifest, load));
  }

  /**
   * Answers a query, which may be any text. Rejects with an IndexError if a file
   * cannot be loaded or read, and with what load rejects with once it is aborted.
   */
  async search(query: string, o: Options = {}): Promise<Result> {
    const { index } = this;
    const { signal } = o;
    const q = parse(query);
    const result: Result = {
      query, total: 0, partial: 0, hits: [], kinds: [], years: [], suggestion: "", ignored: q.ignored,
    };
    if (!index.documents) return result;
    const limit = Math.min(o.limit && o.limit > 0 ? o.limit : 10, 100);
    const offset = Math.max(o.offset ?? 0, 0);

    const kinds = index.kindOf(signal);
    kinds.catch(() => {}); // is waited for below
    const plan = await compile(q, this.analyzer, index, signal);
    const allowed = await this.filter(q, plan, await kinds, signal);
    const { full, partial } = await this.find(plan, allowed, signal);
    result.total = full.length;
    result.partial = partial.length;
    this.count(full, await kinds, result);

    const count = offset + limit;
    const top = [...(await this.rank(full, plan, count, signal)), ...first(partial, count)];
    const shown = top.slice(offset, offset + limit);
    const documents = await Promise.all(shown.map((h) => index.document(h.doc, signal)));
    result.hits = shown.map((h, i) => this.show(h, documents[i]!, plan));
    result.suggestion = await this.suggest(q, plan, documents, signal);
    return result;
  }

  /** Marks the documents that the filters and exclusions let pass; undefined for all. */
  private async filter(q: Query, plan: Plan, kindOf: Uint32Array, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const { index } = this;
    const { kinds, tags, langs, years } = q.filters;
    const none = new Uint8Array(index.documents);
    if (langs.length && !langs.includes(index.lang.toLowerCase())) return none;
    const filtered = kinds.length || tags.length || years.length;
    if (!plan.units.length && !q.without.length && !filtered && !langs.length) return none;
    if (!filtered && !plan.without.length) return undefined;
    const allowed = none.fill(1);
    const keep = (test: (doc: number) => boolean): void => allowed.forEach((a, doc) => a && !test(doc) && (allowed[doc] = 0));
    if (kinds.length) keep((doc) => kinds.includes(index.kinds[kindOf[doc]! - 1]?.value ?? ""));
    if (years.length) {
      const yearOf = index.yearOf();
      keep((doc) => doc < index.dated && years.some((y) => y.from <= yearOf[doc]! && yearOf[doc]! <= y.to));
    }
    for (const tag of tags) {
      const having = new Set((await index.term("#" + tag, signal))?.keyword);
      keep((doc) => having.has(doc));
    }
    if (plan.without.length) {
      const unwanted = await having(plan.without, index, signal);
      keep((doc) => !unwanted[doc]);
    }
    return allowed;
  }

  /** Returns the documents found, in ascending order, nearness aside. */
  private async find(
    plan: Plan,
    allowed: Uint8Array | undefined,
    signal?: AbortSignal,
  ): Promise<{ full: Found[]; partial: Found[] }> {
    const { documents, dated } = this.index;
    const { units } = plan;
    const scores = await score(units, this.index, signal);
    const exact = units.length ? await this.exact(plan, signal) : new Set();
    const typo = units.some((u) => u.typo);
    const full: Found[] = [];
    const some: Found[] = [];
    const half = (units.length + 1) >> 1;
    for (let doc = 0; doc < documents; doc++) {
      if (allowed && !allowed[doc]) continue;
      let sum = 0;
      let matched = 0;
      for (const s of scores) {
        if (s[doc]! > 0) {
          sum += s[doc]!;
          matched++;
        }
      }
      const fresh = doc < dated ? (dated - doc) / dated : 0;
      if (matched === units.length) {
        const tier = typo ? 2 : exact.has(doc) ? 0 : 1;
        full.push({ doc, tier, score: sum, final: sum * (1 + freshWeight * fresh) });
      } else if (full.length < fewHits && matched >= half) {
        const share = sum * (matched / scores.length);
        some.push({ doc, tier: 3, score: share, final: share * (1 + freshWeight * fresh) });
      }
    }
    return { full, partial: full.length < fewHits && units.length > 1 ? some : [] };
  }

  /** Returns the documents whose title or one of whose names is the query. */
  private async exact(plan: Plan, signal?: AbortSignal): Promise<Set<unknown>> {
    const first = plan.title[0];
    if (!first) return new Set();
    // FNV-1a, 32 bits, of the bytes of the terms.
    let sum = 2166136261;
    for (const [c] of encodeURIComponent(plan.title.join(" ")).matchAll(/%..|./g)) {
      sum = Math.imul(sum ^ (c.length > 1 ? parseInt(c.slice(1), 16) : c.charCodeAt(0)), 16777619);
    }
    return new Set((await this.index.term(first, signal))?.keyed(sum >>> 0));
  }

  /** Returns the first hits in order, with their nearness. */
  private async rank(full: Found[], plan: Plan, count: number, signal?: AbortSignal): Promise<Found[]> {
    const words = plan.units.filter((u) => !u.phrase);
    if (words.length < 2) return first(full, count);
    const { dated } = this.index;
    const final = (h: Found, near: number): number =>
      h.score * (1 + nearWeight * near + freshWeight * (h.doc < dated ? (dated - h.doc) / dated : 0));
    // Nearness is only computed, and the blocks it needs only loaded, for hits that it
    // can bring among the first.
    let open = contenders(full, count, (h) => final(h, 1));
    let waiting: Found[] = [];
    for (const h of open) {
      const { value, known } = near(words, h.doc);
      h.final = final(h, value);
      if (!known) waiting.push(h);
    }
    const unsure = new Set(waiting);
    open = contenders(open, count, (h) => (unsure.has(h) ? final(h, 1) : h.final));
    waiting = open.filter((h) => unsure.has(h));
    if (waiting.length) {
      await this.index.fill(lacking(words, waiting), signal);
      for (const h of waiting) h.final = final(h, near(words, h.doc).value);
    }
    return first(open, count);
  }

  private count(full: readonly Found[], kindOf: Uint32Array, result: Result): void {
    const { kinds, dated } = this.index;
    const yearOf = this.index.yearOf();
    const byKind = new Map<number, number>();
    const byYear = new Map<number, number>();
    const add = (counts: Map<number, number>, n: number): unknown => counts.set(n, (counts.get(n) ?? 0) + 1);
    for (const { doc } of full) {
      if (kindOf[doc]) add(byKind, kindOf[doc]!);
      if (doc < dated) add(byYear, yearOf[doc]!);
    }
    // Kinds stand in the order of their values.
    result.kinds = [...byKind]
      .sort(([a, m], [b, n]) => n - m || a - b)
      .map(([kind, count]) => ({ ...kinds[kind - 1]!, count }));
    result.years = [...byYear]
      .sort(([a], [b]) => b - a)
      .map(([year, count]) => ({ value: String(year).padStart(4, "0"), title: String(year).padStart(4, "0"), count }));
  }

  private show(h: Found, doc: Shown, plan: Plan): Hit {
    const { path, kind, date } = doc;
    return {
      ...this.looker.look(doc, plan.marks),
      id: path,
      url: path,
      kind,
      kindTitle: this.index.kinds.find((k) => k.value === kind)?.title ?? kind,
      date,
      score: h.final,
      tier: h.tier,
    };
  }

  /** The query with its unknown words replaced, each as a document writes it. */
  private async suggest(q: Query, plan: Plan, shown: readonly Shown[], signal?: AbortSignal): Promise<string> {
    // From the end of each text, so that the places before stay true.
    for (const { of, index, token, best } of [...plan.unknown].reverse()) {
      const word = await this.spelling(best, shown, signal);
      const replaced = (text: string): string => text.slice(0, token.start) + word + text.slice(token.end);
      if (of === "phrases") q.phrases[index] = replaced(q.phrases[index]!);
      else q.words[index]!.text = replaced(q.words[index]!.text);
    }
    return plan.unknown.length ? format(q).trim() : "";
  }

  private async spelling(term: string, shown: readonly Shown[], signal?: AbortSignal): Promise<string> {
    const texts = (d: Shown): string[] => [d.title, d.summary, ...d.names, ...d.sections.flatMap((s) => [s.heading, s.text])];
    const known = this.looker.written(term, shown.flatMap(texts));
    if (known) return known;
    const first = (await this.index.term(term, signal))?.postings.find((p) => p)?.docs.slice(0, maxLooked) ?? [];
    const documents = await Promise.all(Array.from(first, (doc) => this.index.document(doc, signal)));
    return this.looker.written(term, documents.flatMap(texts)) || term;
  }
}

/** The first hits, in order. Sorting them all would take longer than finding them. */
function first(hits: readonly Found[], count: number): Found[] {
  const kept: Found[] = [];
  let last: Found | undefined;
  for (const h of hits) {
    if (last && order(h, last) > 0) continue;
    kept.push(h);
    if (kept.length >= 2 * count + 100) {
      kept.sort(order).length = count;
      last = kept[count - 1];
    }
  }
  return kept.sort(order).slice(0, count);
}

/** The hits that can be among the first, if each gets at most what best says. */
function contenders(hits: Found[], count: number, best: (h: Found) => number): Found[] {
  if (hits.length <= count) return hits;
  const last = first(hits, count)[count - 1]!;
  const could = { ...last };
  return hits.filter((h) => {
    could.tier = h.tier;
    could.doc = h.doc;
    could.final = best(h);
    return order(could, last) <= 0;
  });
}

/** The terms of which blocks are missing for some hits. */
function lacking(words: readonly Unit[], hits: readonly Found[]): Unit["expansions"][0]["term"][] {
  const terms = words.flatMap((u) => u.expansions.map((e) => e.term));
  return terms.filter((t) => t.isParted && hits.some((h) => t.blocks.some((blocks) => blocks && !blocks.of(h.doc))));
}
