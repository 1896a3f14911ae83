// Opens the search dialog, pastes a query and waits for the answer.
async (query) => {
  const start = performance.now();
  document.querySelector("[data-search-open]").click();
  const dialog = document.querySelector("dialog[open]");
  const input = dialog.querySelector("[role=combobox]");
  const status = () => dialog.querySelector(".search-status")?.textContent ?? "";
  const loading = document.getElementById("search-template").content.querySelector("[data-text=loading]").textContent;
  const answer = () => new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (status() && status() !== loading) {
        observer.disconnect();
        requestAnimationFrame(resolve);
      }
    });
    observer.observe(dialog, { childList: true, subtree: true });
  });
  // For the keys that are pressed after.
  window.nextAnswer = () => { window.answered = answer().then(() => true); };
  const first = answer();
  input.value = query;
  input.dispatchEvent(new Event("input"));
  await first;
  return {
    milliseconds: performance.now() - start,
    total: +(/^[\d\s]+/.exec(status())?.[0].replace(/\s/g, "") || 0),
    shown: dialog.querySelectorAll(".search-hit-excerpt:not(:empty)").length,
    marked: dialog.querySelectorAll("mark").length,
  };
}
