'use strict';
// The resident's page. ES2017, no framework; everything shown is inserted as text.

const PATIENCE = 25000;       // ms before a silent network counts as gone
const KIOSK_QUIET = 120000;   // ms until a shared screen is cleared
const KIOSK_WARNING = 20000;  // ms of warning before that
const FEW = 3;                // cards or chips shown before the rest is folded away

const byId = id => document.getElementById(id);
const talk = byId('talk');
const start = byId('start');
const words = byId('words');
const notice = byId('notice');
const kiosk = document.body.dataset.kiosk === '1';
const asked = {};             // path -> choices, so that a chip can offer them again
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

/** Send one message and show the answer. When the network is gone, the words go back into the box. */
async function say(text) {
  if (busy || !text.trim()) return;
  busy = true;
  const id = failed && failed.text === text ? failed.id : newId();
  const bubble = showMine(text);
  const waiting = showWaiting();
  let reason = '';
  try {
    const answer = await request('/h5/say', { text: text, id: id });
    if (answer.ok) answer.content.forEach((message, index) => showBot(message, index === 0));
    else reason = answer.content.error.message;
    tell('');
  } catch (error) {
    reason = '没有网络。您写的话还在，有网了再点“发送”。';
  }
  busy = false;
  waiting.remove();
  failed = reason ? { text: text, id: id } : null;
  if (reason) {
    bubble.remove();
    start.hidden = talk.childElementCount > 0;
    if (!words.value) words.value = text;
    tell(reason);
  }
  keepDraft();
}

function showMine(text) {
  start.hidden = true;
  byId('menu').hidden = true;
  const bubble = make('p', 'mine', text);
  talk.append(bubble);
  bubble.scrollIntoView({ block: 'start' });
  return bubble;
}

function showWaiting() {
  const waiting = make('p', 'waiting', '正在看……');
  talk.append(waiting);
  return waiting;
}

// ---- one message of the bot

/** `message` is {text, buttons, custom}; `fresh` moves there and reads it out when that is wanted. */
function showBot(message, fresh) {
  const custom = message.custom || {};
  const question = custom.next_question;
  const article = make('article', custom.kind === 'emergency' ? 'bot bot--urgent' : 'bot');
  article.tabIndex = -1;
  settle();
  (custom.changes || []).forEach(change => article.append(changed(change)));
  const text = withoutQuestion(message.text || '', question);
  if (text) {
    const paragraph = make('p', 'bot__text');
    paragraph.append(withPhones(text));
    article.append(paragraph);
  }
  if (custom.route) article.append(route(custom.route));
  (custom.citations || []).forEach(source => article.append(citation(source)));
  if (custom.understood && custom.understood.length) article.append(heard(custom.understood));
  if (question) article.append(ask(question, custom.progress));
  const choices = choicesOf(message, question);
  if (choices.length) article.append(choiceList(choices));
  if (custom.results && custom.results.length && !question) article.append(results(custom));
  const spoken = [text, question ? question.ask : ''].join('\n');
  if (window.speechSynthesis) article.append(button('读给我听', 'quiet', () => readAloud(spoken)));
  talk.append(article);
  if (!fresh) return;
  article.scrollIntoView({ block: 'start' });
  if (document.activeElement !== words) article.focus({ preventScroll: true });
  if (window.speechSynthesis && remembered('aloud') === '1') readAloud(spoken);
}

/** Only the newest message can be answered: older buttons and chips go, their words stay. */
function settle() {
  talk.querySelectorAll('.live').forEach(element => element.remove());
}

function withoutQuestion(text, question) {
  return question ? text.split(question.ask).join('').trim() : text.trim();
}

function changed(change) {
  return make('p', 'changed', `改好了：${change.label}，${change.from || '没说过'} → ${change.to}`);
}

function route(place) {
  const box = make('div', 'office');
  const name = place.name || place.office || place.where;
  if (name) box.append(make('p', 'office__name', name));
  ['where', 'address', 'hours', 'note'].forEach(key => {
    if (place[key] && place[key] !== name) box.append(make('p', '', place[key]));
  });
  if (place.phone) box.append(callButton(place.phone));
  return box;
}

