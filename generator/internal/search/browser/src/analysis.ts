// Turns texts and queries into the terms that search compares. The twin of Go's
// search/analysis, whose package comment defines words and terms; both read the
// vectors in its testdata.

import { stemEnglish } from "./stem-en";
import { stemFrench } from "./stem-fr";

/** The version of the terms; an index made with another cannot be searched. */
export const version = 4;

/** An occurrence of a term. */
export interface Token {
  term: string;
  /** The position of the word in the text, from 1. */
  position: number;
  /** Where the word or part begins and ends in the text, in UTF-16 units. */
  start: number;
  end: number;
}

/** Cuts texts of one language into terms. */
export interface Analyzer {
  /** The tokens that the index holds of a text. */
  index(text: string): Token[];
  /** The tokens to look for: at most one for each word. */
  query(text: string): Token[];
  /** The tokens of a text whose last word is still being written. */
  prefix(text: string): Token[];
}

/** Returns the analyzer of a language, named by its BCP 47 tag. */
export function analyzer(tag: string): Analyzer {
  const lang = languages.get(tag.toLowerCase().split(/[-_]/)[0]!) ?? other;
  return {
    index: (text) => tokens(text, (w) => forms(w, lang)).sort((a, b) => a.position - b.position),
    query: (text) => tokens(text, (w) => whole(w, lang, Mode.queried)),
    prefix: (text) => tokens(text, (w, last) => whole(w, lang, last ? Mode.unfinished : Mode.queried)),
  };
}

/** The words of a text as they stand there, for phrases: as Go's analysis.Literal. */
export function literal(text: string): Token[] {
  const all = chars(text);
  const out: Token[] = [];
  for (let i = 0; i < all.length; ) {
    const from = i++;
    if (!isAlnum(all[from]!.c)) continue;
    for (; i < all.length; i++) {
      const { c } = all[i]!;
      if (!isMark(c) && (!isAlnum(c) || isHan(c) || isHan(all[i - 1]!.c))) break;
    }
    const written = join(all.slice(from, i)).normalize("NFC");
    const term = lower(written).replace(/[œæ]/g, (c) => apart[c]!);
    out.push({ term: cut(term), position: out.length + 1, start: all[from]!.start, end: all[i - 1]!.end });
  }
  return out;
}

/** Each character by itself; İ alone becomes two. */
const lower = (s: string): string => Array.from(s, (c) => [...c.toLowerCase()][0]).join("");

/** Where some literal words stand one after the other among those of a text. */
export function findAll(text: readonly Token[], words: readonly string[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let i = 0; words.length && i + words.length <= text.length; ) {
    if (words.every((w, n) => text[i + n]!.term === w)) {
      found.push({ from: text[i]!.start, to: text[i + words.length - 1]!.end });
      i += words.length;
    } else i++;
  }
  return found;
}

const maxTerm = 64;

/** What differs between languages. */
interface Language {
  stop: Set<string>;
  elisions: Set<string>;
  /** That follow a verb: « est-il » is « est ». */
  pronouns: Set<string>;
  /** « client·e·s » is « client ». */
  inclusive?: boolean;
  /** "cloud's" is "cloud". */
  possessive?: boolean;
  stem?: (word: string) => string;
}

const set = (words: string): Set<string> => new Set(words.split(" "));

const other: Language = { stop: set(""), elisions: set(""), pronouns: set("") };

const languages = new Map<string, Language>([
  [
    "fr",
    {
      stop: set(
        "le la les l un une des de du d et a à au aux en est que qu qui ce se sa son ses dans par pour sur ne pas plus ou n nº comment quel quelle quels quelles pourquoi quand entre",
      ),
      elisions: set("l d j m t s n c qu jusqu lorsqu puisqu quoiqu quelqu presqu entr"),
      pronouns: set("il ils elle elles on ce je tu"),
      inclusive: true,
      stem: stemFrench,
    },
  ],
  [
    "en",
    {
      stop: set("a an and by does for how in is of on the to what who why with"),
      elisions: set(""),
      pronouns: set(""),
      possessive: true,
      stem: stemEnglish,
    },
  ],
]);

/** A visible character, as the analysis sees it, and its place in the text. */
interface Char {
  c: string;
  start: number;
  end: number;
}

const seen: Readonly<Record<string, string>> = {
  "\u2019": "'", "\u2018": "'", "\u02bc": "'",
  "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ",
  "\u2010": "-", "\u2011": "-",
  "\u2027": "·",
};

