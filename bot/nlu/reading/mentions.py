"""The mentions of people in a clause: whom they mean, and as what: the subject, an object, somebody asked for."""

import re
from dataclasses import dataclass

from bot.nlu.reading.cast import CHILDREN, ELDERS, YOUNG, Cast, is_case
from bot.nlu.reading.clauses import Clause
from bot.nlu.reading.lexicon import Mark

_MANY = 60  # nobody names more people in one breath; the time a clause takes grows with their square
# Said without 我 or 家里 in a question, these are people in general: 儿子有工资，老人能评吗
_ANYBODYS = {"elder", "child", "son", "daughter", "grandson", "granddaughter", "daughterinlaw", "soninlaw"}
_PRONOUNS = {"self", "he", "they"}
_FOREBEARS = ("father", "mother", "parents", "grandfather", "grandmother", "grandparents", "spouse")
_HOLDERS = set(
    "brother sister uncle aunt cousin brotherinlaw sisterinlaw grandfather grandmother partner neighbour".split()
)
_THEIRS = re.compile("neighbour|partner")
_OWN_CHILD = re.compile("(有|带着?|领着?|养着?|抚养着?|生了)(一?个|[两三四五]个)?([^，]{1,5}的)?$")
_KIN_OF = {  # my brother's son is a nephew
    ("brother", "son"): ("nephew", "other"),
    ("brother", "daughter"): ("niece", "other"),
    ("brother", "spouse"): ("sisterinlaw", "other"),
    ("spouse", "father"): ("fatherinlaw", "other"),
    ("spouse", "mother"): ("motherinlaw", "other"),
    ("sister", "son"): ("nephew", "other"),
    ("sister", "daughter"): ("niece", "other"),
    ("sister", "spouse"): ("brotherinlaw", "other"),
}
_BY_WORD = {"brother", "sister", "uncle", "aunt", "nephew", "cousin", "brotherinlaw", "sisterinlaw"}
_ORDERS = dict(zip("大长二次三四五小幼幺", "1122345小小小"))
_SAME_WORD = {"兄": "哥", "父": "叔", "妈": "姨", "母": "姑", "子": "", "儿": "", "弟": "弟"}
_POSSESSOR = re.compile(
    r"(我们|俺们|咱们|他们|她们|我|俺|咱|他|她|其|本人|该户|户主|来电人|市民|居民)?(家|屋)?(里)?(?P<of>的)?(那个|这个|"
    r"一个|个|\d个|[一两二三四五俩]个)?(?P<order>[大小二三四五])?$"
)
_PEOPLE_COUNT = re.compile(r"(?P<count>[两俩二三四五六仨]|\d)(个|位)$|(?P<pair>[两俩仨])$")
_OBJECT = re.compile(
    r"(?P<introduced>(?<![没所])有(?!没有)|(?<![收领抱])生了|生下|[收领抱]养了|还剩|剩下?|撇下|留下|丢下|抛下|扔下|还有|就|只有)(了|着)?(一个|个|俩|两个|三个)?$"
    r"|(?P<topic>帮着?|替|代|给|(?<!因)为|把|将)(我们?|俺)?(村|家)?(里)?(的)?(一个|个)?$"
    r"|(?P<absent>没[有得了]?|无|未有|失去|(没|未|不|没有)(娶|找|讨|嫁|说|谈|处|成)(过|上|到|成)?|没有过|娶不上|讨不到|说不上)$"
    r"|(?P<with>跟着?|跟到|随|和|与|同|及|还有|以及)$"
    r"|(?P<cause>供|送|让|叫|靠着?|指着|指望)$"
    r"|(?P<object>(?<!现)在|由|加上?|照顾|照料|伺候|服侍|养着?|养活|看|陪|扶|接|管|顾不?上?|找|求|对|向|问|带着?|"
    r"拉扯着?|领着|除了|比|像|被|离|见|据|按|帮不上|给不了|生|怀|教育|护理|打|骂|拖累|连累|感谢|通知|麻烦)(一个|个|俩|两个|三个|了)?$"
)
_ATTRIBUTE = re.compile(r"([^，跟和与带养有顾]{1,6}的|[\d一二三四五六七八九十]+多?岁|残疾|生病)$")  # 跟(八十岁的)老娘过
_IDENTITY = re.compile("(我|俺|本人)是[^，]{0,30}$")  # 我是他(女儿), 我是一名单亲(妈妈)
_EARNS = re.compile(
    r"(一个?人|自己|俩|们|两口子)*(在|打|种|上班|做|搬|摆|送|开|每|一个?月|一年|挣|当|干|卖|拉|跑)"
)  # 全靠(我)在厂里上班
_TOLD_OF_ONE = re.compile(r"(在)?(上|读|念|残|瘫|\d|[一二三四五六七八九十]|智|学|初|高|小学|大)")  # 一个读初中
_GOODS = re.compile("家?的(房|屋|钱|名|车|地|家)")
_LEAVES = re.compile("(就|自己)?((跟|与|和)[^，]{0,3})?(跑|走|改嫁|离家|不管|离开)")
_TOGETHER = re.compile(r"^(他|她)?(自己|俩|两个人?|现在|一起|一块)?(住|过|生活|共同|一起|相依)")


