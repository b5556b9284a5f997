"""Whether everything the knowledge base says stands where it is said to stand: `python -m knowledge check`.

Reading (`knowledge.library`) checks shapes. This checks what shapes cannot: that citations resolve and quotes are
word for word, that conditions can be judged, that cards know each other, and that no two entries hold for the same
place on the same day.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import combinations
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Optional, Sequence

import yaml

from knowledge.check_conditions import condition_faults
from knowledge.faults import Fault, line_with, shown
from knowledge.library import NATION, ROOT, KnowledgeError, Library, load, upward
from knowledge.model import Amount, Condition, Place, Rule

BLANK = "〔请填〕"
_LOAD_ERROR = re.compile(r"^(?P<file>.+?\.(?:yml|md))(?::(?P<line>\d+))?: (?P<fault>.+)$", re.DOTALL)


def check(root: Path = ROOT) -> List[Fault]:
    """Every fault of the knowledge base under `root`; an empty list when it is clean."""
    blanks = list(_blanks(root))
    try:
        library = load.__wrapped__(root)
    except KnowledgeError as error:
        return [*blanks, _unreadable(error, root)]
    files = sorted(root.rglob("*.yml"))
    faults = blanks + list(_citations(files, library)) + list(_cards(root, library))
    for definition in library.definitions.values():
        faults += _condition(root / "definitions.yml", definition, library, NATION)
    for rules in library.rules.values():
        for rule in rules:
            faults += _rule(rule, library)
        faults += _versions(rules)
    for file in sorted((root / "places").glob("*/place.yml")):
        faults += _place(file, library)
    faults += _places_twice(root)
    return list(dict.fromkeys(faults))


def _unreadable(error: KnowledgeError, root: Path) -> Fault:
    match = _LOAD_ERROR.match(str(error))
    file, line, fault = (
        (Path(match["file"]), int(match["line"] or 1), match["fault"]) if match else (root, 1, str(error))
    )
    return Fault(
        file,
        line,
        (f"这个文件读不了：{fault}", "读不了就没法回答", "照着报的位置改好再查一遍"),
        (f"cannot be read: {fault}", "what cannot be read cannot be used", "mend the place named and check again"),
    )


def _blanks(root: Path) -> Iterator[Fault]:
    """What a skeleton left to fill in."""
    for file in [*sorted(root.rglob("*.yml")), *sorted(root.rglob("*.md"))]:
        for number, line in enumerate(file.read_text(encoding="utf8").splitlines(), 1):
            if BLANK in line:
                yield Fault(
                    file,
                    number,
                    ("还有没填的地方", "空着的话会原样念给老百姓听", f"把 {BLANK} 换成文件里的内容，没有就删掉这一行"),
                    (
                        "still to be filled in",
                        "a blank would be read out to people",
                        f"replace {BLANK}, or delete the line",
                    ),
                )


# --- citations and quotes


def _citations(files: Iterable[Path], library: Library) -> Iterator[Fault]:
    for file in files:
        for record in _records(yaml.load(file.read_text(encoding="utf8"), Loader=yaml.CSafeLoader)):
            for key, address in record.items():
                if (key == "cite" or str(key).endswith("_cite")) and address:
                    yield from _citation(file, str(address), record.get("quote"), library)


def _records(node: Any) -> Iterator[Dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _records(child)


def _citation(file: Path, address: str, quote: Optional[str], library: Library) -> Iterator[Fault]:
    try:
        clause = library.clause(address)
    except KnowledgeError:
        name = address.partition("#")[0]
        document = library.documents.get(name)
        known = "、".join(document.clauses) if document else f"documents/ 里没有 {name}.md"
        yield Fault(
            file,
            line_with(file, address),
            (f"引用 {address} 找不到", "每句话都要能翻到原文", f"改成有的条目：{known}"),
            (
                f"citation {address} does not resolve",
                "every sentence must lead to its source",
                f"write one of: {known}",
            ),
        )
        return
    if quote is None:
        return
    if library.documents[clause.document].kind != "quoted":
        yield Fault(
            file,
            line_with(file, quote[:8]),
            (f"{address} 是要点，不是原文，不能当原话引", "引号里的话必须是文件自己的话", "删掉 quote,只留 cite"),
            (
                f"{address} is a summary and cannot be quoted",
                "a quote must be the document's own words",
                "drop quote, keep cite",
            ),
        )
    elif _flat(quote) not in _flat(clause.text):
        yield Fault(
            file,
            line_with(file, quote[:8]),
            (f"「{quote}」不在 {address} 里", "引的话要和原文一字不差", f"从这一条里照抄：{clause.text[:60]}…"),
            (
                f"the quote is not in {address}",
                "a quote stands word for word in its clause",
                "copy it from that clause",
            ),
        )


def _flat(text: str) -> str:
    return re.sub(r"\s", "", text)


# --- cards


def _cards(root: Path, library: Library) -> Iterator[Fault]:
    for file in sorted((root / "programmes").glob("*.yml")):
        card = library.programmes.get(file.stem)
        if card is None:
            yield Fault(
                file,
                line_with(file, "id:"),
                ("卡片里的 id 和文件名不一样", "规则按文件名找卡片", f"把 id 写成 {file.stem},或给文件改名"),
                (
                    "the card's id is not its file name",
                    "rules find a card by file name",
                    f"write id: {file.stem} or rename the file",
                ),
            )
            continue
        named = [("unlocks", one) for one in card.unlocks] + [("near_miss", one) for one in card.near_miss]
        named += [("excludes", str(say.programme)) for say in card.excludes]
        for key, programme in named:
            if programme not in library.programmes:
                yield _no_card(file, line_with(file, programme), programme, f"{key}: ")


def _no_card(file: Path, line: int, programme: str, where: str) -> Fault:
    return Fault(
        file,
        line,
        (
            f"{where}没有叫 {programme} 的项目卡片",
            "没有卡片就说不出它是什么",
            f"先写 programmes/{programme}.yml,或改成有的项目",
        ),
        (
            f"{where}no card {programme}",
            "without a card nothing can be said of it",
            f"write programmes/{programme}.yml or name another",
        ),
    )


# --- rules of a place


def _rule(rule: Rule, library: Library) -> Iterator[Fault]:
    file = Path(str(rule.file))
    if rule.programme not in library.programmes:
        yield _no_card(file, 1, rule.programme, "")
    yield from _elsewhere(file, rule.document, rule.place, library)
    yield from _upside_down(file, rule)
    for condition in [*rule.covers, *rule.conditions]:
        yield from _condition(file, condition, library, rule.place)
    for amount in rule.amount:
        yield from _amount(file, amount, library, rule.place)
    yield from _amounts_overlap(file, rule.programme, rule.amount)


def _condition(file: Path, condition: Condition, library: Library, place: str) -> Iterator[Fault]:
    for word, zh, en in condition_faults(condition, library):
        yield Fault(
            file,
            line_with(file, word),
            (zh, "写错的条件永远判不出来", "对照 facts.yml 和 definitions.yml 改"),
            (en, "a condition that is wrong can never be judged", "see facts.yml and definitions.yml"),
        )
    for address in _cites(condition):
        yield from _rests_on_memory(file, address, library)
        yield from _elsewhere(file, address, place, library)


def _cites(condition: Condition) -> Iterator[str]:
    if condition.cite:
        yield condition.cite
    inner = [
        *(condition.all or []),
        *(condition.any or []),
        *([condition.some_member] if condition.some_member else []),
    ]
    for one in inner:
        yield from _cites(one)


def _rests_on_memory(file: Path, address: str, library: Library) -> Iterator[Fault]:
    document, _, clause = address.partition("#")
    known = library.documents.get(document)
    if known and clause in known.clauses and known.clauses[clause].sure == "memory":
        yield Fault(
            file,
            line_with(file, address),
            (f"{address} 只凭记忆，没有出处", "没有出处的话不能决定谁够不够条件", "换一条读到过的出处，或者删掉"),
            (
                f"{address} is from memory alone",
                "what nobody could look up must not decide",
                "cite a clause that was read",
            ),
        )


def _elsewhere(file: Path, address: str, place: str, library: Library) -> Iterator[Fault]:
    document = library.documents.get(address.partition("#")[0])
    if document and document.place.ljust(6, "0") not in upward(place):
        yield Fault(
            file,
            line_with(file, address),
            (f"{document.id} 是别处({document.place})的文件", "别处的规定不能用在这里", "换成本地或上级的文件"),
            (
                f"{document.id} belongs to {document.place}",
                "another place's rules do not hold here",
                "cite this place or one above",
            ),
        )


# --- figures and amounts


def _place(file: Path, library: Library) -> Iterator[Fault]:
    raw = Place(**yaml.load(file.read_text(encoding="utf8"), Loader=yaml.CSafeLoader))
    for rule in raw.income_rules:
        yield from _rests_on_memory(file, rule.cite, library)
        yield from _elsewhere(file, rule.cite, raw.code, library)
        yield from _upside_down(file, rule)
    by_kind = [(rule.kind, rule) for rule in raw.income_rules]
    figures = [
        (f"{name} {figure.hukou_kind or ''}".strip(), figure)
        for name, all_of in raw.parameters.items()
        for figure in all_of
    ]
    for _, figure in figures:
        yield from _rests_on_memory(file, figure.cite, library)
        yield from _surer_than_read(file, figure, library)
        yield from _upside_down(file, figure)
    for (name, one), (other_name, other) in [*combinations(by_kind, 2), *combinations(figures, 2)]:
        if name == other_name and _overlap(one, other):
            yield _both_hold(file, name, one, other)
    for amount in raw.amounts:
        if amount.programme not in library.programmes:
            yield _no_card(file, line_with(file, str(amount.programme)), str(amount.programme), "amounts: ")
        yield from _amount(file, amount, library, raw.code)
    for programme in dict.fromkeys(str(amount.programme) for amount in raw.amounts):
        yield from _amounts_overlap(file, programme, [one for one in raw.amounts if one.programme == programme])


def _amount(file: Path, amount: Amount, library: Library, place: str) -> Iterator[Fault]:
    if amount.when:
        yield from _condition(file, amount.when, library, place)
    if amount.cite:
        yield from _rests_on_memory(file, amount.cite, library)
        yield from _elsewhere(file, amount.cite, place, library)
        yield from _surer_than_read(file, amount, library)
    elif amount.min is not None or amount.share or amount.gap:
        yield Fault(
            file,
            line_with(file, "unit: " + amount.unit),
            ("这个金额没有出处", "每个数字都要说得出是哪份文件写的", "补上 cite: 文件#条目"),
            ("an amount without a source", "every figure is shown with its clause", "add cite: document#clause"),
        )
    yield from _upside_down(file, amount)


def _surer_than_read(file: Path, entry: Any, library: Library) -> Iterator[Fault]:
    document, _, clause = entry.cite.partition("#")
    known = library.documents.get(document)
    sure = known.clauses[clause].sure if known and clause in known.clauses else "seen"
    if entry.sure == "seen" and sure == "seen-secondary":
        yield Fault(
            file,
            line_with(file, entry.cite),
            (
                f"{entry.cite} 是转述，这里却写成核到了原文",
                "转述的数字要告诉人家以当地为准",
                "写上 sure: seen-secondary",
            ),
            (
                f"{entry.cite} is second-hand, this says seen",
                "people are told when a figure is second-hand",
                "add sure: seen-secondary",
            ),
        )


def _amounts_overlap(file: Path, programme: str, amounts: Sequence[Amount]) -> Iterator[Fault]:
    """The first amount whose `when` applies stands; two with the same `when` on the same day disagree."""
    for one, other in combinations(amounts, 2):
        if one.when == other.when and _overlap(one, other):
            yield _both_hold(file, f"{programme} amount", one, other)


def _versions(rules: Sequence[Rule]) -> Iterator[Fault]:
    for one, other in combinations(rules, 2):
        if _overlap(one, other):
            here, there = Path(str(one.file)), Path(str(other.file))
            yield _both_hold(here, f"{one.programme} ({one.document}, {other.document})", one, other, there)


def _places_twice(root: Path) -> Iterator[Fault]:
    found: Dict[str, Path] = {}
    for file in sorted((root / "places").glob("*/place.yml")):
        code = str(yaml.load(file.read_text(encoding="utf8"), Loader=yaml.CSafeLoader)["code"])
        if code in found:
            yield _both_hold(file, f"place {code}", None, None, found[code])
        found[code] = file
        if not file.parent.name.startswith(f"{code}_"):
            yield Fault(
                file,
                line_with(file, "code:"),
                (f"文件夹 {file.parent.name} 和代码 {code} 对不上", "按代码找地方", f"文件夹要叫 {code}_拼音"),
                (
                    f"folder {file.parent.name} is not code {code}",
                    "places are found by code",
                    f"name the folder {code}_pinyin",
                ),
            )


def _overlap(one: Any, other: Any) -> bool:
    return (one.start or dt.date.min) <= (other.until or dt.date.max) and (other.start or dt.date.min) <= (
        one.until or dt.date.max
    )


def _both_hold(file: Path, what: str, one: Any, other: Any, there: Optional[Path] = None) -> Fault:
    spans = " 和 ".join(f"{e.start or '…'}—{e.until or '…'}" for e in (one, other) if e is not None)
    where = f"{shown(there or file)}"
    return Fault(
        file,
        line_with(file, *(e.start for e in (other,) if e is not None and e.start)) if there is None else 1,
        (
            f"{what} 有两条同时管用({spans};另一条在 {where})",
            "同一天同一个地方只能有一个说法",
            "给旧的写上 until,或删掉一条",
        ),
        (
            f"{what}: two entries hold at once (the other in {where})",
            "one day, one place, one answer",
            "end the older with until",
        ),
    )


def _upside_down(file: Path, entry: Any) -> Iterator[Fault]:
    if entry.start and entry.until and entry.until < entry.start:
        yield Fault(
            file,
            line_with(file, entry.until),
            (f"从 {entry.start} 到 {entry.until},结束比开始早", "这样哪天都不管用", "把 from 和 until 对调或改对"),
            (f"ends {entry.until} before it starts {entry.start}", "it would never hold", "mend from and until"),
        )
