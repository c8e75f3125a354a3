// The report works from a file, without a server. Rows that are not shown wait as text, and what opens below a row
// waits in the row's own template, so that a run of ten thousand images opens soon. All HTML in here was escaped
// when the report was written.
(() => {
  const rowsPerPage = 100;
  const printAtMost = 300;
  const table = document.querySelector('table.images');
  const body = table.tBodies[0];
  const form = document.querySelector('form.filter');
  const textInput = form.querySelector('.text');
  const regionInput = form.querySelector('.region');
  const stateInputs = [...form.querySelectorAll('.state')];
  const status = document.querySelector('.shown');
  const pages = document.querySelector('nav.pages');

  const meanings = new Map(
    [...document.querySelectorAll('template.meaning')].map(({ dataset, content }) => [
      dataset.meaning,
      content.textContent,
    ]),
  );
  const standing = [...body.rows];
  const rows = [...document.querySelectorAll('script.rows')].flatMap(({ textContent }) =>
    JSON.parse(textContent),
  );
  for (const [index, element] of standing.entries()) rows[index].element = element;

  function elementOf(row) {
    if (!row.element) {
      const template = document.createElement('template');
      template.innerHTML = row.html;
      row.element = template.content.firstElementChild;
    }
    return row.element;
  }

  let found = rows;
  let page = 0;

  function filter() {
    const words = textInput.value.toLowerCase().split(/\s+/).filter(Boolean);
    const states = new Set(stateInputs.filter((input) => input.checked).map((input) => input.value));
    const region = regionInput.value;
    found = rows.filter(
      (row) =>
        states.has(row.state) &&
        (region === '' || row.region === region) &&
        words.every((word) => row.text.includes(word)),
    );
    page = 0;
    show();
  }

  function show(all = false) {
    const first = all ? 0 : page * rowsPerPage;
    const shown = (all ? found : found.slice(first, first + rowsPerPage)).map(elementOf);
    for (const row of body.querySelectorAll('tr.row')) if (!shown.includes(row)) close(row);
    body.replaceChildren(...shown.flatMap((row) => (row.opened ? [row, row.opened] : [row])));
    const last = Math.max(1, Math.ceil(found.length / rowsPerPage));
    pages.hidden = last === 1;
    pages.querySelector('.page').textContent = `Page ${page + 1} of ${last}`;
    pages.querySelector('.previous').disabled = page === 0;
    pages.querySelector('.next').disabled = page + 1 >= last;
    status.textContent =
      found.length === rows.length
        ? `${rows.length} images`
        : `${found.length} of ${rows.length} images shown`;
  }

  function turn(step) {
    page += step;
    show();
    document.getElementById('images').focus();
    table.scrollIntoView();
  }

  function open(row) {
    const detail = document.createElement('tr');
    detail.className = 'detail-row';
    detail.setAttribute('role', 'row');
    const cell = detail.insertCell();
    cell.colSpan = row.cells.length;
    cell.setAttribute('role', 'cell');
    cell.append(row.querySelector('template').content.cloneNode(true));
    for (const place of cell.querySelectorAll('[data-accuracy]')) {
      const region = place.dataset.accuracy;
      const source = [...document.querySelectorAll('template.accuracy')].find(
        (template) => template.dataset.region === region,
      );
      if (source) place.append(source.content.cloneNode(true));
    }
    const view = cell.querySelector('.view');
    if (view) view.parentElement.style.setProperty('--ratio', String(view.width / view.height));
    row.after(detail);
    row.opened = detail;
    row.querySelector('.open').setAttribute('aria-expanded', 'true');
  }

  function close(row) {
    if (!row.opened) return;
    row.opened.remove();
    row.opened = undefined;
    row.querySelector('.open').setAttribute('aria-expanded', 'false');
  }

  function changeLayers(target) {
    const detail = target.closest('.detail');
    if (!detail) return;
    if (target.matches('.toggle-boxes')) {
      detail.querySelector('.stage .boxes').classList.toggle('off', !target.checked);
    }
    if (target.type === 'radio') {
      for (const map of detail.querySelectorAll('.heat')) map.hidden = map.dataset.map !== target.value;
      detail.querySelector('.heat-key').hidden = !target.dataset.end;
      detail.querySelector('.scale-end').textContent = target.dataset.end ?? '';
      detail.querySelector('.heat-meaning').textContent = meanings.get(target.dataset.meaning) ?? '';
    }
    if (target.matches('.heat-strength')) {
      for (const map of detail.querySelectorAll('.heat')) map.style.opacity = String(target.value / 100);
    }
  }

  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  pages.querySelector('.previous').addEventListener('click', () => turn(-1));
  pages.querySelector('.next').addEventListener('click', () => turn(1));
  body.addEventListener('click', (event) => {
    const row = event.target.closest('tr.row');
    if (!row?.querySelector('.open')) return;
    // The whole row opens, but text in it can still be selected.
    if (!event.target.closest('.open') && String(getSelection())) return;
    if (row.opened) close(row);
    else open(row);
  });
  body.addEventListener('input', (event) => changeLayers(event.target));
  addEventListener('beforeprint', () => show(found.length <= printAtMost));
  addEventListener('afterprint', () => show());
  show();
})();
