"""Answers to policy questions: plain words first, then the clause they rest on, its document, and whether its term has ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from knowledge.library import NATION, Library, upward
from knowledge.model import Document, Programme, Say
from rules.explain import amount_words, citation
from rules.rulebook import CompiledAmount, CompiledRule, Rulebook, rulebook

BRIEF = 4
FIRST_STEPS, PAPERS = 1, 4
HOTLINES = "hotlines"
LEAVING = {"dibao_gradual_exit": "收入超过低保线的，有渐退期", "dibao_voluntary_exit_payment": "自己主动申请退出的"}
ASPECTS = (
    "eligibility", "amount", "how_to_apply", "materials", "where", "process_time", "definition", "income_rules", "asset_rules",
    "exit_or_cancel", "review_or_complaint", "other",
)  # fmt: skip


@dataclass
class Answer:
    """What is said, and what it rests on: `lines` for a person, `citations` in the contract's shape, `route` where to go.

    as_of: the day asked about; a document not yet made then gives way to the one it succeeds.
    """

    as_of: dt.date
    lines: List[str] = field(default_factory=list)
    cites: List[Dict[str, Any]] = field(default_factory=list)
    route: Optional[Dict[str, Any]] = None

    def add(self, say: Optional[Say], library: Library, quote: Optional[str] = None) -> None:
        if say is not None and say.say not in self.lines:
            self.lines.append(say.say)
            self.cite(say.cite, library, quote)

    def cite(self, address: Optional[str], library: Library, quote: Optional[str] = None) -> None:
        document = library.documents.get((address or "").partition("#")[0])
        if document and document.succeeds and (document.valid_from or self.as_of) > self.as_of:
            address, quote = document.succeeds, None
        found = citation(address, library, quote)
        if found and (found["document"], found["clause"]) not in {(c["document"], c["clause"]) for c in self.cites}:
            self.cites.append(found)


@dataclass(frozen=True)
class Asked:
    """A question ready to be answered: which programme, in which place's rulebook, on which day."""

    card: Programme
    rule: Optional[CompiledRule]
    book: Rulebook
    library: Library
    full: bool = False

    @property
    def time(self) -> Optional[Say]:
        """How long it takes, by the place's rule or else the card."""
        return _apply(self, "time")

    def take(self, says: List[Say]) -> List[Say]:
        """The first few (full: all), the place's own before the nation's; what another county's document says is left out
        where there is anything nearer to say."""
        near = self._nearest([say for say in says if self._holds_here(say)] or says)
        return near if self.full else near[:BRIEF]

    def lines(self) -> List[Say]:
        """Every line that holds here: of the place's rule and of the card, the place's own first."""
        here, card, money = self.rule.rule if self.rule else None, self.card, _amount_line(self)
        says = [*here.cautions, here.amount_open, here.apply.time] if here else []
        says += [_apply(self, "where")]
        says += [Say(say=f"{money}。", cite=_amounts(self)[0].amount.cite)] if money else []
        says += [*card.apply.how, card.apply.time, *(say for say in card.apply.materials if say.cite)]
        says += [say for aspect in card.answers.values() for say in aspect]
        says += [*card.notes, *card.office_checks, *self._not_with(), Say(say=card.says, cite=card.says_cite)]
        says += [Say(say=f"条件：{check.text}。", cite=check.cite) for check in (self.rule.checks if self.rule else ())]
        return self._nearest([say for say in says if say is not None and self._holds_here(say)])

    def lines_of_this_place(self) -> List[Say]:
        return [say for say in self.lines() if self._of_this_place(say)]

    def _not_with(self) -> List[Say]:
        """What is said of programmes that one does not get beside this one, on this card or on theirs."""
        theirs = [say for card in self.library.programmes.values() for say in card.excludes if say.programme == self.card.id]
        return [*self.card.excludes, *theirs]

    def _nearest(self, says: List[Say]) -> List[Say]:
        return sorted(says, key=lambda say: not self._of_this_place(say))

    def _holds_here(self, say: Say) -> bool:
        document = self._document(say)
        return document is None or document.place in (NATION, *upward(self.book.place))

    def _of_this_place(self, say: Say) -> bool:
        """Whether a line rests on a document of the place itself that is still in force."""
        document = self._document(say)
        return document is not None and document.place != NATION and self._holds_here(say) and not document.ended(self.book.as_of)

    def _document(self, say: Say) -> Optional[Document]:
        return self.library.documents.get((say.cite or "").partition("#")[0])


