// Answers queries from the files of search/shard: the twin of Go's search/engine,
// whose package comment is the contract for what is found, in which order and with
// which score. It loads what a query needs and nothing else; it never touches a page.

import { type Analyzer, analyzer } from "./analysis";
import { type Fragment, Looker, type Marks, marksOf } from "./excerpt";
import { exactPhrase } from "./literal";
import { nearness, titled } from "./near";
import { compile, dropSoft, isLive, type Plan, type Unit } from "./plan";
import { format, parse, type Query } from "./query";
import { having, nearPhrase, score } from "./score";
import { Index, type Load, type Shown } from "./shards";
import { best } from "./top";

export { IndexError } from "./bytes";
export type { Fragment } from "./excerpt";
export type { Load } from "./shards";

/** 0: the title or a name is the query; 1: all words; 2: with typos; 3: near phrases; 4: some words. */
export type Tier = 0 | 1 | 2 | 3 | 4;

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
  tier: Tier;
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
  /** Hits of the tiers 0 to 2, of tier 3, and of tier 4. */
  total: number;
  near: number;
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
const begunHits = 10; // looked through for a title with a word that has begun
const maxLooked = 3; // documents looked at for the spelling of a term

/** A document found, before anything is known of it but its number. */
interface Found {
  doc: number;
  tier: Tier;
  final: number;
  /** Whether its title or a name is the query. */
  named?: boolean;
}

