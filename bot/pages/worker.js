// Keeps the page's shell on the phone, so that it opens without a network. Conversations are never kept here.
const FILES = ['FILES'];
const SHELL = 'shell ' + FILES.join(' ');

self.addEventListener('install', event => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener('activate', event => {
  event.waitUntil(caches.keys()
    .then(names => Promise.all(names.filter(name => name !== SHELL).map(name => caches.delete(name))))
    .then(() => self.clients.claim()));
});

self.addEventListener('fetch', event => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/static/')) {
    event.respondWith(caches.match(event.request).then(kept => kept || fetch(event.request)));
  } else if (event.request.mode === 'navigate' && /^\/($|v\/|d\/)/.test(url.pathname)) {
    event.respondWith(open(event.request, url.pathname));
  }
});

async function keep() {
  const pages = await self.clients.matchAll({ includeUncontrolled: true, type: 'window' });
  const shell = await caches.open(SHELL);
  await shell.addAll(FILES.concat(pages.map(page => new URL(page.url).pathname)));
}

async function open(request, address) {
  const shell = await caches.open(SHELL);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) shell.put(address, fresh.clone());
    return fresh;
  } catch (error) {
    return (await shell.match(address)) || (await shell.match('/')) || Response.error();
  }
}
