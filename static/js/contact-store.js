// Contacts that could not be sent: kept on this phone with their photo, and posted again. The same
// client key makes a repeated upload one contact. What nobody sent within a week is dropped.
(function () {
  'use strict';
  const BASE = 'kongchuo';
  const SHELF = 'contacts';
  const PATIENCE = 60000;

  // Storage may be full or forbidden; then nothing is kept, and the page says so.
  function open() {
    return new Promise((done, fail) => {
      const asked = indexedDB.open(BASE, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(SHELF, { keyPath: 'clientKey' });
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
  }

  async function on(mode, act) {
    const base = await open();
    try {
      return await new Promise((done, fail) => {
        const work = base.transaction(SHELF, mode);
        const asked = act(work.objectStore(SHELF));
        work.oncomplete = () => done(asked.result);
        work.onerror = work.onabort = () => fail(work.error);
      });
    } finally {
      base.close();
    }
  }

  async function keep(entry) {
    try { await on('readwrite', (shelf) => shelf.put(entry)); return true; } catch (error) { return false; }
  }

  async function drop(clientKey) {
    try { await on('readwrite', (shelf) => shelf.delete(clientKey)); } catch (error) { /* nothing was kept */ }
  }

  async function all() {
    try { return await on('readonly', (shelf) => shelf.getAll()); } catch (error) { return []; }
  }

  // What became of an entry: saved (with the page to go to), refused (the server answered with a
  // page of its own), login (sent to one of the paths in `gates`), down, offline.
  async function post(entry, token, gates) {
    const body = new FormData();
    entry.fields.forEach(([name, value]) => body.append(name, value));
    if (entry.photo) body.append('photo', entry.photo, entry.photoName);
    body.set('csrfmiddlewaretoken', token);
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(entry.url, {
        method: 'POST', body: body, headers: { 'X-Requested-With': 'fetch' },
        credentials: 'same-origin', signal: patience.signal,
      });
      if (answer.status >= 500) return { kind: 'down' };
      if (!answer.redirected) return { kind: 'refused', status: answer.status };
      const path = new URL(answer.url).pathname;
      if (gates.some((gate) => path.startsWith(gate))) return { kind: 'login' };
      return { kind: 'saved', url: answer.url };
    } catch (error) {
      return { kind: 'offline' };
    } finally {
      clearTimeout(timer);
    }
  }

  window.contactStore = { keep: keep, drop: drop, all: all, post: post };
})();
