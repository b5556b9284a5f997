// One message there, one message back: text, question, chips.

/** Send one message and show the answer. When it does not get through, the words go back into the box. */
async function say(text) {
  if (busy || !text.trim()) return;
  busy = true;
  const id = failed && failed.text === text ? failed.id : newId();
  const bubble = showMine(text);
  const waiting = showWaiting();
  const answer = await request('/h5/say', { text: text, id: id }).catch(() => null);
  busy = false;
  waiting.remove();
  failed = answer && answer.ok ? null : { text: text, id: id };
  if (failed) {
    bubble.remove();
    start.hidden = talk.childElementCount > 0;
    if (!words.value) words.value = text;
    tell(answer ? answer.content.error.message : GONE);
  } else {
    tell('');
    if (answer.content.some(message => (message.custom || {}).forget)) clear();
    answer.content.forEach((message, index) => showBot(message, index === 0));
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
  if (custom.handoff || custom.kind === 'human') listenToAgent();
  if (custom.kind === 'human') { showStanding(message.text); return; }
  const question = custom.next_question;
  const article = make('article', custom.kind === 'emergency' ? 'bot bot--urgent' : 'bot');
  article.tabIndex = -1;
  const ended = Boolean(custom.results && custom.results.length && !question && custom.kind === 'screening');
  settle();
  (custom.changes || []).forEach(change => article.append(changed(change)));
  const text = ended ? verdictCount(custom.results) : ownWords(message.text || '', custom);
  if (custom.route && custom.route.phone && custom.kind === 'emergency') article.append(callButton(custom.route.phone));
  if (text) {
    const paragraph = make('p', 'bot__text');
    paragraph.append(withPhones(text));
    article.append(paragraph);
  }
  if (custom.kind !== 'screening') {
    if (custom.route && custom.kind !== 'emergency') article.append(route(custom.route));
    (custom.citations || []).forEach(source => article.append(citation(source)));
  }
  if (question) article.append(ask(question, custom.progress));
  const choices = choicesOf(message, question);
  if (ended) article.append(results(custom));
  if (choices.length) article.append(SEVERAL.includes((question || {}).kind) ? severalList(choices, question) : choiceList(choices));
  if (question) article.append(button('先到这里，看结果', 'quiet live', () => say('先到这里')));
  if (custom.understood && custom.understood.length) article.append(heard(custom.understood));
  const spoken = message.text || text;
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

/** The text without the lines that are shown in their own way: the question, what was corrected. */
function ownWords(text, custom) {
  const question = custom.next_question;
  const has = list => Boolean(list && list.length);
  return text.replace(MORE, '').split('\n').filter(line => !(question && line.endsWith(question.ask))
    && !(has(custom.changes) && line.startsWith('改好了'))).join('\n').trim();
}

function verdictCount(all) {
  const count = verdict => all.filter(result => result.verdict === verdict).length;
  const good = count('eligible');
  const told = good ? `有 ${good} 项看起来符合。` : '现在还没有能说看起来符合的。';
  const open = new Set(all.filter(result => result.verdict === 'undetermined').map(result => result.programme)).size;
  return told + (open ? `还有 ${open} 种要再问清楚。` : '') + '点开每一项，看条件、要带的东西、去哪办。';
}

function changed(change) {
  return make('p', 'changed', `改好了：${change.label}，${change.from || '没说过'} → ${change.to}`);
}

function route(place) {
  const box = make('div', 'office');
  if (place.where) box.append(make('p', 'office__name', place.where));
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
  const today = new Date().toISOString().slice(0, 10);
  if (source.number) details.append(make('p', 'quoted__title', source.number));
  if (source.valid_until && source.valid_until < today) {
    details.append(make('p', 'quoted__ended', `这份文件执行到 ${source.valid_until}，已经到期。现在还算不算数，请先问窗口。`));
  }
  if (source.kind === 'summary') details.append(make('p', 'quoted__title', '要点（不是原文）：'));
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
  words.inputMode = question.kind === 'number' ? 'numeric' : 'text';
  return box;
}

function progressLine(progress) {
  const line = make('p', 'progress live');
  const number = progress.asked || 1;
  const more = Math.max(progress.remaining - 1, 0);  // the one being asked is among the remaining
  const left = more ? `大约还有 ${more} 题` : '快好了';
  line.append(make('span', '', `第 ${number} 题，${left}`));
  const bar = make('progress');
  bar.max = number + more;
  bar.value = number;
  bar.setAttribute('aria-hidden', 'true');
  line.append(bar);
  return line;
}

/** [{title, payload}]: the message's own buttons, or the question's choices; a question can always be left open. */
function choicesOf(message, question) {
  const offered = (message.buttons || []).filter(choice => !choice.title.includes('办事码'));  // the slip has it
  if ((message.text || '').includes(MORE)) offered.unshift({ title: '看全部', payload: '详细' });
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

const SEVERAL = ['people', 'statuses'];  // questions with more than one right answer
const NONE = 'none';

/** The choices to tick, one or more, with one button to say them all; 都没有 and 不知道 are said at once. */
function severalList(choices, question) {
  const list = make('div', 'choices live');
  const named = new Set(question.choices.filter(choice => choice.value !== NONE).map(choice => choice.label));
  const ticked = new Set();
  const done = button('', 'weui-btn weui-btn_primary', () => say([...ticked].join('、')));
  choices.forEach(choice => {
    const tick = button(choice.title, 'weui-btn weui-btn_default', () => {
      if (!named.has(choice.title)) { say(choice.payload || choice.title); return; }
      if (!ticked.delete(choice.title)) ticked.add(choice.title);
      tick.setAttribute('aria-pressed', String(ticked.has(choice.title)));
      done.textContent = `选好了：${[...ticked].join('、')}`;
      if (ticked.size) [...list.querySelectorAll('[aria-pressed]')].pop().after(done);
      else done.remove();
    });
    if (named.has(choice.title)) tick.setAttribute('aria-pressed', 'false');
    list.append(tick);
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
  if (inFront.length) box.append(make('p', 'heard__title', '我记下的，记错了点一下改：'));
  inFront.forEach(fact => box.append(chip(fact, box)));
  if (behind.length) {
    const rest = folded(`前面记下的 ${behind.length} 条`, 'source');
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
  (fact.choices || []).forEach(choice => {
    form.append(button(choice, 'weui-btn weui-btn_default', () => correct(choice)));
  });
  const input = make('input', 'correction__value');
  input.value = fact.value.split(' ')[0];  // "3 口人": the number is what one changes
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
