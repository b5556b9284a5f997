// The call on the screen: what was said, how to answer, the family, every programme.

function show(given) {
  if (!given || (call && given.call === call.call && given.version < call.version)) return;
  if (!given.view.facts) { blank(); return; }
  const other = !call || call.call !== given.call;
  call = given;
  if (other) picked = null;
  showBar();
  showLines();
  showHelp();
  showFacts(other);
  showResults();
}

/** The resident had everything deleted: nothing of it stays on the screen either. */
function blank() {
  call = null;
  if (sheet) closeSheet();
  ['lines', 'matter', 'aloud', 'later', 'told', 'question', 'remaining', 'why', 'facts', 'results', 'news', 'as-of'].forEach(id => byId(id).replaceChildren());
  byId('where').textContent = '没有通话';
  byId('back').hidden = true;
  byId('words').disabled = false;
  tell('群众删除了自己的记录，这通对话没有了。');
}

function showBar() {
  const number = call.reference ? ' ' + call.reference : '';
  byId('where').textContent = CHANNELS[call.channel] + '来电' + number + ' ' + clock(call.started) + (call.ended ? '（已结束）' : '');
  byId('back').hidden = call.channel === 'phone' || Boolean(call.ended);
  byId('words-label').textContent = call.channel === 'phone' ? '来电人说，回车记下（“我：”开头是您的话）' : '写给群众，回车发出';
  byId('words').disabled = Boolean(call.ended);
}

function showLines() {
  const list = byId('lines');
  const last = call.lines.filter(line => line.speaker === 'caller').pop();
  list.replaceChildren(...call.lines.map(line => make('li', { className: 'line line--' + line.speaker + (line === last ? ' line--last' : '') },
    make('time', {}, clock(line.at)), line.text)));
  list.scrollTop = list.scrollHeight;
}

/** The newest line that gave an answer: what is read aloud stays until there is something better. */
function answered() {
  return call.lines.filter(line => line.heard && line.heard.read_aloud).pop();
}

/** The matter last heard, answered or only guessed at; else what the talk was about when it came to the desk. */
function likely() {
  const line = call.lines.filter(one => one.heard && one.heard.matter).pop();
  return line ? line.heard.matter : call.view.topic;
}

function showHelp() {
  const line = answered();
  const heard = line ? line.heard : { read_aloud: '', more: '', kind: '' };
  const urgent = heard.kind === 'emergency';
  const fresh = line && line === call.lines.filter(one => one.speaker === 'caller').pop();
  byId('matter').className = urgent ? 'matter matter--urgent' : 'matter';
  byId('matter').replaceChildren(...matter(likely(), urgent));
  byId('aloud-title').textContent = call.channel === 'phone' ? '念给来电人' : '可以这样回（T 放进回话）';
  byId('aloud').className = 'aloud' + (urgent ? ' aloud--urgent' : fresh ? ' aloud--new' : '') + (line && line.told ? ' aloud--told' : '');
  byId('aloud').textContent = heard.read_aloud || '听来电人说，记下一句就有。';
  byId('later').textContent = heard.more || '';
  byId('told').textContent = line && line.told ? '已念' : '';
  showQuestion();
  showWhy();
}

function matter(found, urgent) {
  if (!found) return ['还没听出是什么事'];
  const beside = [found.aspect, ...found.others].filter(Boolean).join('、');
  const phone = found.phone ? ' 电话 ' + found.phone : '';
  return [urgent ? '紧急：先说电话号码' : found.name, make('small', {}, (beside ? '　' + beside : '') + phone)];
}

function showQuestion() {
  const question = call.view.question;
  byId('remaining').textContent = question ? '大约还有 ' + question.remaining + ' 题' : '';
  if (!question) {
    byId('question').replaceChildren(answered() ? '没有要问的了，可以写工单（G）。' : '先听来电人说。');
    return;
  }
  const choices = question.choices.map(choice => make('button', { type: 'button', onclick: () => answer(choice) }, key(choice.key), choice.label));
  const unknown = make('button', { type: 'button', onclick: dontKnow }, key('0'), '不知道');
  const number = question.kind === 'number' && !question.choices.length;
  byId('question').replaceChildren(
    make('div', { className: 'question__words' + (call.view.changed.question ? ' changed' : '') }, question.ask),
    make('div', { className: 'soft' }, question.why + (question.settle ? '　可看：' + question.settle : '')),
    make('div', { className: 'choices' }, number ? make('button', { type: 'button', onclick: writeAnswer }, key('1'), '填数' + (question.unit ? '（' + question.unit + '）' : '')) : '', ...choices, unknown));
}