function callButton(number) {
  const link = call(String(number), '打电话 ' + number);
  link.className = 'weui-btn weui-btn_primary';
  return link;
}

function citation(source) {
  const details = folded('依据：' + (source.title || source.document), 'source');
  if (source.quote) details.append(make('blockquote', '', source.quote));
  details.append(clauseLink(source.document, source.clause));
  return details;
}

function clauseLink(documentId, clause) {
  const link = make('a', 'quiet', `看文件里的“${clause}”这一条`);
  link.href = `/d/${encodeURIComponent(documentId)}#${encodeURIComponent(clause)}`;
  return link;
}

// ---- the screening's question

function ask(question, progress) {
  const box = make('div', 'ask');
  if (progress) box.append(progressLine(progress));
  box.append(make('p', 'ask__words', question.ask));
  if (question.why) {
    const why = folded('为什么问这个', 'source live');
    why.append(make('p', '', question.why));
    if (question.cite) why.append(clauseLink(question.cite.document, question.cite.clause));
    box.append(why);
  }
  if (question.choices) asked[question.path] = question.choices;
  words.inputMode = question.kind === 'number' ? 'numeric' : 'text';
  return box;
}

function progressLine(progress) {
  const line = make('p', 'progress live');
  const number = progress.asked || 1;
  const left = progress.remaining ? `大约还有 ${progress.remaining} 题` : '最后一题';
  line.append(make('span', '', `第 ${number} 题，${left}`));
  const bar = make('progress');
  bar.max = number + progress.remaining;
  bar.value = number;
  bar.setAttribute('aria-hidden', 'true');
  line.append(bar);
  return line;
}

/** [{title, payload}]: the message's own buttons, or the question's choices; a question can always be left open. */
function choicesOf(message, question) {
  const offered = (message.buttons || []).slice();
  if (!question) return offered;
  if (!offered.length) (question.choices || []).forEach(choice => offered.push({ title: choice.label, payload: choice.label }));
  if (!offered.some(choice => choice.title === '不知道')) offered.push({ title: '不知道', payload: '不知道' });
  return offered;
}

function choiceList(choices) {
  const list = make('div', 'choices live');
  choices.forEach(choice => {
    list.append(button(choice.title, 'weui-btn weui-btn_default', () => say(choice.payload || choice.title)));
  });
  return list;
}

// ---- what was understood, as chips

let known = {};  // path -> value at the last message, so that what is new stands in front

function heard(facts) {
  const box = make('section', 'heard live');
  const isNew = fact => known[fact.path] !== fact.value;
  const inFront = facts.length <= FEW ? facts : facts.filter(isNew);
  const behind = facts.filter(fact => !inFront.includes(fact));
  if (inFront.length) box.append(make('p', 'heard__title', '我记下的（点一下可以改）：'));
  inFront.forEach(fact => box.append(chip(fact, box)));
  if (behind.length) {
    const rest = folded(`前面记下的 ${behind.length} 条（点开可以改）`, 'source');
    behind.forEach(fact => rest.append(chip(fact, box)));
    box.append(rest);
  }
  known = {};
  facts.forEach(fact => { known[fact.path] = fact.value; });
  return box;
}

function chip(fact, box) {
  const element = button('', 'chip', () => openCorrection(fact, box));
  element.append(make('span', '', fact.label + '：'), make('b', '', fact.value));
  if (fact.words) element.title = '您说的是：' + fact.words;
  return element;
}

function openCorrection(fact, box) {
  const old = box.querySelector('form');
  if (old) old.remove();
  const form = make('form', 'correction');
  const correct = value => say(`更正:${fact.label}是${value}`);
  const label = make('label', '', fact.label + '，应该是：');
  (asked[fact.path] || []).forEach(choice => {
    form.append(button(choice.label, 'weui-btn weui-btn_default', () => correct(choice.label)));
  });
  const input = make('input', 'correction__value');
  input.value = fact.value;
  input.maxLength = 60;
  label.append(input);
  const send = make('button', 'weui-btn weui-btn_primary', '改好了');
  form.prepend(label);
  form.append(send, button('不改了', 'weui-btn weui-btn_default', () => form.remove()));
  form.addEventListener('submit', event => {
    event.preventDefault();
    if (input.value.trim()) correct(input.value.trim());
  });
  box.append(form);
  input.focus();
  input.select();
}

