// The search of the index. Everything happens in this browser; texts are set as text, never as HTML.
(() => {
  const form = document.querySelector('form.search');
  const input = form.querySelector('input');
  const reply = document.getElementById('reply');
  const { answers, words, short } = globalThis.lucencyQuestions;
  const ask = globalThis.lucencyBuildAsker(answers, words);

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function linkTo({ id, question }) {
    const link = element('a', '', question);
    link.href = `answers/${id}.html`;
    return link;
  }

  function list(title, found) {
    if (found.length === 0) return [];
    const items = element('ul');
    for (const answer of found) {
      const item = element('li');
      item.append(linkTo(answer));
      items.append(item);
    }
    return [element('p', 'label', title), items];
  }

  function show(question) {
    const found = ask(question);
    const box = element('div', `box ${found.kind}`);
    if (found.kind === 'answer') {
      const best = element('p', 'best');
      best.append(linkTo(found.best));
      const inShort = element('p', 'short-answer', short[found.best.id]);
      box.append(
        element('p', 'label', form.dataset.best),
        best,
        inShort,
        ...list(form.dataset.others, found.others),
      );
    } else {
      found.text.forEach((text, index) => {
        const paragraph = element('p', '', text);
        if (found.foreign && index < found.foreign.sentences) {
          paragraph.lang = found.foreign.language;
          paragraph.dir = 'auto';
        }
        box.append(paragraph);
      });
      box.append(...list(form.dataset.mayHelp, found.others));
    }
    reply.replaceChildren(box);
  }

  for (const control of form.elements) control.disabled = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    show(input.value);
  });
  input.addEventListener('search', () => {
    if (input.value === '') reply.replaceChildren();
  });
})();
