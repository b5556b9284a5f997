"""Cutting a message into clauses, and what kind of clause each is: told, asked, supposed, quoted from a rule, or of the past."""

import re
from dataclasses import dataclass, replace
from typing import Iterable

_SENTENCE = re.compile(r"[^。！？；!?;\n…]+[。！？；!?;\n…]*")
_ANYBODY = re.compile("(老人|人|户|家庭|孩子|病人|患者|儿童|学生)(?!口)")
_YEAR_AGO = re.compile(r"(19\d\d|200\d)年[^，生]{0,6}|[^，]{1,4}年前")
_BACK = re.compile("^(今年|去年|前年|现在|后来|如今|这两年)[^，]{0,4}(回来|回家|回村|回老家)了?$")
_WISHES = re.compile("能不能|可不可以|能否|是不是能")
_TAG = re.compile(r"(这|那)?(是|是不是)?(真的?|有这回事|这样|对|可以|行|属实)(吗|么|不|的吗|假的|不行|不对|不可以)")
_PIECE = re.compile(r"([^，。！？；：、!?;:()\[\]\n…]+)([，。！？；：、!?;:()\[\]\n…]*)")
_DECREE = re.compile(r"明文规定|(规定|条件|标准)(如下|是)?[:：]")  # what follows, up to the full stop, is its text
_ASKING = re.compile(
    r"(我们?|俺|咱)?(就|只|还|也|现在|是)?(想|要|来)?(请问一下|请问|想问问|想问一下|想问下|想问|问问|问一下|问下|"
    r"咨询一下|咨询|想知道|想了解|了解一下|打听一下)(的是)?"
)
_QUESTION = re.compile(
    r"吗|嘛$|么$|多少|怎么|咋|如何|能不能|能否|可不可以|可以不可以|是否|是不是|有没有|有无|行不|会不会|要不要|"
    r"算不算|符不符合"
    r"|哪|谁|(?<![十百好])几(岁|级|天|次|个月)|什么|啥|(?<![还也都])不$|(?<![还也都])没$|呢$|为何|凭啥"
    r"|(?P<again>[\u4e00-\u9fff])(?<!时)不(?P=again)"  # 停不停
)
_INDEFINITE = re.compile(
    r"(没|没有|不|不管|无论)[^，]{0,3}(什么|啥|谁|哪)|(什么|啥|谁|哪)[^，]{0,3}(也|都)|记不清|没问|不知道"
)
_SUPPOSED = re.compile(
    r"要是|如果|假如|假设|(?<![\d一二三四五六七八九两几])万一(?![千百\d])|倘若|若是|假使|比如(说|我)"
)
_OUT_OF_SUPPOSITION = re.compile("现在|今年|[我俺咱]们?家|[我他她](爸|妈)?是|岁|级")  # what is so in any case
_RULE = re.compile(r"(按|文件|政策|明文|有)规定|根据|均低于|岁以上的|以上老人|(听说|据说)(?!我)|享受.{0,6}还不够")
# 低保取消标准: where nobody is named, a heading tells of no family
_TITLE = re.compile("^(?!.*岁).*(政策|标准|条件|办法|规定|待遇|流程|程序|细则)")
_RULE_SENTENCE = re.compile(r"年满\d|凡是|规定:|；或者|符合[^。]{0,8}条件|的(可以|能|才能)(申请|领|享受)")
_PAST = re.compile(
    r"以前|之前(?!的)|前些年|那几年|原来|原先|过去|曾经|年轻(的)?时候|年轻时|患病前|病前|早些年|那时候|当年|从前|原(?=分散|在|为|住)"
)
_LONG = 20  # characters without a stop: voice typing, where a new person begins a new clause
_TURNS = re.compile(
    r"然后|但是|(全家|一家|总共)?[一二两三四五六七八九\d]口人|可是|而且|所以|结果|户口|请问|想问|"
    r"(他|她|我|俺|他们|这样|这种|这)?(能不能|可不可以|有没有|该怎么|怎么办)"
)
_HANGS = re.compile(  # what is not finished yet: with, of, to somebody
    r"(和|跟|与|同|及|加上?|带|着|了个|养|靠|给|为|由|让|叫|被|把|帮|替|对|比|像|供|管|照顾|照料|伺候|服侍|找|求|顾|的|是|有|"
    r"没|在|到|去|从|向|于|剩下?|娶|嫁|生|陪|看|接|抱|打|骂|离|个|位|名|[一两俩几]|岁的|说|告诉|听|据|就|只|都|也|还|"
    r"我们?|俺们?|咱们?|他们?|她们?|其|家|里|大|小|老|表|堂|如果|要是|假如|因为|想|问|等|当|以为|知道|怕|丢下|留下|撇下|"
    r"(娶|讨|说|谈|找)[过上到成]|(的|和|跟|与|带着?|照顾|[个位名])[\d一二三四五六七八九十]+多?岁)$"
)
_CORRECTION = re.compile(
    r"(说|记|搞|弄|打|写|讲)错|(说|记|写)(少|多|岔|漏)了|不对(?![头劲].)|更正|纠正|口误|(?<!今年)(?<!现在)应该是|不是[^，。]{1,10}[，]?(而)?(?<!不)是(?!不是)|"
    r"是[^，。吗]{1,8}不是[^，。吗]{1,8}$"
)


@dataclass(frozen=True)
class Clause:
    """text[start:end] of a message; `sentence` counts full stops before it."""

    start: int
    end: int
    text: str
    sentence: int
    opening: bool  # 我想问一下: says only that a question comes
    question: bool
    supposed: bool
    rule: bool
    past: bool

    def before(self, offset: int) -> str:
        """The clause's text before an offset of the message."""
        return self.text[: max(0, offset - self.start)]

    def after(self, offset: int) -> str:
        """The clause's text from an offset of the message on."""
        return self.text[max(0, offset - self.start) :]


