"use strict";
// The live index asks every two seconds what studies there are and what has become of them, while somebody sees it.
setInterval(async () => {
  if (document.hidden) return;
  const now = document.querySelector("main");
  try {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if (!answer.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    if (next && next.innerHTML !== now.innerHTML && !now.contains(document.activeElement)) now.replaceWith(next);
  } catch {
    // a server that is away is asked again
  }
}, 2000);
