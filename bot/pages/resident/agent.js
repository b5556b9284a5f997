// A person at the desk, once one was asked for: how it stands, and their words until they hand back.

const LISTEN_EVERY = 3000;
const standing = make('p', 'standing');   // stays under the talk: "在等人工…", "人工在线…"
let lastLine = 0;
let listening = false;

standing.setAttribute('role', 'status');

/** Look for the person's words until the desk has let go; nothing is asked before somebody asked for a person. */
async function listenToAgent() {
  if (listening) return;
  listening = true;
  let state = 'waiting';
  while (state !== 'none') {
    const answer = await request('/api/handoff?after=' + lastLine).catch(() => null);
    if (answer && answer.ok) {
      state = answer.content.state;
      answer.content.lines.forEach(line => showAgent(line, true));
      showStanding(answer.content.words);
    }
    if (state !== 'none') await new Promise(resolve => setTimeout(resolve, LISTEN_EVERY));
  }
  listening = false;
}

function showStanding(text) {
  if (standing.textContent === text) return;
  standing.textContent = text;
  if (!text) { standing.remove(); return; }
  if (!standing.isConnected) talk.after(standing);
  standing.scrollIntoView({ block: 'nearest' });
}

/** One line of a person, marked as such; `fresh` moves there and reads it out when that is wanted. */
function showAgent(line, fresh) {
  if (line.number <= lastLine) return;
  lastLine = line.number;
  settle();
  const article = make('article', 'bot bot--person');
  const paragraph = make('p', 'bot__text');
  paragraph.append(make('b', '', '人工：'), withPhones(line.text));
  article.append(paragraph);
  if (window.speechSynthesis) article.append(button('读给我听', 'quiet', () => readAloud(line.text)));
  talk.append(article);
  if (!fresh) return;
  article.scrollIntoView({ block: 'start' });
  if (window.speechSynthesis && remembered('aloud') === '1') readAloud(line.text);
}
