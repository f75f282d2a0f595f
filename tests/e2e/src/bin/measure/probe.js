// Runs before the page's own scripts, in every page and frame: times what the page does in animation frames, asks it
// through its messages, and sends requests as a reader does. It changes nothing that the page can notice.
(() => {
  const ask = window.requestAnimationFrame.bind(window);
  const probe = (window.probe = { asked: 0, frames: null, before: null, memory: null, leader: null, ready: null });

  // A callback is timed from a callback before it to one after it. Between two callbacks the browser runs all
  // microtasks, and so the effects that the first has caused are within its time. Style, layout and paint are not.
  // A frame mostly asks for the next one: what the probe itself takes then is counted, and taken off.
  let spent = 0;
  const timed = (callback) => {
    let begun, own;
    ask((now) => {
      spent = 0;
      begun = performance.now();
      probe.before?.(now);
    });
    ask(() => (own = performance.now()));
    const id = ask(callback);
    ask((now) => {
      const done = performance.now() - spent;
      probe.frames?.push([now, done - begun, done - own]);
    });
    return id;
  };
  window.requestAnimationFrame = (callback) => {
    probe.asked += 1;
    if (!probe.frames) return ask(callback);
    const from = performance.now();
    const id = timed(callback);
    spent += performance.now() - from;
    return id;
  };

  // Begins a list of frames: when each was, its script in all, and its script without the requests before it.
  // A request is a click on the page's own button, every so many milliseconds of the time that frames take.
  probe.watch = (everyMs) => {
    probe.frames = [];
    let last = null;
    let due = 0;
    const named = (button) => button.textContent.trim() === "Send a request";
    const button = [...document.querySelectorAll("button")].find(named);
    const press = (now) => {
      // As the page does, a frame that comes late counts as a tenth of a second at most.
      due += last === null ? 0 : Math.min(now - last, 100);
      last = now;
      for (; everyMs <= due; due -= everyMs) button.click();
    };
    probe.before = everyMs ? press : null;
  };

  // The frames since, and no more of them.
  probe.taken = () => {
    const frames = probe.frames;
    probe.frames = probe.before = null;
    return frames;
  };

  // Forgets the frames since, and goes on.
  probe.again = () => (probe.frames = []);

  // Asks the page through its public messages.
  let asked = 0;
  probe.call = (method, params) =>
    new Promise((resolve, reject) => {
      const id = `measure-${(asked += 1)}`;
      const heed = ({ data }) => {
        if (data?.id !== id || !("result" in data || "error" in data)) return;
        removeEventListener("message", heed);
        "error" in data ? reject(new Error(data.error)) : resolve(data.result);
      };
      addEventListener("message", heed);
      postMessage({ type: "conclave", v: 1, id, method, params: params ?? {} }, "*");
    });

  // Lets the cluster run on to each of these instants; how many actions that were, and how many milliseconds.
  probe.run = async (instants) => {
    const before = (await probe.call("getState", { transcript: false })).length;
    const begun = performance.now();
    let standing;
    for (const ms of instants) standing = await probe.call("seek", { ms });
    return { ms: performance.now() - begun, actions: standing.length - before, length: standing.length };
  };

  // The least step of the clock, in milliseconds.
  probe.resolution = () => {
    let least = Infinity;
    for (let count = 0; count < 100; count += 1) {
      const from = performance.now();
      let to = from;
      while (to === from) to = performance.now();
      least = Math.min(least, to - from);
    }
    return least;
  };

  for (const name of ["instantiate", "instantiateStreaming"]) {
    const real = WebAssembly[name].bind(WebAssembly);
    WebAssembly[name] = async (...source) => {
      const made = await real(...source);
      probe.memory = (made.instance ?? made).exports.memory;
      return made;
    };
  }

  // When the page is ready, and when its first leader has been painted: the second frame after its name appears.
  const milestones = new MutationObserver(() => {
    if (document.documentElement?.dataset.ready === "1") probe.ready ??= performance.now();
    if (!document.querySelector('[aria-label^="Node "][aria-label*=", leader"]')) return;
    milestones.disconnect();
    ask(() => ask(() => (probe.leader = performance.now())));
  });
  const attributeFilter = ["aria-label", "data-ready"];
  milestones.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter });
})();
