"""The mentions of people in a clause: whom they mean, and as what: the subject, an object, somebody asked for."""

import re
from dataclasses import replace

from bot.nlu.reading import kin
from bot.nlu.reading.cast import CHILDREN, ELDERS, MEN, WOMEN, YOUNG, Cast, Mention, is_case
from bot.nlu.reading.clauses import Clause
from bot.nlu.reading.lexicon import Mark

_MANY = 60  # nobody names more people in one breath; the time a clause takes grows with their square
# Said without 我 or 家里 in a question, these are people in general: 儿子有工资，老人能评吗
_ANYBODYS = {"elder", "child", "son", "daughter", "grandson", "granddaughter", "daughterinlaw", "soninlaw"}
_PRONOUNS = {"self", "he", "they"}
_FOREBEARS = ("father", "mother", "parents", "grandfather", "grandmother", "grandparents", "spouse")
_BY_WORD = {"brother", "sister", "uncle", "aunt", "nephew", "cousin", "brotherinlaw", "sisterinlaw"}
_ORDERS = dict(zip("大长二次三四五小幼幺", "1122345小小小"))
_ALONE = {"大的": "1", "最大的": "1", "老大": "1", "老二": "2", "小的": "小", "碎的": "小", "最小的": "小", "老幺": "小"}
_SAME_WORD = {"兄": "哥", "父": "叔", "妈": "姨", "母": "姑", "子": "", "儿": "", "弟": "弟"}
_POSSESSOR = re.compile(
    r"(我们|俺们|咱们|他们|她们|我|俺|咱|他|她|其|本人|该户|户主|来电人|市民|居民)?(家|屋)?(里)?(?P<of>的)?(那个|这个|"
    r"一个|个|\d个|[一两二三四五俩]个)?(?P<order>[大小二三四五])?$"
)
_ALL_OF_THEM = re.compile("[两三四五六七八几](个(?!月)|人)")  # 我们兄弟三个: none of them alone
_PEOPLE_COUNT = re.compile(r"(?P<count>[两俩二三四五六仨]|\d)(个|位)$|(?P<pair>[两俩仨])$")
_SEVERAL: dict[str, list[tuple[str, ...]]] = {  # kind, relation and word of each of those one word names
    "parents": [("father", "father"), ("mother", "mother")],
    "grandparents": [("grandfather", "grandfather"), ("grandmother", "grandmother")],
    "brotherandwife": [("brother", "sibling", "哥"), ("sisterinlaw", "other")],
    "inlaws": [("fatherinlaw", "other"), ("motherinlaw", "other")],
    "stranger": [("stranger", "other")],
}
_OBJECT = re.compile(
    r"(?P<introduced>(?<![没所])有(?!没有)|(?<![收领抱])生了|生下|[收领抱]养了|还剩|剩下?|撇下|留下|丢下|抛下|扔下|还有|就|只有)(了|着)?(一个|个|俩|两个|三个)?$"
    r"|(?P<topic>帮着?|替|代|给|(?<!因)为|把|将)(我们?|俺)?(村|家)?(里)?(的)?(一个|个)?$"
    r"|(?P<absent>没[有得了]?|无|未有|失去|(没|未|不|没有)(娶|找|讨|嫁|说|谈|处|成)(过|上|到|成)?|没有过|娶不上|讨不到|说不上)$"
    r"|(?P<with>跟着?|跟到|随|和|与|同|及|还有|以及)$"
    r"|(?P<cause>供|送|让|叫|靠着?|指着|指望)$"
    r"|(?P<object>(?<!现)在|住|由|加上?|照顾|照料|伺候|服侍|养着?|养活|看|陪|扶|接|管|顾不?上?|找|求|对|向|问|带着?|"
    r"拉扯着?|领着|除了|比|像|被|离|见|据|按|帮不上|给不了|生|怀|教育|护理|打|骂|拖累|连累|感谢|通知|麻烦)(一个|个|俩|两个|三个|了)?$"
)
_ATTRIBUTE = re.compile(r"([^，跟和与带养有顾]{1,6}的|[\d一二三四五六七八九十]+多?岁|残疾|生病)$")  # 跟(八十岁的)老娘过
_IDENTITY = re.compile("(我|俺|本人)是[^，]{0,30}$")  # 我是他(女儿), 我是一名单亲(妈妈)
_EARNS = re.compile(
    r"(一个?人|自己|俩|们|两口子)*(在|打|种|上班|做|搬|摆|送|开|每|一个?月|一年|挣|当|干|卖|拉|跑)"
)  # 全靠(我)在厂里上班
_TOLD_OF_ONE = re.compile(r"(在)?(上|读|念|研|本科|中专|职高|技校|残|瘫|\d|[一二三四五六七八九十]|智|学|初|高|小学|大)")  # 一个读初中
_GOODS = re.compile("家?的(房|屋|钱|名|车|地|家)|家里?的?(也|都|还)?(条件|经济|日子|负担)")  # 弟弟的房子, 姐夫家条件
_WITH_THE_EX = re.compile("(跟|随|归|判给)了?(着|到)?(其母|其父|前夫|前妻|男方|女方|(他|她|孩子)(爸|妈)|[他她]$)")  # 儿子跟前夫
_LEAVES = re.compile("(就|自己)?((跟|与|和)[^，]{0,3})?(跑|走|改嫁|离家|不管|离开)")
_TOGETHER = re.compile(r"^(他|她)?(自己|俩|两个人?|现在|一起|一块)?(住|过|生活|共同|一起|相依)")


