// The page without a network. The page's own file names everything else by the hash of its content, so a set of files
// belongs together if one page names them all: a set is kept under the digest of its page, used only when it is whole,
// and replaced only by another whole one. Knows nothing of what the files are for.
"use strict";

const KEPT = "conclave-";
/** How long a page waits for the rest of a new set before it takes the old one, in milliseconds. */
const PATIENCE_MS = 20_000;
/** Under which name the page lies in its set. */
const PAGE = new URL("./", self.registration.scope).href;

self.addEventListener("install", (event) => {
  event.waitUntil(fetchPage().then(keep));
  self.skipWaiting();
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(PAGE)) return;
  const path = new URL(request.url).pathname;
  const isPage = path === new URL(PAGE).pathname || path === new URL("index.html", PAGE).pathname;
  if (request.mode === "navigate" && isPage) event.respondWith(page());
  else if (request.mode !== "navigate") event.respondWith(part(request));
});

async function fetchPage() {
  const answer = await fetch(PAGE, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`the page is answered with ${answer.status}`);
  return answer.text();
}

function html(text) {
  return new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

/** The set that is whole, if there is one. */
async function whole() {
  for (const name of (await caches.keys()).filter((name) => name.startsWith(KEPT))) {
    const cache = await caches.open(name);
    // The page is put into its set last.
    if (await cache.match(PAGE)) return cache;
  }
  return null;
}

/** The files that a page names beside itself. */
function named(text) {
  const names = [...text.matchAll(/["'](\.\/[^"'\s]+\.[a-z0-9]+)["']/g)].map((match) => match[1]);
  return [...new Set(names)].map((name) => new URL(name, PAGE).href);
}

async function digest(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Keeps the set of a page, once all of it is here; and then no other. */
async function keep(text) {
  const name = KEPT + (await digest(text));
  const cache = await caches.open(name);
  if (await cache.match(PAGE)) return;
  try {
    await Promise.all(named(text).map(async (url) => (await cache.match(url)) ?? cache.add(url)));
  } catch (trouble) {
    await caches.delete(name);
    throw trouble;
  }
  await cache.put(PAGE, html(text));
  const others = (await caches.keys()).filter((other) => other.startsWith(KEPT) && other !== name);
  await Promise.all(others.map((other) => caches.delete(other)));
}

/** The newest page of which everything is here; the network's where nothing is kept yet. */
async function page() {
  const kept = await whole();
  let text;
  try {
    text = await fetchPage();
  } catch (trouble) {
    const old = await kept?.match(PAGE);
    if (old) return old;
    throw trouble;
  }
  if (!kept) return html(text);
  const old = await kept.match(PAGE);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, false));
  const came = await Promise.race([keep(text).then(() => true, () => false), late]);
  return came ? html(text) : old;
}

/** A file named by the hash of its content is what it was; everything else is asked for anew where there is a network. */
async function part(request) {
  const kept = await (await whole())?.match(request.url);
  if (kept && /-[0-9a-f]{8,}|[0-9a-f]{8,}-/.test(request.url)) return kept;
  try {
    return await fetch(request);
  } catch (trouble) {
    if (kept) return kept;
    throw trouble;
  }
}
