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

  // What copies: buttons are shown only where they can work, links lead somewhere without it.
  const status = document.getElementById("status");
  const say = (words) => { if (status) { status.textContent = ""; setTimeout(() => { status.textContent = words; }, 50); setTimeout(() => { status.textContent = ""; }, 4000); } };
  const plain = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll(".passage-tools, .passage-note, .hop").forEach((part) => part.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const copy = async (text, done) => { try { await navigator.clipboard.writeText(text); say(done || "Copied"); } catch { say("Copying was not allowed"); } };
  // Words with their citation, which then names the address of the passage.
  const quoted = (words, address) => {
    const cite = document.getElementById("cite-apa").cloneNode(true);
    cite.querySelectorAll("a").forEach((link) => { link.textContent = address; });
    return `“${words}”\n${plain(cite)}`;
  };
  const bar = document.getElementById("selected");
  let chosen;
  if (navigator.clipboard) {
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
    document.addEventListener("click", (event) => {
      const control = event.target.closest("[data-copy], [data-link], [data-quote], [data-selected]");
      if (!control || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const { copy: what, quote, selected, done } = control.dataset;
      const beside = (id) => document.querySelector(`#${id} [data-link]`);
      if (what) return copy([...document.querySelectorAll(what)].map((part) => (part.closest("pre") ? part.textContent : plain(part))).join("\n"), done);
      event.preventDefault();
      if (selected === "link") return copy(chosen.link, done);
      if (selected) return copy(quoted(chosen.words, chosen.link), done);
      if (quote) return copy(quoted(plain(document.getElementById(quote)), beside(quote).href), done);
      location.hash = control.hash;
      copy(control.href, done);
    });
    // Selected words of the text: the link finds them again by the passage, and in browsers that can by the words.
    if (bar) document.addEventListener("selectionchange", () => {
      const selection = getSelection();
      const range = selection.rangeCount ? selection.getRangeAt(0) : null;
      const at = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(".text .passage");
      const first = range && !range.collapsed && at(range.startContainer);
      const words = first ? plain(range.cloneContents()) : "";
      bar.hidden = !words;
      if (!words) return;
      const list = words.split(" ");
      const said = (part) => encodeURIComponent(part.join(" ")).replace(/-/g, "%2D");
      const text = list.length > 9 ? `${said(list.slice(0, 4))},${said(list.slice(-4))}` : said(list);
      chosen = { words, link: `${first.querySelector("[data-link]").href}:~:text=${text}` };
    });
  }
})();
