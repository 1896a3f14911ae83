// What makes the page scroll sideways, and what a box cuts off. The contents of a
// box that scrolls by itself, such as a wide table's, are no fault.
const found = [];
const width = document.documentElement.clientWidth;
const scrolls = e => e && e !== document.body && (getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement));
if (document.documentElement.scrollWidth > width)
  for (const e of document.body.querySelectorAll("*")) {
    const box = e.getBoundingClientRect();
    if (box.width > 0 && box.right > width + 1 && !scrolls(e.parentElement)) found.push(name(e) + " ends at " + Math.round(box.right) + " of " + width);
  }
if (document.documentElement.scrollWidth > width && found.length === 0)
  found.push("page is " + document.documentElement.scrollWidth + " wide of " + width);
for (const e of document.body.querySelectorAll("*"))
  if (/hidden|clip/.test(getComputedStyle(e).overflowX) && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1 && !e.closest("svg"))
    found.push(name(e) + " cuts off " + (e.scrollWidth - e.clientWidth) + " pixels");
return found;