def split_clauses(text: str, people: Iterable[tuple[int, int]] = (), names_family: bool = True) -> list[Clause]:
    """
    Clauses in order; an opening such as 我想问一下 is a clause of its own, so that what is asked stands apart.

    `people`: where words for people begin and end; in a long stretch without stops a clause begins there. `names_family`: some of
    them are somebody's own.
    """
    spans = sorted(people)
    starts = [start for start, _ in spans]
    clauses: list[Clause] = []
    decreed = False
    for number, sentence in enumerate(_SENTENCE.finditer(text)):
        tells = any(sentence.start() <= at < sentence.end() for at in starts)
        ruled = bool(_RULE_SENTENCE.search(sentence[0])) and not tells
        told = [
            clause
            for piece in _PIECE.finditer(text, *sentence.span())
            for clause in _of_piece(piece, number, ruled, spans)
        ]
        decree = _DECREE.search(sentence[0])
        begins = sentence.start() + (0 if decreed or not decree else decree.start())
        for i, clause in enumerate(_in_sequence(told)):
            told[i] = replace(clause, rule=True) if (decreed or decree) and clause.end > begins else clause
        clauses += [replace(c, rule=True) if not names_family and _TITLE.search(c.text) else c for c in told]
        decreed = (decreed or bool(decree)) and sentence[0].endswith(("；", ";"))
    return clauses


def _in_sequence(told: list[Clause]) -> list[Clause]:
    """The clauses of a sentence, each seen with those beside it."""
    seen = list(told)
    for i, (before, clause) in enumerate(zip(told, told[1:]), start=1):
        asks = _asks(clause.text)
        if _BACK.search(clause.text):  # 一直在外打工，今年回来了
            seen[i - 1] = replace(seen[i - 1], past=True)
        if _YEAR_AGO.fullmatch(before.text):  # 2000年，我十岁
            seen[i] = replace(seen[i], past=True)
        if clause.question and _WISHES.search(before.text) and not asks:  # 能不能转特困，住到敬老院去？
            seen[i] = replace(seen[i], rule=True)
        if before.opening and not asks and not _ANYBODY.search(clause.text) and any(c.question for c in told[i + 1 :]):
            seen[i] = replace(seen[i], question=False)  # 请问肢体四级，五十岁，能办低保吗: what is asked comes last
    for i, clause in enumerate(seen[1:], start=1):  # what a supposition leads to: 要是迁过来，一户五口
        if seen[i - 1].supposed and not clause.supposed and not _OUT_OF_SUPPOSITION.search(clause.text):
            seen[i] = replace(clause, supposed=True)
    if len(told) > 1 and _TAG.fullmatch(told[-1].text):
        seen[-2] = replace(seen[-2], question=True)
    return seen


def _of_piece(piece: re.Match, sentence: int, ruled: bool, people: list[tuple[int, int]]) -> list[Clause]:
    """The clauses between two stops; of several the last is what is asked."""
    text, asked, clauses = piece.string, bool(re.search("[？?]", piece[2])), []
    spans = [
        span
        for start, end in _without_opening(piece[1], piece.start())
        for span in _without_stops(text, start, end, people)
    ]
    for start, end in spans:
        opening = bool(_ASKING.fullmatch(text[start:end]))
        question = asked and end == spans[-1][1]
        clauses.append(_clause(text[start:end], start, sentence, opening, question, ruled))
        asked = asked or opening
    return clauses


def _without_stops(text: str, start: int, end: int, people: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A long stretch cut where it turns to somebody else, or to what is asked."""
    if end - start < _LONG:
        return [(start, end)]
    named = [at for at, _ in people if start <= at < end]
    ends = {stop for _, stop in people}
    if not named:
        return [(start, end)]
    turns = {at for match in _TURNS.finditer(text[start:end]) if (at := start + match.start()) > named[0]}
    cuts = [start]
    for at in sorted(turns | set(named) - {start}):
        if at in ends and text[at] not in "我俺咱他她" and text[at : at + 2] not in text[cuts[-1] : at]:  # 爷爷|奶奶
            continue
        hangs = _HANGS.search(text[cuts[-1] : at])
        anew = text[at] in "我俺" and re.search("的|[我俺他她]|在家|没人管", text[max(cuts[-1], at - 3) : at])  # 成天打我|我带着
        told_of = re.match("[他她]?(今年|现年)", text[at:])  # 都是我接|她今年七十八
        if at - cuts[-1] > 3 and (at in turns or not hangs or anew or told_of):
            cuts.append(at)
    return list(zip(cuts, [*cuts[1:], end]))


def corrects(text: str) -> bool:
    """Whether the message puts something right that was said before."""
    return bool(_CORRECTION.search(text)) and not re.search(r"(?<!不)对不对|是不是不对|不对吗", text)


def _asks(text: str) -> bool:
    return bool(_QUESTION.search(_INDEFINITE.sub("", text)))


def _without_opening(body: str, offset: int) -> list[tuple[int, int]]:
    opening = _ASKING.search(body)
    if not opening or opening.end() == len(body):
        return [(offset, offset + len(body))]
    cut = offset + opening.end()
    return [(offset, cut), (cut, offset + len(body))]


def _clause(text: str, start: int, sentence: int, opening: bool, asked: bool, ruled: bool) -> Clause:
    return Clause(
        start=start,
        end=start + len(text),
        text=text,
        sentence=sentence,
        opening=opening,
        question=asked or _asks(text),
        supposed=bool(_SUPPOSED.search(text)),
        rule=ruled or bool(_RULE.search(text)),
        past=bool(_PAST.search(text)),
    )
