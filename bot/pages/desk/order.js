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
  openSheet('工单 ' + order.order, [make('div', { className: 'fields' }, ...fields), row(...buttons, command('P', '打印页', keys.p), command('X', '先放着', keys.x))], keys);
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
  if (await saved(order)) closeSheet();
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
