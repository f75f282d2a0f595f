// Lets the page work without a network once it has been here: asks the browser to keep it. Late, so that nothing that
// the reader waits for waits for it. A frame in somebody else's page is left alone; where the browser keeps nothing
// (a sandboxed frame, a page that was not loaded securely) there is simply no page without a network.
"use strict";

addEventListener("load", () => {
  const framed = new URLSearchParams(location.search).get("embed") === "1";
  if (framed || !isSecureContext || !("serviceWorker" in navigator)) return;
  setTimeout(() => navigator.serviceWorker.register("./offline-worker.js").catch(() => {}), 10_000);
});
