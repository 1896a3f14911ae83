// Writes texts plainly, for comparisons that accents and capitals shall not disturb.

const apart: Readonly<Record<string, string>> = { œ: "oe", æ: "ae", ß: "ss", ø: "o", ł: "l", đ: "d" };

/** The text in small letters, without marks, ligatures taken apart. */
export function plain(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[œæßøłđ]/g, (c) => apart[c]!);
}
