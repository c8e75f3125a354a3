// Keeps the reader's choice of colours and text size in this browser, and nothing else. Loaded before the page is
// drawn, so that it does not flash. Without it the choices still work, for one page at a time.
(() => {
  const names = ['theme', 'size'];
  const key = (name) => `lucency-answers-${name}`;

  function read(name) {
    try {
      return localStorage.getItem(key(name));
    } catch {
      return null;
    }
  }

  function keep(name, value) {
    try {
      localStorage.setItem(key(name), value);
    } catch {
      // Private windows and pages from a disk may have no storage; the choice then lasts for this page.
    }
  }

  for (const name of names) {
    const value = read(name);
    if (value) document.documentElement.dataset[name] = value;
  }

  addEventListener('DOMContentLoaded', () => {
    for (const name of names) {
      const kept = read(name);
      for (const input of document.querySelectorAll(`input[name="${name}"]`)) {
        if (kept) input.checked = input.value === kept;
        input.addEventListener('change', () => {
          document.documentElement.dataset[name] = input.value;
          keep(name, input.value);
        });
      }
    }
    const print = document.querySelector('.options .print');
    if (print) {
      print.hidden = false;
      print.addEventListener('click', () => window.print());
    }
    document.addEventListener('keydown', (event) => {
      const open = document.querySelector('.options[open]');
      if (event.key === 'Escape' && open) {
        open.open = false;
        open.querySelector('summary').focus();
      }
    });
  });

  // What is folded on the screen belongs on paper.
  let folded = [];
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('main details:not([open])')];
    for (const element of folded) element.open = true;
  });
  addEventListener('afterprint', () => {
    for (const element of folded) element.open = false;
  });
})();
