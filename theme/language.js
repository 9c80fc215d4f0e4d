// Moves the link to the other language into the menu bar, where it is always at
// hand, and keeps the reader's place: the same page, at the same heading. Without
// this script the link stays at the head of the page and leads to the page's start.
"use strict";
(() => {
  const link = document.querySelector(".language-switch a");
  const bar = document.querySelector(".right-buttons");
  if (!link || !bar) {
    return;
  }

  // Where the reader is, as "#id"; the ids are the same in both languages. The last
  // heading behind the menu bar, or right below it as after a jump; or the address's
  // own anchor if that is further down: what stands at the end of a page never
  // reaches the top.
  const place = () => {
    const top = (document.querySelector(".menu-bar")?.offsetHeight ?? 0) + 20;
    const passed = [...document.querySelectorAll("main :is(h2, h3, h4)[id], main :target")].filter(
      (element) => element.matches(":target") || element.getBoundingClientRect().top <= top,
    );
    return passed.length > 0 ? `#${passed.at(-1).id}` : "";
  };

  const page = link.getAttribute("href");
  // Late, because the reader scrolls; before the click, for a middle click and
  // for "copy link". A key press on the link is a click without a pointer.
  for (const event of ["pointerdown", "focus", "click"]) {
    link.addEventListener(event, () => link.setAttribute("href", page + place()));
  }
  link.addEventListener("click", () => {
    try {
      // For the root page, index.html.
      localStorage.setItem("language", link.hreflang);
    } catch {
      // Storage may be forbidden; then the choice holds for this page.
    }
  });

  link.id = "language-button";
  const paragraph = link.parentElement;
  bar.prepend(link);
  paragraph.remove();
})();
