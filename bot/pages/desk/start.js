// News of the call and the queue, and how each page begins.

/** Ask for the call again and again; each answer comes when something has changed. */
async function watch() {
  const me = ++watching;
  while (me === watching && call && !call.ended) {
    try {
      const given = await api('GET', path('?after=' + call.version + '&wait=20'));
      if (me === watching) show(given);
    } catch (error) {
      await new Promise(done => setTimeout(done, 2000));
    }
  }
}

async function watchQueue() {
  try {
    const found = await api('GET', '/api/desk/queue');
    byId('waiting').hidden = !found.calls.length;
    byId('waiting').textContent = found.calls.length;
  } catch (error) { /* the next look will tell */ }
  setTimeout(watchQueue, EVERY);
}

async function startDesk() {
  document.addEventListener('keydown', pressed);
  document.addEventListener('focusin', mode);
  document.addEventListener('focusout', () => setTimeout(mode));
  document.querySelectorAll('[data-key]').forEach(button => button.addEventListener('click', () => run(button.dataset.key)));
  byId('composer').addEventListener('submit', event => { event.preventDefault(); send(); });
  byId('words').value = sessionStorage.getItem('words') || '';
  sessionStorage.removeItem('words');
  mode();
  watchQueue();
  const mine = await attempt(() => api('GET', '/api/desk/calls'));
  if (wishes) return;   // the agent was faster
  if (mine && mine.calls.length) await look(mine.calls[0].call);
  else write();
  if (location.hash) openNamed(location.hash.slice(1));
}

function startCase() {
  byId('open-case').addEventListener('submit', async event => {
    event.preventDefault();
    byId('case').hidden = true;
    tell('');
    const found = await attempt(() => api('POST', '/api/desk/cases/open', { code: byId('code').value }));
    if (found) showCase(found);
  });
}

function showCase(found) {
  byId('case').hidden = false;
  byId('case-when').textContent = '建于 ' + found.created.slice(0, 16).replace('T', ' ') + '，' + found.expires.slice(0, 10) + ' 失效' + (found.view.place ? '　' + found.view.place : '');
  byId('facts').replaceChildren(...found.view.facts.map(fact => make('tr', {}, make('td', {}, fact.label), make('td', {}, fact.value), make('td', { className: 'fact__words' }, original(fact.words)))));
  byId('results').replaceChildren(...found.view.results.map(one => resultRow(one, false)));
  const papers = found.view.results.filter(one => one.verdict === 'eligible').flatMap(one => one.apply.materials || []);
  byId('materials').replaceChildren(...[...new Set(papers)].map(paper => make('li', {}, paper)));
}

function startBoard() {
  document.querySelectorAll('.review button').forEach(button => button.addEventListener('click', async () => {
    const review = button.closest('.review');
    const told = { status: button.dataset.status, expected: review.querySelector('textarea').value.trim() };
    if (await attempt(() => api('PUT', '/api/desk/reviews/' + review.dataset.number, told))) review.remove();
  }));
}

if (document.body.classList.contains('desk')) startDesk();
if (document.body.classList.contains('case')) startCase();
if (document.body.classList.contains('board')) startBoard();
document.querySelectorAll('[data-print]').forEach(button => button.addEventListener('click', () => window.print()));
