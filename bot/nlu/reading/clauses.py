"""Cutting a message into clauses, and what kind of clause each is: told, asked, supposed, quoted from a rule, or of the past."""

import re
from dataclasses import dataclass

_PIECE = re.compile(r"([^，。！？；：、!?;:()\n…]+)([，。！？；：、!?;:()\n…]*)")
_ASKING = re.compile(
    r"(我们?|俺|咱)?(就|只|还|也|现在|是)?(想|要|来)?(请问一下|请问|想问问|想问一下|想问下|想问|问问|问一下|问下|"
    r"咨询一下|咨询|想知道|想了解|了解一下|打听一下)(的是)?"
)
_QUESTION = re.compile(
    r"吗|嘛$|么$|多少|怎么|咋|如何|能不能|能否|可不可以|可以不可以|是否|是不是|有没有|有无|行不|会不会|要不要|"
    r"算不算|符不符合"
    r"|哪|谁|几(岁|级|天|次|个月)|什么|啥|(?<![还也都])不$|(?<![还也都])没$|呢$|为何|凭啥"
)
_INDEFINITE = re.compile(
    r"(没|没有|不|不管|无论)[^，]{0,3}(什么|啥|谁|哪)|(什么|啥|谁|哪)[^，]{0,3}(也|都)|记不清|没问|不知道"
)
_SUPPOSED = re.compile(
    r"要是|如果|假如|假设|(?<![\d一二三四五六七八九两几])万一(?![千百\d])|倘若|若是|假使|比如(说|我)"
)
_RULE = re.compile(r"按规定|文件规定|政策规定|根据|岁以上的|以上老人|听说.*(老人|每月|能|可以|有)|享受.{0,6}还不够")
_RULE_SENTENCE = re.compile(r"年满|凡是|符合[^。]{0,8}条件|的(可以|能|才能)(申请|领|享受)")
_PAST = re.compile(
    r"以前|原来|原先|过去|曾经|年轻(的)?时候|年轻时|患病前|病前|早些年|那时候|当年|从前|原(?=分散|在|为|住)"
)
_CORRECTION = re.compile(
    r"(说|记|搞|弄|打|写|讲)错|不对(?![头劲].)|更正|纠正|口误|应该是|不是[^，。]{1,10}[，]?(而)?(?<!不)是(?!不是)|"
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


def split_clauses(text: str) -> list[Clause]:
    """Clauses in order; an opening such as 我想问一下 is a clause of its own, so that what is asked stands apart."""
    clauses: list[Clause] = []
    sentence, ruled_sentence = 0, (-1, False)
    for match in _PIECE.finditer(text):
        body, stop = match.groups()
        if sentence != ruled_sentence[0]:
            ruled_sentence = (
                sentence,
                bool(_RULE_SENTENCE.search(re.split("[。！？；!?;\n…]", text[match.start() :])[0])),
            )
        asked = bool(re.search("[？?]", stop))
        pieces = _without_opening(body, match.start())
        for start, end in pieces:
            opened = start > match.start()
            opening = bool(_ASKING.fullmatch(text[start:end]))
            clauses.append(_clause(text[start:end], start, sentence, opening, asked or opened, ruled_sentence[1]))
        if re.search(r"[。！？；!?;\n…]", stop):
            sentence += 1
    return clauses


def corrects(text: str) -> bool:
    """Whether the message puts something right that was said before."""
    return bool(_CORRECTION.search(text)) and not re.search(r"(?<!不)对不对|是不是不对|不对吗", text)


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
        question=asked or bool(_QUESTION.search(_INDEFINITE.sub("", text))),
        supposed=bool(_SUPPOSED.search(text)),
        rule=ruled or bool(_RULE.search(text)),
        past=bool(_PAST.search(text)),
    )
