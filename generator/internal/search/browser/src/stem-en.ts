// The English plural stemmer (Mark Harwood's, as bleve has it), for words in lower
// case. It must do exactly what bleve's does: see search/analysis.

// Words that keep the e of their plural.
const keepE = {
  oes: "shoes canoes oboes",
  ches: "cliches avalanches mustaches moustaches quiches headaches heartaches porsches tranches caches",
};

/** Returns the singular of an English word. */
export function stemEnglish(word: string): string {
  const n = [...word].length;
  if (n < 3 || !word.endsWith("s") || /[us]s$/.test(word)) return word;
  if (n > 4 && word.endsWith("ies")) return word.slice(0, -3) + "y";
  const cut =
    (n > 4 && /(x|sh|ss)es$/.test(word)) ||
    (n > 3 && word.endsWith("oes") && !keeps(word, keepE.oes)) ||
    (n > 4 && word.endsWith("ches") && !keeps(word, keepE.ches));
  return word.slice(0, cut ? -2 : -1);
}

/** Whether a word ends in one of the words of a list, or one of them in it. */
function keeps(word: string, list: string): boolean {
  return list.split(" ").some((w) => word.endsWith(w) || w.endsWith(word));
}