def read_mentions(clause: Clause, people: list[Mark], cast: Cast, subject: tuple[str, ...]) -> list[Mention]:
    """The people mentioned in one clause, in order; coordinated ones (老公和我) are joined."""
    mentions: list[Mention] = []
    inside = [mark for mark in people if clause.start <= mark.start < clause.end]
    inside = [mark for mark in inside[:_MANY] if not mark.entry.get("note") or _in_a_note(mark, clause)]
    for mark in inside:
        if mark.label == "ordinal":
            mentions += [mention] if (mention := _ordinal(mark, inside, clause, cast)) else []
            continue
        if mark.entry["kind"] == "nobody" or _is_suffix(mark, clause) or _is_owner(mark, inside, clause, cast) or _is_name(mark, mentions):
            continue
        if mention := _mention(mark, clause, cast, subject, mentions):
            if mark.entry["kind"] not in _PRONOUNS:
                cast.call(mention.keys, mention.kind, mark.text)
            mentions = _joined(mentions, mention, clause)
            if mention.kind == "childs_parent" and cast.parenting:
                cast.remember((cast.parenting,))
            elif mention.role not in ("absent", "predicate") and mention.kind != "aside":
                cast.remember(mention.keys)
    for mention in mentions:
        if len(mention.keys) > 1 and mention.role != "counted":
            cast.group = mention.keys
    return mentions


def _in_a_note(mark: Mark, clause: Clause) -> bool:
    """母 in 母88失能: a clause that begins with the word, as clerks write."""
    after_figure = clause.before(mark.start)[-1:].isdigit()
    if mark.text == "女":  # 儿10女6; alone it is a sex
        return after_figure and clause.after(mark.end)[:1].isdigit()
    return not re.match("[人子妻女母校业兄弟辈]|公司", clause.after(mark.end)) and (mark.start == clause.start or after_figure)


def _is_suffix(mark: Mark, clause: Clause) -> bool:
    """儿 is a son only as one says it: 我儿, 一儿, 儿十岁."""
    return mark.text == "儿" and not re.search(r"(^|[我俺咱其个一两三位名\d])$", clause.before(mark.start))


def _is_owner(mark: Mark, inside: list[Mark], clause: Clause, cast: Cast) -> bool:
    """我 in 我爸, 他 in 他妈, 娃 in 娃他爸: says whose, not who."""
    if mark.text in cast.officials:
        return False
    others = [other for other in inside if other.start >= mark.end and other.entry.get("kind") not in (None, "nobody")]
    if mark.entry["kind"] in CHILDREN:
        others = [other for other in others if other.entry["kind"] != "he"]
    following = others[0] if others else None
    if mark.entry["kind"] not in _PRONOUNS | YOUNG or not following:
        return False
    between = clause.text[mark.end - clause.start : following.start - clause.start]
    if mark.entry["kind"] in _PRONOUNS:
        own = re.fullmatch(r"(家|屋)?里?的?(那个|这个|个)?[大小二三四五]?", between)
        return bool(own) and following.entry["kind"] not in _PRONOUNS
    return following.entry["kind"] in _FOREBEARS and between in ("", "的") or between in ("他", "她")  # 娃他舅


def _is_name(mark: Mark, mentions: list[Mention]) -> bool:
    """某某 in 我弟某某, 老两口 in 邻居老两口: another word for somebody already named."""
    named = mark.text[-1] == "某" or mark.entry.get("case")
    if not mentions or mentions[-1].end != mark.start or mentions[-1].kind == "self":
        return False
    return bool(named) or mark.entry["kind"] == "couple" and mentions[-1].kind in ("neighbour", "stranger")


