// Cards beside links to what the glossary explains: on hover and on keyboard focus.
// Esc puts a card away; it stays while the pointer is over it or its link. Without
// this script, and under a finger, the links lead to the explanation.

interface Card {
  title: string;
  definition: string;
  equivalent?: string;
}

const source = document.querySelector<HTMLElement>("[data-cards]");
if (source) show(source, source.dataset.cards!);

function show(source: HTMLElement, address: string): void {
  const selector = "a.term";
  const wait = 250; // before a card opens under a pointer that may only pass by
  const grace = 250; // for the way from a link to its card
  let cards: Promise<Record<string, Card>> | undefined;
  let link: HTMLAnchorElement | null = null; // that the card is, or will be, shown for
  let timer = 0;

  const panel = document.createElement("div");
  panel.className = "term-card";
  panel.id = "term-card";
  panel.setAttribute("role", "tooltip");
  panel.hidden = true;
  source.append(panel);

  const term = (target: EventTarget | null) =>
    target instanceof Element ? target.closest<HTMLAnchorElement>(selector) : null;

  /** Fetches the cards, once; a failure may be tried again. */
  function fetched(): Promise<Record<string, Card>> {
    cards ??= fetch(address)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .catch(() => {
        cards = undefined;
        return {};
      });
    return cards;
  }

  function close(): void {
    clearTimeout(timer);
    link?.removeAttribute("aria-describedby");
    link = null;
    panel.hidden = true;
  }

  async function open(at: HTMLAnchorElement): Promise<void> {
    if (link === at && !panel.hidden) return;
    close();
    link = at;
    const card = (await fetched())[at.pathname];
    if (link !== at || !card) return;
    panel.replaceChildren(paragraph("term-card-title", card.title), paragraph("", card.definition));
    if (card.equivalent) panel.append(paragraph("term-card-equivalent", card.equivalent));
    panel.hidden = false;
    place(at);
    at.setAttribute("aria-describedby", panel.id);
  }

  function paragraph(name: string, text: string): HTMLElement {
    const p = document.createElement("p");
    p.className = name;
    p.textContent = text;
    return p;
  }

  /** Puts the card below the link's first line or, where there is no room, above it. */
  function place(at: HTMLAnchorElement): void {
    const line = at.getClientRects()[0];
    const around = (panel.offsetParent ?? document.documentElement).getBoundingClientRect();
    const margin = 8;
    const width = document.documentElement.clientWidth;
    const left = Math.max(margin, Math.min(line.left, width - panel.offsetWidth - margin));
    const below = line.bottom + panel.offsetHeight + margin < innerHeight || line.top < panel.offsetHeight + margin;
    panel.style.left = `${left - around.left}px`;
    panel.style.top = `${(below ? line.bottom : line.top - panel.offsetHeight) - around.top}px`;
    panel.classList.toggle("term-card-above", !below);
  }

  document.addEventListener("pointerover", (e) => {
    if (e.pointerType === "touch") return; // a tap follows the link
    const at = term(e.target);
    if (at) {
      clearTimeout(timer);
      if (at === link) return;
      void fetched();
      timer = setTimeout(() => void open(at), wait);
    } else if (e.target instanceof Node && panel.contains(e.target)) {
      clearTimeout(timer);
    }
  });
  document.addEventListener("pointerout", (e) => {
    if (!term(e.target) && !(e.target instanceof Node && panel.contains(e.target))) return;
    const to = e.relatedTarget;
    if (to instanceof Node && (panel.contains(to) || link?.contains(to))) return;
    clearTimeout(timer);
    if (link && link !== document.activeElement) timer = setTimeout(close, grace);
  });
  document.addEventListener("focusin", (e) => {
    const at = term(e.target);
    if (at?.matches(":focus-visible")) void open(at);
    else if (link && link !== at) close();
  });
  document.addEventListener("focusout", (e) => {
    if (link && term(e.target) === link && !panel.matches(":hover")) close();
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || panel.hidden) return;
    e.preventDefault(); // of what else would close: the card is the innermost
    close();
  });
  addEventListener("resize", close);
}
