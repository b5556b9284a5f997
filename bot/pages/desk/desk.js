'use strict';
// The desk, the window's case page and the board. No framework; everything shown is inserted as text.
// Two ways of typing: in a field letters are letters; outside, every key is a command. Esc leaves a field.

const byId = id => document.getElementById(id);
const csrf = (document.querySelector('meta[name=csrf]') || {}).content;
const CHANNELS = { phone: '电话', h5: '网页', wechat: '微信' };
const MARKS = { true: '✓', false: '✗', null: '？' };
const YES_NO = [{ value: true, label: '是' }, { value: false, label: '不是' }];
const EVERY = 4000;   // ms between two looks at the queue

let call = null;      // the call on the screen, as the API gives it
let picked = null;    // key of the programme whose reasons are shown
let sheet = null;     // the open sheet: {keys, close}
let watching = 0;     // number of the watcher whose news count

// ---- small helpers

function make(tag, props, ...children) {
  const element = Object.assign(document.createElement(tag), props || {});
  element.append(...children.filter(child => child !== null && child !== undefined && child !== ''));
  return element;
}

function key(letter) { return make('kbd', {}, letter); }

function tell(text) {
  byId('notice').textContent = text || '';
  if (text) setTimeout(() => { if (byId('notice').textContent === text) byId('notice').textContent = ''; }, 8000);
}

