// Reads what people write into the search field. The twin of Go's search/query,
// whose package comment documents the language; both read the vectors in its
// testdata.

/** A parsed query. */
export interface Query {
  words: Word[];
  /** Without quotation marks. */
  phrases: string[];
  without: Term[];
  filters: Filters;
  /** Pieces of the input that are not used. */
  ignored: string[];
}

/** A wanted word. Its analysis may give several terms, or none. */
export interface Word {
  text: string;
  /** Whether it may be the beginning of a longer word; only of the last word. */
  prefix: boolean;
}

/** An unwanted word or phrase. */
export interface Term {
  text: string;
  phrase: boolean;
}

/** Restrict the pages: any of the kinds, all of the tags, any of the languages, any of the years. */
export interface Filters {
  kinds: string[];
  tags: string[];
  langs: string[];
  years: YearRange[];
}

/** A range of years, both ends included; 0 and 9999 for an open end. */
export interface YearRange {
  from: number;
  to: number;
}

const maxLength = 1024;
const maxWords = 16;
const maxPhrases = 8;
const maxWithout = 8;
const maxFilters = 8;
const maxYear = 9999;

const hasWord = (s: string): boolean => /[\p{L}\p{N}]/u.test(s);

/** Reads a query. Every input is one. */
export function parse(input: string): Query {
  const all = [...input];
  const rest = all.slice(maxLength);
  let text = all.slice(0, maxLength).map(plain).join("");
  const filters: Filters = { kinds: [], tags: [], langs: [], years: [] };
  const q: Query = { words: [], phrases: [], without: [], filters, ignored: [] };
  let endsInWord = false;
  while ((text = text.replace(/^ +/, ""))) {
    const minus = text[0] === "-" ? "-" : "";
    text = text.replace(/^-+/, "");
    endsInWord = false;
    const phrase = text[0] === '"';
    const item = phrase ? /^"([^"]*)"?/.exec(text)! : /^([^ "]*)/.exec(text)!;
    text = text.slice(item[0].length);
    const word = phrase ? tidy(item[1]!) : item[1]!;
    if ((!phrase && filter(word, minus)) || !hasWord(word)) continue;
    if (minus) add(q.without, { text: word, phrase }, maxWithout, minus + word);
    else if (phrase) add(q.phrases, word, maxPhrases, word);
    else {
      q.words.push({ text: word, prefix: false });
      endsInWord = !text && /[\p{L}\p{N}\p{M}]$/u.test(word);
    }
  }
  if (endsInWord && !rest.length) q.words.at(-1)!.prefix = true;
  q.words = joinWords(q.words);
  q.ignored.push(...q.words.splice(maxWords).map((w) => w.text));
  if (rest.length) q.ignored.push(readable(rest));
  return q;

  function add<T>(list: T[], value: T, max: number, written: string): void {
    if (list.length < max) list.push(value);
    else q.ignored.push(written);
  }

  /** Reads a word that is a filter; returns false if it is none. */
  function filter(word: string, minus: string): boolean {
    const [, name, text] = /^(kind|tag|lang|year):(.*)$/isu.exec(word) ?? [, "", word];
    const value = lower(text!);
    const key = name!.toLowerCase();
    const years = key === "year" || !key ? readYears(value, !!key) : undefined;
    if (!key && !years) return false;
    const kept =
      !minus &&
      (key === "year" || !key
        ? !!years && keep(filters.years, years, (a, b) => a.from === b.from && a.to === b.to)
        : hasWord(value) && keep(filters[(key + "s") as "kinds" | "tags" | "langs"], value, Object.is));
    if (!kept) q.ignored.push(minus + word);
    return true;
  }
}

/** Returns a query in its canonical form. */
export function format(q: Query): string {
  const { kinds, tags, langs, years } = q.filters;
  const last = q.words.at(-1);
  return [
    ...kinds.map((v) => "kind:" + v),
    ...tags.map((v) => "tag:" + v),
    ...langs.map((v) => "lang:" + v),
    ...years.map((y) => "year:" + formatYears(y)),
    ...q.without.map((t) => "-" + (t.phrase ? `"${t.text}"` : t.text)),
    ...q.phrases.map((p) => `"${p}"`),
    ...q.words.map((w) => w.text),
    ...(last && !last.prefix ? [""] : []),
  ].join(" ");
}

function formatYears({ from, to }: YearRange): string {
  const year = (n: number): string => String(n).padStart(4, "0");
  if (from === to) return year(from);
  return (from ? year(from) : "") + ".." + (to < maxYear ? year(to) : "");
}

/** A character as the parser reads it, "" if it is dropped. */
function plain(c: string): string {
  if (/[«»“”„]/.test(c)) return '"';
  if (/[\t\n\r\p{Z}\p{Cs}\ufffd]/u.test(c)) return " ";
  return /[\p{Cc}\p{Cf}]/u.test(c) ? "" : c;
}

const tidy = (s: string): string => s.replace(/ +/g, " ").replace(/^ | $/g, "");

/** Each character by itself; İ alone becomes two. */
const lower = (s: string): string => Array.from(s, (c) => [...c.toLowerCase()][0]).join("");

/** Shortens what is ignored to a line. */
function readable(rest: string[]): string {
  const kept = rest.map(plain).filter((c) => c);
  return tidy(kept.slice(0, 64).join("") + (kept.length > 64 ? "…" : "")) || "…";
}

function keep<T>(list: T[], value: T, same: (a: T, b: T) => boolean): boolean {
  if (list.some((v) => same(v, value))) return true;
  if (list.length >= maxFilters) return false;
  list.push(value);
  return true;
}

/** Reads "2024..2026", "2024..", "..2026" and, if a single year will do, "2024". */
function readYears(s: string, single: boolean): YearRange | undefined {
  const [, a, range, b] = /^([0-9]{4})?(?:(\.\.)([0-9]{4})?)?$/.exec(s) ?? [];
  if ((!a && !b) || (!range && !single) || a === "0000" || b === "0000") return;
  const from = +(a ?? 0);
  const to = range ? +(b ?? maxYear) : from;
  if (!from && to === maxYear) return;
  return { from: Math.min(from, to), to: Math.max(from, to) };
}

/** Joins what the analysis reads as one word. */
function joinWords(words: Word[]): Word[] {
  const out: Word[] = [];
  for (const w of words) {
    const last = out.at(-1);
    if (last && joins(last.text, w.text)) out[out.length - 1] = { text: last.text + " " + w.text, prefix: w.prefix };
    else out.push(w);
  }
  return out;
}

function joins(before: string, after: string): boolean {
  before = before.replace(/^[^\p{L}\p{N}\p{M}]+/u, "");
  return (
    (/^[lrd]\.$/i.test(before) && /^[0-9]/.test(after)) ||
    (/^([lrd]|a\.)$/i.test(before) && /^[0-9]+-[0-9]/.test(after)) ||
    (/^[1-9][0-9]{0,2}( [0-9]{3})*$/.test(before) && /^[0-9]{3}(?![\p{L}\p{N}\p{M}])/u.test(after))
  );
}
