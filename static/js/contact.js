// A visit under the thumb: the button says what it saves, the photo has a button of its own, and
// what could not be sent is kept by contact-store.js until it is uploaded.
(function () {
  'use strict';
  const page = document.querySelector('[data-contact-page]');
  if (!page || !window.contactStore || !window.indexedDB) return;

  const WEEK = 7 * 24 * 3600 * 1000;
  const form = document.querySelector('[data-contact]');
  const store = window.contactStore;
  const user = page.dataset.user;
  const gates = [page.dataset.login, page.dataset.password];
  const find = (selector, root) => (root || document).querySelector(selector);
  const field = (name) => find('[name=' + name + ']', page);
  const send = (entry) => store.post(entry, field('csrfmiddlewaretoken').value, gates);
  const button = form && find('[data-submit]', form);
  let kept = null;
  let sending = false;

  function say(sign, bold, rest, link) {
    const note = find('[data-note]');
    const words = find('[data-note-words]', note);
    const strong = document.createElement('b');
    find('.bi', note).className = 'bi bi-' + sign + ' t-warn';
    strong.textContent = bold;
    words.textContent = '';
    words.append(strong, rest);
    if (link) {
      const way = document.createElement('a');
      way.className = 'under';
      way.textContent = link.words;
      way.href = link.href;
      words.append(way);
    }
    note.hidden = false;
    note.scrollIntoView({ block: 'center' });
  }

  // The form

  function nameButton() {
    const way = find('[name=way]:checked', form);
    const said = way ? find('label[for="' + way.id + '"]', form).textContent : '联系';
    button.textContent = kept ? '重新上传' : '保存这次' + said;
  }

  function wirePhoto() {
    const input = field('photo');
    const shown = find('[data-photo-button]', form);
    const words = find('[data-photo-words]', form);
    input.classList.add('visually-hidden');
    input.tabIndex = -1;
    shown.hidden = false;
    shown.addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      words.textContent = input.files.length ? '拍照（已拍 1 张，再按重拍）' : '拍照';
    });
  }

  function seal() {
    const filled = new FormData(form);
    const photo = filled.get('photo');
    filled.delete('photo');
    filled.delete('csrfmiddlewaretoken');
    return {
      clientKey: field('client_key').value, user: user, url: location.pathname, savedAt: Date.now(),
      fields: Array.from(filled.entries()), tried: false,
      photo: photo && photo.size ? photo : null, photoName: photo && photo.size ? photo.name : '',
    };
  }

  function dials(element) {
    return Boolean(element) && element.hasAttribute('formaction');
  }

  // Kept means said: nothing may change any more, or an upload whose answer was lost would swallow it.
  function lock(locked) {
    Array.from(form.elements).forEach((element) => {
      if (element !== button && element.type !== 'hidden' && !dials(element)) element.disabled = locked;
    });
    nameButton();
  }

  function sayKept(kind, isKept) {
    const where = isKept
      ? '这次联系已存在这部手机里，' + (kind === 'offline' ? '有网后打开“记家访”自动上传。' : '恢复后自动上传。') + '请不要清除浏览器数据。'
      : '这部手机存不下，请不要关闭本页，过一会再按“重新上传”。';
    if (kind === 'offline') say('wifi-off', '现在没有网络。', where);
    if (kind === 'down') say('cloud-slash', '服务器没有回应。', where);
    if (kind === 'login') {
      say('person-lock', '登录已过期。', where, { words: '去登录', href: page.dataset.login + '?next=' + encodeURIComponent(location.pathname) });
    }
  }

  async function sendThis(entry) {
    const isKept = await store.keep(entry);
    button.disabled = true;
    button.textContent = '正在保存';
    const answer = await send(entry);
    button.disabled = false;
    if (answer.kind === 'saved') {
      await store.drop(entry.clientKey);
      location.replace(answer.url);
    } else if (answer.kind === 'refused') {
      // The server has an opinion: let it show its own page, with the input in it.
      if (answer.status === 403) await store.keep(Object.assign(entry, { tried: true }));
      else await store.drop(entry.clientKey);
      kept = null;
      lock(false);
      HTMLFormElement.prototype.submit.call(form);
    } else {
      kept = entry;
      lock(true);
      sayKept(answer.kind, isKept);
    }
  }

  // What waits from before

  async function sendOther(entry) {
    const answer = await send(entry);
    if (answer.kind === 'saved') {
      await store.drop(entry.clientKey);
      say('cloud-check', '存在手机里的一次联系已上传。', '', { words: '查看', href: answer.url });
    } else if (answer.kind === 'refused') {
      await store.keep(Object.assign(entry, { tried: true }));
    }
  }

  async function sendKept() {
    if (sending) return;
    sending = true;
    for (const entry of await store.all()) {
      if (entry.user !== user || entry.tried) continue;
      if (kept && entry.clientKey === kept.clientKey) await sendThis(entry);
      else await sendOther(entry);
    }
    sending = false;
    await sayLeft();
  }

  // What the server turned away: filled in again on its own page, pointed at from any other.
  async function sayLeft() {
    const left = (await store.all()).filter((entry) => entry.user === user && entry.tried);
    if (!left.length) return;
    const here = left.find((entry) => form && !kept && entry.url === location.pathname);
    if (here) {
      await store.drop(here.clientKey);
      restore(here);
      say('cloud-slash', '有一次联系没有传上。', '内容已填回，请核对后再保存。');
    } else {
      say('cloud-slash', '有 ' + left.length + ' 次联系没有传上。', '内容还在这部手机里。', { words: '打开核对', href: left[0].url });
    }
  }

  function restore(entry) {
    Array.from(form.elements).forEach((element) => {
      const values = entry.fields.filter(([name]) => name === element.name).map(([, value]) => value);
      if (['radio', 'checkbox'].includes(element.type)) element.checked = values.includes(element.value);
      else if (values.length && element.type !== 'file') element.value = values[0];
    });
    if (entry.photo) {
      const files = new DataTransfer();
      files.items.add(new File([entry.photo], entry.photoName, { type: entry.photo.type }));
      field('photo').files = files.files;
      field('photo').dispatchEvent(new Event('change', { bubbles: true }));
    }
    nameButton();
  }

  async function dropOld() {
    for (const entry of await store.all()) {
      if (Date.now() - entry.savedAt > WEEK) await store.drop(entry.clientKey);
    }
  }

  if (form) {
    wirePhoto();
    nameButton();
    form.addEventListener('change', nameButton);
    form.addEventListener('submit', async (event) => {
      // 拨打: the server keeps what stands here and shows the number.
      if (dials(event.submitter) && navigator.onLine) return;
      event.preventDefault();
      if (dials(event.submitter)) {
        say('wifi-off', '现在没有网络。', '联网才能显示号码；写的还在这一页。');
        return;
      }
      if (sending) return;
      sending = true;
      await sendThis(kept || seal());
      sending = false;
    });
  }
  window.addEventListener('online', sendKept);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) sendKept(); });
  setInterval(sendKept, 60000);
  page.dataset.ready = 'yes';
  dropOld().then(sendKept);
})();
