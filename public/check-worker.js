// The worker of the checker: runs the page's own module once more, beside the page. The page hands over the address of the
// module and what it has compiled of it, so that nothing is compiled again. From then on the module listens. Knows nothing
// of what is said.
addEventListener("message", async ({ data: { module, compiled } }) => {
  try {
    const { default: begin } = await import(module);
    await begin({ module_or_path: compiled });
  } catch (trouble) {
    postMessage(JSON.stringify({ missing: String(trouble) }));
  }
}, { once: true });
