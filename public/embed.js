// The element <conclave-lab>: a cluster in somebody else's page. Attributes are the parameters of the address, methods
// the messages, events what the cluster tells. It puts the page beside this file into a frame that loads when it comes
// into view, and knows nothing of what runs in there. What stands between the tags is shown until the frame is there,
// and where scripts do not run.

/** Where the page is: beside this file, under any path of any host. */
const PAGE = new URL("./", import.meta.url);
/** The parameters of the address, and what stands behind its `#`. */
const PARAMETERS = ["scenario", "algo", "puzzle", "variant", "compare", "compare_variant", "compare_option", "nodes", "seed", "speed", "t", "autoplay", "ui", "gallery", "theme", "motion", "lang"];
/** What can change without loading the page anew: the message for it and the name of its value. */
const LIVE = { theme: ["setTheme", "theme"], lang: ["setLang", "lang"], speed: ["speed", "value"] };
/** How high the frame is until the cluster says how high it is. */
const HEIGHT = 480;

/** The theme of the page around, by the marks that course sites leave: Docusaurus, mdBook, Quarto, MyST and others. */
function hostTheme() {
  for (const root of [document.documentElement, document.body]) {
    const said = `${root?.dataset.theme ?? ""} ${root?.dataset.bsTheme ?? ""} ${root?.className ?? ""}`;
    if (/(^|[\s-])(dark|coal|navy|ayu)\b/.test(said)) return "dark";
    if (/(^|[\s-])(light|rust)\b/.test(said)) return "light";
  }
  return "auto";
}

class ConclaveLab extends HTMLElement {
  static observedAttributes = [...PARAMETERS, "hash", "height", "sandbox"];

  #frame = null;
  #asked = new Map();
  #next = 1;
  #ready = null;
  #hear = (event) => this.#heard(event);
  #watch = new MutationObserver(() => this.#follow());

  connectedCallback() {
    if (!this.shadowRoot) {
      this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
      this.style.display ||= "block";
    }
    window.addEventListener("message", this.#hear);
    for (const root of [document.documentElement, document.body]) {
      this.#watch.observe(root, { attributes: true, attributeFilter: ["class", "data-theme", "data-bs-theme", "lang"] });
    }
    this.#load();
  }

  disconnectedCallback() {
    window.removeEventListener("message", this.#hear);
    this.#watch.disconnect();
    this.#frame?.remove();
    this.#frame = null;
    for (const { reject } of this.#asked.values()) reject(new Error("the element was taken out of the page"));
    this.#asked.clear();
  }

  attributeChangedCallback(name, before, value) {
    if (!this.#frame || before === value) return;
    if (name === "height") this.#size();
    else if (name in LIVE && value !== null) this.send(LIVE[name][0], { [LIVE[name][1]]: name === "speed" ? +value : value });
    else this.#load();
  }

  /** The address of the page in the frame. */
  get src() {
    const url = new URL(PAGE);
    for (const name of PARAMETERS) {
      if (this.hasAttribute(name)) url.searchParams.set(name, this.getAttribute(name));
    }
    url.searchParams.set("embed", "1");
    if (!this.hasAttribute("theme")) url.searchParams.set("theme", hostTheme());
    if (!this.hasAttribute("lang") && this.#lang) url.searchParams.set("lang", this.#lang);
    url.hash = this.getAttribute("hash") ?? "";
    return url.href;
  }

  get #lang() {
    return /^(en|zh)\b/.exec(this.closest("[lang]")?.lang ?? "")?.[1];
  }

  #load() {
    this.#ready = new Promise((ready) => this.addEventListener("ready", ready, { once: true }));
    this.#frame?.remove();
    const frame = document.createElement("iframe");
    frame.loading = "lazy";
    frame.title = this.getAttribute("title") || "Conclave";
    frame.allow = "fullscreen; clipboard-write";
    if (this.hasAttribute("sandbox")) frame.setAttribute("sandbox", this.getAttribute("sandbox") || "allow-scripts");
    Object.assign(frame.style, { display: "block", width: "100%", border: "0", colorScheme: "auto" });
    frame.src = this.src;
    this.#frame = frame;
    this.#size();
    // In the slot's place: what stood there was for those without a frame.
    this.shadowRoot.replaceChildren(frame);
  }

  #size(height) {
    const fixed = parseFloat(this.getAttribute("height"));
    const wanted = fixed || height || parseFloat(this.#frame.style.height) || HEIGHT;
    this.#frame.style.height = `${Math.ceil(wanted)}px`;
  }

  #follow() {
    if (!this.hasAttribute("theme")) this.send("setTheme", { theme: hostTheme() }).catch(() => {});
    if (!this.hasAttribute("lang") && this.#lang) this.send("setLang", { lang: this.#lang }).catch(() => {});
  }

  #heard({ source, data }) {
    if (!this.#frame || source !== this.#frame.contentWindow || data?.type !== "conclave") return;
    if (data.event) {
      const { type, v, event, ...detail } = data;
      if (event === "ready" || event === "resize") this.#size(detail.height);
      this.dispatchEvent(new CustomEvent(event, { detail }));
      return;
    }
    const asked = this.#asked.get(data.id);
    this.#asked.delete(data.id);
    if ("error" in data) asked?.reject(new Error(data.error));
    else asked?.resolve(data.result);
  }

  /** Asks something of the cluster, as soon as it is there; the answer is a promise. */
  async send(method, params = {}) {
    await this.#ready;
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#frame?.contentWindow.postMessage({ type: "conclave", v: 1, id, method, params }, "*");
    });
  }

  play() { return this.send("play"); }
  pause() { return this.send("pause"); }
  step() { return this.send("step"); }
  back() { return this.send("back"); }
  reset() { return this.send("reset"); }
  seek(to) { return this.send("seek", typeof to === "number" ? { ms: to } : to); }
  load(what) { return this.send("load", what); }
  act(step) { return this.send("act", step); }
  getState(params) { return this.send("getState", params); }
  getLink() { return this.send("getLink"); }
  setTheme(theme) { return this.send("setTheme", { theme }); }
  setLang(lang) { return this.send("setLang", { lang }); }
}

for (const name of [...PARAMETERS, "hash"]) {
  Object.defineProperty(ConclaveLab.prototype, name, {
    get() { return this.getAttribute(name); },
    set(value) { value == null ? this.removeAttribute(name) : this.setAttribute(name, value); },
  });
}

if (customElements.get("conclave-lab")) console.warn("conclave-lab is there already; embed.js was loaded twice");
else customElements.define("conclave-lab", ConclaveLab);
