"use strict";
// What the page leaves to the script is in its place only where the script runs.
document.documentElement.classList.add("scripted");

// What a link leads to is not left in a fold.
function unfold() {
  const goal = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!goal || !goal.closest("details:not([open])")) return;
  for (let fold; (fold = goal.closest("details:not([open])"));) fold.open = true;
  goal.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();

// Folds are open on paper, except that of the explorer, which has nothing before it is opened.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")].filter((fold) => !fold.closest("#explorer"));
  for (const fold of folded) fold.open = true;
});
addEventListener("afterprint", () => { for (const fold of folded) fold.open = false; });

// What answers to a reader is made to when the page is opened, and on a live page anew in each part that is replaced.
const dressers = [];
function dressing(dress) {
  dressers.push(dress);
  dress(document);
}

// element makes an element with its properties and children.
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
