// Runs in the head, before the page is drawn: says that scripts work, and wires the print buttons.
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
})();
