/* Not needed for anything: with it, a form outlives a dropped Wi-Fi, the phone's own Back turns pages of the
   form, and leaving takes this page out of the history. Drafts live in this page's memory only. Old phones:
   no arrow functions, no let, no fetch. */
(function () {
  "use strict";
  var d = document, pages = [], at = 0, pressed = null, busy = false;
  function up(node, test) {
    while (node && node !== d && !test(node)) node = node.parentNode;
    return node && node !== d ? node : null;
  }
  d.addEventListener("click", function (event) {
    var link = up(event.target, function (n) { return n.tagName === "A" && n.className === "leave"; });
    if (link) {
      event.preventDefault();
      free();
      d.documentElement.style.display = "none";
      location.replace(link.href);
      return;
    }
    pressed = up(event.target, function (n) { return n.tagName === "BUTTON"; });
  });
  /* A code that nobody noted is lost: the browser asks before this page goes. */
  if (d.querySelector(".guard")) onbeforeunload = function () { return 1; };
  function free() { onbeforeunload = null; }
  onsubmit = free;
  /* The browser's own player is there without a script; one large button is easier. A notice's player has a
     name of its own and stays as it is. */
  function listen() {
    var sound = d.querySelector(".listen audio:not([aria-labelledby])"), label, button;
    if (!sound || !sound.controls) return;
    label = sound.parentNode.querySelector("p");
    button = d.createElement("button");
    button.type = "button";
    button.className = "tile second";
    button.innerHTML = label.innerHTML;
    button.onclick = function () {
      if (sound.paused) { sound.currentTime = 0; sound.play(); } else sound.pause();
    };
    sound.controls = false;
    label.parentNode.replaceChild(button, label);
  }
  listen();
  if (!window.XMLHttpRequest || !window.DOMParser || !history.pushState) return;
  function lost(is) {
    var box = d.getElementById("lost");
    box.textContent = is ? box.getAttribute("data-text") : "";
    box.className = is ? "box" : "";
    if (is) box.scrollIntoView();
  }
  function ask(method, address, body, done) {
    var x = new XMLHttpRequest();
    busy = true;
    x.open(method, address);
    x.timeout = 20000;
    if (body !== null) x.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    x.onload = function () { busy = false; lost(false); done(x.responseText); };
    x.onerror = x.ontimeout = function () { busy = false; lost(true); };
    x.send(body);
  }
  function body(form, button) {
    var parts = [], i, e;
    function add(name, value) { parts.push(encodeURIComponent(name) + "=" + encodeURIComponent(value)); }
    for (i = 0; i < form.elements.length; i++) {
      e = form.elements[i];
      if (!e.name || e.disabled || /^(submit|button|fieldset|file)$/.test(e.type)) continue;
      if (/^(checkbox|radio)$/.test(e.type) && !e.checked) continue;
      add(e.name, e.value.replace(/\r?\n/g, "\r\n"));
    }
    if (button && button.name) add(button.name, button.value);
    return parts.join("&");
  }
  function show(page) {
    var old = d.querySelector("main"), heading;
    old.parentNode.replaceChild(page.main, old);
    d.title = page.title;
    listen();
    window.scrollTo(0, 0);
    heading = page.main.querySelector("h1");
    if (heading) { heading.tabIndex = -1; heading.focus(); }
  }
  function here() { return { main: d.querySelector("main"), title: d.title }; }
  d.addEventListener("submit", function (event) {
    var form = event.target, button = pressed, input;
    pressed = null;
    /* Another language changes all of the page, so the browser turns it. */
    if (!/\bkeep\b/.test(form.className) || button && button.getAttribute("formaction")) return;
    event.preventDefault();
    if (busy) return;
    if (button && button.form !== form) button = null;
    if (!button) button = form.querySelector("button");
    if (button.value === "send" || !form.elements.step && !button.name) {
      /* The receipt is shown by the browser itself, so that reloading shows it again; first see that the
         box is there, so that a dropped Wi-Fi leaves this page standing. */
      ask("HEAD", form.action, null, function () {
        if (button.name) {
          input = d.createElement("input");
          input.type = "hidden";
          input.name = button.name;
          input.value = button.value;
          form.appendChild(input);
        }
        form.submit();
      });
      return;
    }
    ask("POST", form.action, body(form, button), function (text) {
      var page = new DOMParser().parseFromString(text, "text/html"), main = page.querySelector("main");
      if (!main) { lost(true); return; }
      pages[at] = here();
      pages.length = ++at;
      history.pushState(at, "");
      show({ main: d.importNode(main, true), title: page.title });
    });
  });
  window.addEventListener("popstate", function (event) {
    var to = event.state || 0;
    if (location.hash || !pages[to] || to === at) return;
    pages[at] = here();
    at = to;
    show(pages[at]);
  });
  /* A page that comes back from the browser's own memory was left: forget it. */
  window.addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
}());