// ---- results

const VERDICTS = { eligible: '看起来符合', undetermined: '还差信息', ineligible: '不符合' };
const RELATIONS = {
  self: '本人', spouse: '老伴/爱人', father: '爸爸', mother: '妈妈', son: '儿子', daughter: '女儿', grandfather: '爷爷/姥爷',
  grandmother: '奶奶/姥姥', grandchild: '孙辈', sibling: '兄弟姐妹', other: '家人',
};

function results(custom) {
  const box = make('section', 'results');
  const people = {};
  ((custom.household || {}).members || []).forEach(member => { people[member.id] = RELATIONS[member.relation] || ''; });
  const cards = verdict => custom.results.filter(result => result.verdict === verdict)
    .map(result => card(result, people[result.member]));
  cards('eligible').forEach(element => box.append(element));
  addFolded(box, cards('undetermined'), FEW, count => `还差信息的，另有 ${count} 项`);
  addFolded(box, cards('ineligible'), 0, count => `不符合的 ${count} 项`);
  box.append(make('p', 'results__note', '这是按您说的情况估计的。能不能办，由窗口核实后定。'), takeAway(custom));
  return box;
}

function addFolded(box, cards, few, title) {
  cards.slice(0, few).forEach(element => box.append(element));
  if (cards.length <= few) return;
  const rest = folded(title(cards.length - few), 'rest');
  cards.slice(few).forEach(element => rest.append(element));
  box.append(rest);
}

function card(result, person) {
  const details = make('details', 'card card--' + result.verdict);
  const head = make('summary');
  head.append(make('span', 'card__verdict', verdictWords(result)));
  head.append(make('b', 'card__name', person ? `${result.name}（${person}）` : result.name));
  if (result.amount_words) head.append(make('span', 'card__amount', result.amount_words));
  const reason = result.summary || (result.because || []).map(part => part.text)[0];
  if (reason) head.append(make('span', 'card__reason', reason));
  details.append(head, conditions(result.because || []));
  (result.cautions || []).forEach(caution => details.append(make('p', 'card__caution', caution)));
  if (result.verdict !== 'ineligible' && result.apply) details.append(office(result.apply));
  return details;
}

function verdictWords(result) {
  const missing = (result.missing || []).length;
  if (result.verdict !== 'undetermined') return VERDICTS[result.verdict];
  return missing === 1 ? '还差一个信息' : missing ? `还差 ${missing} 个信息` : VERDICTS.undetermined;
}

function conditions(parts) {
  const list = make('ul', 'conditions');
  parts.forEach(part => {
    const mark = part.holds === true ? '符合' : part.holds === false ? '不符合' : '还不清楚';
    const item = make('li', `condition condition--${part.holds}`);
    item.append(make('b', '', mark), make('span', '', part.text));
    if (part.cite && part.cite.document) item.append(clauseButton(part.cite));
    list.append(item);
  });
  return list;
}

function clauseButton(cite) {
  const opener = button('看规定怎么写', 'quiet', async () => {
    opener.disabled = true;
    try {
      const address = `/h5/clause?document=${encodeURIComponent(cite.document)}&clause=${encodeURIComponent(cite.clause)}`;
      const answer = await request(address);
      if (!answer.ok) throw new Error(answer.content.error.message);
      opener.replaceWith(clauseText(answer.content, cite));
    } catch (error) {
      opener.disabled = false;
      tell('没有网络，规定暂时打不开。');
    }
  });
  return opener;
}

function clauseText(found, cite) {
  const box = make('div', 'quoted');
  box.append(make('p', 'quoted__title', `《${found.title}》${found.number}，${found.issued}`));
  if (found.ended) box.append(make('p', 'quoted__ended', `这份文件${found.term}。`));
  const quote = make('blockquote');
  found.lines.forEach(line => quote.append(make('p', '', line)));
  box.append(quote, clauseLink(cite.document, cite.clause));
  return box;
}