/** Reasons of the picked programme, or the clauses of the answer. */
function showWhy() {
  const row = call.view.results.find(one => one.key === picked);
  const line = answered();
  byId('why-title').textContent = row ? row.name + '：' + row.verdict_words : '依据';
  if (row) {
    const left = row.missing.length > 3 ? make('p', {}, '还缺：' + row.missing.join('、')) : '';
    const after = [left, row.amount_note ? make('p', {}, row.amount_note) : '', ...row.cautions.map(text => make('p', { className: 'soft' }, text)), row.apply.where ? make('p', {}, '去哪办：' + row.apply.where) : ''];
    byId('why').replaceChildren(...row.because.map(reason), ...after.filter(Boolean));
  } else {
    byId('why').replaceChildren(...(line ? line.heard.cites : []).map(cite => make('div', { className: 'reason' }, ...quoted(cite))));
  }
}

function reason(one) {
  return make('div', { className: 'reason reason--' + one.holds }, make('b', {}, MARKS[one.holds] + ' '), one.text, ...(one.cite ? quoted(one.cite) : []));
}

function quoted(cite) {
  const ended = cite.valid_until && cite.valid_until < call.view.as_of;
  const title = '《' + cite.title + '》' + cite.clause;
  return [make('div', { className: 'soft' }, title, ended ? make('span', { className: 'ended' }, '　期限到 ' + cite.valid_until + '，已过') : ''),
    cite.quote ? make('div', { className: 'quote' }, (cite.kind === 'summary' ? '要点：' : '') + cite.quote) : ''];
}

function showFacts(other) {
  const table = byId('facts');
  if (!other && table.contains(document.activeElement)) return;   // never under the agent's fingers
  const changed = new Set(call.view.changed.facts);
  const nowhere = { path: 'region', label: '户口所在地', value: '', words: '', choices: [], type: 'text' };
  const place = call.view.facts.find(fact => fact.path === 'region') || nowhere;
  const others = call.view.facts.filter(fact => fact.path !== 'region');
  table.replaceChildren(...[place, ...others].map(fact => factRow(fact, changed.has(fact.path))));
}

function factRow(fact, changed) {
  return make('tr', { className: changed ? 'changed' : '' },
    make('td', {}, fact.label), make('td', {}, factField(fact)), make('td', { className: 'fact__words' }, original(fact.words)));
}

/** The resident's own words stand in quotation marks, the agent's do not. */
function original(words) { return !words || words.startsWith('坐席') ? words : '“' + words + '”'; }

function factField(fact) {
  const choices = fact.type === 'yesno' ? YES_NO : fact.choices;
  if (!choices.length) {
    const field = make('input', { value: fact.value, ariaLabel: fact.label, placeholder: fact.path === 'region' ? '例如 泗县墩集镇' : '', maxLength: 80 });
    field.dataset.path = fact.path;
    field.dataset.was = fact.value;
    field.addEventListener('change', () => writeFact(fact.path, field.value.trim()));
    return field;
  }
  const field = make('select', { ariaLabel: fact.label }, ...choices.map((choice, n) => make('option', { value: n, selected: choice.value === fact.raw }, choice.label)), make('option', { value: '' }, '（删去）'));
  if (!choices.some(choice => choice.value === fact.raw)) field.prepend(make('option', { selected: true, value: '-' }, fact.value));
  field.dataset.path = fact.path;
  field.addEventListener('change', () => setFact(field.value === '' ? { path: fact.path } : { path: fact.path, value: choices[Number(field.value)].value }));
  return field;
}

function writeFact(where, text) {
  setFact(text ? { path: where, text: text } : { path: where });
}

async function setFact(told) {
  const given = await attempt(() => api('PUT', path('/facts'), told));
  if (given) show(given);
  else showFacts(true);
}

function showResults() {
  const changed = new Set(call.view.changed.results);
  byId('as-of').textContent = (call.view.place || '全国') + ' · ' + call.view.as_of;
  byId('results').replaceChildren(...call.view.results.map(row => resultRow(row, changed.has(row.key))));
  const news = call.view.results.filter(row => changed.has(row.key)).map(row => row.name + ' ' + row.verdict_words);
  byId('news').textContent = news.length ? '这一句改变了：' + news.slice(0, 3).join('；') + (news.length > 3 ? ' 等 ' + news.length + ' 项' : '') : '';
  const chosen = byId('results').querySelector('.picked');
  if (chosen) chosen.scrollIntoView({ block: 'nearest' });
}

function resultRow(row, changed) {
  const line = make('tr', { className: row.verdict + (changed ? ' changed' : '') + (row.key === picked ? ' picked' : '') },
    make('td', {}, row.name), make('td', {}, row.who), make('td', { className: 'verdict' }, row.verdict_words),
    make('td', { className: 'number' }, row.met.yes + '/' + row.met.of), make('td', {}, row.amount), make('td', {}, few(row.missing)));
  if (call) line.addEventListener('click', () => pick(row.key));
  return line;
}

function few(words) {
  return words.slice(0, 3).join('、') + (words.length > 3 ? ' 等 ' + words.length + ' 项' : '');
}

function pick(which) {
  picked = which;
  showResults();
  showWhy();
}

function step(by) {
  const keys = call.view.results.map(row => row.key);
  const now = keys.indexOf(picked);
  pick(keys[Math.min(Math.max(now + by, 0), keys.length - 1)] || null);
}