def answer(
    programme: str,
    aspect: str,
    place: Optional[str],
    as_of: dt.date,
    library: Library,
    full: bool = False,
) -> Answer:
    """Answer one aspect of one programme for a place (nearest rule first) on a day. full: everything, not only the first few lines."""
    asked = asked_about(programme, place, as_of, library, full)
    told = Answer(as_of)
    if asked.rule is None and programme in asked.book.possible:
        _tell_possible(asked, told)
    elif asked.rule is None:
        _tell_elsewhere(asked, told)
    _ASPECTS.get(aspect, _other)(asked, told)
    if not told.lines and aspect in ("income_rules", "asset_rules"):
        _eligibility(asked, told)
    if not told.lines:
        _definition(asked, told)
    told.route = route_of(asked)
    return told


def asked_about(programme: str, place: Optional[str], as_of: dt.date, library: Library, full: bool = False) -> Asked:
    """A question about a programme, with the place's nearest rule for the day."""
    book = rulebook(library, place, as_of)
    versions = book.rules.get(programme)
    return Asked(library.programmes[programme], versions[0] if versions else None, book, library, full)


def route_of(asked: Asked) -> Dict[str, Any]:
    """Where to go for a programme: `{"name", "where", "phone", "phone_note"}`."""
    where, phone = _apply(asked, "where"), _apply(asked, "phone")
    return {
        "name": asked.card.name,
        "where": where.say if where else None,
        "phone": phone.number if phone else None,
        "phone_note": phone.say if phone else None,
    }


def _tell_possible(asked: Asked, told: Answer) -> None:
    rule = asked.book.possible[asked.card.id].rule
    short = asked.library.documents[rule.document].short
    told.lines.append(f"{short}里有这一项，您那里有没有要问当地。文件是这样写的：")
    possible = replace(asked, rule=asked.book.possible[asked.card.id])
    _conditions(asked.book.possible[asked.card.id], asked, told)
    money = _amount_line(possible)
    if money:
        told.lines.append(f"文件写的数：{money}。")


def _tell_elsewhere(asked: Asked, told: Answer) -> None:
    """A programme that only other places are known to have is named with its place, never promised."""
    holders = [code for (code, programme) in asked.library.rules if programme == asked.card.id and code != NATION]
    if holders and not asked.library.rules.get((NATION, asked.card.id)):
        names = "、".join(asked.library.places[code].name for code in holders)
        told.lines.append(f"这一项我只在{names}的文件里见到，您那里有没有，请问乡镇或打 12345。")
        rules = asked.library.rules[(holders[0], asked.card.id)]
        told.cite(rules[-1].conditions[0].cite, asked.library, rules[-1].conditions[0].quote)


def _conditions(rule: CompiledRule, asked: Asked, told: Answer) -> None:
    texts = [check.text for check in rule.checks]
    told.lines.append(("要同时满足：" if len(texts) > 1 else "条件：") + "；".join(texts) + "。")
    for check in rule.checks:
        told.cite(check.cite, asked.library, check.quote)


def _eligibility(asked: Asked, told: Answer) -> None:
    if asked.rule is not None:
        _conditions(asked.rule, asked, told)
        for caution in asked.rule.rule.cautions[:2]:
            told.add(caution, asked.library)
        money = _amount_line(asked)
        if money:
            told.lines.append(f"能得多少：{money}。")
        else:
            told.add(asked.rule.rule.amount_open, asked.library)
    if asked.rule is None or asked.rule.rule.place == NATION or asked.full:
        for say in asked.take(asked.card.answers.get("eligibility", [])):
            told.add(say, asked.library)


def _amount_line(asked: Asked) -> Optional[str]:
    rule = asked.rule
    if rule is None:
        return None
    steps = [_plain_amount(entry) for entry in _amounts(asked)]
    return "；".join(dict.fromkeys(step for step in steps if step)) or None


def _amounts(asked: Asked) -> List[Any]:
    if asked.rule is None:
        return []
    return asked.rule.amounts or asked.book.local_amounts.get(asked.card.id, [])