/** The documents that a query finds, in ascending order, and their scores, nearness aside. */
interface Matches {
  full: Uint32Array;
  /** By document. */
  scores: Float64Array;
  near: Found[];
  partial: Found[];
}

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
      query, total: 0, near: 0, partial: 0, hits: [], kinds: [], years: [], suggestion: "", ignored: q.ignored,
    };
    if (!index.documents) return result;
    const limit = Math.min(o.limit && o.limit > 0 ? o.limit : 10, 100);
    const offset = Math.max(o.offset ?? 0, 0);

    const kinds = index.kindOf(signal);
    kinds.catch(() => {}); // is waited for below
    const plan = await compile(q, this.analyzer, index, signal);
    const allowed = await this.filter(q, plan, await kinds, signal);
    const found = await this.find(plan, allowed, signal);
    result.total = found.full.length;
    result.near = found.near.length;
    result.partial = found.partial.length;
    this.count(found.full, await kinds, result);

    const count = offset + limit;
    const ranked = await this.rank(found, plan, Math.max(count, plan.begun ? begunHits : 0), signal);
    if (plan.begun && !plan.soft) ranked.unshift(...(await this.prefer(plan.begun, ranked.splice(0, begunHits), signal)));
    const top = [...ranked, ...found.near, ...found.partial];
    const shown = top.slice(offset, count);
    const documents = await Promise.all(shown.map((h) => index.document(h.doc, signal)));
    const marks = marksOf(plan.marks, plan.units.map((u) => u.literal));
    result.hits = shown.map((h, i) => this.show(h, documents[i]!, marks));
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

  /** Returns the documents found. */
  private async find(plan: Plan, allowed: Uint8Array | undefined, signal?: AbortSignal): Promise<Matches> {
    const { index } = this;
    const phrases = plan.units.filter((u) => u.literal);
    await Promise.all(phrases.map(async (u) => (u.docs = await exactPhrase(u.literal!, index, signal))));
    const whole = (units: readonly Unit[]): [number[], Float64Array] => {
      const { scores, matched } = this.tally(units);
      const docs: number[] = [];
      for (let doc = 0; doc < index.documents; doc++) {
        if (matched[doc] === units.length && (!allowed || allowed[doc])) docs.push(doc);
      }
      return [docs, scores];
    };
    let [full, scores] = whole(plan.units);
    if (!full.length && plan.soft) {
      dropSoft(plan);
      [full, scores] = whole(plan.units);
    }
    const known = new Set(full);
    const near: Found[] = [];
    const partial: Found[] = [];
    const sort = (list: Found[]): void => {
      list.sort((a, b) => Math.fround(b.final) - Math.fround(a.final) || a.doc - b.doc);
      for (const { doc } of list) known.add(doc);
    };
    if (phrases.length && full.length < fewHits) {
      await Promise.all(
        phrases.map(async (u) => {
          u.docs = Uint32Array.from(new Set([...u.docs!, ...(await nearPhrase(u, index, signal))])).sort();
        }),
      );
      const [docs, scores] = whole(plan.units);
      for (const doc of docs) {
        if (!known.has(doc)) near.push({ doc, tier: 3, final: scores[doc]! * (1 + this.fresh(doc)) });
      }
      sort(near);
    }
    const { loose } = plan;
    if (known.size < (phrases.length ? 1 : fewHits) && loose.length > 1) {
      const { scores, matched } = this.tally(loose);
      const half = (loose.length + 1) >> 1;
      const live = loose.filter(isLive).length;
      for (let doc = 0; doc < index.documents; doc++) {
        if (matched[doc]! < half || known.has(doc) || (allowed && !allowed[doc])) continue;
        partial.push({ doc, tier: 4, final: scores[doc]! * (matched[doc]! / live) * (1 + this.fresh(doc)) });
      }
      sort(partial);
    }
    return { full: Uint32Array.from(full), scores, near, partial };
  }

  /** The sum of the scores of some units, by document, and how many of them it has. */
  private tally(units: readonly Unit[]): { scores: Float64Array; matched: Uint16Array } {
    const { documents } = this.index;
    const scores = new Float64Array(documents);
    const matched = new Uint16Array(documents);
    score(units, this.index).forEach((of, i) => {
      const { docs } = units[i]!;
      for (const doc of docs ?? []) matched[doc]!++;
      for (let doc = 0; of && doc < documents; doc++) {
        if (!of[doc]) continue;
        scores[doc]! += of[doc]!;
        if (!docs) matched[doc]!++;
      }
    });
    return { scores, matched };
  }

  /** Puts those of some hits before their like whose title or one of whose names has a word that begins so. */
  private async prefer(begun: string, hits: Found[], signal?: AbortSignal): Promise<Found[]> {
    const documents = await Promise.all(hits.map((h) => this.index.document(h.doc, signal)));
    const begins = documents.map(({ title, names }) =>
      [title, ...names].some((name) => this.analyzer.index(name).some((t) => t.term.startsWith(begun))),
    );
    return hits
      .map((h, i) => ({ h, rest: +!begins[i] }))
      .sort((a, b) => a.h.tier - b.h.tier || +!a.h.named - +!b.h.named || a.rest - b.rest)
      .map(({ h }) => h);
  }

  /** What its date adds to the score of a document, as a share of it. */
  private fresh(doc: number): number {
    const { dated } = this.index;
    return doc < dated ? freshWeight * ((dated - doc) / dated) : 0;
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
  private async rank({ full, scores }: Matches, plan: Plan, count: number, signal?: AbortSignal): Promise<Found[]> {
    const words = plan.units.filter((u) => !u.phrase);
    const near = words.length > 1 ? nearness(words) : undefined;
    const title = words.length > 1 ? titled(words, scores.length) : undefined;
    const final = (doc: number, near: number): number =>
      scores[doc]! * (1 + nearWeight * (near + (title ? title[doc]! : 0)) + this.fresh(doc));
    const first = (docs: Uint32Array, tier: 0 | 1 | 2, count: number): Found[] =>
      best(docs, count, (doc) => final(doc, near ? 1 : 0), near && ((doc) => final(doc, near(doc)))).map(
        ({ doc, value }) => ({ doc, tier, final: value }),
      );
    const tier = plan.units.some((u) => u.typo) ? 2 : 1;
    const exact = plan.units.length ? await this.exact(plan, signal) : new Set();
    if (!exact.size) return first(full, tier, count);
    const named = first(full.filter((doc) => exact.has(doc)), plan.taken.size ? tier : 0, count);
    for (const h of named) h.named = true;
    const rest = full.filter((doc) => !exact.has(doc));
    return [...named, ...first(rest, tier, count - named.length)];
  }

  private count(full: Uint32Array, kindOf: Uint32Array, result: Result): void {
    const { kinds, dated } = this.index;
    const yearOf = this.index.yearOf();
    const perKind = new Uint32Array(kinds.length + 1);
    const byYear = new Map<number, number>();
    let year = -1; // of the documents counted last: they mostly have the same
    let inYear = 0;
    const next = (to: number): void => {
      if (inYear) byYear.set(year, (byYear.get(year) ?? 0) + inYear);
      year = to;
      inYear = 0;
    };
    for (const doc of full) {
      perKind[kindOf[doc]!]!++;
      if (doc >= dated) continue;
      if (yearOf[doc] !== year) next(yearOf[doc]!);
      inYear++;
    }
    next(-1);
    // Kinds stand in the order of their values.
    result.kinds = [...perKind.entries()]
      .filter(([kind, n]) => kind && n)
      .sort(([a, m], [b, n]) => n - m || a - b)
      .map(([kind, count]) => ({ ...kinds[kind - 1]!, count }));
    result.years = [...byYear]
      .sort(([a], [b]) => b - a)
      .map(([year, count]) => ({ value: String(year).padStart(4, "0"), title: String(year).padStart(4, "0"), count }));
  }

  private show(h: Found, doc: Shown, marks: Marks): Hit {
    const { path, kind, date } = doc;
    return {
      ...this.looker.look(doc, marks),
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
