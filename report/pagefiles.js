"use strict";
// Files inside the page are compressed; here they are unpacked, copied and drawn.
function unpack(letters) {
  const bytes = Uint8Array.from(atob(letters), (c) => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
}
function unpacked(link) { return unpack(link.href.slice(link.href.indexOf(",") + 1)).blob(); }
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
async function drawn(svg) {
  const image = new Image();
  image.src = "data:image/svg+xml," + encodeURIComponent(await svg.text());
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 1600;
  canvas.height = Math.round((1600 * image.naturalHeight) / image.naturalWidth);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done));
}
function offer(link, text, action) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", action);
  link.after(" ", button);
}
if ("DecompressionStream" in window) dressing((root) => root.querySelectorAll("a[download]").forEach((link) => {
  const name = link.download.replace(/\.gz$/, "");
  link.textContent = link.download = name;
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    save(await unpacked(link), name);
  });
  if (name.endsWith(".svg")) {
    const png = name.replace(/svg$/, "png");
    offer(link, png, async () => save(await drawn(await unpacked(link)), png));
  } else if (navigator.clipboard) {
    offer(link, "copy the data", async (event) => {
      const button = event.target;
      try {
        await navigator.clipboard.writeText(await (await unpacked(link)).text());
        button.textContent = "copied";
      } catch {
        button.textContent = "the browser does not let this page copy";
      }
    });
  }
}));
