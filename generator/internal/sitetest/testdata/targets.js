// Targets smaller than 24 by 24 CSS pixels (WCAG 2.2, 2.5.8, without its exception
// for those that stand far apart). A link inside running text is as high as a line.
const block = e => getComputedStyle(e).display.startsWith("inline") && e !== document.body ? block(e.parentElement) : e;
const inText = e => {
  if (getComputedStyle(e).display !== "inline") return false;
  const around = block(e).cloneNode(true);
  for (const link of around.querySelectorAll("a, button, svg, .visually-hidden")) link.remove();
  return /[\p{L}\p{N}]/u.test(around.textContent);
};
return focusable()
  .filter(e => !e.classList.contains("skip-link") && !inText(e))
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([, box]) => box.width < 23.99 || box.height < 23.99)
  .map(([e, box]) => name(e) + " is " + box.width.toFixed(1) + " by " + box.height.toFixed(1));
