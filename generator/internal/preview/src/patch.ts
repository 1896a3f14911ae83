// Puts a page's new text into the page that is open, touching no more than changed.

/** A page's new state. */
export interface Patch {
  /** Hash of the page that the patch applies to. */
  from: string;
  /** Hash of the page that it makes. */
  hash: string;
  title: string;
  /** The inner HTML of <main>. */
  main: string;
  /** Addresses of the page's style sheets, in order. */
  styles: string[];
}

/** How far ahead a moved or removed node is looked for. */
const lookahead = 40;

/** Applies a patch; false where the page must be loaded anew. */
export function patch(p: Patch): boolean {
  const main = document.querySelector("main");
  if (main === null) return false;
  const parsed = new DOMParser().parseFromString(`<main>${p.main}</main>`, "text/html");
  const next = parsed.querySelector("main");
  if (next === null || parsed.body.children.length !== 1) return false;
  document.title = p.title;
  swapStyles(p.styles);
  children(main, next);
  return true;
}

/** Makes the children of one element those of another. */
function children(live: Element, next: Element): void {
  let at: ChildNode | null = live.firstChild;
  for (const wanted of [...next.childNodes]) {
    if (at !== null && same(at, wanted)) {
      at = at.nextSibling;
      continue;
    }
    const later: ChildNode | null = find(at, wanted);
    if (later !== null) {
      while (at !== null && at !== later) at = drop(at);
      at = later.nextSibling;
      continue;
    }
    if (at !== null && find(wanted.nextSibling, at, same) === null && update(at, wanted)) {
      at = at.nextSibling;
      continue;
    }
    live.insertBefore(document.importNode(wanted, true), at);
  }
  while (at !== null) at = drop(at);
}

/** Removes a node and returns the one after it. */
function drop(node: ChildNode): ChildNode | null {
  const next = node.nextSibling;
  node.remove();
  return next;
}

/** The first of a node and those after it that is the same as another. */
function find(from: ChildNode | null, wanted: ChildNode, equal = same): ChildNode | null {
  for (let i = 0, node = from; node !== null && i < lookahead; i++, node = node.nextSibling) {
    if (equal(node, wanted)) return node;
  }
  return null;
}

/** Tells whether two nodes say the same; what the reader opened is the reader's. */
function same(a: Node, b: Node): boolean {
  if (a.isEqualNode(b)) return true;
  if (a.nodeType !== Node.ELEMENT_NODE || a.nodeName !== b.nodeName || (a as Element).querySelector("details") === null && a.nodeName !== "DETAILS") return false;
  return withoutOpen(a).isEqualNode(withoutOpen(b));
}

function withoutOpen(node: Node): Node {
  const copy = node.cloneNode(true) as Element;
  for (const d of [copy, ...copy.querySelectorAll("details")]) d.removeAttribute("open");
  return copy;
}

/** Makes a node like another of its kind; false where it is of another kind. */
function update(live: ChildNode, wanted: ChildNode): boolean {
  if (live.nodeType !== wanted.nodeType || live.nodeName !== wanted.nodeName) return false;
  if (!(live instanceof Element) || !(wanted instanceof Element)) {
    live.nodeValue = wanted.nodeValue;
    return true;
  }
  if (live.id !== wanted.id) return false;
  for (const { name } of [...live.attributes]) {
    if (!wanted.hasAttribute(name) && !(name === "open" && live.nodeName === "DETAILS")) live.removeAttribute(name);
  }
  for (const { name, value } of [...wanted.attributes]) {
    if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
  children(live, wanted);
  return true;
}

/** Replaces style sheets without a moment in which the page has none. */
function swapStyles(styles: string[]): void {
  const old = [...document.querySelectorAll<HTMLLinkElement>('head link[rel="stylesheet"]')];
  if (old.map((l) => l.getAttribute("href")).join("\n") === styles.join("\n")) return;
  let last = old.at(-1);
  const fresh = styles.map((href) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    if (last) last.after(link);
    else document.head.append(link);
    last = link;
    return link;
  });
  const loaded = fresh.map((link) => new Promise((done) => {
    link.addEventListener("load", done, { once: true });
    link.addEventListener("error", done, { once: true });
  }));
  void Promise.all(loaded).then(() => {
    for (const l of old) l.remove();
  });
}
