// An agent at the desk, once a person was asked for: their lines come in here until they hand back.

const LISTEN_EVERY = 4000;
let lastLine = 0;
let listening = false;

/** Look for the agent's lines until the desk has let go; nothing is asked before somebody asked for a person. */
async function listenToAgent() {
  if (listening) return;
  listening = true;
  let state = 'waiting';
  while (state !== 'none') {
    const answer = await request('/api/handoff?after=' + lastLine).catch(() => null);
    if (answer && answer.ok) {
      state = answer.content.state;
      answer.content.lines.forEach(showAgent);
    }
    if (state !== 'none') await new Promise(resolve => setTimeout(resolve, LISTEN_EVERY));
  }
  listening = false;
}

function showAgent(line) {
  lastLine = Math.max(lastLine, line.number);
  const article = make('article', 'bot');
  const paragraph = make('p', 'bot__text');
  paragraph.append(make('b', '', '人工：'), withPhones(line.text));
  article.append(paragraph);
  talk.append(article);
  article.scrollIntoView({ block: 'start' });
}
