// The wall's sound. Without this file the page reloads itself and the bar flashes.
// The page is fetched anew instead of reloaded: a browser lets a page sound only after a click on that page.
"use strict";
(() => {
  const body = document.body;
  const every = Number(body.dataset.every) * 1000;
  const sound = document.getElementById("ring");
  let allowed = false;

  const offer = () => {
    const button = document.getElementById("allow-sound");
    if (!button) { return; }
    button.hidden = allowed;
    button.onclick = () => sound.play().then(() => { allowed = true; offer(); ring(); }).catch(offer);
  };
  const ring = () => {
    const rings = document.querySelector("[data-rings]") !== null;
    sound.loop = rings && allowed;
    if (rings && allowed) { sound.play().catch(() => { allowed = false; offer(); }); } else { sound.pause(); }
  };
  const refresh = async () => {
    try {
      const answer = await fetch(body.dataset.address, { redirect: "manual", cache: "no-store" });
      // Signed out, or the hub says no: the browser shows what it says.
      if (answer.type === "opaqueredirect" || answer.status === 403) { location.reload(); return; }
      if (!answer.ok) { throw new Error(answer.status); }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.title = fresh.title;
      document.querySelector("main").replaceWith(document.adoptNode(fresh.querySelector("main")));
      body.classList.remove("stale");
    } catch {
      body.classList.add("stale");  // the numbers are old: said in words by wall.css
    }
    offer();
    ring();
  };
  // Sent without leaving the page, which would have to be clicked again before it may sound.
  document.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-rings]")) { return; }
    event.preventDefault();
    const form = new URLSearchParams(new FormData(event.target));
    const answer = await fetch(event.target.action, { method: "POST", body: form, redirect: "manual" }).catch(() => null);
    if (answer && answer.status === 403) { location.reload(); return; }
    await refresh();
  });
  offer();
  ring();
  setInterval(refresh, every);
})();