const isDigit = (c: string): boolean => "0" <= c && c <= "9";
const isAlnum = (c: string): boolean => /[\p{L}\p{N}]/u.test(c);
const isMark = (c: string): boolean => /\p{M}/u.test(c);
const isHan = (c: string): boolean => /\p{Script=Han}/u.test(c);
const isLetter = (c: string): boolean => /\p{L}/u.test(c);
const isLaw = (c: string): boolean => /[lrda]/i.test(c);

function chars(text: string): Char[] {
  const out: Char[] = [];
  let at = 0;
  for (const c of text) {
    const start = at;
    at += c.length;
    const known = seen[c];
    if (known || !/\p{Cf}/u.test(c)) out.push({ c: known ?? c, start, end: at });
  }
  return out;
}

/** Cuts characters into words. */
function words(text: Char[]): Char[][] {
  const at = (i: number): string => text[i]?.c ?? "";
  const digits = (from: number, to: number): boolean => {
    while (from < to && isDigit(at(from))) from++;
    return from === to;
  };
  // Whether digits stand at i; if wanted, with a hyphen and a digit behind them.
  const number = (i: number, hyphen: boolean): boolean => {
    if (!isDigit(at(i)) || !hyphen) return isDigit(at(i));
    while (isDigit(at(i))) i++;
    return at(i) === "-" && isDigit(at(i + 1));
  };
  const out: Char[][] = [];
  for (let i = 0; i < text.length; ) {
    const start = i++;
    if (!isAlnum(at(start))) continue;
    let grouped = false; // has groups of thousands
    // How many characters after i belong to the word together with the one at i.
    const joined = (): number => {
      const c = at(i);
      const last = at(i - 1);
      const next = at(i + 1);
      const law = i === start + 1 && isLaw(last);
      const arrete = /a/i.test(last);
      if (c === "'" || c === "-") return +isAlnum(next);
      if (c === "," || c === "/") return +(isDigit(last) && isDigit(next));
      if (c === "·") return +(isLetter(last) && isLetter(next));
      if (c === ".") {
        if (law && next === " " && number(i + 2, arrete)) return 2;
        return +((isDigit(last) || law) && isDigit(next));
      }
      if (c !== " ") return 0;
      if (law) return +(!arrete && number(i + 1, true));
      const group = grouped ? at(i - 4) === " " && digits(i - 3, i) : i - start < 4 && at(start) !== "0" && digits(start, i);
      grouped &&= group;
      if (!group || !digits(i + 1, i + 4) || isAlnum(at(i + 4)) || isMark(at(i + 4))) return 0;
      grouped = true;
      return 3;
    };
    for (;;) {
      const c = at(i);
      if (isMark(c) || (isAlnum(c) && !isHan(c) && !isHan(at(i - 1)))) {
        i++;
        continue;
      }
      const n = joined();
      if (!n) break;
      i += n + 1;
    }
    out.push(text.slice(start, i));
  }
  return out;
}

/** A term that a word gives, at an offset from the word's position. */
interface Form {
  term: string;
  offset: number;
  start: number;
  end: number;
}

/** What the terms are for. An unfinished word keeps its ending and may be a stop word. */
const enum Mode {
  indexed,
  queried,
  unfinished,
}

function tokens(text: string, formsOf: (word: Char[], last: boolean) => Form[]): Token[] {
  return words(chars(text)).flatMap((word, i, all) =>
    formsOf(word, i === all.length - 1).map(({ term, offset, start, end }) => ({
      term,
      position: i + 1 + offset,
      start,
      end,
    })),
  );
}

/** The characters of a word that count. */
function letters(word: Char[], lang: Language, mode: Mode): Char[] {
  const dot = lang.inclusive ? word.findIndex((x) => x.c === "·") : -1;
  if (dot >= 0) word = word.slice(0, dot);
  const n = word.length;
  if (lang.possessive && n > 2 && word[n - 2]!.c === "'" && /^s$/i.test(word[n - 1]!.c)) word = word.slice(0, -2);
  word = withoutElision(word, lang);
  // « sous-tu » may become « sous-tutelle ».
  return mode === Mode.unfinished ? word : withoutPronoun(word, lang);
}