def _mention(
    mark: Mark, clause: Clause, cast: Cast, subject: tuple[str, ...], earlier: list[Mention]
) -> Mention | None:
    before = clause.before(mark.start)
    owner = _POSSESSOR.search(before)
    assert owner  # the pattern also matches nothing
    whose = owner[1] or ""
    says_whose = bool(owner[1] or owner[2])
    start = clause.start + owner.start() if says_whose else mark.start
    role = _role(before[: owner.start() if says_whose or not owner["of"] else owner.end("of")], clause, mark)
    if kin.is_of_a_stranger(mark, whose, clause, cast, earlier):
        return Mention(start, mark.end, "stranger", (cast.key("stranger", "other"),), role, False)
    kind, relation = kin.kind_of(mark, whose, clause, cast, earlier, subject)
    owned = says_whose or kind not in _ANYBODYS and mark.text not in ("夫妻", "夫妇", "夫妻双方")
    parent = kind in ("father", "mother", "parents")
    if parent and (child := kin.whose_parent(before, whose, cast, earlier, subject)):
        cast.parenting = child
        return Mention(start, mark.end, "childs_parent", kin.parents_of(child, kind), role, True)
    if other := kin.beside_the_story(mark, clause, whose, cast, earlier):
        return Mention(start, mark.end, "aside", (f"{kind}@{other}",), role, False)
    cast.parenting = None if role == "subject" else cast.parenting
    if counted := _counted(mark, kind, relation, before, cast):
        role = role if role in ("object", "with", "absent") else "counted"
        return Mention(start, mark.end, kind, counted, role, owned)
    keys = _keys(mark, kind, relation, owner, clause, cast, subject)
    return Mention(start, mark.end, kind, keys, role, owned) if keys else None


def _keys(
    mark: Mark, kind: str, relation: str, owner: re.Match, clause: Clause, cast: Cast, subject: tuple[str, ...]
) -> tuple[str, ...]:
    """Whom one word means."""
    before = clause.before(mark.start)
    if kind == "self":
        return _speaker(mark, clause, cast, subject)
    if kind == "he":
        return _pronoun(mark, clause, cast, subject)
    if kind == "they":
        return cast.group or tuple(key for key in cast.recent if "@" not in key)[-2:]
    if kind == "couple":
        return _couple(owner[1] or "", cast)
    if kind == "both":  # 我们两个: the speaker and husband or wife, where they are spoken of
        return (cast.key("self", "self"), "spouse") if "spouse" in cast.recent else ("self",)
    if kind == "offspring":  # 三个子女都在打工: which of them, nobody knows
        return ("offspring@self",)
    if kind in _SEVERAL:
        return tuple(cast.key(*one) for one in _SEVERAL[kind])
    if kind == "elders" or kind == "elder" and re.search("(两|俩|2)个?$", before) and cast.elders():
        return cast.elders() or (cast.key("elder", "other", "", "1"), cast.key("elder", "other", "", "2"))
    if kind == "elder" and not owner[1] and cast.kinds.get(subject[0]) in ELDERS:
        return subject
    new_child = owner[1] or owner["order"] or _PEOPLE_COUNT.search(before)
    if kind == "child" and not new_child and (child := cast.last_child()):
        return (child,)
    return (_relative(mark, kind, relation, owner["order"] or "", clause, cast),)


def _speaker(mark: Mark, clause: Clause, cast: Cast, subject: tuple[str, ...]) -> tuple[str, ...]:
    """我, 本人, 王某: the applicant; a stranger where 我 only tells of 王大爷 as a case."""
    if mark.text == "本人" and cast.reported and not cast.named and subject and subject != ("self",):
        return subject
    if mark.entry.get("case"):
        told_of = cast.case or is_case(clause.text, mark, clause.start)
    else:
        told_of = not (cast.case and mark.text in ("我", "俺"))
    return (cast.key("self", "self"),) if told_of else (cast.key("stranger", "other"),)


def _pronoun(mark: Mark, clause: Clause, cast: Cast, subject: tuple[str, ...]) -> tuple[str, ...]:
    """他, 她: the last such person; 他自己 the subject, if it may be."""
    if cast.named:
        return (cast.key("self", "self"),)
    unlike = WOMEN if mark.text == "他" else MEN
    led = subject[0] not in ("self", "stranger") and cast.kinds.get(subject[0]) not in unlike
    if led and clause.after(mark.end).startswith("自己"):
        return subject
    return (cast.last_other(mark.text) or cast.key("he", "other"),)


