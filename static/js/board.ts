// The whole board, easier to use: columns that sort, and a form that chooses rows. The
// table is complete without it. What a reader chose stands in the address, so that it
// can be shared.

const root = document.querySelector<HTMLElement>("[data-board]");
const table = root?.querySelector<HTMLTableElement>("[data-sortable]");
const form = root?.querySelector<HTMLFormElement>("[data-board-form]");
if (table && form) enhance(table, form);

function enhance(table: HTMLTableElement, form: HTMLFormElement): void {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead!.rows[0].cells];
  const shown = form.querySelector<HTMLElement>("[data-board-shown]")!;
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
  const words = new Map(rows.map((row) => [row, fold(row.cells[0].textContent!)]));
  let sort = ""; // a column's key, with - in front for the reverse order

  const buttons = heads.map((head) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const key = head.dataset.key!;
      sort = sort === key ? "-" + key : sort === "-" + key ? "" : key;
      apply();
      remember();
    });
    return button;
  });

  /** The value that a row is sorted by in a column, "" where it has none. */
  function value(row: HTMLTableRowElement, column: number): string {
    const cell = row.cells[column];
    if (cell.dataset.sort !== undefined) return cell.dataset.sort;
    return cell.querySelector(".unknown") || cell.textContent!.trim() === "–" ? "" : cell.textContent!.trim();
  }

  function apply(): void {
    const chosen = new FormData(form);
    const [state, scope] = [String(chosen.get("state") ?? ""), String(chosen.get("scope") ?? "")];
    const asked = fold(String(chosen.get("q") ?? "")).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      row.hidden = !(
        (!state || row.dataset.state === state) &&
        (!scope || row.dataset.scope!.split(" ").includes(scope)) &&
        asked.every((word) => words.get(row)!.includes(word))
      );
      if (!row.hidden) count++;
    }
    const column = heads.findIndex((head) => head.dataset.key === sort.replace(/^-/, ""));
    const way = sort.startsWith("-") ? -1 : 1;
    const order = column < 0 ? rows : rows.map((row, place) => ({ row, place, value: value(row, column) }))
      .sort((a, b) => {
        if (!a.value || !b.value) return Number(!a.value) - Number(!b.value) || a.place - b.place; // the unknown last
        return way * collator.compare(a.value, b.value) || a.place - b.place;
      })
      .map(({ row }) => row);
    const active = document.activeElement;
    body.append(...order);
    if (active instanceof HTMLElement && active !== document.activeElement) active.focus();
    heads.forEach((head, i) => {
      if (i === column) head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    shown.textContent = shown.dataset.text!.replace("{shown}", String(count)).replace("{all}", String(rows.length));
  }

  /** Writes what was chosen into the address; what was not is left out. */
  function remember(): void {
    const query = new URLSearchParams();
    for (const [name, chosen] of new FormData(form)) if (chosen) query.set(name, String(chosen));
    if (sort) query.set("sort", sort);
    history.replaceState(null, "", query.size ? "?" + query : location.pathname);
  }

  /** Chooses what the address says; values that the form does not have are passed over. */
  function recall(): void {
    const query = new URLSearchParams(location.search);
    for (const radio of form.querySelectorAll<HTMLInputElement>("[name=state]")) radio.checked = radio.value === (query.get("state") ?? "");
    if (!form.querySelector("[name=state]:checked")) form.querySelector<HTMLInputElement>("[name=state]")!.checked = true;
    const scope = form.querySelector<HTMLSelectElement>("[name=scope]");
    if (scope && [...scope.options].some((o) => o.value === query.get("scope"))) scope.value = query.get("scope")!;
    form.querySelector<HTMLInputElement>("[name=q]")!.value = query.get("q") ?? "";
    const asked = query.get("sort") ?? "";
    if (heads.some((head) => head.dataset.key === asked.replace(/^-/, ""))) sort = asked;
  }

  form.addEventListener("input", () => {
    apply();
    remember();
  });
  form.addEventListener("submit", (e) => e.preventDefault());
  form.addEventListener("reset", () => {
    sort = "";
    // The fields have their old values until the event is over.
    setTimeout(() => {
      apply();
      remember();
    });
  });

  table.classList.add("sorts");
  form.hidden = false;
  recall();
  apply();
}

/** Text without case and accents, as a reader types it. */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
