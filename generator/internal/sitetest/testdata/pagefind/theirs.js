// Searches with Pagefind's own API as its documentation shows it, and writes what
// the first ten results are shown with.
async (query) => {
  const start = performance.now();
  const pagefind = await import("/pagefind/pagefind.js");
  const found = await pagefind.search(query);
  const results = await Promise.all(found.results.slice(0, 10).map((r) => r.data()));
  document.getElementById("results").replaceChildren(
    ...results.map((r) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = r.url;
      link.textContent = r.meta.title;
      const excerpt = document.createElement("p");
      excerpt.innerHTML = r.excerpt;
      item.append(link, excerpt);
      return item;
    }),
  );
  await new Promise(requestAnimationFrame);
  return {
    milliseconds: performance.now() - start,
    total: found.results.length,
    shown: document.querySelectorAll("#results p:not(:empty)").length,
    marked: document.querySelectorAll("#results mark").length,
  };
}
