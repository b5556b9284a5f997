// The result: a card a programme, its conditions with their clauses, and the slip to take away.

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
  const meant = custom.programmes || [];
  const weight = result => (meant.includes(result.programme) ? 0 : 100) + (result.missing || []).length;
  const cards = verdict => custom.results.filter(result => result.verdict === verdict)
    .sort((one, other) => weight(one) - weight(other))
    .map(result => card(result, whose(result, people)));
  cards('eligible').forEach(element => box.append(element));
  addFolded(box, cards('undetermined'), FEW, count => `还差信息的，另有 ${count} 项`);
  addFolded(box, cards('ineligible'), 0, count => `不符合的 ${count} 项`);
  box.append(make('p', 'results__note', '这是按您说的情况估计的。能不能办，由窗口核实后定。'), takeAway(custom));
  return box;
}

/** 弟弟, in the resident's own words; by relation where there is only one person. */
function whose(result, people) {
  return result.who === '您' ? RELATIONS.self : (result.who || '').replace(/^您/, '') || people[result.member];
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
  else if (result.amount_note) head.append(make('span', 'card__reason', result.amount_note));
  head.append(make('span', 'card__reason', reasonOf(result)));
  details.append(head, conditions(result.because || []));
  if ((result.cautions || []).length) details.append(plainList('要知道的', 'card__caution', result.cautions));
  if (result.verdict !== 'ineligible' && result.apply) details.append(office(result.apply));
  return details;
}

function verdictWords(result) {
  const missing = (result.missing || []).length;
  if (result.verdict !== 'undetermined') return VERDICTS[result.verdict];
  return missing === 1 ? '还差一个信息' : missing ? `还差 ${missing} 个信息` : VERDICTS.undetermined;
}

/** The reason in one line. A condition's text starts with its mark ("符合：…"), which the card shows in its own way. */
function reasonOf(result) {
  const holds = { eligible: true, undetermined: null, ineligible: false }[result.verdict];
  const before = { eligible: '', undetermined: '还不知道：', ineligible: '' }[result.verdict];
  const reasons = (result.because || []).filter(part => part.holds === holds)
    .map(part => bare(part.text).replace(/（[^（）]*）$/, ''));
  return before + (holds === true ? reasons.join('；') : reasons[0] || '');
}

function bare(text) {
  return text.replace(/^(符合|不符合|还不知道)：/, '');
}

function plainList(title, className, lines) {
  const box = make('div', className);
  const list = make('ul');
  lines.forEach(line => list.append(make('li', '', line)));
  box.append(make('b', '', title), list);
  return box;
}

function conditions(parts) {
  const list = make('ul', 'conditions');
  parts.forEach(part => {
    const mark = part.holds === true ? '符合' : part.holds === false ? '不符合' : '还不清楚';
    const item = make('li', `condition condition--${part.holds}`);
    item.append(make('b', '', mark), make('span', '', bare(part.text)));
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
    box.append(make('p', 'office__name', apply.materials_sure === false ? '一般要带（以窗口说的为准）' : '要带的东西'), list);
  }
  if (apply.where) box.append(make('p', 'office__name', '去哪里办'), make('p', '', apply.where));
  (apply.offices || []).forEach(place => {
    box.append(make('p', '', [place.name, place.address, place.hours && '上班时间：' + place.hours].filter(Boolean).join('，')));
    if (place.phone) box.append(callButton(place.phone));
  });
  if ((apply.how || []).length) box.append(plainList('怎么办', '', apply.how));
  if (apply.time) box.append(make('p', 'office__name', '要多久'), make('p', '', apply.time));
  if (apply.phone) box.append(callButton(apply.phone));
  if (apply.phone_note) box.append(make('p', 'quoted__title', apply.phone_note));
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
  box.append(
    button('办事清单', 'weui-btn weui-btn_primary', () => (custom.case_offer ? offerCode(shown) : slip(shown, ''))),
    button('保存成图片', 'weui-btn weui-btn_default', () => slip(shown, '')),
    button('打印', 'weui-btn weui-btn_default', () => window.print()),
    shown,
  );
  return box;
}

function offerCode(shown) {
  shown.textContent = '';
  shown.append(
    make('p', '', '要不要一个办事码？有了码，窗口的人能看到您刚才说的家庭情况，不用再说一遍。不要也能办。'),
    button('要办事码', 'weui-btn weui-btn_default', () => askCode(shown)),
    button('不要', 'weui-btn weui-btn_default', () => slip(shown, '')),
  );
}

async function askCode(shown) {
  try {
    const answer = await request('/h5/case', {});
    if (answer.ok) slip(shown, answer.content.code);
    else tell(answer.content.error.message);
  } catch (error) {
    tell('没有网络，办事码没有拿到。有网了请再点一次。');
  }
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
  if (code) shown.append(make('p', 'slip__code', '办事码：' + code.split('').join(' ')));
  shown.append(make('p', '', '用手指按住图片，可以保存，也可以发给家里人。清单上没有您家的个人信息。'), picture, file);
}

window.addEventListener('beforeprint', () => {
  document.querySelectorAll('.card--eligible, .card--undetermined').forEach(element => { element.open = true; });
});
