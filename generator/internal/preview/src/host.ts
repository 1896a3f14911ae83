// Where preview's own elements live: beside the page, out of reach of its styles.

/** The texts of preview's interface; of one thing and of several, where they are counted. */
const texts = {
  fr: {
    close: "Fermer", errors: "erreur|erreurs", error: "erreur", warning: "avertissement", open: "Ouvrir dans l’éditeur", cure: "Remède",
    elsewhere: "Modifié ailleurs", go: "Voir", bar: "Barre de l’éditeur", draft: "Brouillon", future: "Datée du futur", words: "mot|mots", minutes: "min de lecture",
    missing: "traduction manquante", stale: "traduction dépassée", due: "à revérifier", broken: "lien rompu|liens rompus", backlinks: "lien entrant|liens entrants",
    rank: "Pourquoi ce rang ?", query: "Recherche", lost: "Connexion perdue", ok: "À jour", hide: "Réduire", expand: "Déplier", none: "Cette page n’est pas trouvée.",
    polling: "fichiers relevés périodiquement", here: "sur cette page", see: "Voir dans la page", first: "Première marque",
  },
  en: {
    close: "Close", errors: "error|errors", error: "error", warning: "warning", open: "Open in the editor", cure: "Cure",
    elsewhere: "Changed elsewhere", go: "Go there", bar: "Editor’s bar", draft: "Draft", future: "Dated in the future", words: "word|words", minutes: "min read",
    missing: "translation missing", stale: "translation out of date", due: "due for review", broken: "broken link|broken links", backlinks: "backlink|backlinks",
    rank: "Why this rank?", query: "Query", lost: "Connection lost", ok: "Up to date", hide: "Collapse", expand: "Expand", none: "This page is not found.",
    polling: "files are polled", here: "on this page", see: "Show in the page", first: "First mark",
  },
};

/** The key of a text. */
export type TextKey = keyof (typeof texts)["fr"];

/** A text in the page's language, or English. */
export function t(key: TextKey): string {
  return (document.documentElement.lang.startsWith("fr") ? texts.fr : texts.en)[key];
}

/** A number of things: "1 lien rompu", "2 liens rompus". French has none and one alike. */
export function counted(n: number, key: TextKey): string {
  const [one, many] = t(key).split("|");
  const single = document.documentElement.lang.startsWith("fr") ? n < 2 : n === 1;
  return `${n} ${single ? one : many ?? one}`;
}

/** Makes an element with attributes and children. */
export function h(name: string, attributes: Record<string, string>, ...nodes: (Node | string)[]): HTMLElement {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...nodes);
  return element;
}

/** The element that holds preview's interface, in a shadow tree of its own. */
export class Host {
  readonly root: ShadowRoot;

  constructor(stylesheet: string) {
    const element = document.createElement("vigie-preview");
    this.root = element.attachShadow({ mode: "open" });
    this.root.append(h("link", { rel: "stylesheet", href: stylesheet }));
    document.documentElement.append(element);
  }
}
