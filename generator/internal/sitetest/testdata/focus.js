// Where the keyboard is, and whether a reader sees it there.
const e = document.activeElement;
const style = getComputedStyle(e), box = e.getBoundingClientRect();
let fault = "";
if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) fault = "no outline";
else if (style.outlineColor === getComputedStyle(document.body).backgroundColor) fault = "outline has the colour of the page";
else if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) fault = "outside the window";
else {
  // A link over two lines has a middle that belongs to neither: its pieces count.
  const shown = [...e.getClientRects()].some(r => {
    const top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
    return top && (e.contains(top) || top.contains(e));
  });
  if (!shown) fault = "covered by something else";
}
return {
  element: e.localName === "main" ? "main" : name(e),
  link: e.getAttribute("href") ?? "",
  number: focusable().indexOf(e) + 1,
  main: !!e.closest("main") && e.localName !== "main",
  fault,
};
