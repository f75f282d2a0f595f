// The loading block: how far the download is, and one sentence where it fails. It is a classic script, because modules
// do not run from a file and a module that cannot be fetched runs nothing. It gives the module that trunk writes
// `conclaveLoading`, and knows nothing about the application except that it removes #loading when it is there.
"use strict";

(() => {
  /** Trunk's loader waits for ever when a connection dies silently: after this long without a byte, say so. */
  const STALL_MS = 15_000;

  const block = document.getElementById("loading");
  const label = document.getElementById("loading-label");
  const bar = document.getElementById("loading-bar");
  const progress = document.getElementById("loading-progress");
  const alert = document.getElementById("loading-failure");
  const again = document.getElementById("loading-again");

  let failure = null;
  let watchdog = 0;
  let complete = false;

  function show(percent) {
    bar.value = percent;
    label.textContent = percent < 100 ? `${conclaveWord("loading")} ${percent} %` : conclaveWord("starting");
  }

  /** Shows the sentence for `key`. The first failure is the cause; those after it are its consequences. */
  function fail(key) {
    if (failure || !block.isConnected || document.getElementById("panic").open) return;
    failure = key;
    clearTimeout(watchdog);
    block.dataset.failure = key;
    progress.hidden = true;
    alert.textContent = conclaveWord(key);
    again.hidden = key === "file" || key === "unsupported";
  }

  /** A stalled download may move again: then its sentence is no longer true. */
  function recover() {
    failure = null;
    delete block.dataset.failure;
    progress.hidden = false;
    alert.textContent = "";
    again.hidden = true;
  }

  function watch() {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => fail("stalled"), STALL_MS);
  }

  /** Which of the server's answers explains that the module could not be compiled? */
  async function diagnose(reason) {
    if (/content security policy|unsafe-eval/i.test(String(reason))) return "policy";
    const wasm = document.querySelector('link[rel="preload"][href$=".wasm"]');
    if (!wasm) return "other";
    try {
      const answer = await fetch(wasm.href, { method: "HEAD", cache: "no-store" });
      if (!answer.ok || /text\/html/.test(answer.headers.get("content-type"))) return "missing";
    } catch {
      return "broken";
    }
    return reason instanceof WebAssembly.CompileError ? "unsupported" : "other";
  }

  window.conclaveLoading = {
    onStart: watch,
    onProgress({ current, total }) {
      if (failure === "stalled") recover();
      show(Math.min(100, Math.floor((100 * current) / total)));
      // Everything is here: from now on a slow machine compiles, which is not a stalled download.
      complete = total <= current;
      if (complete) clearTimeout(watchdog);
      else watch();
    },
    onSuccess: () => clearTimeout(watchdog),
    onFailure: async (reason) => fail(await diagnose(reason)),
  };

  again.addEventListener("click", () => location.reload());

  // A download that breaks off ends in a promise that nobody holds.
  addEventListener("unhandledrejection", () => fail(complete ? "other" : "broken"));
  addEventListener("securitypolicyviolation", (event) => {
    if (/^script-src|^default-src/.test(event.effectiveDirective)) fail("policy");
  });
  // Captured, because an element's failure to load does not bubble.
  addEventListener("error", (event) => {
    if (event.target instanceof HTMLScriptElement) fail("missing");
  }, true);

  conclaveTranslate(block);
  watch();
  if (location.protocol === "file:") fail("file");
  else if (typeof WebAssembly !== "object") fail("unsupported");
})();
