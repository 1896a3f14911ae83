// Text that stands wholly above the text read before it: on a phone, where there is
// one column, the eye and the document must go the same way.
const found = [];
let before, last;
for (const e of document.querySelectorAll("main :is(h1, h2, h3, h4, p, li, dt, dd, td, th)")) {
  if (!e.checkVisibility({visibilityProperty: true}) || e.closest("[aria-hidden], .visually-hidden") || e.querySelector("p, li, dt, dd")) continue;
  const box = e.getBoundingClientRect();
  if (box.width <= 1) continue;
  if (last && box.bottom <= last.top) found.push(name(e) + " is above " + name(before));
  [before, last] = [e, box];
}
return found;
