// Voice, the box for words, the head of the page, and how it begins.

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

function clear() {
  talk.textContent = '';
  words.value = '';
  known = {};
  failed = null;
  keepDraft();
}

async function forget() {
  try {
    await request('/h5/forget', {});
  } catch (error) {
    tell('没有网络，还没删掉。有网了请再点一次。');
    return false;
  }
  clear();
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
  ['pointerdown', 'keydown'].forEach(kind => window.addEventListener(kind, again, { passive: true }));
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
      else if (message.from === 'agent') showAgent(message, false);
      else showBot(message, false);
    });
    talk.lastElementChild.scrollIntoView({ block: 'start' });
  } catch (error) {
    tell('没有网络。前面的话暂时看不到，有网了会回来。');
  }
}

window.addEventListener('offline', () => tell(GONE));
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
if (!navigator.onLine) tell(GONE);
if (navigator.serviceWorker && !kiosk) {
  window.addEventListener('load', () => navigator.serviceWorker.register('/worker.js').catch(() => null));
}
