// The interface's texts, which the page carries in its language: elements of the
// template with data-text="name". %s and %d stand for a value; data-single is the
// whole text for the number 1.

export class Texts {
  constructor(
    private readonly source: ParentNode,
    readonly lang: string,
  ) {}

  /** Returns a text with its %s replaced; "" where the page has none of that name. */
  say(name: string, value = ""): string {
    return (this.find(name)?.textContent ?? "").replace("%s", () => value);
  }

  /** Returns a text for a number of things. */
  count(name: string, n: number): string {
    const one = n === 1 && this.find(name)?.getAttribute("data-single");
    return one || this.say(name).replace("%d", n.toLocaleString(this.lang));
  }

  private find(name: string): Element | null {
    return this.source.querySelector(`[data-text="${name}"]`);
  }
}

/** Writes a date as the site does; of "2025-12" or "2025", no more than they say. */
export function writeDate(date: string, lang: string): string {
  const [, year, month, day] = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(date) ?? [];
  if (!year || !month) {
    return year ?? "";
  }
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1));
  return new Intl.DateTimeFormat(lang, {
    year: "numeric",
    month: "short",
    day: day ? "numeric" : undefined,
    timeZone: "UTC", // the date is the site's, wherever the reader is
  }).format(time);
}