def _relative(mark: Mark, kind: str, relation: str, order: str, clause: Clause, cast: Cast) -> str:
    """One relative, told from others of the kind by word (哥, 弟; 外婆, 奶奶) and order (大哥, 二哥)."""
    word = ""
    if kind in ("grandfather", "grandmother") and mark.text[0] in "外姥嘎":
        word = "外"
    if kind in _BY_WORD:
        word = mark.text[-1]
        word = "" if kind in ("brotherinlaw", "sisterinlaw") else _SAME_WORD.get(word, word)
        word = "们" if _ALL_OF_THEM.match(clause.after(mark.end)) else word
    if kind in _BY_WORD and len(mark.text) > 1 and mark.text[0] in "大二三四五小幺满":
        order = mark.text[0]
    if kind in ("son", "daughter") and mark.text[0] in _ORDERS and mark.text not in ("小子", "儿子"):
        order = mark.text[0]
    if kind in ("son", "daughter") and order and (child := _one_of_the_children(order, cast)):
        return child
    key = cast.key(kind, relation, word, _numbered(order, kind, cast) if kind in CHILDREN | _BY_WORD else "")
    cast.sexes.setdefault(key, _sex(mark.text))
    return key


def _sex(word: str) -> str:
    """m of 老公, 表哥; f of 老婆, 表姐; '' of 老伴."""
    return "m" if re.search("[夫公哥弟汉头男]", word) else "f" if re.search("[妻婆姐妹媳女]", word) else ""


def _one_of_the_children(order: str, cast: Cast) -> str | None:
    """小女儿, where 两个孩子 have been told of as 十二岁和六岁."""
    key = f"child/{_numbered(order, 'child', cast)}"
    return key if cast.expected and cast.expected[0] == "child" and key in cast.described else None


def _counted(mark: Mark, kind: str, relation: str, before: str, cast: Cast) -> tuple[str, ...]:
    """All of 两个儿子, 三个娃; what follows may tell of them one by one (大的 …, 小的 …)."""
    count = _PEOPLE_COUNT.search(before)
    if kind.partition(" of ")[0] not in CHILDREN | {"brother", "sister", "cousin"} or not count:
        return ()
    said = count["count"] or count["pair"]
    number = (
        int(said) if said.isdigit() else {"两": 2, "俩": 2, "二": 2, "三": 3, "仨": 3, "四": 4, "五": 5}.get(said, 6)
    )
    cast.count(kind, relation, number)
    return tuple(cast.key(kind, relation, "", str(i + 1)) for i in range(number))


def _numbered(order: str, kind: str, cast: Cast) -> str:
    """大 is the first, 小 the last of those counted."""
    last = str(cast.expected[2]) if cast.expected and cast.expected[0] == kind else "小"
    return _ORDERS.get(order, order).replace("小", last)


def _couple(owner: str, cast: Cast) -> tuple[str, ...]:
    if owner not in ("我", "我们", "俺", "俺们", "咱", "咱们") and (elders := cast.elders()):
        return elders
    return cast.key("self", "self"), cast.key("spouse", "spouse")


def _role(before: str, clause: Clause, mark: Mark) -> str:
    match = _OBJECT.search(before) or _OBJECT.search(_ATTRIBUTE.sub("", before))
    if mark.text in ("独子", "独生子", "独生女", "孤儿") and before.endswith("是"):  # 我老公是独子
        return "predicate"
    if mark.entry["kind"] == "elder" and re.search("(^|[^，])是[^，]{0,12}$", before):  # 爷爷是五保老人
        return "predicate"
    if _GOODS.match(clause.after(mark.end)) or _WITH_THE_EX.match(clause.after(mark.end)):  # 弟弟的房子
        return "object"
    if mark.entry["kind"] == "he" and re.match("今年|现年", clause.after(mark.end)):
        return "subject"
    if not match:
        return "predicate" if _IDENTITY.search(before) else "subject"
    if before.endswith("加上") and re.match("(还|都|正)?(在|上|读|念|要|患|有|没)", clause.after(mark.end)):
        return "subject"  # 加上孩子上小学
    if match["with"]:
        return "with"
    if match["topic"]:
        told = re.match(r".{0,6}(问|咨询|打听|申请|办|报|评|弄|送|了解|看)", clause.after(mark.end))
        return "topic" if told else "object"
    if match["introduced"] and _LEAVES.match(clause.after(mark.end)):  # 丢下儿子跑了
        return "object"
    if match["cause"]:
        earns = re.search("靠|指", match["cause"]) and _EARNS.match(clause.after(mark.end))
        return "subject" if earns else "cause"
    return "introduced" if match["introduced"] else "absent" if match["absent"] else "object"


