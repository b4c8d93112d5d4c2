// Runs in the head, before the page is drawn: says that scripts work, wires the print buttons and
// the forms that end in a download.
(function () {
  'use strict';
  document.documentElement.classList.add('js');

  // The register's own script could not be fetched: give the teacher the selects back.
  window.addEventListener('load', function () {
    if (document.querySelector('[data-register]:not([data-ready])')) {
      document.documentElement.classList.remove('js');
    }
  });

  // What was typed and not taken goes back into its form, but for hidden fields and files.
  document.addEventListener('DOMContentLoaded', function () {
    const held = document.getElementById('unsent');
    if (!held) return;
    const unsent = JSON.parse(held.textContent);
    const form = Array.from(document.forms).find(function (one) {
      return one.method === 'post' && (one.action.replace(location.origin, '') || '/') === unsent.action;
    });
    if (!form) return;
    document.getElementById('unsent-back').hidden = false;
    document.getElementById('unsent-list').hidden = true;
    Array.from(form.elements).forEach(function (field) {
      const values = unsent.fields[field.name];
      if (['hidden', 'file', 'password', 'submit'].includes(field.type)) return;
      if (field.type === 'checkbox' || field.type === 'radio') {
        field.checked = Boolean(values && values.includes(field.value));
      } else if (values) {
        field.value = values[0];
      }
    });
    for (let box = form.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
  });

  // What is shown once is asked for again at an address that says so.
  const once = document.querySelector('[data-shown-once]');
  if (once) history.replaceState(null, '', once.dataset.shownOnce);

  document.addEventListener('click', function (event) {
    if (event.target.closest('[data-print]')) window.print();
  });

  // A button that says how many are chosen, as the boxes are ticked.
  document.addEventListener('change', function (event) {
    const form = event.target.closest('[data-choose]');
    if (!form) return;
    let chosen = 0;
    form.querySelectorAll('input[data-size]:checked').forEach(function (box) {
      chosen += Number(box.dataset.size);
    });
    form.querySelector('[data-chosen]').textContent = chosen;
  });

  // The answer to this form is a download: the page stays, so it must say what happened.
  document.addEventListener('submit', function (event) {
    if (!event.target.matches('[data-once]')) return;
    const button = event.target.querySelector('.btn-primary');
    setTimeout(function () { button.hidden = true; }, 0);
    event.target.querySelector('[data-once-said]').hidden = false;
  });
})();