@dataclass(frozen=True)
class Mention:
    """
    text[start:end] names the people `keys`.

    `role`: subject, introduced (有个弟弟), topic (帮我妈问), cause (供我读书), counted (两个儿子), object, predicate (我是他女儿),
    absent (没有老伴).
    """

    start: int
    end: int
    kind: str
    keys: tuple[str, ...]
    role: str
    owned: bool  # said with 我/家里 …: somebody's own, not people in general

    @property
    def leads(self) -> bool:
        return self.role in ("subject", "introduced", "topic")


def read_mentions(clause: Clause, people: list[Mark], cast: Cast, subject: tuple[str, ...]) -> list[Mention]:
    """The people mentioned in one clause, in order; coordinated ones (老公和我) are joined."""
    mentions: list[Mention] = []
    inside = [mark for mark in people if clause.start <= mark.start < clause.end]
    inside = [mark for mark in inside[:_MANY] if not mark.entry.get("note") or _in_a_note(mark, clause)]
    for mark in inside:
        if mark.label == "ordinal":
            mentions += [mention] if (mention := _ordinal(mark, inside, clause, cast)) else []
            continue
        if mark.entry["kind"] == "nobody" or _is_owner(mark, inside, clause) or _is_name(mark, mentions):
            continue
        if mention := _mention(mark, clause, cast, subject, mentions):
            mentions = _joined(mentions, mention, clause)
            if mention.kind == "childs_parent" and cast.parenting:
                cast.remember((cast.parenting,))
            elif mention.role not in ("absent", "predicate"):
                cast.remember(mention.keys)
    for mention in mentions:
        if len(mention.keys) > 1 and mention.role != "counted":
            cast.group = mention.keys
    return mentions


def _in_a_note(mark: Mark, clause: Clause) -> bool:
    """母 in 母88失能: a clause that begins with the word, as clerks write."""
    first = mark.start == clause.start or clause.before(mark.start)[-1:].isdigit()
    return first and bool(re.match(r"[\d瘫卧失半患残已现智精听视肢均未无系亲]", clause.after(mark.end)))


def _is_owner(mark: Mark, inside: list[Mark], clause: Clause) -> bool:
    """我 in 我爸, 他 in 他妈, 娃 in 娃他爸: says whose, not who."""
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
    return following.entry["kind"] in _FOREBEARS and between in ("", "的", "他", "她")


def _is_name(mark: Mark, mentions: list[Mention]) -> bool:
    """某某 in 我弟某某, 老李 in 我爸老李: the name of somebody already named."""
    named = mark.text[-1] == "某" or mark.entry.get("case")
    return bool(named and mentions) and mentions[-1].end == mark.start and mentions[-1].kind != "self"