def _plain_amount(entry: CompiledAmount) -> Optional[str]:
    """An amount as the document states it, before any family is known."""
    amount = entry.amount
    if amount.gap:
        return "按家庭人均收入跟低保标准的差额补"
    prefix = f"{entry.when.text}：" if entry.when is not None and entry.when.text else ""
    if amount.share:
        low, high = amount.share[0] or 0, amount.share[1]
        share = (
            f"{low * 100:g}%"
            if low == high
            else (f"不低于 {low * 100:g}%" if high is None else f"{low * 100:g}%—{high * 100:g}%")
        )
        base = {"dibao_standard": "低保标准的", "medical_cost": "报销后合规费用的"}.get(
            str(amount.of).rpartition(".")[2], ""
        )
        return f"{prefix}{base}{share}"
    words = amount_words({"min": amount.min, "max": amount.max, "unit": amount.unit, "text": amount.text})
    return f"{prefix}{words}" if words else None


def _amount(asked: Asked, told: Answer) -> None:
    money = _amount_line(asked)
    if money:
        told.lines.append(f"{money}。")
        for entry in _amounts(asked):
            told.cite(entry.amount.cite, asked.library, entry.amount.quote)
        if any(entry.amount.sure != "seen" for entry in _amounts(asked)):
            told.lines.append("这个数是公开转述的，没有核到原文，以当地为准。")
    if asked.rule is not None and asked.rule.rule.amount_open is not None:
        told.add(asked.rule.rule.amount_open, asked.library)
    if not money and (asked.rule is None or not asked.rule.rule.amount_open or asked.rule.rule.place == NATION):
        for say in asked.take(asked.card.answers.get("amount", [])):
            told.add(say, asked.library)
    elif asked.rule is not None:
        texts = "、".join(check.text for check in asked.rule.checks)
        told.lines.append(f"给这样的人：{texts}。")
        for check in asked.rule.checks:
            told.cite(check.cite, asked.library, check.quote)
    _national_amount(asked, told)
    if not money:
        told.lines.append("问数目：户口所在地乡镇民政窗口，或打 12345。")


def _national_amount(asked: Asked, told: Answer) -> None:
    """What the nation's rule in force gives, where the nearer document's term is over."""
    versions = asked.book.rules.get(asked.card.id, [])
    if len(versions) < 2 or versions[-1].rule.place != NATION or not _ended(asked):
        return
    nation = replace(asked, rule=versions[-1])
    money = "；".join(filter(None, (_plain_amount(entry) for entry in versions[-1].amounts)))
    if money:
        told.lines.append(f"现在全国的规定：{money}。")
        told.cite(versions[-1].amounts[0].amount.cite, nation.library)


def _ended(asked: Asked) -> bool:
    return asked.rule is not None and asked.rule.rule.until is not None and asked.rule.rule.until < asked.book.as_of


def _how_to_apply(asked: Asked, told: Answer) -> None:
    """Where, with its number; what to do first; what to bring; how long. Everything where everything was asked for."""
    if asked.full:
        _where(asked, told)
        for say in asked.take(asked.card.apply.how):
            told.add(say, asked.library)
        _materials(asked, told)
        told.add(asked.time, asked.library)
        return
    route = route_of(asked)
    number = f"，电话 {route['phone']}" if route["phone"] else ""
    if route["where"]:
        told.lines.append(f"去哪办：{route['where'].rstrip('。')}{number}。")
        told.cite(_apply(asked, "where").cite, asked.library)
    for say in asked.take(asked.card.apply.how)[:FIRST_STEPS]:
        told.add(say, asked.library)
    materials = [say.say.rstrip("。").replace("（有的才带）", "") for say in _apply(asked, "materials")[:PAPERS]]
    if materials:
        told.lines.append(f"带上：{'；'.join(materials)}。缺什么窗口会一次讲清。")
    if asked.time and asked.time.cite:
        told.add(asked.time, asked.library)


def _apply(asked: Asked, name: str) -> Any:
    """What the place's rule says of applying, or else the card."""
    return (getattr(asked.rule.rule.apply, name) if asked.rule else None) or getattr(asked.card.apply, name)


def _materials(asked: Asked, told: Answer) -> None:
    says = _apply(asked, "materials")
    sure = [say for say in says if say.sure]
    usual = [say for say in says if not say.sure]
    if sure:
        told.lines.append("要带：" + "；".join(say.say.rstrip("。") for say in sure) + "。")
    if usual:
        papers = "；".join(say.say.rstrip("。") for say in usual)
        told.lines.append(f"{'一般还要' if sure else '一般要带'}：{papers}（以窗口为准，缺什么窗口要一次讲清）。")
    for say in says:
        told.cite(say.cite, asked.library)


def _where(asked: Asked, told: Answer) -> None:
    route = _apply(asked, "where")
    if route is not None:
        told.lines.append(f"去哪办：{route.say}")
        told.cite(route.cite, asked.library)
    told.add(_apply(asked, "phone"), asked.library)


