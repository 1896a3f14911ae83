// The marks that preview puts into the page where something is wrong.

/** The attribute that lists the problems of an element. */
const attribute = "data-vigie-problem";

/** The element that a problem is marked on, or null. */
export function find(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[${attribute}~="${CSS.escape(id)}"]`);
}

/** Shows the place of a problem and takes the focus there. */
export function goTo(id: string): void {
  const mark = find(id);
  if (mark === null) return;
  for (let at = mark.parentElement; at !== null; at = at.parentElement) {
    if (at instanceof HTMLDetailsElement) at.open = true;
  }
  const target = mark.matches("[tabindex]") ? mark : (mark.querySelector<HTMLElement>(`[${attribute}][tabindex]`) ?? mark);
  target.focus({ preventScroll: true });
  scrollTo(mark);
  if (!still()) mark.animate([{ outlineColor: "transparent" }, {}], { duration: 300, iterations: 3 });
}

/** Scrolls so that the place of a problem stands clear above a height of the window. */
export function clear(id: string, height: number): void {
  const mark = find(id);
  if (mark !== null && mark.getBoundingClientRect().bottom > height) scrollTo(mark);
}

/** Scrolls to a mark: marks.css says how far below the window's edge. */
function scrollTo(mark: HTMLElement): void {
  mark.scrollIntoView({ block: "start", behavior: still() ? "instant" : "smooth" });
}

function still(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Styles the marks, and calls `pressed` with the problems of one that is pressed. */
export function followMarks(stylesheet: string, pressed: (ids: string[]) => void): void {
  // A constructed sheet: a link in the head would be taken for one of the page's own.
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  void fetch(stylesheet).then((r) => r.text()).then((text) => sheet.replace(text));
  const press = (e: Event): boolean => {
    const mark = e.target instanceof Element ? e.target.closest(`mark[${attribute}], span[${attribute}]`) : null;
    if (mark === null) return false;
    pressed((mark.getAttribute(attribute) ?? "").split(" "));
    return true;
  };
  document.addEventListener("click", press);
  document.addEventListener("keydown", (e) => {
    if ((e.key === "Enter" || e.key === " ") && press(e)) e.preventDefault();
  });
}