def _mention(
    mark: Mark, clause: Clause, cast: Cast, subject: tuple[str, ...], earlier: list[Mention]
) -> Mention | None:
    kind, relation = mark.entry["kind"], mark.entry["relation"]
    before = clause.before(mark.start)
    owner = _POSSESSOR.search(before)
    assert owner  # the pattern also matches nothing
    start = clause.start + owner.start() if owner[1] or owner[2] else mark.start
    owned = bool(owner[1] or owner[2]) or kind not in _ANYBODYS
    role = _role(before[: owner.start() if owner[1] or owner[2] or not owner["of"] else owner.end("of")], clause, mark)
    own_child = cast.kinds.get(cast.last_child() or "") in ("child", "son", "daughter") and owner[1] in ("他", "她")
    if (
        kind in ("father", "mother")
        and not cast.young_told
        and (own_child or re.search("(娃|孩子|孩|娃娃)(他|她)$", before))
    ):
        kind, relation = "spouse", "spouse"
    young = cast.kinds.get(cast.last_child() or "") in ("grandson", "granddaughter")
    if kind in ("grandfather", "grandmother") and owner[1] in ("他", "她") and young:  # 我和他奶奶
        kind, relation = "spouse", "spouse"
    if holder := _holder(mark, owner[1] or "", clause, cast, earlier, subject):
        kind, relation = _KIN_OF.get((holder, kind), (f"{kind} of {holder}", "other"))
    child = (
        _whose_parent(before, owner[1] or "", cast, earlier, subject)
        if kind in ("father", "mother", "parents")
        else None
    )
    if child:
        cast.parenting = child
        return Mention(start, mark.end, "childs_parent", _parents_of(child, kind), role, True)
    cast.parenting = None if role == "subject" else cast.parenting
    if counted := _counted(mark, kind, relation, before, cast):
        return Mention(
            start, mark.end, kind, counted, role if role in ("object", "with", "absent") else "counted", owned
        )
    keys = _keys(mark, kind, relation, owner, clause, cast, subject)
    return Mention(start, mark.end, kind, keys, role, owned) if keys else None


def _holder(
    mark: Mark, owner: str, clause: Clause, cast: Cast, earlier: list[Mention], subject: tuple[str, ...]
) -> str | None:
    """The kind of the relative whose relative is meant: 我弟弟的(儿子), 她(儿子) of a sister; None if it is the family's own."""
    if mark.entry["kind"] not in ("son", "daughter", "child", "spouse", "father", "mother"):
        return None
    if (
        earlier
        and len(earlier[-1].keys) == 1
        and re.fullmatch(
            "家?里?([^，我俺]{0,4}的)?[大小二三]?",
            clause.text[earlier[-1].end - clause.start : mark.start - clause.start],
        )
    ):
        kind = earlier[-1].kind
        joined = mark.start == earlier[-1].end and kind not in ("neighbour", "partner")  # 我同学爸爸
    elif not owner and not clause.before(mark.start) and _THEIRS.search(cast.kinds.get(subject[0], "")):
        kind, joined = cast.kinds[subject[0]].rpartition(" of ")[2], False  # 我同学爸爸去世了，妈妈重病
    elif not owner and subject and _OWN_CHILD.search(clause.before(mark.start)):
        kind, joined = cast.kinds.get(subject[0], ""), False  # 外婆有个儿子
    elif owner in ("他", "她") and not cast.named:
        kind, joined = cast.kinds.get(cast.last_other(owner) or "", "").rpartition(" of ")[2], False
    else:
        return None
    return kind if not joined and (kind in _HOLDERS or (kind, mark.entry["kind"]) in _KIN_OF) else None