def _process_time(asked: Asked, told: Answer) -> None:
    money = _amount_line(asked)
    if money and _amounts(asked)[0].amount.unit == "month":
        told.lines.append(f"{money}。")
        told.cite(_amounts(asked)[0].amount.cite, asked.library, _amounts(asked)[0].amount.quote)
        _national_amount(asked, told)
    elif asked.rule is not None and asked.rule.rule.amount_open and "期限" in asked.rule.rule.amount_open.say:
        told.add(asked.rule.rule.amount_open, asked.library)
    if not told.lines:
        told.add(asked.time, asked.library)
    for say in asked.take(asked.card.answers.get("process_time", [])):
        told.add(say, asked.library)
    if not told.lines:
        told.lines.append("办多久国家没有统一天数，请问受理窗口或打 12345。")


def _definition(asked: Asked, told: Answer) -> None:
    told.lines.append(f"{asked.card.name}：{asked.card.says}")
    told.cite(asked.card.says_cite, asked.library)
    for say in asked.take(asked.card.answers.get("definition", [])):
        told.add(say, asked.library)
    if asked.rule is not None and asked.rule.rule.place != NATION:
        _conditions(asked.rule, asked, told)


def _income_rules(asked: Asked, told: Answer) -> None:
    for rule in asked.book.income_rules:
        if rule.text not in told.lines:
            told.lines.append(rule.text)
            told.cite(rule.cite, asked.library, rule.quote)
    for say in asked.take(asked.card.answers.get("income_rules", [])):
        told.add(say, asked.library)


def _exit(asked: Asked, told: Answer) -> None:
    for programme, words in LEAVING.items() if asked.card.id == "dibao" else ():
        leaving = asked.book.rules.get(programme)
        money = _amount_line(replace(asked, card=asked.library.programmes[programme], rule=leaving[0])) if leaving else None
        if leaving and money:
            told.lines.append(f"{words}：{money}。")
            told.cite(leaving[0].checks[-1].cite, asked.library, leaving[0].checks[-1].quote)
        elif leaving:
            told.add(leaving[0].rule.amount_open, asked.library)
    _said("exit_or_cancel")(asked, told)


def _complaint(asked: Asked, told: Answer) -> None:
    told.lines.append("举报、投诉受保护；可打 12345。")
    _said("review_or_complaint")(asked, told)


def _other(asked: Asked, told: Answer) -> None:
    for say in asked.take(asked.card.answers.get("other", [])):
        told.add(say, asked.library)
    for say in asked.card.notes:
        told.add(say, asked.library)
    if len(told.lines) < 2:
        _definition(asked, told)


def _said(aspect: str) -> Callable[[Asked, Answer], None]:
    def tell(asked: Asked, told: Answer) -> None:
        for say in asked.take(asked.card.answers.get(aspect, [])):
            told.add(say, asked.library)

    return tell


_ASPECTS: Dict[str, Callable[[Asked, Answer], None]] = {
    "eligibility": _eligibility,
    "amount": _amount,
    "how_to_apply": _how_to_apply,
    "materials": _materials,
    "where": _where,
    "process_time": _process_time,
    "definition": _definition,
    "income_rules": _income_rules,
    "asset_rules": _said("asset_rules"),
    "exit_or_cancel": _exit,
    "review_or_complaint": _complaint,
    "other": _other,
}


def source_line(cites: Sequence[Mapping[str, Any]], as_of: dt.date, library: Library) -> str:
    """`依据：阳府办〔2017〕8号 二(一)一（2017-03-24；期限到 2018-12-31，已结束）` for the first two documents cited."""
    clauses: Dict[str, List[str]] = {}
    for cite in cites:
        clauses.setdefault(cite["document"], []).append(cite["clause"])
    if len(clauses) > 1:
        clauses.pop(HOTLINES, None)  # a telephone number needs no clause beside one
    said = []
    for identity, named in list(clauses.items())[:2]:
        document = library.documents[identity]
        day = document.issued or document.valid_from
        when = day.isoformat() if day else "日期未写明"
        when += "，比您问的日子晚" if day and day > as_of else ""
        ended = f"；期限到 {document.valid_until}，已结束，以当地新规定为准" if document.ended(as_of) else ""
        said.append(f"{document.short} {'、'.join(named[:2])}（{when}{ended}）")
    return "依据：" + "；".join(said) + "。" if said else ""
