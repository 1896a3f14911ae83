// The timeline, easier to use: a form that chooses among its entries, and one stop of
// the Tab key for the whole overview, in which the arrow keys move. The list is
// complete without it. What a reader chose stands in the address, so that it can be
// shared.

const root = document.querySelector<HTMLElement>("[data-timeline]");
const form = root?.querySelector("form");
const overview = document.querySelector<SVGSVGElement>(".chronicle");
if (root && form) filter(root, form);
if (overview) rove(overview);

function filter(root: HTMLElement, form: HTMLFormElement): void {
  const years = [...root.querySelectorAll<HTMLElement>("[data-year]")];
  const none = root.querySelector<HTMLElement>("[data-none]")!;
  const shown = form.querySelector<HTMLElement>("[data-shown]")!;
  const fields = [...form.querySelectorAll("select")];
  let turned = false;

  /** Turns the years, and the entries within each. */
  function turn(): void {
    years.reverse();
    none.before(...years);
    for (const year of years) {
      const list = year.querySelector("ol")!;
      list.append(...[...list.children].reverse());
    }
    turned = !turned;
  }

  function apply(): void {
    const asked = Object.fromEntries(new FormData(form)) as Record<string, string>;
    // Who acts, and under which scheme, an entry says by its links.
    const links = fields.flatMap((field) => field.selectedOptions[0]?.dataset.url ?? []);
    let count = 0;
    let all = 0;
    for (const year of years) {
      let found = 0;
      for (const entry of year.querySelectorAll<HTMLElement>(".event")) {
        all++;
        entry.hidden = (!!asked.kind && entry.dataset.kind !== asked.kind) || !links.every((link) => entry.querySelector(`.event-meta a[href="${CSS.escape(link)}"]`));
        if (!entry.hidden) found++;
      }
      year.hidden = found === 0 || (!!asked.year && year.dataset.year !== asked.year);
      if (!year.hidden) count += found;
    }
    if (turned !== (asked.order === "oldest")) turn();
    none.hidden = count > 0;
    shown.textContent = shown.dataset.shown!.replace("{shown}", String(count)).replace("{all}", String(all));
  }

  /** Writes what was chosen into the address; what was not is left out. */
  function remember(): void {
    const query = new URLSearchParams();
    for (const [name, chosen] of new FormData(form)) if (chosen) query.set(name, String(chosen));
    history.replaceState(null, "", query.size ? "?" + query : location.pathname);
  }

  /** Chooses what the address says; values that the form does not have are passed over. */
  function recall(): void {
    const query = new URLSearchParams(location.search);
    for (const field of fields) {
      const value = query.get(field.name) ?? "";
      field.value = [...field.options].some((o) => o.value === value) ? value : "";
    }
  }

  /** Shows what a link of the page leads to where the filter hides it. */
  function reveal(): void {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !root.contains(target) || !target.closest("[hidden]")) return;
    for (const field of fields) if (field.name !== "order") field.value = "";
    apply();
    target.scrollIntoView();
  }

  form.addEventListener("change", () => {
    apply();
    remember();
  });
  form.addEventListener("submit", (e) => e.preventDefault());
  form.addEventListener("reset", () => {
    // The fields have their old values until the event is over.
    setTimeout(() => {
      apply();
      remember();
    });
  });
  addEventListener("hashchange", reveal);

  form.hidden = false;
  recall();
  apply();
  reveal();
}

function rove(overview: SVGSVGElement): void {
  const cells = [...overview.querySelectorAll<SVGAElement>("a")];
  let current = cells[0];
  for (const cell of cells) cell.setAttribute("tabindex", cell === current ? "0" : "-1");

  function go(to: SVGAElement): void {
    current.setAttribute("tabindex", "-1");
    current = to;
    current.setAttribute("tabindex", "0");
    current.focus();
  }

  /** The nearest cell in a direction, of those that lie more that way than aside. */
  function neighbour(from: SVGAElement, dx: number, dy: number): SVGAElement | undefined {
    const at = from.getBoundingClientRect();
    let best: SVGAElement | undefined;
    let least = Infinity;
    for (const cell of cells) {
      const box = cell.getBoundingClientRect();
      const [x, y] = [box.left - at.left, box.top - at.top];
      const along = x * dx + y * dy;
      const aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (along < 1) continue;
      const distance = along + 4 * aside;
      if (distance < least) [best, least] = [cell, distance];
    }
    return best;
  }

  overview.addEventListener("focusin", (e) => {
    const cell = (e.target as Element).closest("a") as SVGAElement | null;
    if (!cell || cell === current) return;
    current.setAttribute("tabindex", "-1");
    current = cell;
    current.setAttribute("tabindex", "0");
  });
  overview.addEventListener("keydown", (e) => {
    const ways: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[e.key];
    const to = way ? neighbour(current, ...way) : e.key === "Home" ? cells[0] : e.key === "End" ? cells[cells.length - 1] : undefined;
    if (e.ctrlKey || e.altKey || e.metaKey || (!way && !to)) return;
    e.preventDefault();
    if (to) go(to);
  });
}
