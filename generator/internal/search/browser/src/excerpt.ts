// Chooses what of a document a result shows: the section to link to and a piece of
// text around the matches. The twin of show.go in search/engine, but for texts, which
// are shorter here.

import { type Analyzer, findAll, literal } from "./analysis";
import { plain } from "./plain";
import type { Shown } from "./shards";

/** A piece of a text. */
export interface Fragment {
  text: string;
  /** To be marked. */
  match: boolean;
}

/** What of a document to show. */
export interface Look {
  title: Fragment[];
  /** Of the section to link to; "" for the page. */
  anchor: string;
  heading: string;
  excerpt: Fragment[];
}

const size = 240;
const lead = 60; // before the first match

interface Match {
  from: number;
  to: number;
  unit: number;
}

/** A term and its place in a text. */
interface Place {
  term: string;
  from: number;
  to: number;
}

const maxPieces = 50_000;

/** The pieces a text is cut into: at spaces, but not before a digit: « L. 121-1 » and « 10 000 » are one. */
const words = /\S+(?:\s+\d\S*)*/g;

/** What is marked in texts. */
export interface Marks {
  /** The unit of each term. */
  units: ReadonlyMap<string, number>;
  /** How words that have such terms begin, or their parts: plain letters. */
  starts: readonly string[];
  /** The words of phrases, as they are written, each with a unit of its own. */
  phrases: readonly { words: readonly string[]; unit: number }[];
}

/** Returns the marks of some terms, each with its unit, and of the units that are phrases. */
export function marksOf(units: ReadonlyMap<string, number>, literal: readonly (readonly string[] | undefined)[]): Marks {
  const phrases = literal.flatMap((words, i) => (words ? [{ words, unit: literal.length + i }] : []));
  // Stems keep the first letters; « L 121-1 » and the like only the first.
  const starts = Array.from(units.keys(), (term) => (/\P{L}/u.test(term) ? [...term][0]! : [...term].slice(0, 2).join("")));
  return { units, starts: [...new Set(starts)], phrases };
}

/**
 * Looks at documents for queries. It remembers the words it has analysed, and analyses
 * but those that have the first letters of a term: that is most of the work.
 */
export class Looker {
  private pieces = new Map<string, Place[]>();
  private plains = new Map<string, string>();

  constructor(private readonly analyzer: Analyzer) {}

  /** Chooses what to show of a document, given the unit of each term of the query. */
  look(doc: Shown, marks: Marks): Look {
    const title = this.matches(doc.title, marks);
    let best = { anchor: "", heading: "", text: "" };
    let bestText: Match[] = [];
    let most = 0;
    let text = doc.summary;
    let found = this.matches(text, marks);
    let mostText = 0;
    for (const s of doc.sections) {
      const inText = this.matches(s.text, marks);
      const all = units([...this.matches(s.heading, marks), ...inText]);
      if (all > most) {
        most = all;
        best = s;
        bestText = inText;
      }
      if (units(inText) > mostText) {
        mostText = units(inText);
        text = s.text;
        found = inText;
      }
    }
    const linked = most > units(title) && best.anchor !== "";
    if (linked && bestText.length) {
      text = best.text;
      found = bestText;
    }
    if (!text) text = doc.sections[0]?.text ?? "";
    return {
      title: fragments(doc.title, title, 0, doc.title.length),
      anchor: linked ? best.anchor : "",
      heading: linked ? best.heading : "",
      excerpt: excerpt(text, found),
    };
  }

  /** A term as one of some texts writes it, in small letters unless it has capitals within; "" if none does. */
  written(term: string, texts: readonly string[]): string {
    for (const text of texts) {
      const place = this.places(text).find((p) => p.term === term);
      if (!place) continue;
      const word = text.slice(place.from, place.to).replace(/^.*['\u2019\u02bc\u2018]/su, "");
      const rest = word.replace(/^./su, "");
      return rest === rest.toLowerCase() ? word.toLowerCase() : word;
    }
    return "";
  }

  /** The matches in a text, in order; none within another. */
  private matches(text: string, marks: Marks): Match[] {
    const found: Match[] = [];
    if (marks.phrases.length) {
      const all = literal(text);
      for (const { words, unit } of marks.phrases) found.push(...findAll(all, words).map((m) => ({ ...m, unit })));
    }
    for (const { 0: piece, index } of text.matchAll(words)) {
      const letters = this.plain(piece);
      if (!marks.starts.some((start) => letters.includes(start))) continue;
      for (const { term, from, to } of this.piece(piece)) {
        const unit = marks.units.get(term);
        if (unit !== undefined) found.push({ from: index + from, to: index + to, unit });
      }
    }
    let end = -1;
    return found
      .sort((a, b) => a.from - b.from || b.to - a.to)
      .filter((m) => {
        if (m.to <= end) return false;
        end = m.to;
        return true;
      });
  }

  /** The terms of a text. */
  private places(text: string): Place[] {
    return Array.from(text.matchAll(words), (m) =>
      this.piece(m[0]).map(({ term, from, to }) => ({ term, from: m.index + from, to: m.index + to })),
    ).flat();
  }

  /** The letters and digits of a text, plain. */
  private plain(text: string): string {
    let letters = this.plains.get(text);
    if (letters === undefined) {
      if (this.plains.size >= maxPieces) this.plains.clear();
      letters = plain(text).replace(/[^\p{L}\p{N}]/gu, "");
      this.plains.set(text, letters);
    }
    return letters;
  }

  private piece(text: string): Place[] {
    let places = this.pieces.get(text);
    if (!places) {
      if (this.pieces.size >= maxPieces) this.pieces.clear();
      places = this.analyzer.index(text).map(({ term, start, end }) => ({ term, from: start, to: end }));
      this.pieces.set(text, places);
    }
    return places;
  }
}

const units = (list: readonly Match[]): number => new Set(list.map((m) => m.unit)).size;

/** The piece of a text that has the most units, then the most matches, cut between words. */
function excerpt(text: string, found: readonly Match[]): Fragment[] {
  let from = 0;
  let to = text.length;
  if (to > size) {
    let best = [0, 0];
    found.forEach((m, i) => {
      const begin = Math.max(0, m.from - lead);
      const within = found.slice(i).filter((n) => n.to <= begin + size);
      const score = [units(within), within.length];
      if (score[0]! > best[0]! || (score[0] === best[0] && score[1]! > best[1]!)) {
        best = score;
        from = begin;
      }
    });
    from = Math.min(from, text.length - size);
    const first = found.find((m) => m.from >= from)?.from ?? text.length;
    if (from > 0) {
      const space = text.slice(from, first).search(/\s/);
      from = space < 0 ? (from + lead >= first ? first : from) : from + space + 1;
    }
    to = Math.min(text.length, from + size);
    if (to < text.length) {
      const space = text.slice(from, to).search(/\s\S*$/);
      if (space > 0) to = from + space;
    }
  }
  const out = fragments(text, found, from, to);
  if (from > 0) out.unshift({ text: "… ", match: false });
  if (to < text.length) out.push({ text: " …", match: false });
  return out;
}

/** Parts a piece of a text at its matches. */
function fragments(text: string, found: readonly Match[], from: number, to: number): Fragment[] {
  const out: Fragment[] = [];
  const add = (end: number, match: boolean): void => {
    if (end > from) out.push({ text: text.slice(from, end), match });
    from = Math.max(from, end);
  };
  for (const m of found) {
    if (m.from < from || m.to > to) continue;
    add(m.from, false);
    add(m.to, true);
  }
  add(to, false);
  return out;
}
