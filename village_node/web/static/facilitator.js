/* Not needed for anything: with it, a presenter's clicker and the arrow keys turn slides. */
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    var key = event.key || event.keyCode, link = null;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (key === "ArrowRight" || key === "Right" || key === "PageDown" || key === " " || key === 39 || key === 34) link = "next";
    if (key === "ArrowLeft" || key === "Left" || key === "PageUp" || key === 37 || key === 33) link = "prev";
    link = link && document.querySelector("a[rel=" + link + "]");
    if (link) { event.preventDefault(); location.href = link.href; }
  });
})();
