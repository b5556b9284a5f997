// Keys and what they do.

const HELP = [['Enter', '写来电人的话'], ['1—9', '选问题的答案'], ['0', '来电人不知道'], ['T', '念过了（微信、网页：放进回话里）'], ['↑ ↓', '看各项目的条件和条款'], ['PgUp PgDn', '翻看长的话和条款'], ['E', '改家庭情况'],
  ['G', '写工单'], ['B', '这个答案不对'], ['C', '办事码'], ['D', '排队、换通话'], ['L', '我的工单'], ['N', '新来电'], ['H', '交回助手'], ['W', '这通不用工单，结束'], ['Esc', '离开格子'], ['Alt+数字', '在格子里也能选答案']];

function openHelp() {
  openSheet('按键', [make('div', { className: 'keys' }, ...HELP.map(([name, words]) => make('p', {}, key(name), words)))], { x: closeSheet });
}

const COMMANDS = { n: begin, d: openQueue, l: openOrders, c: openCase, '?': openHelp, '？': openHelp };
const CALL_COMMANDS = {
  g: () => openOrder(false), b: openDoubt, t: told, e: editFacts, h: handBack, w: endCall,
  ArrowDown: () => step(1), ArrowUp: () => step(-1), PageDown: () => turnPage(1), PageUp: () => turnPage(-1), 0: dontKnow,
};

/** Scroll what does not fit in the middle: the sentence, what comes after it, the clauses. */
function turnPage(by) {
  const boxes = ['aloud', 'later', 'why'].map(byId);
  const more = box => by > 0 ? box.scrollTop + box.clientHeight < box.scrollHeight - 1 : box.scrollTop > 0;
  const box = (by > 0 ? boxes : boxes.reverse()).find(more);
  if (box) box.scrollTop += by * box.clientHeight * 0.8;
}

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
  if (CALL_COMMANDS[name] && (!call.ended || /^(g|Arrow|Page)/.test(name))) return CALL_COMMANDS[name]();
  return undefined;
}

function pressed(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey) return;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const field = inField();
  if (name === 'Escape') {
    if (field) document.activeElement.blur();
    else if (sheet && sheet.keys.x) sheet.keys.x();
    else if (sheet) closeSheet();
    return;
  }
  const number = /^Digit([0-9])$/.exec(event.code || '');
  if (event.altKey && number && !sheet) { event.preventDefault(); run(number[1]); return; }
  if (event.altKey) return;
  if (document.activeElement === byId('words') && name === 'Enter' && !event.shiftKey) { event.preventDefault(); send(); return; }
  if (sheet) {
    const plain = !field || (name === 'Enter' && document.activeElement.tagName !== 'TEXTAREA');
    if (plain && sheet.keys[name]) { event.preventDefault(); sheet.keys[name](); }
    return;
  }
  if (field) { if (name === 'Enter') document.activeElement.blur(); return; }
  if (/^Page/.test(name) && document.activeElement !== document.body) return;   // a part that was reached by Tab scrolls by itself
  if (document.activeElement.tagName === 'BUTTON' && (name === 'Enter' || name === ' ')) return;
  if (COMMANDS[name] || CALL_COMMANDS[name] || name === 'Enter' || /^[1-9]$/.test(name)) { event.preventDefault(); run(name); }
}

function mode() {
  const field = inField();
  byId('mode').textContent = field ? '打字中　Esc 用按键' : '按键中　回车打字';
  byId('mode').className = field ? 'mode' : 'mode mode--keys';
}
