// Small helpers and the network.

const PATIENCE = 25000;       // ms before a silent network counts as gone
const KIOSK_QUIET = 120000;   // ms until a shared screen is cleared
const KIOSK_WARNING = 20000;  // ms of warning before that
const GONE = '没有网络。您写的话还在，有网了再点“发送”。';
const MORE = '（回“详细”看全部）';  // how a channel without buttons offers the rest
const FEW = 3;                // cards or chips shown before the rest is folded away

const byId = id => document.getElementById(id);
const talk = byId('talk');
const start = byId('start');
const words = byId('words');
const notice = byId('notice');
const kiosk = document.body.dataset.kiosk === '1';
let failed = null;            // {text, id} of a message that did not get through
let busy = false;

// ---- small helpers

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function button(label, className, act) {
  const element = make('button', className, label);
  element.type = 'button';
  element.addEventListener('click', act);
  return element;
}

function folded(title, className) {
  const details = make('details', className);
  details.append(make('summary', '', title));
  return details;
}

/** Text whose telephone numbers can be tapped. "12345元" is money, not a number to call. */
function withPhones(text) {
  const phone = /(^|[^\d.])(110|119|120|122|123\d\d|0\d{2,3}[- ]?\d{7,8}|1[3-9]\d{9}|400[- ]?\d{3}[- ]?\d{4})(?!\d|[.,]\d|\s*(?:元|块|万|人|户|岁|年|天|月|%))/g;
  const whole = document.createDocumentFragment();
  let end = 0;
  for (let found = phone.exec(text); found; found = phone.exec(text)) {
    whole.append(text.slice(end, found.index + found[1].length), call(found[2]));
    end = found.index + found[0].length;
  }
  whole.append(text.slice(end));
  return whole;
}

function call(number, label) {
  const link = make('a', 'phone', label || number);
  link.href = 'tel:' + number.replace(/[^\d+]/g, '');
  return link;
}

function remembered(key) {
  try { return localStorage.getItem(key); } catch (error) { return null; }  // private windows refuse
}

function remember(key, value) {
  try { localStorage.setItem(key, value); } catch (error) { /* works without */ }
}

// ---- the network

async function request(address, content) {
  const stopper = new AbortController();
  const timer = setTimeout(() => stopper.abort(), PATIENCE);
  try {
    const options = { credentials: 'same-origin', signal: stopper.signal };
    if (content) {
      options.method = 'POST';
      options.headers = { 'Content-Type': 'application/json' };
      options.body = JSON.stringify(content);
    }
    const answer = await fetch(address, options);
    return { ok: answer.ok, content: await answer.json() };
  } finally {
    clearTimeout(timer);
  }
}

function tell(text) {
  notice.textContent = text;
}

function newId() {
  return Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
}
