"""Turns in which the resident steers the talk: why, back, stop, start over, go on, a person, forget."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Callable, Dict, Optional

from actions import asking, routing, wording
from actions.family import flatten, with_fact
from actions.reply import Reply, reply
from actions.screened import screened, screening_reply
from actions.screening import Judgement, household_of, paths_of
from actions.state import Conversation
from actions.talk import Talk
from actions.telling import told
from knowledge.plain import plain

# Words that steer wherever they are the whole message; elsewhere it is learned.
_END = r"(了|吧|啦|咯|啊|呀|呢|嘛|喽|哈|哦|先)*"
_WORDS = {
    "stop": (
        r"(那|还是|先)?(算(了|球|咯|啦|数)(吧|算了)*|拉倒|搁(这|着|下)(里|儿)?|这么着|这样|停(一?下|止)?|打住|结束|退出|够了|行了(行了)*|得了|就?(先)?(到这|这样)(里|儿)?"
        r"|(我)?(先)?不(说|问|弄|聊|答|填|玩|查|搞)(了|喇)|别(问|说))+"
    ),
    "restart": (
        r"(那)?(从头|由头|重头)(来|开始|再来|说|问|嚟)?(一?[遍回次]|过)?|重(新)?(来|开始|算|问|填)(一遍|一次)?|(换|下)一?(个|位|家|户)?(来电|来访|打电话)的?(人|者|群众)?"
        r"|换(一|下一?)?(家|户|个家庭|个人问?)|下一(家|户)|新(的)?(来电|一家|一户)"
    ),
    "resume": (
        r"(刚才|刚刚|刚|前面|上次|你)*(咱们?|我们?)?(说|问|讲|弄|聊)(到|的)?(是)?(哪一?步|哪[儿里]?|啥|什么|第几个)(地方)?(了|来着)*|(接着|继续|往下)(来|问|说|弄|走)?|我(又)?(回)?来"
    ),
    "summary": (
        r"(那|现在|最后|我家?|我们家?)*(的)?结果(是|到底)?(怎么样|咋样|怎样|如何|是?啥|是?什么|出来)(了|没|吗)*"
        r"|(说|讲|看)(一?下|下)?结果"
    ),
    "leave_it": r"(那|那么|我|我们|还是|就|先|暂时|再想想)+不(去|接|送|住|办|领|要|申请|搬|迁|转|弄了)(他|她|它|那里|那边|那个)?",
    "dont_know": (
        r"(我)?(不想|不愿意?|不方便)(讲|说|答|回答|透露)|不(讲|说)|随(便|你)|无所谓|你看着(办|填|写)|(问)?下一(个|题|条|问)"
        r"|(这个|这题)?跳过(这个|这题)?|过|不(知道|清楚|晓得)"
    ),
    "why_ask": (
        r"(你)?(凭|为)(啥|什么|么)(老是|总|要|非要|都)*问.{0,8}"
        r"|(那|这)?(为|凭)(什么|啥)|(你)?(老|总|老是|总是|一直)?问(这|这个|我|这些).{0,4}(干啥|干嘛|做啥|做什么|啥用|有啥用|什么用).{0,2}"
    ),
    "go_back": r"(回|退)?(到)?上一?(个|题|条|步)(问题)?|退回(去)?|返回",
    "again": (
        r"(我)?(没|没有|听不)(听)?(懂|清|清楚|明白|见).{0,8}|(你)?(再)?(说|讲|问)(慢|清楚)(点|一点|些).{0,3}"
        r"|(你)?慢(点|一点|些)(说|讲)?|(我|俺)?不(识|认)(得)?字|(我|俺)?不会(写|打)字|再(说|问|讲)一(遍|次)"
    ),
    "greet": (
        r"嗨|嘿|哈[喽罗]|hello|hi|(喂|哎|诶|你好|您好)?(在|有人)(不在|吗|么|不|没|没有)(人)?"
        r"|(老乡|同志|师傅|大哥|大姐|姑娘|小伙子|领导|你好|您好)(我|俺)?(想)?(打听|请教|问)(个|点|一下|你)?.{0,2}(事|事儿|事情)?"
    ),
    "human": r"(我)?(要)?(找|转|接)(人工|真人|活人|个人|工作人员)",
    "machine": r"(你|您)(到底)?是(不是)?(个)?(机器人|真人|人|电脑|ai|AI)(还是(人|真人|机器|机器人))?(吗|么|不是)?",
}  # fmt: skip
_PATTERNS = {name: re.compile(words + _END) for name, words in _WORDS.items()}
_NEXT_CALLER = re.compile("(换|下)一?(个|位|家|户)(来电|来访|打电话|家|户|人家)|换一?[家户]|下一[家户]|从头(来|说|问)")
_SAYS_NOTHING = re.compile("不(想|愿意?|方便)(讲|说|答|回答|透露)")
WEIGHTY = ("stop", "restart", "delete_data", "human")
_MARKS = re.compile(r"[，。！!？?、,.~…\s]+")
SURE, WEIGHTY_SURE = 0.3, 0.4


def steered(talk: Talk) -> Optional[Reply]:
    """The reply to a message that steers the talk; None for any other message, and where there is nothing to steer."""
    reading, state = talk.reading, talk.state
    intent = _said_outright(reading.text, bool(reading.told))
    if intent is None:
        intent = reading.intent
        if reading.confidence < (WEIGHTY_SURE if intent in WEIGHTY else SURE):
            return None
    handler = HANDLERS.get(intent)
    if handler is None or reading.told and intent not in ("restart", "delete_data"):
        return None
    if intent == "leave_it" and re.search("want|appl", state.pending or ""):
        return None  # it is the answer
    needed = {"dont_know": state.pending, "again": state.pending, "why_ask": state.asked, "go_back": state.asked or state.household}
    if intent == "dont_know" and not state.pending and _SAYS_NOTHING.search(reading.text):
        return talk.with_question(reply("smalltalk", ["不说也行，先空着。想问什么，随时再说。"]))
    if intent in needed and not needed[intent]:
        return None
    if intent in ("summary", "resume", "more", "case_code") and not (state.household or state.topic):
        return None
    return handler(talk)


def _said_outright(text: str, tells: bool) -> Optional[str]:
    """The word that steers, where the message is nothing else; 换一个 before the next family, 转人工 after whatever."""
    said = plain(text).text
    whole = next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(_MARKS.sub("", said))), None)
    pieces = [piece for piece in _MARKS.split(said) if piece]
    if whole or len(pieces) < 2:
        return whole
    if tells and _NEXT_CALLER.match("".join(pieces)):
        return "restart"
    return "human" if _PATTERNS["human"].fullmatch(pieces[-1]) else None


def unknown(talk: Talk) -> Reply:
    """Not known, or not to be said: kept as unknown, with what follows from that."""
    path = str(talk.state.pending)
    talk.state.declined += paths_of(path, talk.state)
    return screened(talk, [], (wording.unknown_words(path, talk.state, talk.library),))


def why(talk: Talk) -> Reply:
    path = talk.state.pending or talk.state.asked[-1]
    lines = wording.why_lines(path, talk.state, talk.day, talk.library)
    return talk.with_question(screening_reply(talk, lines, talk.assess()))


def back(talk: Talk) -> Reply:
    """The question before: its answer is taken out and it is asked again."""
    state = talk.state
    before = [path for path in state.asked if path != state.pending]
    if not before:
        return talk.with_question(reply("clarify", ["前面没有别的题了。要改哪一条，直接说就行，比如“我妈是 79 岁”。"]))
    state.asked, path = before, before[-1]
    paths = paths_of(path, state)
    for one in paths:
        state.household = with_fact(state.household, one, None)
    state.declined = [one for one in state.declined if one not in paths]
    state.named = [one for one in state.named if one not in paths]
    state.pending, state.finished = path, False
    judgement, question = talk.assess(), talk.question(path)
    assert question is not None
    lines = ["好，回到上一题。", wording.question_words(question, state, judgement.remaining)]
    return screening_reply(talk, lines, Judgement(judgement.results, question, judgement.remaining))


def again(talk: Talk) -> Reply:
    """Not understood: the same question once more, without its number, with why it is asked, to be answered with a tap."""
    question = talk.question(talk.state.pending)
    assert question is not None
    judgement = talk.assess()
    lines = ["好，慢慢来，点下面的就行。", question.ask, question.why]
    return screening_reply(talk, lines, Judgement(judgement.results, question, judgement.remaining))


def stop(talk: Talk) -> Reply:
    """Stop with what is known so far."""
    state = talk.state
    if not state.household:
        state.pending = None
        return reply("smalltalk", ["好，先不弄了。想起来随时再问，急事打 12345。"], buttons=routing.OFFER)
    judgement, heard_before = talk.assess(), state.finished
    state.pending, state.finished, state.screening, state.shown = None, True, False, "result"
    whole = wording.result_lines(state, judgement, talk.library, talk.day)
    lines = wording.brief_result(state, judgement) if heard_before else whole
    return screening_reply(talk, ["好，先到这里。", *lines], judgement.without_question())


def summary(talk: Talk) -> Reply:
    if not talk.state.household:
        return asking.more(talk)
    household, judgement = household_of(talk.state), talk.assess()
    heard = wording.said_back(household, list(flatten(household)), talk.library, talk.state.called)
    lines = [f"您说过：{heard}。", *wording.brief_result(talk.state, judgement)]
    return talk.with_question(screening_reply(talk, lines, judgement.without_question()))


def left_as_it_is(talk: Talk) -> Reply:
    """那还是先不接: what was thought of is not done, and nothing of the family changes."""
    return talk.with_question(reply("smalltalk", ["好，那就先这样，您家的情况没有改。想起来随时再问。"]))


def resume(talk: Talk) -> Reply:
    """Where we were: what was told, and the question again or the result in short."""
    if not talk.state.household:
        return asking.more(talk)
    if talk.state.finished and talk.assess().question is None:
        return summary(talk)
    household = household_of(talk.state)
    heard = wording.said_back(household, list(flatten(household)), talk.library, talk.state.called)
    return screened(talk, [], (f"接着来。您说过：{heard}。",))


def restart(talk: Talk) -> Reply:
    """Begin anew for this place; what the same message tells of the new family is taken up at once."""
    talk.state = Conversation(region=talk.state.region, as_of=talk.state.as_of)
    if talk.reading.told:
        return told(talk)
    return reply("smalltalk", ["好，从头来，前面说的都不算了。家里谁有难处？"], buttons=routing.OFFER)


def forgotten(talk: Talk) -> Reply:
    case = talk.state.case
    talk.state = Conversation(region=talk.state.region)
    return reply("smalltalk", ["都删掉了，我这里不留您说过的话。"], buttons=routing.OFFER[:2], forget=True, case=case)


def greeted(talk: Talk) -> Reply:
    begun = bool(talk.state.household or talk.state.topic)
    return talk.with_question(routing.smalltalk(replace(talk.reading, intent="greet"), begun))


def machine(talk: Talk) -> Reply:
    lines = ["我是电脑程序，不是真人，只照着文件回答。想找人就说“找人工”，或打 12345。"]
    return talk.with_question(reply("smalltalk", lines, buttons=routing.OFFER))


def human(talk: Talk) -> Reply:
    said = routing.handoff(talk.library)
    said.custom["handoff"] = True
    return said


def case_code(talk: Talk) -> Reply:
    lines = ["办事码在结果页下面，点“办事清单”就有。没有网页的，到窗口直接说家里的情况也行。"]
    return talk.with_question(reply("answer", lines, aspect="other", case_offer=True, wants_case=True, household=talk.household))


def more(talk: Talk) -> Reply:
    """详细: everything about what was shown last."""
    state = talk.state
    if state.topic and state.shown != "result":
        return asking.more(talk)
    judgement = talk.assess()
    lines = wording.result_lines(state, judgement, talk.library, talk.day, full=True)
    return talk.with_question(screening_reply(talk, lines, judgement.without_question()))


HANDLERS: Dict[str, Callable[[Talk], Reply]] = {
    "human": human, "delete_data": forgotten, "restart": restart, "stop": stop, "resume": resume, "summary": summary,
    "again": again, "greet": greeted, "machine": machine, "go_back": back, "why_ask": why, "dont_know": unknown, "more": more,
    "case_code": case_code, "leave_it": left_as_it_is,
}  # fmt: skip
