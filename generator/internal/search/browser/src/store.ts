// What search keeps in this browser and nowhere else: the latest searches, and
// whether the key "/" opens it. Where storage is refused or full nothing is kept.

const name = "search";
const most = 6;

interface Kept {
  recent: string[];
  slash: boolean;
}

/** Returns what is kept. What another hand wrote there is not believed. */
export function kept(): Kept {
  let found: Partial<Record<keyof Kept, unknown>> = {};
  try {
    found = Object(JSON.parse(localStorage.getItem(name) ?? "{}"));
  } catch {}
  const recent = Array.isArray(found.recent) ? found.recent : [];
  return {
    recent: recent.filter((q): q is string => typeof q === "string" && q !== "" && q.length <= 200).slice(0, most),
    slash: found.slash !== false,
  };
}

function keep(change: Partial<Kept>): void {
  try {
    localStorage.setItem(name, JSON.stringify({ ...kept(), ...change }));
  } catch {}
}

/** Puts a query first among the latest, once. */
export function remember(query: string): void {
  query = query.trim();
  if (query !== "") {
    keep({ recent: [query, ...kept().recent.filter((q) => q !== query)].slice(0, most) });
  }
}

/** Forgets the latest searches. */
export function forget(): void {
  keep({ recent: [] });
}

/** Says whether the key "/" opens search from now on. */
export function keepSlash(slash: boolean): void {
  keep({ slash });
}
