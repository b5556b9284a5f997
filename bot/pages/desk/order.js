// The work order.

const TITLES = { matter: '诉求事项', place: '户籍地', said: '来电人说', family: '家庭情况', estimate: '初步判断（以民政核定为准）', told: '已告知', promised: '已承诺', unknown: '还缺的情况', remark: '备注' };
const ROWS = { matter: 2, place: 2, said: 4, family: 4, estimate: 5, told: 4, promised: 2, unknown: 3, remark: 2 };

async function openOrder(anew) {
  if (!call) { tell('还没有通话。'); return; }
  const order = await attempt(() => api('POST', path('/order'), anew ? { anew: true } : {}));
  if (order) showOrder(order);
}

function showOrder(order) {
  const closed = order.status === 'closed';
  const mine = order.agent === about('login');
  const onScreen = call && call.call === order.call;
  const fields = Object.keys(TITLES).map(name => {
    const area = make('textarea', { rows: ROWS[name], value: order.text[name] || '', readOnly: closed || !mine });
    if (area.value.includes('[待补]')) area.className = 'tofill';
    area.dataset.field = name;
    return make('label', {}, TITLES[name], area);
  });
  const keys = { x: () => leave(order), p: () => printed(order) };
  const offer = (letter, label, act) => { keys[letter] = act; return command(letter.toUpperCase(), label, act); };
  const outcomes = () => [...byId('outcomes').content.querySelectorAll('option')].map((option, index) => offer(String(index + 1), option.textContent, () => finish(order, option.value)));
  const buttons = closed ? [make('b', {}, '已办结：' + order.outcome.label), offer('o', '重开', () => reopen(order))]
    : mine ? ['办结：', ...outcomes(), offer('e', '改', () => byId('sheet-body').querySelector('textarea').focus()), onScreen ? offer('r', '重新起草', () => openOrder(true)) : '']
      : [make('b', {}, '还没办结，在 ' + order.agent + ' 手上')];
  const again = order.reopened ? make('p', { className: 'warning' }, '第 ' + order.edition + ' 次办，重开的原因：' + order.reopened) : null;
  openSheet('工单 ' + order.order, [again, make('div', { className: 'fields' }, ...fields), row(...buttons, command('P', '打印页', keys.p), offer('j', '存成 JSON', () => download(order)), command('X', closed ? '关上' : '先放着', keys.x))], keys);
}

/** A closed order is opened again only with a reason, which the supervisor can read. */
function reopen(order) {
  const why = make('textarea', { rows: 2, maxLength: 200, ariaLabel: '为什么重开' });
  const save = async () => {
    const given = await attempt(() => api('POST', '/api/desk/orders/' + order.order + '/reopen', { reason: why.value.trim() }));
    if (given) showOrder(given);
  };
  const back = () => showOrder(order);
  openSheet('重开工单 ' + order.order, [make('label', {}, '为什么重开（班长看得到；别写名字）', why), row(command('S', '重开（先按 Esc 离开格子）', save), command('X', '不重开', back))], { s: save, x: back });
  why.focus();
}

/** The order that the address names (`/desk#20260115-1A2B3C4D`). */
async function openNamed(number) {
  const order = await attempt(() => api('GET', '/api/desk/orders/' + encodeURIComponent(number)));
  if (order) showOrder(order);
}

function written() {
  const text = {};
  byId('sheet-body').querySelectorAll('textarea').forEach(area => { text[area.dataset.field] = area.value; });
  return text;
}

/** Save what was edited; returns the order as it is now, or null when it was refused. */
async function saved(order) {
  const text = written();
  const same = Object.keys(text).every(name => text[name] === (order.text[name] || ''));
  return same ? order : attempt(() => api('PUT', '/api/desk/orders/' + order.order, { version: order.version, text: text }));
}

async function leave(order) {
  if (await saved(order)) closeSheet();
}

async function printed(order) {
  const now = await saved(order);
  if (now) { window.open('/api/desk/orders/' + order.order + '/print'); showOrder(now); }
}

/** The order as other systems get it, as a file. */
async function download(order) {
  const now = await saved(order);
  if (!now) return;
  make('a', { href: '/api/desk/orders/' + order.order, download: 'gongdan-' + order.order + '.json' }).click();
  showOrder(now);
}

async function finish(order, outcome) {
  const now = await saved(order);
  const done = now && await attempt(() => api('POST', '/api/desk/orders/' + order.order + '/close', { outcome: outcome }));
  if (done) {
    showOrder(done);
    if (call && call.call === order.call) look(call.call);
    tell('工单已办结：' + done.outcome.label);
  }
  else if (now) showOrder(now);
}
