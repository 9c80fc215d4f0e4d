// Moves the link to the other language into the menu bar, and keeps the reader's
// place: the same page, at the same heading. Without this script the link stays
// at the head of the page and leads to the page's beginning.
"use strict";
(() => {
  const link = document.querySelector(".language-switch a");
  const bar = document.querySelector(".right-buttons");
  if (!link || !bar) {
    return;
  }

  // The headings have the same ids in both languages.
  const heading = () => {
    const top = document.querySelector(".menu-bar")?.getBoundingClientRect().bottom ?? 0;
    const passed = [...document.querySelectorAll("main :is(h2, h3, h4)[id]")].filter(
      (element) => element.getBoundingClientRect().top <= top + 20,
    );
    // A reader who scrolled on from an anchor is where they are, not at the anchor.
    return passed.length > 0 ? `#${passed.at(-1).id}` : "";
  };
  const remember = (language) => {
    try {
      localStorage.setItem("language", language);
    } catch {
      // Storage may be forbidden; then the choice holds for this page.
    }
  };

  const page = link.getAttribute("href");
  const follow = () => {
    link.setAttribute("href", page + heading());
  };
  // Before any of click, middle click or "copy link".
  for (const event of ["pointerdown", "focus", "contextmenu", "click"]) {
    link.addEventListener(event, follow);
  }
  link.addEventListener("click", () => remember(link.hreflang));

  link.id = "language-button";
  const paragraph = link.parentElement;
  bar.prepend(link);
  paragraph.remove();
})();