def _joined(mentions: list[Mention], mention: Mention, clause: Clause) -> list[Mention]:
    """Join 老公和我, 爷爷奶奶 into one; 跟我过 is company, not a subject."""
    previous = mentions[-1] if mentions else None
    together = bool(_TOGETHER.match(clause.after(mention.end)))
    gap = clause.text[previous.end - clause.start : mention.start - clause.start] if previous else "?"
    linked = gap in ("和", "跟", "与", "及", "还有", "以及", "同") or (
        gap == "" and mention.kind not in ("self", "he", "they") and clause.after(mention.start)[0] not in "家屋"
    )
    if mention.role == "with" and (together or not linked):
        return [*mentions, Mention(mention.start, mention.end, mention.kind, mention.keys, "object", mention.owned)]
    if previous and previous.role == "absent" and gap in ("", "和", "孩子"):  # 没有老婆孩子
        mention = replace(mention, role="absent")
    if mention.kind == "stranger" and mention.role != "subject":
        return mentions
    apart = not previous or previous.role == "absent" or "stranger" in (previous.kind, mention.kind)
    if previous and linked and not apart and not set(previous.keys) & set(mention.keys):
        owned = previous.owned or mention.owned
        joined = Mention(previous.start, mention.end, mention.kind, previous.keys + mention.keys, previous.role, owned)
        return [*mentions[:-1], joined]
    return [*mentions, mention]


def _ordinal(mark: Mark, inside: list[Mark], clause: Clause, cast: Cast) -> Mention | None:
    """大的, 小的, 一个, 两个: one (or two) of the children just counted."""
    if clause.before(mark.start).endswith(("是", "排行")):  # 我妈是老大
        return None
    if mark.text in ("一个", "两个") and any(m.start == mark.end for m in inside):  # 一个孙子
        return None
    if mark.text in ("大的", "小的") and cast.expected is None and (pair := cast.grandchildren()):
        return Mention(mark.start, mark.end, "grandson", pair[:1] if mark.text == "大的" else pair[1:], "subject", True)
    counted = cast.expected or _second_child(mark, cast) or _one_by_one(mark, clause, cast) or _in_order(mark, cast)
    if not counted:
        return _of_children_told_before(mark, clause, cast)
    kind, relation, count = counted
    if mark.text in ("一个", "两个") and not _TOLD_OF_ONE.match(clause.after(mark.end)):
        return None
    many = 2 if mark.text == "两个" else 1
    if mark.text in ("大的", "老大", "最大的"):
        numbers = [1]
    elif mark.text == "老二":
        numbers = [2]
    elif mark.text in ("小的", "碎的", "老幺", "最小的", "老三"):
        cast.youngest = cast.youngest or max(count, cast.told + 1)
        numbers = [cast.youngest]
    else:
        numbers = list(range(cast.told + 1, cast.told + 1 + many))
    cast.told = max(cast.told, *numbers)
    keys = tuple(cast.key(kind, relation, "", str(number)) for number in numbers)
    return Mention(mark.start, mark.end, kind, keys, "subject", True)


def _of_children_told_before(mark: Mark, clause: Clause, cast: Cast) -> Mention | None:
    """大的10岁 alone: one of the children that an earlier message told of."""
    order = _ALONE.get(mark.text)
    if order is None or mark.start != clause.start or cast.kinds:
        return None
    return Mention(mark.start, mark.end, "child", (cast.key("child", "other", "", order),), "subject", True)


def _second_child(mark: Mark, cast: Cast) -> tuple[str, str, int] | None:
    """小的 after 大孩子, 大女儿: a second of the same kind."""
    first = next((key for key in reversed(cast.recent) if key.endswith("/1")), None)
    if not first or mark.text not in ("小的", "碎的", "老二"):
        return None
    kind = cast.kinds[first]
    known = sum(other == kind for other in cast.kinds.values())
    return kind, cast.relations[first], 2 if mark.text == "老二" else known + 1


def _one_by_one(mark: Mark, clause: Clause, cast: Cast) -> tuple[str, str, int] | None:
    """孩子一个读初二一个读小学: the children were named without their number."""
    child = cast.last_child()
    if mark.text != "一个" or clause.text.count("一个") != 2 or child is None:
        return None
    return cast.count(cast.kinds[child], cast.relations[child], 2)


def _in_order(mark: Mark, cast: Cast) -> tuple[str, str, int] | None:
    """大的读高三，小的读初一: two children nobody has mentioned."""
    if not cast.ordered or mark.text in ("一个", "两个", "另一个"):
        return None
    return cast.count("child", "other", 2)
