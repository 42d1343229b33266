// Keeps the whole page on the device: it installs, and works without a network. Written anew by each export.
const version = "VERSION";
const files = ["FILES"];
const cacheName = `gate-${version}`;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(cacheName);
    await cache.addAll(["./", ...files].map((file) => new Request(file, { cache: "no-cache" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("gate-") && name !== cacheName);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET") {
    event.respondWith((async () => {
      const cache = await caches.open(cacheName);
      return (await cache.match(event.request, { ignoreSearch: true })) ?? fetch(event.request);
    })());
  }
});
