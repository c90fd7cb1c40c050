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
  let told = [];
  const say = (words) => {
    told.forEach(clearTimeout);
    told = [["", 0], [words, 50], ["", 4000]].map(([text, after]) => setTimeout(() => { status.textContent = text; }, after));
  };
  // The words of a part as they are read.
  const plain = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll(".passage-tools, .passage-note, .hop").forEach((part) => part.remove());
    copy.querySelectorAll("p, li, li > *, div, tr, td, th, br").forEach((part) => { part.before(" "); part.append(" "); });
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const copy = async (text, done) => { try { await navigator.clipboard.writeText(text); say(done || "Copied"); } catch { say("Copying was not allowed"); } };
  // Words with their own quotation marks one level deeper, by turns single and double, as the server sets them.
  const deeper = (words) => {
    const open = [];
    let before = " ";
    return words.replace(/./gsu, (c, at) => {
      const next = words.slice(at + 1), prior = before, low = open[open.length - 1] === "„";
      before = c;
      const opens = c === "„" || c === "‘" || (c === "“" && !low) || (c === '"' && /[\s([{“‘"–—/-]/.test(prior));
      const closes = c === "”" || c === "“" || c === '"' || (c === "’" && open[open.length - 1] === "‘" && !/^[\p{L}\p{N}]/u.test(next));
      if (!opens && !closes) return c;
      if (opens) { open.push(c); const odd = open.length % 2; return c === "„" ? (odd ? "‚" : "„") : odd ? "‘" : "“"; }
      const odd = open.length % 2 || !open.length;
      open.pop();
      return c === "“" ? (odd ? "‘" : "“") : odd ? "’" : "”";
    });
  };
  // Words with their citation, which then names their own passage.
  const quoted = (words, address, para) => {
    const cite = document.getElementById("cite-apa").cloneNode(true);
    const link = cite.querySelector("a");
    link.textContent = address;
    const after = link.nextSibling;
    if (after) after.textContent = after.textContent.replace(/^ Para\. \d+\./, "");
    link.after(` ${para}.`);
    return `“${deeper(words)}”\n${plain(cite)}`;
  };
  // The part of a range that lies in a node.
  const inside = (range, node) => {
    const part = range.cloneRange(), whole = document.createRange();
    whole.selectNodeContents(node);
    if (part.compareBoundaryPoints(Range.START_TO_START, whole) < 0) part.setStart(whole.startContainer, whole.startOffset);
    if (part.compareBoundaryPoints(Range.END_TO_END, whole) > 0) part.setEnd(whole.endContainer, whole.endOffset);
    return plain(part.cloneContents());
  };
  const said = (range, nodes) => [...nodes].filter((node) => range.intersectsNode(node) && inside(range, node));
  const number = (passage) => passage.id.slice(1);
  // Browsers find whole words only, and each end of a longer quotation within one block.
  const whole = (range) => {
    const letter = /[\p{L}\p{N}\p{M}]/u, wide = range.cloneRange();
    const { startContainer: start, endContainer: end } = range;
    let from = range.startOffset, to = range.endOffset;
    if (start.nodeType === 3 && letter.test(start.data[from] || "")) while (from > 0 && letter.test(start.data[from - 1])) from -= 1;
    if (end.nodeType === 3 && to > 0 && letter.test(end.data[to - 1])) while (to < end.length && letter.test(end.data[to])) to += 1;
    wide.setStart(start, from);
    wide.setEnd(end, to);
    return wide;
  };
  const fragment = (range) => {
    const leaf = "p:not(.passage-tools, .passage-note), h2, h3, td, th";
    const blocks = said(range, document.querySelectorAll(`.text .passage :is(${leaf})`)).map((node) => inside(range, node).split(" "));
    if (!blocks.length) return "";
    const first = blocks[0], last = blocks[blocks.length - 1];
    const code = (list) => encodeURIComponent(list.join(" ")).replace(/-/g, "%2D");
    if (blocks.length === 1 && first.length < 10) return `:~:text=${code(first)}`;
    return `:~:text=${code(first.slice(0, 4))},${code(last.slice(-4))}`;
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
      if (selected) return copy(quoted(chosen.words, chosen.link, chosen.para), done);
      if (quote) return copy(quoted(plain(document.getElementById(quote)), beside(quote).href, `Para. ${quote.slice(1)}`), done);
      location.hash = control.hash;
      copy(control.href, done);
    });
    // Selected words of the text: the link finds them again by the passage, and in browsers that can by the words.
    if (bar) document.addEventListener("selectionchange", () => {
      const selection = getSelection();
      const range = selection.rangeCount ? selection.getRangeAt(0) : null;
      const passages = range && !range.collapsed ? said(range, document.querySelectorAll(".text .passage")) : [];
      bar.hidden = !passages.length;
      if (bar.hidden) return;
      const first = passages[0], last = passages[passages.length - 1];
      const para = first === last ? `Para. ${number(first)}` : `Paras. ${number(first)}–${number(last)}`;
      const words = passages.map((passage) => inside(range, passage)).join(" ");
      chosen = { words, para, link: first.querySelector("[data-link]").href + fragment(whole(range)) };
    });
  }
})();
