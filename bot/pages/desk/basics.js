// The desk, the window's case page and the board. No framework; everything shown is inserted as text.
// Two ways of typing: in a field letters are letters; outside, every key is a command. Esc leaves a field.

const byId = id => document.getElementById(id);
const about = name => (document.querySelector('meta[name=' + name + ']') || {}).content;
const csrf = about('csrf');
const CHANNELS = { phone: '电话', h5: '网页', wechat: '微信' };
const MARKS = { true: '✓', false: '✗', null: '？' };
const YES_NO = [{ value: true, label: '是' }, { value: false, label: '不是' }];
const EVERY = 4000;   // ms between two looks at the queue

let call = null;      // the call on the screen, as the API gives it
let picked = null;    // key of the programme whose reasons are shown
let sheet = null;     // the open sheet: {keys, back}
let wishes = 0;       // how often a call was asked for
let watching = 0;     // number of the watcher whose news count

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
  if (answer.status === 401) signInAgain();
  const given = await answer.json();
  if (!answer.ok) throw new Error(given.error.message.replace(/ [A-Z`][^\u4e00-\u9fff]*$/, ''));   // the English half is for programs
  return given;
}

/** The session is over: what stands in the box is there again after signing in. */
function signInAgain() {
  if (byId('words')) sessionStorage.setItem('words', byId('words').value);
  location.href = '/desk/login';
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

/** A sheet over the desk. `keys`: what keys do while it is open; in a field only Enter and Esc are keys. */
function openSheet(title, content, keys) {
  sheet = { keys: keys || {}, back: document.activeElement };
  byId('sheet-title').textContent = title;
  byId('sheet-body').replaceChildren(...content.filter(Boolean));
  byId('sheet').hidden = false;
  document.activeElement.blur();
  mode();
}

function closeSheet() {
  sheet = null;
  byId('sheet').hidden = true;
  mode();
}

function row(...children) { return make('div', { className: 'row' }, ...children); }

function command(letter, label, act) { return make('button', { type: 'button', onclick: act }, key(letter), label); }
