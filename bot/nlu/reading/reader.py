"""Walk a message clause by clause, keeping who is spoken of, and note what is told of whom."""

import re
from dataclasses import replace
from datetime import date

from bot.nlu.reading import numbers, places, size
from bot.nlu.reading.cast import Cast, Mention
from bot.nlu.reading.clauses import Clause, split_clauses
from bot.nlu.reading.earnings import read_money
from bot.nlu.reading.lexicon import Mark, Marks, find_marks
from bot.nlu.reading.mentions import read_mentions
from bot.nlu.reading.money import acres_in
from bot.nlu.reading.notes import Keys, Memory, Message, Notes, Scene
from bot.nlu.reading.numbers import Item
from bot.nlu.reading.statuses import read_statuses
from bot.nlu.reading.telling import bind, facts_of, is_past, is_told, items_of, plausible
from knowledge.regions import Region, find_regions

_HOLDS_PEOPLE = {"member.supported_by_family", "member.self_care", "member.obligor"}  # their words may name the carer
_REPORTS = re.compile("现?(反映|自述|自称|咨询|希望|申请|要求|求助|诉求|询问|恳请)")  # the caller again
_ELSEWHERE = re.compile("都?(在外|出嫁|嫁|在(国外|部队|监狱))")  # 有个侄子在外地，一个人住: the story goes on with the one who has him
_ONE_OF_THEM = re.compile("(另|有)?一个[^人月]")  # 一个二十四岁: of people nobody has counted
_LISTED = re.compile("(及|、|以及)[^，]{1,8}$")  # 家中有(女儿)及老母亲
_COMPLAINS = re.compile(
    "不公平|不公正|看不惯|关系户|走后门|托关系|有关系|人情保|关系保|优亲厚友|举报|小车|轿车|楼房|条件比我|比我家|凭什么|凭啥|合理吗|公平吗"
)
_SHORT = 40  # a message this short that names nobody is taken to be of the speaker
_NOBODY = {None, "nobody", "stranger", "elder", "child"}


def read_notes(text: str, today: date) -> Notes:
    """Read folded text (see knowledge/plain.py)."""
    marks, regions = find_marks(text), find_regions(text)
    people = [mark for mark in marks.people if mark.entry.get("kind") not in _NOBODY and not mark.entry.get("note")]
    family = marks.household + people
    children = [mark for mark in marks.people if mark.entry.get("kind") == "child"]
    turns = [mark for mark in family + children if not any(f.start < mark.start < f.end for f in marks.facts)]
    clauses = split_clauses(text, [(mark.start, mark.end) for mark in turns], bool(family))
    asks = any(clause.question for clause in clauses)
    message = Message(
        text,
        today,
        bool(family) or len(text) <= _SHORT,
        bool(family),
        asks,
        bool(_COMPLAINS.search(text)),
        len(clauses),
    )
    notes, memory = Notes(Cast.of(text, marks.people), acres=acres_in(text), asks=asks), Memory()
    notes.supposes = any(clause.supposed for clause in clauses)
    for clause in clauses:
        memory.turn_to(clause.sentence)
        scene, facts = _scene(clause, message, marks, notes.cast, memory)
        _read_items(scene, facts, notes, memory)
        if "stranger" not in memory.subject:
            statuses = [mark for mark in _inside(marks.statuses, clause) if message.personal]
            notes.facts += read_statuses(scene, statuses, memory)
            _read_household(scene, regions, notes, memory)
            memory.real = memory.subject
    return notes


def _inside(marks: list[Mark], clause: Clause) -> list[Mark]:
    return [mark for mark in marks if clause.start <= mark.start < clause.end]


def _scene(clause: Clause, message: Message, marks: Marks, cast: Cast, memory: Memory) -> tuple[Scene, list[Mark]]:
    """Who is in the clause, and the words of facts in it; moves the subject on."""
    facts, household = _inside(marks.facts, clause), _inside(marks.household, clause)
    if clause.question and not re.search("[我俺咱]|家里", message.text):  # 一家三口都残疾有什么政策: any family
        household = []
    if household and "stranger" in memory.subject:
        memory.subject = memory.real
    taken = household + [mark for mark in facts if mark.entry["path"] in _HOLDS_PEOPLE]
    people = [p for p in _inside(marks.people, clause) if not any(m.start <= p.start and p.end <= m.end for m in taken)]
    mentions = read_mentions(clause, people, cast, memory.subject)
    named = bool(household) or any(m.owned and m.role != "absent" for m in mentions) and not clause.opening
    memory.anchored = memory.anchored or named
    memory.of_household = bool(household) or memory.of_household and not mentions
    before = memory.subject
    memory.subject = _subject(clause, mentions, _around_brackets(clause, message.text, memory))
    memory.told = (mentions[-1].keys, mentions[-1].end, clause.end) if mentions else ((), 0, clause.end)
    memory.parent = next((m.keys for m in reversed(mentions) if m.kind == "childs_parent"), memory.parent)
    return Scene(
        message, clause, mentions, bool(household), memory.subject, before, memory.anchored, memory.of_household
    ), facts


def _around_brackets(clause: Clause, text: str, memory: Memory) -> Memory:
    """What stands in brackets is of the one named right before them; after them the story goes on as before."""
    keys, end, before = memory.told
    if re.search(r"[)\]]", text[before : clause.start]) and memory.outside:
        memory.subject, memory.outside = memory.outside, ()
    if re.search(r"[(\[]", text[before : clause.start]) and keys and end == before:
        memory.outside, memory.subject = memory.subject, keys
    return memory


