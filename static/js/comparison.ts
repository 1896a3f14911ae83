// The comparison of two to four things: hides the columns of all others. The table
// has everything without it. The choice stands in the address, so that it can be
// shared.

const most = 4;
const root = document.querySelector<HTMLElement>("[data-comparison]");
const table = root?.querySelector<HTMLTableElement>("table");
const form = root?.querySelector<HTMLFormElement>("form");
if (table && form) enhance(table, form);

function enhance(table: HTMLTableElement, form: HTMLFormElement): void {
  const boxes = [...form.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
  const note = form.querySelector<HTMLElement>("[data-few]")!;
  const name = boxes[0].name;

  function apply(): void {
    const chosen = boxes.filter((box) => box.checked);
    for (const box of boxes) box.disabled = !box.checked && chosen.length >= most;
    note.textContent = chosen.length < 2 ? note.dataset.few! : "";
    for (const row of table.rows) {
      let known = row.parentElement === table.tHead;
      boxes.forEach((box, i) => {
        const cell = row.cells[i + 1];
        cell.hidden = !box.checked;
        known ||= box.checked && !cell.querySelector(".unknown");
      });
      row.hidden = !known; // nothing is known of any
    }
    for (let n = 0; n <= most; n++) table.classList.toggle("columns-" + n, n === chosen.length);
  }

  function remember(): void {
    const query = new URLSearchParams();
    for (const box of boxes) if (box.checked) query.append(name, box.value);
    history.replaceState(null, "", query.size ? "?" + query : location.pathname);
  }

  /** Chooses what the address says, both ?x=a&x=b and ?x=a,b; names it does not know are passed over. */
  function recall(): void {
    const asked = new URLSearchParams(location.search).getAll(name).flatMap((value) => value.split(","));
    const known = asked.filter((value, i) => asked.indexOf(value) === i && boxes.some((box) => box.value === value)).slice(0, most);
    if (known.length) for (const box of boxes) box.checked = known.includes(box.value);
  }

  form.addEventListener("input", () => {
    apply();
    remember();
  });
  form.addEventListener("submit", (e) => e.preventDefault());
  form.hidden = false;
  recall();
  apply();
}
