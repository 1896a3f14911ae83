// What has no use on paper but is printed, and what is missing there.
const found = [...document.querySelectorAll("nav, form, .skip-link, .masthead-tools, .paginator")]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height > 0)
  .map(e => name(e) + " has no use on paper");
const main = document.querySelector("main");
if (!document.querySelector("h1")?.checkVisibility()) found.push("no title");
if (getComputedStyle(document.body).color !== "rgb(0, 0, 0)") found.push("text is not black");
for (const e of main.querySelectorAll(".prose p, .sources li, dd"))
  if (!e.checkVisibility()) found.push(name(e) + " is missing");
return found;