def _keys(
    mark: Mark, kind: str, relation: str, owner: re.Match, clause: Clause, cast: Cast, subject: tuple[str, ...]
) -> tuple[str, ...]:
    before = clause.before(mark.start)
    if kind == "self":
        if mark.text == "本人" and subject and subject != ("self",) and cast.reported:
            return subject
        if mark.entry.get("case"):
            told_of = cast.case or is_case(clause.text, mark, clause.start)
        else:
            told_of = not (cast.case and mark.text in ("我", "俺"))
        return (cast.key("self", "self"),) if told_of else (cast.key("stranger", "other"),)
    if kind == "he":
        if cast.named:
            return (cast.key("self", "self"),)
        led = subject[0] not in ("self", "stranger") and clause.after(mark.end).startswith("自己")
        return subject if led else (cast.last_other(mark.text) or cast.key("he", "other"),)
    if kind == "they":
        return cast.group or tuple(key for key in cast.recent if "@" not in key)[-2:]
    if kind == "parents":
        return cast.key("father", "father"), cast.key("mother", "mother")
    if kind == "grandparents":
        return cast.key("grandfather", "grandfather"), cast.key("grandmother", "grandmother")
    if kind == "brotherandwife":
        return cast.key("brother", "sibling", "哥"), cast.key("sisterinlaw", "other")
    if kind == "inlaws":
        return cast.key("fatherinlaw", "other"), cast.key("motherinlaw", "other")
    if kind == "couple":
        return _couple(owner[1] or "", cast)
    if kind == "stranger":
        return (cast.key("stranger", "other"),)
    if kind == "elders":
        return cast.elders() or (cast.key("elder", "other", "", "1"), cast.key("elder", "other", "", "2"))
    if kind == "elder" and re.search("(两|俩|2)个?$", before) and cast.elders():
        return cast.elders()
    if kind == "elder" and not owner[1] and cast.kinds.get(subject[0]) in ELDERS:
        return subject
    if (
        kind == "child"
        and not owner[1]
        and not owner["order"]
        and not _PEOPLE_COUNT.search(before)
        and (child := cast.last_child())
    ):
        return (child,)
    word = ""
    if kind in _BY_WORD:
        word = mark.text[-1]
        word = "" if kind in ("brotherinlaw", "sisterinlaw") else _SAME_WORD.get(word, word)
    order = owner["order"] or ""
    if kind in _BY_WORD and len(mark.text) > 1 and mark.text[0] in "大二三四五":
        order = mark.text[0]
    if kind in ("son", "daughter") and mark.text[0] in _ORDERS and mark.text not in ("小子", "儿子"):
        order = mark.text[0]
    return (cast.key(kind, relation, word, _numbered(order, kind, cast) if kind in CHILDREN | _BY_WORD else ""),)


def _counted(mark: Mark, kind: str, relation: str, before: str, cast: Cast) -> tuple[str, ...]:
    """All of 两个儿子, 三个娃; what follows may tell of them one by one (大的 …, 小的 …)."""
    count = _PEOPLE_COUNT.search(before)
    if kind not in CHILDREN | {"brother", "sister"} or not count:
        return ()
    said = count["count"] or count["pair"]
    number = (
        int(said) if said.isdigit() else {"两": 2, "俩": 2, "二": 2, "三": 3, "仨": 3, "四": 4, "五": 5}.get(said, 6)
    )
    cast.expected, cast.told = (kind, relation, number), 0
    return tuple(cast.key(kind, relation, "", str(i + 1)) for i in range(number))


def _numbered(order: str, kind: str, cast: Cast) -> str:
    """大 is the first, 小 the last of those counted."""
    last = str(cast.expected[2]) if cast.expected and cast.expected[0] == kind else "小"
    return _ORDERS.get(order, order).replace("小", last)


def _couple(owner: str, cast: Cast) -> tuple[str, ...]:
    if owner not in ("我", "我们", "俺", "俺们", "咱", "咱们") and (elders := cast.elders()):
        return elders
    return cast.key("self", "self"), cast.key("spouse", "spouse")


