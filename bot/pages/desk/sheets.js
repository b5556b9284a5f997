// The sheets over the desk: the queue, my orders, a case code, a doubted answer, the end of a call.

/** A sheet of things to choose from by number: [{words, go}], nine at a time. */
function openList(title, items, none) {
  const keys = {};
  const pick = (number, words, go) => {
    keys[number] = go;
    const button = command(number, words, go);
    button.className = 'pick';
    return button;
  };
  const buttons = items.slice(0, 9).map((item, index) => pick(String(index + 1), item.words, item.go));
  if (items.length > 9) buttons.push(pick('0', '后面还有 ' + (items.length - 9) + ' 条', () => openList(title, items.slice(9), none)));
  openSheet(title, buttons.length ? buttons : [make('p', {}, none)], keys);
}

async function openQueue() {
  const found = await attempt(async () => [await api('GET', '/api/desk/calls'), await api('GET', '/api/desk/queue')]);
  if (!found) return;
  const [mine, waiting] = found.map(list => list.calls);
  const words = one => CHANNELS[one.channel] + ' ' + clock(one.started) + '　' + (one.said.join(' / ') || '还没说话');
  const minutes = one => Math.max(0, Math.round((Date.now() - Date.parse(one.started)) / 60000));
  openList('排队和手上的通话', [
    ...waiting.map(one => ({ words: '等了 ' + minutes(one) + ' 分 ' + words(one), go: () => take(one.call) })),
    ...mine.map(one => ({ words: '我手上 ' + words(one), go: () => look(one.call) })),
  ], '没有人在等。');
}

async function openOrders() {
  const found = await attempt(() => api('GET', '/api/desk/orders?mine=1'));
  if (!found) return;
  const state = order => order.outcome ? order.outcome.label : order.edition > 1 ? '重开，没办结' : '没办结';
  openList('我的工单', found.orders.map(order => ({ words: order.order + '　' + state(order) + '　' + (order.text.matter || ''), go: () => showOrder(order) })), '还没有工单。');
}

function openCase() {
  const field = make('input', { className: 'code', maxLength: 12, ariaLabel: '办事码', autocomplete: 'off' });
  const code = () => field.value.trim();
  openSheet('办事码', [make('p', {}, '来电人在手机或窗口拿到的 6 位号码：'), field, row('写好后按回车')], {
    Enter: () => { if (code()) agree(code()); },
  });
  field.focus();
}

/** The family is opened only after the resident has said yes. */
function agree(code) {
  const yes = async () => {
    closeSheet();
    if (!call || call.ended) await begin();
    const given = call && await attempt(() => api('POST', path('/case'), { code: code, agreed: true }));
    if (given) { show(given); document.activeElement.blur(); }
  };
  openSheet('先问来电人', [make('p', { className: 'readable' }, '“您同意我看您之前说过的家庭情况吗？”'), row(command('Y', '同意，打开', yes), command('X', '不同意', closeSheet))], { y: yes, x: closeSheet });
}

function openDoubt() {
  const line = answered();
  if (!line) { tell('还没有答案。'); return; }
  const wrong = make('textarea', { rows: 3, maxLength: 500, ariaLabel: '哪里不对' });
  const right = make('textarea', { rows: 2, maxLength: 500, ariaLabel: '应该怎么说' });
  const save = async () => {
    const given = await attempt(() => api('POST', path('/doubt'), { line: line.number, remark: wrong.value.trim(), expected: right.value.trim() }));
    if (given) { closeSheet(); tell('记下了，班长会看。'); }
  };
  openSheet('这个答案不对', [make('p', { className: 'readable' }, line.heard.read_aloud), make('label', {}, '哪里不对', wrong), make('label', {}, '应该怎么说（可不填）', right),
    row(command('S', '交给班长（先按 Esc 离开格子）', save), command('X', '不交', closeSheet))], { s: save, x: closeSheet });
  wrong.focus();
}

async function endCall() {
  const yes = async () => { closeSheet(); show(await attempt(() => api('POST', path('/end'), {}))); };
  openSheet('这通不用工单，结束？', [row(command('Y', '结束', yes), command('X', '不结束', closeSheet))], { y: yes, x: closeSheet });
}
