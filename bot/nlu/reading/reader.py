"""Walk a message clause by clause, keeping who is spoken of, and note what is told of whom."""

import re
from datetime import date

from bot.nlu.reading import numbers, places, size
from bot.nlu.reading.cast import ELDERS, Cast
from bot.nlu.reading.clauses import Clause, split_clauses
from bot.nlu.reading.earnings import read_money
from bot.nlu.reading.lexicon import Mark, Marks, find_marks
from bot.nlu.reading.mentions import Mention, read_mentions
from bot.nlu.reading.money import acres_in
from bot.nlu.reading.notes import Keys, Memory, Message, Notes, Scene
from bot.nlu.reading.statuses import read_statuses
from bot.nlu.reading.telling import bind, facts_of, is_told, items_of
from knowledge.regions import Region, find_regions

_HOLDS_PEOPLE = {"member.supported_by_family", "member.self_care", "member.obligor"}  # their words may name the carer
_SHORT = 40  # a message this short that names nobody is taken to be of the speaker
_NOBODY = {None, "nobody", "stranger", "elder", "child"}


def read_notes(text: str, today: date) -> Notes:
    """Read folded text (see knowledge/plain.py)."""
    marks, clauses, regions = find_marks(text), split_clauses(text), find_regions(text)
    names_family = bool(marks.household) or any(mark.entry.get("kind") not in _NOBODY for mark in marks.people)
    asks = any(clause.question for clause in clauses)
    message = Message(text, today, names_family or len(text) <= _SHORT, names_family, asks, len(clauses))
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
    if household and "stranger" in memory.subject:
        memory.subject = memory.real
    taken = household + [mark for mark in facts if mark.entry["path"] in _HOLDS_PEOPLE]
    people = [p for p in _inside(marks.people, clause) if not any(m.start <= p.start and p.end <= m.end for m in taken)]
    mentions = read_mentions(clause, people, cast, memory.subject)
    named = bool(household) or any(m.owned and m.role != "absent" for m in mentions) and not clause.opening
    memory.anchored = memory.anchored or named
    memory.of_household = bool(household) or memory.of_household and not mentions
    before = memory.subject
    memory.subject = _subject(clause, mentions, memory)
    return Scene(
        message, clause, mentions, bool(household), memory.subject, before, memory.anchored, memory.of_household
    ), facts


def _subject(clause: Clause, mentions: list[Mention], memory: Memory) -> Keys:
    leading = [mention for mention in mentions if mention.leads]
    if leading:
        subject = tuple(dict.fromkeys(key.split("@")[-1] for key in leading[-1].keys))
        memory.led = tuple(dict.fromkeys(memory.led + subject))
        return subject
    if (
        not mentions
        and re.match("都|均|两个人都|俩人都", clause.text)
        and len(memory.subject) == 1
        and len(memory.led) > 1
    ):
        return memory.led[-2:]
    return memory.subject


def _read_items(scene: Scene, marks: list[Mark], notes: Notes, memory: Memory) -> None:
    """What is said of people, and of the household in words."""
    named = [mention.end for mention in scene.mentions]
    message = scene.message
    items = [*items_of(marks, scene.clause, named)]
    items += numbers.read_numbers(scene.clause, message.text, message.today, message.clauses == 1 and not named, named)
    for item in items:
        who, explicit = bind(item, scene)
        if item.field == "employed" and item.value is False and not scene.mentions and memory.worker:
            who = memory.worker
        if item.value == "gone" and not scene.mentions and memory.left:
            who = memory.left
        if "stranger" in who or not is_told(item, explicit, items, scene):
            continue
        notes.facts += facts_of(item, who, explicit, scene, notes.cast)
        if item.field == "employed" and item.value:
            memory.working = memory.worker = who
        if item.field == "fate" and item.value != "unfit":
            _part_with(who, item.value, scene, notes.cast, memory)


def _part_with(who: Keys, fate: str, scene: Scene, cast: Cast, memory: Memory) -> None:
    """After somebody has died or gone, the story goes on with those who stay."""
    if fate == "left":
        memory.left = who
    if fate in ("dead", "left"):
        cast.recent = [key for key in cast.recent if key not in who]
    if set(memory.subject) <= set(who):
        memory.subject = scene.before if not set(who) & set(scene.before) else ("self",)


def _of_the_speaker(scene: Scene) -> bool:
    """Whether a clause tells of the speaker's own life; 奶奶带着孙子过 does not."""
    others = any(mention.leads and mention.kind in ELDERS for mention in scene.mentions[:1])
    return "self" in scene.subject or "self" in scene.before and not others


def _read_household(scene: Scene, regions: list[Region], notes: Notes, memory: Memory) -> None:
    """Size, money and places."""
    clause = scene.clause
    if not clause.rule and not scene.general_question:
        adults = 2 if set(scene.subject) == {"self", "spouse"} else 1
        listed = max((len(mention.keys) for mention in scene.mentions if mention.end == clause.end), default=0)
        notes.sizes += size.read_sizes(clause, adults, listed, _of_the_speaker(scene))
        read_money(scene, notes, memory)
    for region in regions:
        if clause.start <= region.start < clause.end:
            place = places.place_of(region, clause)
            if place.part != "work" or not (clause.past or scene.general_question):
                leading = scene.leading(region.start)
                notes.seats.append((leading[-1].keys if leading else scene.subject, place))