def _whose_parent(before: str, owner: str, cast: Cast, earlier: list[Mention], subject: tuple[str, ...]) -> str | None:
    """The child whose father or mother is meant, if it is not the speaker's own: 孙女父母, 娃他爸, 外甥父亲去世，母亲服刑."""
    if owner in ("我", "我们", "俺", "俺们", "咱", "来电人", "市民", "其"):
        return None
    direct = re.search(r"(孙子|孙儿|孙女|外孙|外孙女|侄子|侄儿|侄女|外甥|外甥女|娃|娃娃|孩子|小孩)(的|他|她)?$", before)
    if direct and cast.young_told:
        return cast.last_young() or cast.key(*_young_kind(direct[1]))
    young = next(
        (key for mention in reversed(earlier) for key in mention.keys if "@" in key or cast.kinds.get(key) in YOUNG),
        None,
    )
    if young:
        return young.split("@")[-1]
    if owner in ("他", "她") and cast.young_told:
        return cast.last_young() or "grandson"
    if not owner and cast.parenting:
        return cast.parenting
    own_told = {"father", "mother"} & set(cast.kinds)
    if not owner and before == "" and not own_told and cast.kinds.get(subject[0]) in YOUNG and cast.young_told:
        return subject[0]
    return None


def _young_kind(word: str) -> tuple[str, str]:
    if "孙" in word:
        return ("granddaughter" if "女" in word else "grandson"), "grandchild"
    if word in ("娃", "娃娃", "孩子"):
        return "grandson", "grandchild"
    return ("niece" if "女" in word else "nephew"), "other"


def _parents_of(child: str, kind: str) -> tuple[str, ...]:
    return {"father": (f"papa@{child}",), "mother": (f"mama@{child}",)}.get(kind, (f"papa@{child}", f"mama@{child}"))


def _role(before: str, clause: Clause, mark: Mark) -> str:
    match = _OBJECT.search(before) or _OBJECT.search(_ATTRIBUTE.sub("", before))
    if mark.text in ("独子", "独生子", "独生女", "孤儿") and before.endswith("是"):  # 我老公是独子
        return "predicate"
    if mark.entry["kind"] == "elder" and re.search("[^，]是[^，]{0,12}$", before):  # 爷爷是五保老人
        return "predicate"
    if _GOODS.match(clause.after(mark.end)):  # 弟弟的房子
        return "object"
    if not match:
        return "predicate" if _IDENTITY.search(before) else "subject"
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
        gap == "" and mention.kind not in ("self", "he", "they")
    )
    if mention.role == "with" and (together or not linked):
        return [*mentions, Mention(mention.start, mention.end, mention.kind, mention.keys, "object", mention.owned)]
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
    if mark.text in ("一个", "两个") and any(m.start == mark.end for m in inside):  # 一个孙子
        return None
    if mark.text in ("大的", "小的") and cast.expected is None and (pair := cast.grandchildren()):
        return Mention(mark.start, mark.end, "grandson", pair[:1] if mark.text == "大的" else pair[1:], "subject", True)
    counted = cast.expected or _second_child(mark, cast) or _one_by_one(mark, clause, cast) or _in_order(mark, cast)
    if not counted:
        return None
    kind, relation, count = counted
    if mark.text in ("一个", "两个") and not _TOLD_OF_ONE.match(clause.after(mark.end)):
        return None
    many = 2 if mark.text == "两个" else 1
    if mark.text in ("大的", "老大", "最大的", "第一个"):
        numbers = [1]
    elif mark.text in ("小的", "碎的", "老幺", "最小的", "老三"):
        numbers = [max(count, cast.told + 1)]
    else:
        numbers = list(range(cast.told + 1, cast.told + 1 + many))
    cast.told = max(numbers)
    keys = tuple(cast.key(kind, relation, "", str(number)) for number in numbers)
    return Mention(mark.start, mark.end, kind, keys, "subject", True)


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
    cast.expected, cast.told = (cast.kinds[child], cast.relations[child], 2), 0
    return cast.expected


def _in_order(mark: Mark, cast: Cast) -> tuple[str, str, int] | None:
    """大的读高三，小的读初一: two children nobody has mentioned."""
    if not cast.ordered or mark.text in ("一个", "两个", "另一个"):
        return None
    cast.expected, cast.told = ("child", "other", 2), 0
    return cast.expected
