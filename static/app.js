// Comforts only: everything works without this file.
(() => {
  "use strict";
  const off = "shortcut-off";
  const stored = (value) => {
    try {
      if (value === undefined) return localStorage.getItem(off) === "1";
      if (value) localStorage.setItem(off, "1"); else localStorage.removeItem(off);
    } catch { /* storage may be closed: the shortcut then stays as it is */ }
    return value;
  };

  // "/" goes to the search box, unless something is being typed or the reader has switched it off.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || stored()) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const box = document.getElementById("q");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  });
  // Going back shows the page as it was: its box then holds what the page is about, not what was typed last.
  addEventListener("pageshow", (event) => {
    const box = document.getElementById("q");
    if (event.persisted && box) box.value = box.defaultValue;
  });
  // Suggestions come once something is typed and go with the focus; Tab chooses none.
  const list = document.querySelector("auto-complete");
  if (list) {
    const src = list.getAttribute("src");
    list.removeAttribute("src");
    list.addEventListener("input", () => list.setAttribute("src", src), { once: true });
    const close = () => list.removeAttribute("open");
    list.addEventListener("keydown", (event) => { if (event.key === "Tab") close(); }, true);
    list.addEventListener("mousedown", (event) => { if (event.target.closest("[role=option]")) event.preventDefault(); });
    list.addEventListener("focusout", close);
    list.addEventListener("load", () => { if (!list.contains(document.activeElement)) close(); });
  }
  const toggle = document.getElementById("shortcut");
  if (toggle) {
    toggle.closest("[hidden]")?.removeAttribute("hidden");
    toggle.checked = !stored();
    toggle.addEventListener("change", () => stored(!toggle.checked));
  }

  // Buttons that copy: shown only where they can work.
  const status = document.getElementById("status");
  if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const target = button.dataset.copy;
      const text = target.startsWith("#") && button.dataset.of !== "text"
        ? (document.querySelector("link[rel=canonical]")?.href ?? location.href.split("#")[0]) + target
        : document.querySelector(target)?.textContent.trim();
      try { await navigator.clipboard.writeText(text); say(button.dataset.done || "Copied"); } catch { say("Copying was not allowed"); }
    });
  }
  const say = (words) => { if (status) { status.textContent = ""; setTimeout(() => { status.textContent = words; }, 50); setTimeout(() => { status.textContent = ""; }, 4000); } };
})();
