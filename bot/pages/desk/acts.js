// What the agent does with a call.

/** Bring a call to the screen. Of several wishes the last one counts, whichever answer comes first. */
async function goTo(work) {
  const me = ++wishes;
  if (sheet) closeSheet();
  const given = await attempt(work);
  if (!given || me !== wishes) return false;
  show(given);
  watch();
  return true;
}

async function begin() {
  if (await goTo(() => api('POST', '/api/desk/calls', {}))) write();
}

const look = which => goTo(() => api('GET', '/api/desk/calls/' + which));
const take = which => goTo(() => api('POST', '/api/desk/calls/' + which + '/take', {}));

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
  if (call.view.question) setFact({ path: call.view.question.path, unknown: true });
}

function writeAnswer() {
  const question = call.view.question;
  const field = make('input', { ariaLabel: question.ask, maxLength: 80, placeholder: '例如 3，或 1 万到 2 万' });
  openSheet('填：' + question.ask, [make('p', { className: 'readable' }, question.ask), field, row('回车记下，Esc 不填')], {
    Enter: async () => { const text = field.value.trim(); closeSheet(); if (text) await setFact({ path: question.path, text: text }); },
  });
  field.focus();
}

async function told() {
  const line = answered();
  if (call.channel !== 'phone') {
    const reply = [line && line.heard.read_aloud, call.view.question && call.view.question.ask].filter(Boolean);
    byId('words').value = reply.join('\n');
    write();
    return;
  }
  if (!line) return;
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
