// What every probe uses.

// focusable lists what the Tab key stops at, in document order.
const focusable = () => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}));

// name returns a short selector of an element with the beginning of its text.
const name = e => {
  if (!e) return "nothing";
  const parent = e.parentElement;
  const own = e.localName + (e.id ? "#" + e.id : "") + [...e.classList].map(c => "." + c).join("");
  const above = parent && parent !== document.body ? parent.localName + [...parent.classList].map(c => "." + c).join("") + " > " : "";
  const text = e.innerText?.trim().slice(0, 30);
  return above + own + (text ? " (" + text + ")" : "");
};
