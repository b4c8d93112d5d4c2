// What the register could not send: kept on this phone per user, class and day, and posted again.
// An entry holds marks and notes by the child's portal number, never a name.
(function () {
  'use strict';
  const PREFIX = 'kongchuo.register.';
  const PATIENCE = 20000;

  // Storage may be full or forbidden; then nothing is kept, and the page says so.
  function load(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch (error) { return null; }
  }

  function keep(entry) {
    try { localStorage.setItem(entry.key, JSON.stringify(entry)); return true; } catch (error) { return false; }
  }

  function drop(key) {
    try { localStorage.removeItem(key); } catch (error) { /* nothing was kept */ }
  }

  function keys() {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch (error) { return []; }
  }

  // A random UUID; crypto.randomUUID is missing on plain HTTP and before Chromium 92.
  function freshKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  // What became of an entry: saved (with the page to go to), refused (with the status: the server
  // answered with a page of its own), login (sent to one of the paths in `gates`), down, offline.
  async function post(entry, token, gates) {
    const body = new URLSearchParams(entry.content);
    body.set('client_key', entry.clientKey);
    body.set('taken_at', entry.takenAt);
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

  window.registerStore = {
    keyOf: (user, path) => PREFIX + user + '.' + path,
    load: load, keep: keep, drop: drop, keys: keys, freshKey: freshKey, post: post,
  };
})();
