// The state on a date, where no server answers the form: leads from ?date=2025-06-01
// to the page of the latest day that is not after it. `vigie serve` does the same
// before the page is sent.

const asked = new URLSearchParams(location.search).get("date");
const field = document.querySelector<HTMLInputElement>("#state-date");
if (asked && field && isDay(asked)) {
  // Only the page of today lists the days, newest first.
  const days = [...document.querySelectorAll<HTMLAnchorElement>("a[data-day]")];
  const day = asked < field.max ? (days.find((a) => a.dataset.day! <= asked) ?? days.at(-1)) : undefined;
  if (day) location.replace(day.href + location.search);
  else field.value = asked;
}

/** Whether text is a day of the calendar, as a field for dates understands it. */
function isDay(text: string): boolean {
  const field = document.createElement("input");
  field.type = "date";
  field.value = text;
  return field.value === text;
}