async function api(method, address, content) {
  const options = { method: method, credentials: 'same-origin', headers: { 'X-CSRF-Token': csrf || '' } };
  if (content !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(content);
  }
  const answer = await fetch(address, options);
  if (answer.status === 401) location.href = '/desk/login';
  const given = await answer.json();
  if (!answer.ok) throw new Error(given.error.message.replace(/ [A-Z`][^\u4e00-\u9fff]*$/, ''));   // the English half is for programs
  return given;
}

/** Run something that may be refused; the refusal is shown, not thrown. */
async function attempt(work) {
  try { return await work(); } catch (error) {
    tell(error instanceof TypeError ? '连不上服务器，写的字还在，请再试。' : error.message);
    return null;
  }
}

const path = rest => '/api/desk/calls/' + call.call + (rest || '');
const clock = iso => iso.slice(11, 16);
const inField = () => /^(INPUT|TEXTAREA|SELECT)$/.test((document.activeElement || {}).tagName || '');

// ---- the call on the screen

function show(given) {
  if (!given || (call && given.call === call.call && given.version < call.version)) return;
  const other = !call || call.call !== given.call;
  call = given;
  if (other) picked = null;
  showBar();
  showLines();
  showHelp();
  showFacts(other);
  showResults();
}

function showBar() {
  const number = call.reference ? ' ' + call.reference : '';
  byId('where').textContent = CHANNELS[call.channel] + '来电' + number + ' ' + clock(call.started) + (call.ended ? '（已结束）' : '');
  byId('back').hidden = call.channel === 'phone' || Boolean(call.ended);
  byId('words-label').textContent = call.channel === 'phone' ? '来电人说（回车记下；“我：”开头是坐席的话）' : '写给群众（回车发出）';
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

function showHelp() {
  const line = answered();
  const heard = line ? line.heard : { matter: null, read_aloud: '', cites: [], kind: '' };
  const urgent = heard.kind === 'emergency';
  byId('matter').className = urgent ? 'matter matter--urgent' : 'matter';
  byId('matter').replaceChildren(...matter(heard.matter, urgent));
  byId('aloud').className = 'aloud' + (urgent ? ' aloud--urgent' : '') + (line && line.told ? ' aloud--told' : '');
  byId('aloud').textContent = heard.read_aloud || '听来电人说，记下一句就有。';
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
    byId('question').replaceChildren('没有要问的了，可以写工单（G）。');
    return;
  }
  const choices = question.choices.map(choice => make('button', { type: 'button', onclick: () => answer(choice) }, key(choice.key), choice.label));
  const unknown = make('button', { type: 'button', onclick: dontKnow }, key('0'), '不知道');
  const number = question.kind === 'number' && !question.choices.length;
  byId('question').replaceChildren(
    make('div', { className: 'question__words' }, question.ask),
    make('div', { className: 'soft' }, question.why + (question.settle ? '　可看：' + question.settle : '')),
    make('div', { className: 'choices' }, number ? make('button', { type: 'button', onclick: writeAnswer }, key('1'), '填数' + (question.unit ? '（' + question.unit + '）' : '')) : '', ...choices, unknown));
}

/** Reasons of the picked programme, or the clauses of the answer. */
function showWhy() {
  const row = call.view.results.find(one => one.key === picked);
  const line = answered();
  byId('why-title').textContent = row ? row.name + '：' + row.verdict_words : '依据';
  if (row) {
    const after = [...row.cautions.map(text => make('p', { className: 'soft' }, text)), row.apply.where ? make('p', {}, '去哪办：' + row.apply.where) : ''];
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
  const rows = call.view.facts.map(fact => factRow(fact, changed.has(fact.path)));
  const placed = call.view.facts.some(fact => fact.path === 'region');
  table.replaceChildren(...(placed ? [] : [factRow({ path: 'region', label: '户口所在地', value: '', words: '', choices: [], type: 'text' }, false)]), ...rows);
}

function factRow(fact, changed) {
  return make('tr', { className: changed ? 'changed' : '' },
    make('td', {}, fact.label), make('td', {}, factField(fact)), make('td', { className: 'fact__words' }, fact.words ? '“' + fact.words + '”' : ''));
}

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
  const chosen = byId('results').querySelector('.picked') || byId('results').querySelector('.changed');
  if (chosen) chosen.scrollIntoView({ block: 'nearest' });
}

function resultRow(row, changed) {
  const line = make('tr', { className: row.verdict + (changed ? ' changed' : '') + (row.key === picked ? ' picked' : '') },
    make('td', {}, row.name), make('td', {}, row.who), make('td', { className: 'verdict' }, row.verdict_words),
    make('td', { className: 'number' }, row.met.yes + '/' + row.met.of), make('td', {}, row.amount), make('td', {}, row.missing.join('、')));
  line.addEventListener('click', () => pick(row.key));
  return line;
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

// ---- what the agent does

async function begin() {
  const given = await attempt(() => api('POST', '/api/desk/calls', {}));
  if (given) { show(given); watch(); write(); }
}

/** The words in the box: one line each. "我：" in front makes it the agent's own. */
function linesOf(text) {
  return text.split('\n').map(line => line.trim()).filter(Boolean).map(line => {
    const own = /^(我|坐席|客服|话务员)[：:]\s*/.exec(line);
    const theirs = /^(来电人|市民|群众|对方)[：:]\s*/.exec(line);
    const start = own || theirs;
    return { speaker: own ? 'agent' : 'caller', text: start ? line.slice(start[0].length) : line };
  }).filter(line => line.text);
}

async function send() {
  const box = byId('words');
  const text = box.value.trim();
  if (!text) return;
  if (!call || call.ended) await begin();
  if (!call) return;
  box.value = '';
  const given = await attempt(() => call.channel === 'phone'
    ? api('POST', path('/transcript'), { lines: linesOf(text) })
    : api('POST', path('/say'), { text: text }));
  if (!given) { box.value = text; return; }
  if (given.reached === 'waits') tell('群众下次发消息时才看得到（公众号没有主动发送的权限）。');
  show(given);
  if (call.view.question && call.view.question.choices.length && call.channel === 'phone') box.blur();   // the answer is one key
}

function answer(choice) {
  setFact({ path: call.view.question.path, value: choice.value });
}

function dontKnow() {
  setFact({ path: call.view.question.path, unknown: true });
}

function writeAnswer() {
  const question = call.view.question;
  const field = make('input', { ariaLabel: question.ask, maxLength: 80, placeholder: '例如 3，或 1 万到 2 万' });
  open('填：' + question.ask, [make('p', { className: 'readable' }, question.ask), field, row('回车记下，Esc 不填')], {
    Enter: async () => { const text = field.value.trim(); close(); if (text) await setFact({ path: question.path, text: text }); },
  });
  field.focus();
}

async function told() {
  const line = answered();
  if (!line) return;
  if (call.channel !== 'phone') {
    const asked = call.view.question ? '\n' + call.view.question.ask : '';
    byId('words').value = line.heard.read_aloud + asked;
    write();
    return;
  }
  show(await attempt(() => api('POST', path('/told'), { line: line.number, told: !line.told })));
}

function write() { byId('words').focus(); }

function editFacts() {
  const first = byId('facts').querySelector('input, select');
  if (first) first.focus();
}

async function handBack() {
  if (call.channel === 'phone') return;
  const given = await attempt(() => api('POST', path('/back'), {}));
  if (given) { show(given); tell('已交回助手。'); }
}

// ---- sheets

/** A sheet over the desk. `keys`: what keys do while it is open; in a field only Enter and Esc are keys. */
function open(title, content, keys) {
  sheet = { keys: keys || {}, back: document.activeElement };
  byId('sheet-title').textContent = title;
  byId('sheet-body').replaceChildren(...content.filter(Boolean));
  byId('sheet').hidden = false;
  document.activeElement.blur();
  mode();
}

function close() {
  sheet = null;
  byId('sheet').hidden = true;
  mode();
}

function row(...children) { return make('div', { className: 'row' }, ...children); }

function command(letter, label, act) { return make('button', { type: 'button', onclick: act }, key(letter), label); }

async function openQueue() {
  const found = await attempt(async () => [await api('GET', '/api/desk/calls'), await api('GET', '/api/desk/queue')]);
  if (!found) return;
  const [mine, waiting] = found.map(list => list.calls);
  const items = [...mine.map(one => ({ one: one, go: () => look(one.call) })), ...waiting.map(one => ({ one: one, go: () => take(one.call) }))].slice(0, 9);
  const keys = {};
  const buttons = items.map((item, index) => {
    const number = String(index + 1);
    keys[number] = item.go;
    const words = (index < mine.length ? '我手上 ' : '在等 ') + CHANNELS[item.one.channel] + ' ' + clock(item.one.started) + '　' + (item.one.first || '还没说话');
    const button = command(number, words, item.go);
    button.className = 'pick';
    return button;
  });
  open('排队和手上的通话', buttons.length ? buttons : [make('p', {}, '没有人在等。')], keys);
}

async function look(which) {
  close();
  const given = await attempt(() => api('GET', '/api/desk/calls/' + which));
  if (given) { show(given); watch(); }
}

async function take(which) {
  close();
  const given = await attempt(() => api('POST', '/api/desk/calls/' + which + '/take', {}));
  if (given) { show(given); watch(); }
}

function openCase() {
  const field = make('input', { className: 'code', maxLength: 12, ariaLabel: '办事码', autocomplete: 'off' });
  const code = () => field.value.trim();
  open('办事码', [make('p', {}, '来电人在手机或窗口拿到的 6 位号码：'), field, row('写好后按回车')], {
    Enter: () => { if (code()) agree(code()); },
  });
  field.focus();
}

/** The family is opened only after the resident has said yes. */
function agree(code) {
  const yes = async () => {
    close();
    if (!call || call.ended) await begin();
    const given = call && await attempt(() => api('POST', path('/case'), { code: code, agreed: true }));
    if (given) { show(given); document.activeElement.blur(); }
  };
  open('先问来电人', [make('p', { className: 'readable' }, '“您同意我看您之前说过的家庭情况吗？”'), row(command('Y', '同意，打开', yes), command('X', '不同意', close))], { y: yes, x: close });
}

function openDoubt() {
  const line = answered();
  if (!line) { tell('还没有答案。'); return; }
  const wrong = make('textarea', { rows: 3, maxLength: 500, ariaLabel: '哪里不对' });
  const right = make('textarea', { rows: 2, maxLength: 500, ariaLabel: '应该怎么说' });
  const save = async () => {
    const given = await attempt(() => api('POST', path('/doubt'), { line: line.number, remark: wrong.value.trim(), expected: right.value.trim() }));
    if (given) { close(); tell('记下了，班长会看。'); }
  };
  open('这个答案不对', [make('p', { className: 'readable' }, line.heard.read_aloud), make('label', {}, '哪里不对', wrong), make('label', {}, '应该怎么说（可不填）', right),
    row(command('S', '交给班长（先按 Esc 离开格子）', save), command('X', '不交', close))], { s: save, x: close });
  wrong.focus();
}

// ---- the work order

const TITLES = { matter: '诉求事项', place: '户籍地', said: '来电人说', family: '家庭情况', estimate: '初步判断（以民政核定为准）', told: '已告知', promised: '已承诺', unknown: '还缺的情况', remark: '备注' };
const ROWS = { matter: 1, place: 1, said: 4, family: 4, estimate: 5, told: 4, promised: 2, unknown: 3, remark: 2 };

async function openOrder(anew) {
  if (!call) { tell('还没有通话。'); return; }
  const order = await attempt(() => api('POST', path('/order'), anew ? { anew: true } : {}));
  if (order) showOrder(order);
}

function showOrder(order) {
  const closed = order.status === 'closed';
  const fields = Object.keys(TITLES).map(name => {
    const area = make('textarea', { rows: ROWS[name], value: order.text[name], readOnly: closed, className: order.text[name].includes('[待补]') ? 'tofill' : '' });
    area.dataset.field = name;
    return make('label', {}, TITLES[name], area);
  });
  const keys = { x: () => leave(order), e: () => byId('sheet-body').querySelector('textarea').focus(), p: () => printed(order), r: () => openOrder(true) };
  const outcomes = [...byId('outcomes').content.querySelectorAll('option')].map((option, index) => {
    const act = () => finish(order, option.value);
    keys[String(index + 1)] = act;
    return command(String(index + 1), option.textContent, act);
  });
  const buttons = closed ? [make('b', {}, '已办结：' + order.outcome.label)] : ['办结：', ...outcomes, command('E', '改', keys.e), command('R', '重新起草', keys.r)];
  open('工单 ' + order.order, [make('div', { className: 'fields' }, ...fields), row(...buttons, command('P', '打印页', keys.p), command('X', '先放着', keys.x))], keys);
}

function written() {
  const text = {};
  byId('sheet-body').querySelectorAll('textarea').forEach(area => { text[area.dataset.field] = area.value; });
  return text;
}

/** Save what was edited; returns the order as it is now, or null when it was refused. */
async function saved(order) {
  const text = written();
  const same = Object.keys(text).every(name => text[name] === order.text[name]);
  return order.status === 'closed' || same ? order : attempt(() => api('PUT', '/api/desk/orders/' + order.order, { version: order.version, text: text }));
}

async function leave(order) {
  if (await saved(order)) close();
}

async function printed(order) {
  const now = await saved(order);
  if (now) { window.open('/api/desk/orders/' + order.order + '/print'); showOrder(now); }
}

async function finish(order, outcome) {
  const now = await saved(order);
  const done = now && await attempt(() => api('POST', '/api/desk/orders/' + order.order + '/close', { outcome: outcome }));
  if (done) { showOrder(done); look(call.call); tell('工单已办结：' + done.outcome.label); }
  else if (now) showOrder(now);
}

// ---- keys

const HELP = [['Enter', '写来电人的话'], ['1—9', '选问题的答案'], ['0', '来电人不知道'], ['T', '念过了（微信、网页：放进回话里）'], ['↑ ↓', '看各项目的条件和条款'], ['E', '改家庭情况'],
  ['G', '写工单'], ['B', '这个答案不对'], ['C', '办事码'], ['D', '排队、换通话'], ['N', '新来电'], ['H', '交回助手'], ['W', '这通不用工单，结束'], ['Esc', '离开格子'], ['Alt+数字', '在格子里也能选答案']];

function openHelp() {
  open('按键', [make('div', { className: 'keys' }, ...HELP.map(([name, words]) => make('p', {}, key(name), words)))], { x: close });
}

async function endCall() {
  const yes = async () => { close(); show(await attempt(() => api('POST', path('/end'), {}))); };
  open('这通不用工单，结束？', [row(command('Y', '结束', yes), command('X', '不结束', close))], { y: yes, x: close });
}

const COMMANDS = { n: begin, d: openQueue, c: openCase, '?': openHelp, '？': openHelp };
const CALL_COMMANDS = {
  g: () => openOrder(false), b: openDoubt, t: told, e: editFacts, h: handBack, w: endCall,
  ArrowDown: () => step(1), ArrowUp: () => step(-1), 0: dontKnow,
};

function choose(number) {
  const question = call && call.view.question;
  if (!question || call.ended) return;
  const choice = question.choices.find(one => String(one.key) === number);
  if (choice) answer(choice);
  else if (number === '1' && !question.choices.length) writeAnswer();
}

function run(name) {
  if (COMMANDS[name]) return COMMANDS[name]();
  if (name === 'Enter') return write();
  if (!call) return undefined;
  if (/^[1-9]$/.test(name)) return choose(name);
  if (CALL_COMMANDS[name] && (!call.ended || /^(g|Arrow)/.test(name))) return CALL_COMMANDS[name]();
  return undefined;
}

function pressed(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey) return;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const field = inField();
  if (name === 'Escape') {
    if (field) document.activeElement.blur();
    else if (sheet && sheet.keys.x) sheet.keys.x();
    else if (sheet) close();
    return;
  }
  const number = /^Digit([0-9])$/.exec(event.code || '');
  if (event.altKey && number && !sheet) { event.preventDefault(); number[1] === '0' ? call && call.view.question && dontKnow() : choose(number[1]); return; }
  if (event.altKey) return;
  if (document.activeElement === byId('words') && name === 'Enter' && !event.shiftKey) { event.preventDefault(); send(); return; }
  if (sheet) {
    const plain = !field || (name === 'Enter' && document.activeElement.tagName !== 'TEXTAREA');
    if (plain && sheet.keys[name]) { event.preventDefault(); sheet.keys[name](); }
    return;
  }
  if (field) { if (name === 'Enter') document.activeElement.blur(); return; }
  if (document.activeElement.tagName === 'BUTTON' && (name === 'Enter' || name === ' ')) return;
  if (COMMANDS[name] || CALL_COMMANDS[name] || name === 'Enter' || /^[1-9]$/.test(name)) { event.preventDefault(); run(name); }
}

function mode() {
  const field = inField();
  byId('mode').textContent = field ? '打字中　Esc 用按键' : '按键中　回车打字';
  byId('mode').className = field ? 'mode' : 'mode mode--keys';
}

// ---- news

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
  mode();
  watchQueue();
  const mine = await attempt(() => api('GET', '/api/desk/calls'));
  if (mine && mine.calls.length) look(mine.calls[0].call);
  else write();
}

// ---- the window's case page and the board

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
  byId('facts').replaceChildren(...found.view.facts.map(fact => make('tr', {}, make('td', {}, fact.label), make('td', {}, fact.value), make('td', { className: 'fact__words' }, fact.words ? '“' + fact.words + '”' : ''))));
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
