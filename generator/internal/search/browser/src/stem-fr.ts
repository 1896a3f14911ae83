// The light French stemmer (Jacques Savoy's, as bleve has it), for words in lower
// case. It must do exactly what bleve's does: see search/analysis.

// Endings in the order they are tried: the ending, the length that a word must
// exceed, what replaces the ending, and whether later endings are tried too.
const endings: readonly (readonly [string, number, string, boolean?])[] = [
  ["issement", 9, "ir"],
  ["issant", 8, "ir"],
  ["ivement", 7, "if"],
  ["ement", 6, "e"],
  ["ficatrice", 11, "fier"],
  ["ficateur", 10, "fier"],
  ["catrice", 9, "quer"],
  ["cateur", 8, "quer"],
  ["atrice", 8, "er"],
  ["ateur", 7, "er"],
  ["trice", 6, "teur", true],
  ["ième", 5, ""],
  ["teuse", 7, "ter"],
  ["teur", 6, "ter"],
  ["euse", 5, "eu"],
  ["ère", 8, "er"],
  ["ive", 7, "if"],
  ["folle", 4, "fou"],
  ["molle", 4, "mou"],
  ["nnelle", 9, "n"],
  ["nnel", 9, "n"],
  ["ète", 4, "et", true],
  ["ique", 8, "", true],
  ["esse", 8, "e"],
  ["inage", 7, "in"],
  ["isation", 9, ""],
  ["isateur", 9, ""],
  ["ation", 8, ""],
  ["ition", 8, ""],
];

const plain: Readonly<Record<string, string>> = {
  à: "a", á: "a", â: "a", ô: "o", è: "e", é: "e", ê: "e", ù: "u", û: "u", î: "i", ç: "c",
};

const length = (s: string): number => [...s].length;

/** Returns the stem of a French word. */
export function stemFrench(word: string): string {
  if (length(word) > 5 && word.endsWith("x")) {
    word = /[^e]aux$/.test(word) ? word.slice(0, -2) + "l" : word.slice(0, -1);
  }
  if (length(word) > 3) word = word.replace(/x$/, "");
  if (length(word) > 3) word = word.replace(/s$/, "");
  for (const [ending, min, by, goOn] of endings) {
    if (word.endsWith(ending) && length(word) > min) {
      word = word.slice(0, -ending.length) + by;
      if (ending === "isation" && length(word) > 5) word = word.replace(/ual$/, "uel");
      if (!goOn) break;
    }
  }
  return trim(word);
}

/** Drops accents, doubled letters and final vowels. */
function trim(word: string): string {
  let w = [...word];
  if (w.length > 4) {
    // Doubles go after each letter, so that the letter behind one that went is
    // passed over. bleve does so.
    for (let i = 0; i < w.length; i++) {
      w[i] = plain[w[i]!] ?? w[i]!;
      w = w.filter((c, j) => c !== w[j - 1] || !/\p{L}/u.test(c));
    }
  }
  if (w.length > 4 && w.at(-2) === "i" && w.at(-1) === "e") w.length -= 2;
  if (w.length > 4) {
    if (w.at(-1) === "r") w.pop();
    if (w.at(-1) === "e") w.pop();
    if (w.at(-1) === "e") w.pop();
    if (w.at(-1) === w.at(-2) && /\p{L}/u.test(w.at(-1)!)) w.pop();
  }
  return w.join("");
}
