"""The answer to a question put to everybody (家里谁有残疾证), in whatever words: 我爸二级我妈没有; 就我爷爷; 除了我爸都没有; 1、3."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from actions.family import flatten, retarget
from actions.naming import Name, names_in
from actions.people import kind_of, word_for
from actions.screening import CERTIFIED, member_of, name_of, paths_of
from actions.state import Conversation
from actions.talk import Talk
from knowledge.plain import plain
from knowledge.replies import UNKNOWN, read_reply
from rules.household import Household
from rules.questions import describe
from rules.together import group_of, is_group, of_all, told_by

LONGEST = 60
NAMED = None  # all that was said of somebody is that it is they
STORY = object()  # said of somebody, but not what was asked
WHOSE = object()  # an answer, but not of whom
_NUMBER = "第?[1-9一二三四五六七八九][个号]?"
_NUMBERS = re.compile(f"选?{_NUMBER}([、,，和跟 .]+{_NUMBER})*[。.]?")
_JOINS = re.compile("(、|，|和|跟|与|还有|以及|及|加上)*")
_LEADS = re.compile("(，|。|；|、|不是|就是|就|是|只有|只|还有|另外|但是?|可|和|跟|而)+$")
_OPENS = re.compile("(，|嗯|哦|啊|那|就|是|只|有|家里|还有|另外|和|对了|哎|也|应该|不是)*")
_NO_MORE = re.compile("[，。]?(再?没有?)(别人|其他人?|别的人?|旁人)了?$|[，。]?[就只]有?[他她这]们?[一两俩几三]?个人?$")
_BEFORE = re.compile("^(以外|之外|，|。|、|的|也|都|全都?|就|现在|目前|已经|是|家里|我们家?|我家|俺们?家?|咱们?家?|大家|一家人)+")
_AFTER = re.compile("(了|的|呢|啊|呀|吧|嘛|哦|噢|而已|一个|两个|俩|，|。|；|、|！|~)+$")
_HAVE = re.compile("(有|对|在|得|有证)?")
_HAVE_NOT = re.compile("没|没有|没得|无|不|不在")
_NOBODY = re.compile("(人|谁|一个|哪个|都|也|全)*(没|没有|没得|无|不)(人|谁|一个|有|的|了)*")
_ALL = re.compile("都|全|每个|个个|人人")
_UNSURE = re.compile("不(太|大)?(知道|清楚|晓得|记得|确定|好说)|说不(清|准|好|定)|拿不准|好像|可能|也许|大概|有没有|是不是")
_WHO_KNOWS = re.compile("[我俺](们)?(也|就|真|都|可)?(?=不(太|大)?(知道|清楚|晓得|记得|确定)|说不|拿不准)")
_AMENDS = re.compile("也|还有|漏|忘了|不对|错了|搞错|记错|说错")
_WHAT_OF = re.compile("(那|那么)?[^有没都是，]{1,6}呢[?？。]?")
_SORRY = re.compile("(不对|错了|(我)?(搞|记|说)错了?|漏了|忘了(说)?|还有)[，,。]?")
_WELL = re.compile("(大家|全家|身体|人|都|也|挺|很|还)*(好好|健康|正常|没事|没毛病|好)(的|着|呢)*")
_OF_HEALTH = ("disability_grade", "serious_illness", "infectious_disease", "mental_illness", "work_ability", "self_care")
_THEY = re.compile("^[他她]们?(自己|俩|两个|两人)?")
_OFTEN_SAID = "有是得着过在也还要能个点了上患住用靠办证人没不无的啥"
_VERBS = "要干想领花住在上靠愿能得"
_DIGITS = "0123456789零一二两三四五六七八九十百千万几多左右块元钱毛每月年"


def answer_of_all(talk: Talk, text: str) -> Any:
    """What an answer tells of each, by path: a value, NAMED where only more will tell, UNKNOWN; or UNKNOWN of all, or WHOSE.

    None where it is no answer: then nobody is taken to have it or to lack it.
    """
    group = str(talk.state.pending)
    paths, picked = paths_of(group, talk.state), numbers_of(text)
    if not picked:
        return _Answer(talk, group, paths).read(text)
    if picked == [len(paths) + 1]:  # after the people stand 都没有 and 不知道
        return UNKNOWN
    people = [at for at in picked if at < len(paths)]
    return told_by(group, paths, {paths[at]: NAMED for at in people}) if people == picked or picked == [len(paths)] else None


def numbers_of(text: str) -> List[int]:
    """Which choices a text picks by their numbers, counted from 0: 1、3 is [0, 2]; none where it is anything else."""
    said = unicodedata.normalize("NFKC", text).strip()
    found = re.findall("[1-9一二三四五六七八九]", said) if _NUMBERS.fullmatch(said) else []
    return ["一二三四五六七八九".find(one) if one in "一二三四五六七八九" else int(one) - 1 for one in found]


def amended(talk: Talk) -> Dict[str, Any]:
    """What is said of others than the one asked about, or of those asked about before: 我弟也有, 不对，我妈没有, another name tapped."""
    state, text = talk.state, talk.reading.text
    group = _group_before(talk)
    if group is None or asks_of_one(text) or talk.reading.told or len(text) > LONGEST // 3:
        return {}
    people = Household.parse(talk.household).members
    answer = _Answer(talk, group, [f"members[{one.id}].{group.partition('.')[2]}" for one in people])
    known, named = flatten(state.household), answer.asked.named
    found = {
        path: value
        for path, value in answer.of_named(_SORRY.sub("", text)).items()
        if value is not UNKNOWN and (value not in (NAMED, named) or known.get(path) in (None, answer.asked.others))
    }
    return {} if list(found) == [state.pending] else found


def asks_of_one(text: str) -> bool:
    """那我爸呢 asks about him; it does not say that it is he."""
    return bool(_WHAT_OF.fullmatch(text))


def _group_before(talk: Talk) -> Optional[str]:
    """The fact asked about of one person now; or, where the words put something right, the one asked about before."""
    state, text = talk.state, talk.reading.text
    if (state.pending or "").startswith("members."):
        return None
    before = [path for path in state.asked if path != state.pending][-1:]
    groups = [path if is_group(path) else group_of(path) for path in (state.pending or "", *before)]
    if of_all(groups[0]):
        return groups[0]
    tapped = [name_of(path, state) for path in paths_of(groups[-1] or "", state)] if of_all(groups[-1]) else []
    return groups[-1] if text in tapped or of_all(groups[-1]) and _AMENDS.search(text) else None


def settle(values: Mapping[str, Any], state: Conversation, text: str) -> Dict[str, Any]:
    """What an answer makes known. Whom it leaves open is not asked about again; of whom more is to be told that is asked first."""
    state.declined += [path for path, value in values.items() if value is UNKNOWN]
    state.named += [path for path, value in values.items() if value is NAMED or value == list(CERTIFIED)]
    for member in {member_of(path) for path in values} - {one["id"] for one in state.household.get("members") or []}:
        state.called.update({member: word} if (word := word_for(kind_of(member), text)) else {})
    return {path: value for path, value in values.items() if value is not NAMED and value is not UNKNOWN}


@dataclass
class _Clause:
    """What is said of some: 我爸和我妈 | 没有. `lead` stands before them: 除了, 不是. apart: they are only listed, with commas."""

    lead: str
    names: List[Name]
    words: str
    apart: bool


def _clauses(text: str, names: List[Name]) -> List[_Clause]:
    """The names with what is said of each; those joined by 和 share it, and so does each new name without a full stop: 我爸有我妈没有."""
    clauses = [_Clause(text[: names[0].start], [names[0]], "", False)]
    for name, following in zip(names, [*names[1:], None]):
        clause, gap = clauses[-1], text[name.end : following.start if following else len(text)]
        if following and _JOINS.fullmatch(gap):
            clause.names.append(following)
            clause.apart = clause.apart or "，" in gap
            continue
        lead = _LEADS.search(gap) if following else None
        clause.words = gap[: lead.start()] if lead else gap
        if following:
            clauses.append(_Clause(lead[0] if lead else "", [following], "", False))
    return clauses


class _Answer:
    """One message before one question of everybody."""

    def __init__(self, talk: Talk, group: str, paths: Sequence[str]) -> None:
        asked = of_all(group)
        assert asked is not None
        self.talk, self.group, self.paths, self.asked = talk, group, paths, asked
        self.fact = group.partition(".")[2]
        self.question = describe(f"members[self].{self.fact}", Household.parse({}), talk.library, [])
        labels = [choice["label"] for choice in self.question.choices]
        figures = _DIGITS if not labels else "1234" if asked.others == 0 else ""
        self.words = set("".join([asked.ask, talk.library.facts[f"member.{self.fact}"].label, *labels, _OFTEN_SAID, figures, "，。、"]))

    def read(self, text: str) -> Any:
        said = _WHO_KNOWS.sub("", _NO_MORE.sub("", plain(text).text.strip("。！!~ ")))
        if len(said) > LONGEST:
            return None
        names = names_in(said, self.paths, self.talk.state)
        return self._of_some(said, names) if names else self._of_everybody(said)

    def of_named(self, text: str) -> Dict[str, Any]:
        """What is said of those named, and of nobody else."""
        said = plain(text).text.strip("。！!~ ")
        names = names_in(said, self.paths, self.talk.state)
        found, _ = self._said(said, names) if names else ({}, [])
        return told_by(self.group, [], found or {})

    def _of_everybody(self, said: str) -> Any:
        """都没有, 都有, 不知道, 都住在家里; WHOSE after 有 or 二级, which do not tell who."""
        if _UNSURE.search(said):
            return UNKNOWN
        if all(_NOBODY.fullmatch(_trimmed(one)) or self._well(one) for one in said.split("，") if one):
            return told_by(self.group, self.paths, {})
        value = self._value(said)
        if value is STORY or not _trimmed(said):
            return None
        clear = value == self.asked.others or _ALL.search(said)
        return told_by(self.group, self.paths, dict.fromkeys(self.paths, value)) if clear else WHOSE

    def _of_some(self, said: str, names: List[Name]) -> Optional[Dict[str, Any]]:
        """Of those named and, where it is told who it is, of all others."""
        found, rest = self._said(said, names)
        if found is None:
            return None
        unclear = {self._path(member) for name in names if not name.sure for member in name.members}
        if rest or unclear or any(value is not UNKNOWN and value != self.asked.others for value in found.values()):
            others = rest[-1] if rest else self.asked.others
            found = {**{path: others for path in self.paths if path not in unclear}, **found}
        known = flatten(self.talk.state.household)
        kept = {path: value for path, value in found.items() if path in self.paths or path not in known}
        return told_by(self.group, [], kept) or None

    def _said(self, said: str, names: List[Name]) -> Tuple[Optional[Dict[str, Any]], List[Any]]:
        """What is said of those named (None: something else), and what of all others, if anything is."""
        found: Dict[str, Any] = {}
        rest: List[Any] = []
        told = self._told()
        for clause in _clauses(said, names):
            value, but = self._meaning(clause, told), "除" in clause.lead
            if value is STORY:
                return None, []
            rest += [value] if but or any(name.others for name in clause.names) else []
            for member in [member for name in clause.names if name.sure for member in name.members]:
                found[self._path(member)] = self._opposite(value) if but else told.get(member, value)
        return found, rest

    def _well(self, said: str) -> bool:
        return self.fact in _OF_HEALTH and bool(_WELL.fullmatch(said))

    def _path(self, member: str) -> str:
        return f"members[{member}].{self.fact}"

    def _told(self) -> Dict[str, Any]:
        """What the message tells of this very fact, read as any message is."""
        reading = self.talk.reading
        facts = flatten(retarget(reading.household, reading.people, self.talk.state.person, reading.text))
        return {member_of(path): value for path, value in facts.items() if group_of(path) == self.group}

    def _meaning(self, clause: _Clause, told: Mapping[str, Any]) -> Any:
        """What a clause says of those it names: a value, NAMED, UNKNOWN, or STORY where it is not about what was asked."""
        members = [member for name in clause.names for member in name.members]
        if members and "除" not in clause.lead and all(member in told for member in members):
            return told[members[0]]
        if _UNSURE.search(clause.lead + clause.words):
            return UNKNOWN
        if "除" not in clause.lead and not _OPENS.fullmatch(clause.lead) and not self._speaks_of(clause.lead):
            return STORY
        value = self._value(_THEY.sub("", clause.words), exactly=len(members) == 1)
        if "不是" in clause.lead:
            return self.asked.others if value is NAMED else STORY
        listed = clause.apart and "都" not in clause.words and "除" not in clause.lead  # 我爸，我妈没有: who of them has it?
        return STORY if listed and value == self.asked.others else value

    def _value(self, words: str, exactly: bool = False) -> Any:
        """What words say of somebody. exactly: 都 in them is not 爸妈都, but 都要人照顾."""
        bare = _trimmed(words)
        if _HAVE.fullmatch(bare):
            return NAMED
        if _HAVE_NOT.fullmatch(bare):
            return self.asked.others
        if not self._speaks_of(bare):
            return STORY
        value = read_reply(words.strip("，。") if exactly else bare, self.question.as_dict())
        return value if value is not None else NAMED if bare in self.asked.ask and bare[0] in _VERBS else STORY

    def _speaks_of(self, words: str) -> bool:
        """Whether words are made of the question's own, so that 得了癌症 is no answer to who has a certificate."""
        return set(words) <= self.words

    def _opposite(self, value: Any) -> Any:
        return value if value is UNKNOWN else NAMED if value == self.asked.others else self.asked.others


def _trimmed(words: str) -> str:
    return _AFTER.sub("", _BEFORE.sub("", words))
