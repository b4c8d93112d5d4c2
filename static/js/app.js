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

  document.addEventListener('click', function (event) {
    if (event.target.closest('[data-print]')) window.print();
  });

  // The answer to this form is a download: the page stays, so it must say what happened.
  document.addEventListener('submit', function (event) {
    if (!event.target.matches('[data-once]')) return;
    const button = event.target.querySelector('.btn-primary');
    setTimeout(function () { button.hidden = true; }, 0);
    event.target.querySelector('[data-once-said]').hidden = false;
  });
})();
