// Keys for the inbox. The page is whole without them.
"use strict";
(() => {
  const links = () => Array.from(document.querySelectorAll(".reports .row h2 a"));
  const here = () => links().indexOf(document.activeElement);
  const go = (step) => {
    const stop = document.getElementById("stop");
    if (stop) { location.assign(stop.href + "#j"); return; }  // a page that refreshes would lose the place
    const all = links();
    const next = all[Math.min(Math.max(here() + step, 0), all.length - 1)];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  };
  const keys = {
    j: () => go(1),
    k: () => go(-1),
    o: () => { const at = here(); if (at >= 0) links()[at].click(); },
    x: () => {
      const row = document.activeElement.closest(".row");
      const box = row && row.querySelector("input[type=checkbox]");
      if (box) { box.checked = !box.checked; }
    },
    "/": () => { const search = document.getElementById("search-link"); if (search) { search.click(); } },
    "?": () => {
      const help = document.getElementById("keys");
      help.open = !help.open;
      help.querySelector("summary").focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) { return; }
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  if (location.hash === "#j") { go(1); }
})();
