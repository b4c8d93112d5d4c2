// The register: tap a child, tap a mark, submit. The selects of the form stay the truth that is sent.
// What could not be sent is kept by register-store.js until it is uploaded or the day is over; the same
// client key makes a repeated upload one register.
(function () {
  'use strict';
  const form = document.querySelector('[data-register]');
  if (!form || !window.registerStore || !window.HTMLDialogElement) return;

  const ABSENT = ['absent', 'lost'];
  const LEAVE = ['sick', 'personal'];
  const KEYS = { 1: 'absent', 2: 'sick', 3: 'personal', 4: 'late', 0: '' };
  const TONES = { absent: 'bad', lost: 'bad', sick: 'go', personal: 'go' };
  const find = (selector, root) => (root || document).querySelector(selector);
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  // The marks and the children of this page

  const sheet = document.getElementById('sheet');
  const faces = {};
  all('.pupils li:first-child option').forEach((option) => {
    if (option.value) faces[option.value] = { word: option.text, icon: option.dataset.icon };
  });
  const pupils = all('.pupil').map((button) => {
    const item = button.parentNode;
    return {
      button: button,
      box: find('.no-js', item),
      select: find('select', item),
      note: find('input', item),
      watch: Number(button.dataset.watch),
    };
  });
  const submitButton = find('[data-submit]', form);
  const closure = find('[name=no_class]', form);
  let editable = form.dataset.state === 'open';

  function icon(name, extra) {
    const sign = document.createElement('span');
    sign.className = 'bi bi-' + name + (extra ? ' ' + extra : '');
    sign.setAttribute('aria-hidden', 'true');
    return sign;
  }

  function text(tag, words, className) {
    const element = document.createElement(tag);
    element.textContent = words;
    if (className) element.className = className;
    return element;
  }

  // What stands at every child of a day without marks: a closure is asked for, or not taken at all.
  const resting = () => Boolean(closure && closure.value);
  const blank = () => (resting() ? '申请停课' : form.dataset.blank);

  function draw(pupil) {
    const mark = blank() ? '' : pupil.select.value;
    const line = find('[data-face]', pupil.button);
    pupil.button.dataset.mark = mark;
    line.textContent = '';
    if (mark) {
      line.append(icon(faces[mark].icon), ' ' + faces[mark].word);
    } else if (blank()) {
      line.textContent = blank();
    } else {
      line.append(icon('check', 't-ok'), text('span', '到校 ', 'visually-hidden'), line.dataset.seat);
    }
    const watch = find('[data-watch-face]', pupil.button);
    if (watch) {
      watch.hidden = Boolean(blank()) || (Boolean(mark) && !ABSENT.includes(mark));
      watch.textContent = mark ? '第' + (pupil.watch + 1) + '天' : '已缺' + pupil.watch + '天';
    }
  }

  function exceptionRow(pupil) {
    const mark = pupil.select.value;
    const row = document.createElement('li');
    const tag = text('span', '', 'tag tag-' + (TONES[mark] || 'warn'));
    tag.append(icon(faces[mark].icon), faces[mark].word);
    row.append(text('b', pupil.button.dataset.name), tag);
    if (pupil.button.dataset.leave) row.append(text('div', pupil.button.dataset.leave, 'small mute'));
    if (editable) row.append(pupil.note);
    else if (pupil.note.value) row.append(text('div', pupil.note.value, 'small'));
    return row;
  }

  function tally() {
    const count = {};
    const marked = blank() ? [] : pupils.filter((pupil) => pupil.select.value);
    marked.forEach((pupil) => {
      count[pupil.select.value] = (count[pupil.select.value] || 0) + 1;
    });
    const sum = (marks) => marks.reduce((total, mark) => total + (count[mark] || 0), 0);
    const present = pupils.length - sum(ABSENT) - sum(LEAVE);
    const words = ['未到 ' + sum(['absent']), '请假 ' + sum(LEAVE), '迟到 ' + sum(['late'])];
    ['left_early', 'half_day', 'lost'].forEach((mark) => {
      if (count[mark]) words.push(faces[mark].word + ' ' + count[mark]);
    });
    return { marked: marked, present: present, words: words.join(' · ') };
  }

  function drawAll() {
    pupils.forEach(draw);
    const counts = tally();
    form.classList.toggle('resting', Boolean(blank()));
    const list = find('[data-exceptions]', form);
    if (!list) return;
    pupils.forEach((pupil) => pupil.box.append(pupil.note));
    list.textContent = '';
    counts.marked.forEach((pupil) => list.append(exceptionRow(pupil)));
    find('[data-exception-count]', form).textContent = counts.marked.length;
    find('[data-no-exceptions]', form).hidden = counts.marked.length > 0;
    find('[data-no-exceptions]', form).textContent = blank() || '没有例外，全部到校。';
    find('[data-note-help]', form).hidden = !editable || !counts.marked.length;
    if (!submitButton) return;
    find('[data-expected]', form).textContent = resting() ? '—' : pupils.length;
    find('[data-present]', form).textContent = resting() ? '—' : counts.present;
    find('[data-counts]', form).textContent = resting() ? '' : counts.words;
    submitButton.textContent = resting()
      ? '为本班申请停课：' + closure.value
      : submitButton.dataset.verb + '：实到 ' + counts.present + '，例外 ' + counts.marked.length;
    // Who asks for a closure registers no child and corrects nothing: a disabled select is not sent.
    const why = find('[name=reason]', form);
    if (why) why.required = !resting();
    pupils.forEach((pupil) => { pupil.select.disabled = pupil.note.disabled = resting() || !editable; });
  }

  function put(pupil, mark) {
    if (!editable || resting()) return;
    pupil.select.value = mark;
    drawAll();
  }

  // The sheet

  let current = null;

  function openSheet(pupil) {
    const known = pupil.button.dataset;
    current = pupil;
    pupil.button.setAttribute('aria-expanded', 'true');
    find('#sheet-name').textContent = known.name;
    find('[data-sheet-seat]', sheet).textContent = pupil.button.dataset.seat;
    find('[data-sheet-watch]', sheet).hidden = !known.watchText;
    find('[data-sheet-watch-words]', sheet).textContent = known.watchText;
    find('[data-sheet-leave]', sheet).hidden = !known.leave;
    find('[data-sheet-leave]', sheet).textContent = known.leave;
    find('[data-sheet-contact]', sheet).hidden = !known.url;
    find('[data-sheet-contact] a', sheet).href = known.url || '#';
    all('[data-set]', sheet).forEach((button) => {
      button.setAttribute('aria-pressed', String(button.dataset.set === pupil.select.value));
    });
    sheet.showModal();
    find('[data-set]', sheet).focus();
  }

  if (sheet) {
    sheet.addEventListener('click', (event) => {
      const button = event.target.closest('[data-set]');
      if (button) put(current, button.dataset.set);
      if (button || event.target === sheet || event.target.closest('[data-close]')) sheet.close();
    });
    sheet.addEventListener('close', () => {
      current.button.setAttribute('aria-expanded', 'false');
      current.button.focus();
    });
  }

  function step(at, key) {
    const width = pupils[at].button.parentNode.offsetWidth;
    const columns = Math.max(1, Math.floor(find('.pupils', form).clientWidth / width));
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[key];
    return by ? pupils[at + by] : null;
  }

  pupils.forEach((pupil, at) => {
    pupil.button.addEventListener('click', () => {
      if (editable && !resting()) openSheet(pupil);
    });
    pupil.button.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const next = step(at, event.key);
      if (next) next.button.focus();
      else if (event.key in KEYS) put(pupil, KEYS[event.key]);
      else return;
      event.preventDefault();
    });
  });
  if (closure) closure.addEventListener('change', drawAll);
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey && event.key === 'Enter' && editable && !sheet.open) form.requestSubmit(submitButton);
  });

  // A submitted register is read until somebody asks to correct it

  function setEditable(yes) {
    editable = yes;
    const correct = find('[data-correct]', form);
    if (correct) {
      correct.hidden = yes;
      find('[data-correction]', form).hidden = !yes;
      submitButton.hidden = !yes;
      if (closure) closure.disabled = !yes;
    }
    pupils.forEach((pupil) => {
      pupil.select.disabled = pupil.note.disabled = !yes;
      pupil.button.setAttribute('aria-disabled', String(!yes));
    });
    drawAll();
  }

  const correctButton = find('[data-correct]', form);
  if (correctButton) {
    correctButton.addEventListener('click', () => {
      setEditable(true);
      find('#reason').focus();
    });
  }

  // Sending, and keeping what could not be sent

  const store = window.registerStore;
  const field = (name) => find('[name=' + name + ']', form);
  const HERE = store.keyOf(form.dataset.user, location.pathname);
  const gates = [form.dataset.login, form.dataset.password];
  const send = (entry) => store.post(entry, field('csrfmiddlewaretoken').value, gates);
  let sending = false;

  function say(sign, bold, rest, link) {
    const note = find('[data-note]');
    const words = find('[data-note-words]', note);
    find('.bi', note).className = 'bi bi-' + sign + ' t-warn';
    words.textContent = '';
    words.append(text('b', bold), rest);
    if (link) {
      const way = text('a', link.words, 'under');
      way.href = link.href;
      words.append(way);
    }
    note.hidden = false;
    find('[data-server-note]').hidden = true;
  }

  function stand(sign, words) {
    all('[data-standing]').forEach((place) => {
      const tag = text('span', '', 'tag tag-warn');
      tag.append(icon(sign), words);
      place.textContent = '';
      place.append(tag);
    });
  }

  function content() {
    const filled = new URLSearchParams(new FormData(form));
    ['csrfmiddlewaretoken', 'client_key', 'taken_at'].forEach((name) => filled.delete(name));
    return filled.toString();
  }

  // The filled form as it will be sent. The same content keeps its key and its time; changed content
  // is another register, or a first upload whose answer was lost would swallow the change.
  function seal() {
    const filled = content();
    const before = store.load(HERE);
    if (before && before.content === filled) return Object.assign(before, { tried: false });
    if (before) field('client_key').value = store.freshKey();
    const at = new Date();
    field('taken_at').value = at.toISOString();
    return {
      key: HERE, user: form.dataset.user, url: location.pathname + location.search, label: form.dataset.class,
      savedOn: form.dataset.today, clock: String(at.getHours()).padStart(2, '0') + ':' + String(at.getMinutes()).padStart(2, '0'),
      content: filled, clientKey: field('client_key').value, takenAt: field('taken_at').value, tried: false,
    };
  }

  function restore(entry) {
    const filled = new URLSearchParams(entry.content);
    if (correctButton) setEditable(true);
    pupils.forEach((pupil) => {
      pupil.select.value = filled.get(pupil.select.name) || '';
      pupil.note.value = filled.get(pupil.note.name) || '';
    });
    ['version', 'reason', 'no_class'].forEach((name) => {
      if (field(name)) field(name).value = filled.get(name) || '';
    });
    field('client_key').value = entry.clientKey;
    field('taken_at').value = entry.takenAt;
    drawAll();
  }

  function sayKept(kind, entry, kept) {
    const where = kept ? '点名已存在这部手机里（' + entry.clock + '），' : '这部手机存不下，请不要关闭本页，';
    if (kind === 'offline') say('wifi-off', '现在没有网络。', where + (kept ? '有网后自动上传。请不要清除浏览器数据。' : '有网后再按提交。'));
    if (kind === 'down') say('cloud-slash', '服务器没有回应。', where + (kept ? '恢复后自动上传。' : '过几分钟再按提交。'));
    if (kind === 'login') {
      say('person-lock', '登录已过期。', where + (kept ? '重新登录并打开本页后自动上传。' : '登录后要重新填。'),
        { words: '去登录', href: form.dataset.login + '?next=' + encodeURIComponent(entry.url) });
    }
    stand('cloud-slash', kept ? '已存手机，待上传' : '未上传');
  }

  async function sendThis(entry) {
    const kept = store.keep(entry);
    submitButton.disabled = true;
    submitButton.textContent = '正在提交';
    const answer = await send(entry);
    submitButton.disabled = false;
    drawAll();
    if (answer.kind === 'saved') {
      store.drop(entry.key);
      location.replace(answer.url);
    } else if (answer.kind === 'refused') {
      // The server has an opinion: let it show its own page, with the input in it.
      if (answer.status === 403) store.keep(Object.assign(entry, { tried: true }));
      else store.drop(entry.key);
      HTMLFormElement.prototype.submit.call(form);
    } else {
      sayKept(answer.kind, entry, kept);
      submitButton.textContent = '重新上传';
    }
  }

  async function sendOther(entry) {
    const answer = await send(entry);
    if (answer.kind === 'saved') {
      store.drop(entry.key);
    } else if (answer.kind === 'refused') {
      store.keep(Object.assign(entry, { tried: true }));
      say('cloud-slash', entry.label + '的点名没有传上。', '它还在这部手机里，请打开核对后再提交。', { words: '打开' + entry.label, href: entry.url });
    }
  }

  async function sendKept() {
    if (sending) return;
    sending = true;
    for (const key of store.keys()) {
      const entry = store.load(key);
      if (!entry || entry.user !== form.dataset.user || entry.tried) continue;
      if (key === HERE) {
        // Somebody is changing what was kept: wait until they press the button.
        if (submitButton && content() === entry.content) await sendThis(entry);
      } else {
        await sendOther(entry);
      }
    }
    sending = false;
  }

  function dropOld() {
    store.keys().forEach((key) => {
      const entry = store.load(key);
      if (entry && entry.savedOn === form.dataset.today) return;
      store.drop(key);
      if (entry && entry.user === form.dataset.user) {
        say('exclamation-triangle-fill', entry.label + '有一次点名没有传上。', '存在手机里的内容到当天结束已清除，请补填。', { words: '打开' + entry.label, href: entry.url });
      }
    });
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (sending || !editable) return;
    sending = true;
    await sendThis(seal());
    sending = false;
  });
  window.addEventListener('online', sendKept);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) sendKept(); });
  setInterval(sendKept, 60000);

  setEditable(editable);
  form.dataset.ready = 'yes';
  dropOld();
  const waiting = store.load(HERE);
  if (waiting && submitButton && waiting.user === form.dataset.user) {
    restore(waiting);
    if (waiting.tried || content() !== waiting.content) stand('cloud-slash', '已存手机，待提交');
  }
  sendKept();
})();
