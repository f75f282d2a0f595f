// The overlay after a panic: says that the simulation stopped and gives a report to copy. The instance of wasm is dead
// by then, so this is plain markup and script. It knows nothing about what panicked; the report is a text to it.
"use strict";

(() => {
  const dialog = document.getElementById("panic");
  const report = document.getElementById("panic-report");
  const status = document.getElementById("panic-copied");

  /** What whoever reads the report asks first. The address carries the run, which reproduces the panic. */
  function circumstances() {
    return `page: ${location.href}\nbrowser: ${navigator.userAgent}`;
  }

  /** Called by the application's panic hook. The first panic is the cause; later ones follow from it. */
  window.conclavePanic = (text) => {
    if (dialog.open) return;
    conclaveTranslate(dialog);
    report.value = `${text}\n\n${circumstances()}`;
    dialog.showModal();
    document.getElementById("panic-copy").focus();
  };

  async function copy() {
    try {
      await navigator.clipboard.writeText(report.value);
      status.textContent = conclaveWord("copied");
    } catch {
      // No clipboard without a secure origin, or in a frame that was not given it.
      report.select();
      status.textContent = conclaveWord(document.execCommand("copy") ? "copied" : "select");
    }
  }

  document.getElementById("panic-copy").addEventListener("click", copy);
  document.getElementById("panic-reload").addEventListener("click", () => location.reload());
  // Nothing behind the overlay answers any more, so Escape must not lead there.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
})();
