"""How many questions it takes: the planner beside a fixed questionnaire and beside the best order there is.

python -m benchmarks.questions [FAMILIES]

Families are made up and fully known; answers are drawn from what is true of them. At the start the family has said who
lives there and how old they are, nothing else.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
import statistics
import sys
from collections import defaultdict
from itertools import permutations
from random import Random
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple

from actions.family import flatten, with_fact
from actions.screening import assess, paths_of, remember
from actions.state import Conversation
from benchmarks.families import STANDARD, at, family
from benchmarks.rules_speed import PLACES
from knowledge.library import Library, load
from rules import Household
from rules.questions import next_question
from rules.rulebook import CompiledRule, rulebook
from rules.screen import judge
from rules.together import is_group, of_all, told_by

FIGURES = {"dibao_standard": STANDARD, "minimum_wage": 1800, "disposable_income": 3000}
SMALL = 5
_MEMBER = re.compile(r"^members\[(.+)\]\.(\w+)$")
Raw = Dict[str, Any]


class Setting(NamedTuple):
    """Where and when one asks, and about which programmes (None: all of the place)."""

    place: str
    as_of: dt.date
    programmes: Optional[List[str]]


def start(truth: Raw, everybody: bool = True) -> Raw:
    """What a family says first: who lives there and how old they are; or the first of them alone."""
    people = truth["members"] if everybody else truth["members"][:1]
    told: Raw = {"region": truth["region"]}
    told["members"] = [{key: member[key] for key in ("id", "relation", "age")} for member in people]
    return told


def answer(told: Raw, truth: Raw, path: str) -> bool:
    """Tell one fact; False where the family has none to tell."""
    match = _MEMBER.match(path)
    if match:
        source, target = _member(truth, match[1]), _member(told, match[1])
        name = match[2]
    else:
        group, _, name = path.rpartition(".")
        source, target = (truth.get(group, {}), told.setdefault(group, {})) if group else (truth, told)
    if name in source:
        target[name] = source[name]
    return name in source


def _member(household: Raw, name: str) -> Raw:
    return next(member for member in household["members"] if member["id"] == name)


def by_planner(truth: Raw, told: Raw, setting: Setting) -> List[str]:
    """The paths asked for, one a question, until nothing that could be asked would change a verdict."""
    told = copy.deepcopy(told)
    skipped: Set[str] = set()
    asked: List[str] = []
    while True:
        question = next_question(Household.parse(told), setting.as_of, setting.programmes, FIGURES, skip=skipped)
        if question is None:
            return asked
        asked.append(question.path)
        if not answer(told, truth, question.path):
            skipped.add(question.path)


def by_conversation(truth: Raw, told: Raw, setting: Setting, in_words: bool = False) -> int:
    """Questions that the conversation itself puts: several facts of the family in one, one fact of everybody in one.

    Of those it is told to hold of more is then asked one by one, as of one who taps; in_words: 我爸二级 tells that at once.
    """
    state = Conversation(household=told, focus=setting.programmes or [], parameters=dict(FIGURES))
    known = flatten(truth)
    asked = 0
    while True:
        question = assess(state, setting.as_of, load()).question
        if question is None:
            return asked
        asked += 1
        state.asked.append(question.path)
        remember(question.path, question.choices, state)
        _reply(state, question.path, known, in_words)


def _reply(state: Conversation, path: str, known: Raw, in_words: bool) -> None:
    """What the family answers; what it cannot tell it declines."""
    paths, everybody = paths_of(path, state), of_all(path) if is_group(path) else None
    values = {one: known.get(one) for one in paths}
    if everybody:
        they = {one: value if in_words else None for one, value in values.items() if value != everybody.others}
        values = told_by(path, paths, they)
        state.named += [] if in_words else they
    for one, value in values.items():
        state.household = with_fact(state.household, one, value)
        state.declined += [one] if value is None and one not in state.named else []


def in_order(truth: Raw, told: Raw, setting: Setting, order: Sequence[str]) -> int:
    """Questions asked in one order for every family, each only while its answer is missing from an open verdict."""
    told, asked = copy.deepcopy(told), 0
    for path in order:
        missing = _missing(told, setting)
        if not missing:
            break
        if path in missing:
            asked += 1
            answer(told, truth, path)
    return asked


def _missing(told: Raw, setting: Setting) -> Set[str]:
    judged = judge(Household.parse(told), setting.as_of, setting.programmes, FIGURES)
    return {path for one in judged if one.truth is None and not one.already for path in one.missing()}


def questionnaire(rules: Sequence[CompiledRule], told: Raw) -> int:
    """A form with every fact of the rules, each fact of a person asked of everybody; what was said at the start is not."""
    paths = {path for rule in rules for path in rule.paths} - {"member.age", "region", "member.relation"}
    each = len(told["members"])
    return sum(each if path.startswith("member.") else 1 for path in paths)


def named(random: Random, count: int, library: Library) -> Iterator[Tuple[Setting, CompiledRule, Raw, Raw]]:
    """A family, and one programme of its place that it asks about by name: for its first person, or for them all."""
    for _ in range(count):
        place, day = random.choice(list(PLACES.values()))
        programme, versions = random.choice(list(rulebook(library, place, day).rules.items()))
        truth = at(place, family(random))
        rule = versions[0]
        yield Setting(place, day, [programme]), rule, truth, start(truth, rule.card.scope == "household")


def best_orders(random: Random, library: Library) -> List[Tuple[float, float]]:
    """(planner, best order) in questions a family, for every programme with few enough facts to try all orders."""
    found = []
    for place, day in PLACES.values():
        for programme, versions in rulebook(library, place, day).rules.items():
            rule = versions[0]
            facts = [path for path in rule.paths if path not in ("member.age", "region")]
            if rule.card.scope == "household" and any(path.startswith("member.") for path in facts):
                continue
            if 2 <= len(facts) <= SMALL:
                paths = [path.replace("member.", "members[m1].") for path in sorted(facts)]
                found.append(_against_all_orders(random, Setting(place, day, [programme]), paths))
    return found


def _against_all_orders(random: Random, setting: Setting, paths: List[str]) -> Tuple[float, float]:
    truths = [at(setting.place, family(random)) for _ in range(40)]
    pairs = [(truth, start(truth, everybody=False)) for truth in truths]

    def mean(ask: Callable[[Raw, Raw], int]) -> float:
        return statistics.fmean(ask(truth, told) for truth, told in pairs)

    orders = (mean(lambda truth, told: in_order(truth, told, setting, order)) for order in permutations(paths))  # noqa: B023
    return mean(lambda truth, told: len(by_planner(truth, told, setting))), min(orders)


def report(count: int) -> None:
    library, random = load(), Random(2026)
    print(f"{count} 户编的人家；开头只说了家里有谁、多大岁数。问几句才没有可问的（中位数）\n")
    cases = list(named(random, count, library))
    planned = [len(by_planner(truth, told, setting)) for setting, _, truth, told in cases]
    forms = [questionnaire([rule], told) for _, rule, _, told in cases]
    talked = [by_conversation(truth, told, setting) for setting, _, truth, told in cases]
    print(f"点名问一项      单句 {statistics.median(planned):g} 句（平均 {statistics.fmean(planned):.1f}），", end="")
    print(f"对话 {statistics.median(talked):g} 句（平均 {statistics.fmean(talked):.1f}），", end="")
    print(f"固定问卷 {statistics.median(forms):g} 句（平均 {statistics.fmean(forms):.1f}）")
    small = best_orders(random, library)
    print(
        f"条件少的 {len(small)} 项  会问平均 {statistics.fmean(one for one, _ in small):.2f} 句，"
        f"把所有次序都试一遍、最好的一种平均 {statistics.fmean(best for _, best in small):.2f} 句\n"
    )
    everything(random, count, library)


def everything(random: Random, count: int, library: Library) -> None:
    """All programmes of a place, by how many people there are."""
    lines: Dict[str, Dict[int, List[Tuple[int, ...]]]] = defaultdict(lambda: defaultdict(list))
    for _ in range(count):
        name, (place, day) = random.choice(list(PLACES.items()))
        truth = at(place, family(random))
        told, setting = start(truth), Setting(place, day, None)
        rules = [versions[0] for versions in rulebook(library, place, day).rules.values()]
        asked = by_planner(truth, told, setting)
        talks = [by_conversation(truth, told, setting, in_words) for in_words in (False, True)]
        numbers = len(asked), *talks, questionnaire(rules, told)
        for size in (len(truth["members"]), 0):
            lines[name][size].append(numbers)
            lines["合计"][size].append(numbers)
    print("当地全部项目           单句  对话  口说  固定问卷")
    print("单句：一样事一个人一句。对话：照对话里的问法，点名字、再一个个追问。口说：同样的问法，一句话连等级都说了。")
    for name, sizes in lines.items():
        for size in sorted(sizes):
            medians = [statistics.median(column) for column in zip(*sizes[size])]
            about = f"{size} 口人" if size else "各种人家"
            print(f"{name:<8} {about:<6}", *(f"{median:6g}" for median in medians), f"  ({len(sizes[size])} 户)")


if __name__ == "__main__":
    report(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