function office(apply) {
  const box = make('div', 'office');
  if ((apply.materials || []).length) {
    const list = make('ul', 'papers');
    apply.materials.forEach(paper => list.append(paperLine(paper)));
    box.append(make('p', 'office__name', '要带的东西'), list);
  }
  if (apply.where) box.append(make('p', 'office__name', '去哪里办'), make('p', '', apply.where));
  if (apply.hours) box.append(make('p', '', '上班时间：' + apply.hours));
  if (apply.phone) box.append(callButton(apply.phone));
  return box;
}

function paperLine(paper) {
  const line = make('li');
  const label = make('label', 'paper');
  const box = make('input');
  box.type = 'checkbox';
  label.append(box, make('span', '', paper));
  line.append(label);
  return line;
}

// ---- taking it away

function takeAway(custom) {
  const box = make('div', 'takeaway');
  const shown = make('div', 'slip');
  const show = code => slip(shown, code);
  box.append(
    button('办事清单', 'weui-btn weui-btn_primary', () => (custom.case_offer ? offerCode(shown, show) : show(false))),
    button('保存成图片', 'weui-btn weui-btn_default', () => show(false)),
    button('打印', 'weui-btn weui-btn_default', () => window.print()),
    shown,
  );
  return box;
}

function offerCode(shown, show) {
  shown.textContent = '';
  shown.append(
    make('p', '', '要不要一个办事号码？有了号码，窗口的人能看到您刚才说的家庭情况，不用再说一遍。不要也能办。'),
    button('要号码', 'weui-btn weui-btn_default', () => show(true)),
    button('不要号码', 'weui-btn weui-btn_default', () => show(false)),
  );
}

function slip(shown, code) {
  const query = code ? 'code=1' : 'code=0';
  const picture = make('img', 'slip__picture');
  picture.alt = '办事清单：可以办的项目、去哪里、带什么';
  picture.src = '/h5/slip?as=png&' + query;
  picture.addEventListener('error', () => tell('清单没有打开，请看看网络，再点一次。'));
  const file = make('a', 'weui-btn weui-btn_default', '打开清单文件（打印用）');
  file.href = '/h5/slip?' + query;
  shown.textContent = '';
  shown.append(make('p', '', '用手指按住图片，可以保存，也可以发给家里人。清单上没有您家的个人信息。'), picture, file);
}

window.addEventListener('beforeprint', () => {
  document.querySelectorAll('.card--eligible, .card--undetermined').forEach(element => { element.open = true; });
});

// ---- voice

function readAloud(text) {
  speechSynthesis.cancel();
  const speech = new SpeechSynthesisUtterance(text);
  speech.lang = 'zh-CN';
  speech.rate = 0.9;
  speechSynthesis.speak(speech);
}

function offerSpeech() {
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  if (!Recognition) return;
  const mic = byId('mic');
  const listener = new Recognition();
  let listening = false;
  listener.lang = 'zh-CN';
  listener.interimResults = true;
  const show = on => {
    listening = on;
    mic.setAttribute('aria-pressed', String(on));
    mic.textContent = on ? '在听…' : '说话';
  };
  listener.onresult = event => {
    words.value = Array.from(event.results).map(result => result[0].transcript).join('');
    fit();
  };
  listener.onerror = () => tell('没有听清。也可以用键盘上的话筒说。');
  listener.onend = () => { show(false); keepDraft(); };
  mic.hidden = false;
  mic.addEventListener('click', () => {
    if (listening) { listener.stop(); return; }
    show(true);
    listener.start();
  });
}

// ---- the box for words

function fit() {
  words.style.height = 'auto';
  words.style.height = Math.min(words.scrollHeight, window.innerHeight / 4) + 'px';
}

function keepDraft() {
  fit();
  try { sessionStorage.setItem('draft', words.value); } catch (error) { /* works without */ }
}

function sendWords() {
  const text = words.value.trim();
  if (!text || busy) return;
  words.value = '';
  say(text);
}

byId('composer').addEventListener('submit', event => {
  event.preventDefault();
  sendWords();
});
words.addEventListener('input', keepDraft);
words.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendWords();
});