def _subject(clause: Clause, mentions: list[Mention], memory: Memory) -> Keys:
    leading = [
        mention
        for mention in mentions
        if mention.leads
        and not _LISTED.match(clause.after(mention.end))
        and not (mention.role == "introduced" and _ELSEWHERE.match(clause.after(mention.end)))
    ]
    if (
        not mentions
        and _REPORTS.match(clause.text)
        or not leading
        and re.match("[从自]小[^，]*(抚养|长大|带大|养大)", clause.text)
    ):
        return ("self",)
    if leading:
        subject = tuple(dict.fromkeys(key.split("@")[-1] for key in leading[-1].keys))
        memory.led = tuple(key for key in memory.led if key not in subject) + subject
        return subject
    if (
        not leading
        and re.match("都|均|两个人都|俩人都", clause.text)
        and len(memory.subject) == 1
        and len(memory.led) > 1
    ):
        return memory.led[-2:]
    return memory.subject


def _read_items(scene: Scene, marks: list[Mark], notes: Notes, memory: Memory) -> None:
    """What is said of people, and of the household in words."""
    message = scene.message
    named = [mention.end for mention in scene.mentions]
    if message.text[: scene.clause.start].endswith(("(", ":")):  # 孙(10，孤儿), 子:14
        named.append(scene.clause.start)
    items = [*items_of(marks, scene)]
    items += numbers.read_numbers(scene.clause, message.text, message.today, message.clauses == 1 and not named, named)
    ages = [item for item in items if item.field == "age"]
    for item in items:
        who, explicit = bind(item, scene)
        if item.of_member and not scene.mentions and _ONE_OF_THEM.match(scene.clause.text):
            continue
        if len(who) > 1 and _dealt_out(scene):  # 俩人一个脑血栓一个高血压: which of them, nobody knows
            continue
        if len(who) == len(ages) > 1 and item in ages:  # 爸妈六十八和六十五
            who = who[ages.index(item) : ages.index(item) + 1]
        if item.field == "employed" and item.value is False and not memory.anchored and not memory.led and memory.worker:
            who = memory.worker
        if item.value == "gone" and not scene.mentions:
            who = memory.left or memory.parent or who
        if not all(plausible(item, notes.cast.kinds.get(key, key)) and _old_enough(item, key, notes) for key in who):
            if explicit or "self" in who or not (plausible(item, "self") and _old_enough(item, "self", notes)):
                continue
            who = ("self",)  # 女儿在外地，七十三岁: an aside is over
        if "stranger" in who or not is_told(item, explicit, items, scene):
            continue
        notes.facts += facts_of(item, who, explicit, scene, notes.cast)
        notes.cast.described.update(who)
        if item.field == "employed" and item.value:
            memory.working = memory.worker = who
        if item.field in ("serious_illness", "self_care", "hardship.illness") and item.value not in (False, "full"):
            memory.patient = who
        if item.field == "fate" and item.value != "unfit":
            _part_with(who, item.value, scene, notes.cast, memory)


def _old_enough(item: Item, who: str, notes: Notes) -> bool:
    """No child of ten is out of work (女，36，儿10，无业), nobody of fifty at school."""
    ages = [fact.value for fact in notes.facts if fact.who == who and fact.field == "age"]
    if not ages or not isinstance(ages[0], int):
        return True
    if item.field == "studying" and item.value != "none":
        return ages[0] < 35
    return item.field not in ("employed", "works_away") or ages[0] >= 15


def _dealt_out(scene: Scene) -> bool:
    """Whether the clause deals out what it tells: 一个 …, 一个 …."""
    return scene.clause.text.count("一个") - scene.clause.text.count("一个月") > 1


def _part_with(who: Keys, fate: str, scene: Scene, cast: Cast, memory: Memory) -> None:
    """After somebody has died or gone, the story goes on with those who stay."""
    if fate == "left":
        memory.left = who
    if fate in ("dead", "left"):
        cast.recent = [key for key in cast.recent if key not in who]
    if set(memory.subject) <= set(who):
        memory.returns = ("self",) if "self" in memory.led and not cast.reported else ()
        staying = [key for key in memory.led if key not in who]
        memory.subject = tuple(staying[-1:]) or ("self",)


def _of_the_speaker(scene: Scene) -> bool:
    """Whether a clause tells of the speaker's own life; 奶奶带着孙子过 does not."""
    others = any(mention.leads and "self" not in mention.keys for mention in scene.mentions)
    return "self" in scene.subject or "self" in scene.before and not others


def _read_household(scene: Scene, regions: list[Region], notes: Notes, memory: Memory) -> None:
    """Size, money and places."""
    clause = scene.clause
    if not clause.rule and not scene.general_question:
        adults = 2 if set(scene.subject) == {"self", "spouse"} else 1
        listed = max((len(mention.keys) for mention in scene.mentions if mention.end == clause.end), default=0)
        objects = sum(len(mention.keys) for mention in scene.mentions if mention.role == "object")
        if size.is_single(clause.text) and not clause.supposed and set(scene.subject) <= {"self", "spouse"}:
            notes.single = True
        notes.sizes += size.read_sizes(clause, adults, listed, _of_the_speaker(scene), objects)
        read_money(scene, notes, memory)
    for region in regions:
        if clause.start <= region.start < clause.end and not places.is_landscape(clause, region):
            leading = scene.leading(region.start)
            who = leading[-1].keys if leading else scene.subject
            place = places.place_of(region, clause, scene.message.text, "self" not in who)
            if place.part == "living_region" and re.match(
                "[^，。]{0,8}(打工|务工|上班|干活)", clause.after(region.end)
            ):
                notes.seats.append((who, replace(place, part="work")))
                if "self" not in who:  # 侄子现在在成都打工
                    continue
            if place.part != "work" or not (is_past(clause, scene.message.today) or scene.general_question):
                notes.seats.append((who, place))