/** Drops what follows the verb of a question: « est-il », « a-t-on ». */
function withoutPronoun(word: Char[], lang: Language): Char[] {
  const i = word.findLastIndex((x) => x.c === "-");
  if (i < 1 || !lang.pronouns.has(join(word.slice(i + 1)).toLowerCase())) return word;
  word = word.slice(0, i);
  return word.length > 2 && /-t$/i.test(join(word)) ? word.slice(0, -2) : word;
}

function withoutElision(word: Char[], lang: Language): Char[] {
  for (;;) {
    const i = word.findIndex((x) => x.c === "'");
    if (i < 1 || !lang.elisions.has(join(word.slice(0, i)).toLowerCase())) return word;
    word = word.slice(i + 1);
  }
}

const join = (word: Char[]): string => word.map((x) => x.c).join("");

/** The form of a word as one. */
const whole = (word: Char[], lang: Language, mode: Mode): Form[] => add([], letters(word, lang, mode), 0, lang, mode);

function forms(word: Char[], lang: Language): Form[] {
  word = letters(word, lang, Mode.indexed);
  const out = add([], word, 0, lang, Mode.indexed);
  if (isCode(word)) return add(out, word.slice(1), 0, lang, Mode.indexed);
  const parts = split(word);
  if (parts.length > 1) parts.forEach((part, i) => add(out, withoutElision(part, lang), i, lang, Mode.indexed));
  return out;
}

function add(out: Form[], word: Char[], offset: number, lang: Language, mode: Mode): Form[] {
  const spelled = spell(word);
  const term = termOf(spelled, lang, mode);
  if (term) {
    const form = { term, offset, start: word[0]!.start, end: word.at(-1)!.end };
    out.push(form);
    if (mode === Mode.indexed && lang.stem) {
      const plain = termOf(fold(spelled), lang, mode);
      if (plain && plain !== term) out.push({ ...form, term: plain });
    }
  }
  return out;
}

/** The parts of a compound. */
function split(word: Char[]): Char[][] {
  const out: Char[][] = [];
  let from = 0;
  word.forEach((_, i) => {
    if (isCompound(word, i)) {
      out.push(...splitCapitals(word.slice(from, i)));
      from = i + 1;
    }
  });
  out.push(...splitCapitals(word.slice(from)));
  return out;
}

/** Whether a word is one letter of ASCII and a number: « J0 ». */
const isCode = (word: Char[]): boolean => /^[a-z][0-9]+$/i.test(join(word));

/** Whether the character at i is a hyphen between parts. */
function isCompound(word: Char[], i: number): boolean {
  const before = word[i - 1]?.c;
  const after = word[i + 1]?.c;
  return word[i]!.c === "-" && !!before && !!after && !(isDigit(before) && isDigit(after));
}

function splitCapitals(word: Char[]): Char[][] {
  const parts: Char[][] = [];
  let base = "";
  let from = 0;
  word.forEach(({ c }, i) => {
    if (isMark(c)) return;
    if (/\p{Ll}/u.test(base) && /\p{Lu}/u.test(c)) {
      parts.push(word.slice(from, i));
      from = i;
    }
    base = c;
  });
  parts.push(word.slice(from));
  return parts.some((p) => p.length < 2) ? [word] : parts;
}

/** Writes a word in small letters, composed, without what only holds it together. */
function spell(word: Char[]): string {
  const text = join(word);
  const law = /^[lrda]([. ].|\d[\d-]*-[\d-]*$)/i.test(text);
  let s = "";
  word.forEach(({ c }, i) => {
    if (law && i === 1) s += isDigit(c) ? "." + c : ".";
    else if (c === ",") s += ".";
    else if (!/[ '·]/.test(c) && (law || !isCompound(word, i))) s += c;
  });
  return cut(lower(s.normalize("NFC")));
}

function termOf(word: string, lang: Language, mode: Mode): string {
  if (mode !== Mode.unfinished) {
    if (lang.stop.has(word)) return "";
    if (lang.stem && !/[0-9]/.test(word)) word = lang.stem(word);
  }
  return cut(fold(word));
}

const apart: Readonly<Record<string, string>> = { œ: "oe", æ: "ae", ß: "ss", ø: "o", ł: "l", đ: "d" };

/** Drops marks and takes letters apart. */
function fold(s: string): string {
  return s.normalize("NFD").replace(/\p{M}/gu, "").replace(/[œæßøłđ]/g, (c) => apart[c]!);
}

const cut = (s: string): string => (s.length > maxTerm ? [...s].slice(0, maxTerm).join("") : s);