// ---- the head of the page

function press(element, on) {
  element.setAttribute('aria-pressed', String(on));
}

byId('care').addEventListener('click', () => {
  const on = document.body.dataset.weuiMode !== 'care';
  document.body.dataset.weuiMode = on ? 'care' : '';
  document.documentElement.className = on ? 'care' : '';
  press(byId('care'), on);
  document.cookie = `care=${on ? 1 : 0}; path=/; max-age=31536000; samesite=lax`;
  fit();
});

byId('more').addEventListener('click', () => {
  const menu = byId('menu');
  menu.hidden = !menu.hidden;
  byId('more').setAttribute('aria-expanded', String(!menu.hidden));
});

byId('home').addEventListener('click', () => {
  byId('menu').hidden = true;
  talk.after(start);
  start.hidden = false;
  start.scrollIntoView({ block: 'start' });
});

byId('aloud').addEventListener('click', () => {
  const on = remembered('aloud') !== '1';
  remember('aloud', on ? '1' : '0');
  press(byId('aloud'), on);
  if (!on) speechSynthesis.cancel();
});

async function forget() {
  try {
    await request('/h5/forget', {});
  } catch (error) {
    tell('没有网络，还没删掉。有网了请再点一次。');
    return false;
  }
  talk.textContent = '';
  words.value = '';
  known = {};
  failed = null;
  keepDraft();
  byId('menu').hidden = true;
  talk.before(start);
  start.hidden = false;
  tell('已经删除。刚才说的都没有了。');
  return true;
}

byId('forget').addEventListener('click', forget);

start.addEventListener('click', event => {
  const pressed = event.target.closest('button');
  if (!pressed) return;
  if (pressed.dataset.say) say(pressed.dataset.say);
  if (pressed.dataset.open) {
    const list = byId(pressed.dataset.open);
    list.hidden = !list.hidden;
    pressed.setAttribute('aria-expanded', String(!list.hidden));
    if (!list.hidden) list.scrollIntoView({ block: 'nearest' });
  }
});

// ---- a shared screen in a hall clears itself

function watchKiosk() {
  let warn = 0;
  let clear = 0;
  const again = () => {
    clearTimeout(warn);
    clearTimeout(clear);
    if (notice.dataset.warning) { delete notice.dataset.warning; tell(''); }
    warn = setTimeout(() => {
      notice.dataset.warning = '1';
      tell('还在用吗？20 秒后清空。点一下屏幕就不清空。');
    }, KIOSK_QUIET - KIOSK_WARNING);
    clear = setTimeout(async () => {
      await forget();
      location.reload();
    }, KIOSK_QUIET);
  };
  ['pointerdown', 'keydown', 'scroll'].forEach(kind => window.addEventListener(kind, again, { passive: true }));
  again();
}

// ---- beginning

async function restore() {
  try {
    const state = await request('/h5/state');
    if (!state.ok || !state.content.messages.length) return;
    start.hidden = true;
    state.content.messages.forEach(message => {
      if (message.from === 'me') talk.append(make('p', 'mine', message.text));
      else showBot(message, false);
    });
    talk.lastElementChild.scrollIntoView({ block: 'start' });
  } catch (error) {
    tell('没有网络。前面的话暂时看不到，有网了会回来。');
  }
}

window.addEventListener('offline', () => tell('没有网络。您写的话还在，有网了再点“发送”。'));
window.addEventListener('online', () => tell(failed ? '有网了。请点“发送”再发一次。' : ''));

try { words.value = sessionStorage.getItem('draft') || ''; } catch (error) { /* works without */ }
fit();
offerSpeech();
if (window.speechSynthesis) {
  byId('aloud').hidden = false;
  press(byId('aloud'), remembered('aloud') === '1');
}
if (document.body.dataset.returning === '1') restore();
if (kiosk) watchKiosk();
if (!navigator.onLine) tell('没有网络。您写的话还在，有网了再点“发送”。');
if (navigator.serviceWorker && !kiosk) {
  window.addEventListener('load', () => navigator.serviceWorker.register('/worker.js').catch(() => null));
}
