"""Of whom something is said, and whether it is told at all: not asked, not quoted from a rule, not of people in general."""

import re
from datetime import date
from typing import Iterator

from bot.nlu.reading.cast import ELDERS, MEN, WOMEN, YOUNG, Cast, Mention
from bot.nlu.reading.clauses import Clause
from bot.nlu.reading.lexicon import Mark
from bot.nlu.reading.notes import Fact, Keys, Scene
from bot.nlu.reading.numbers import Item
from knowledge.numerals import find_quantities

NEGATED = re.compile(
    r"((?<!还)没有?|不是|不算|并非|未|无|非|不属于|从来没|并无|停了?|取消了?)"
    r"(什么|啥|任何|过|得|有|患|办|评|吃|享|受|领|再|是|这|个|种|的|被|给|进|办理|列为|纳入|批|上|到|做|动|我家?|我们家?|"
    r"俺家?)*$"
)
_REFUSES = re.compile("((?<![要差])不(再|去|肯|想)?|不能够?|无法|没法|没办法)$")  # 不去打工
_MODAL = re.compile(
    r"能|可以|可不可以|是否|是不是|有没有|有啥|有什么|怎么|如何|咋|会不会|该|想|算不算|够不够|哪|多少|要交"
)
_GENERAL_AFTER = re.compile(
    r"^(患者|病人|人群|群体|儿童|家庭|人员|者|们)|^的(人|家庭|老人|病人|孩子|农民|学生|村民)(?!.{0,2}[我俺])|"
    r"^的[^，我俺]{0,3}(吃|领|拿|能|可以|却)|^(人|户)?都?(可能|估计|应该|应当|往往|一般|通常)"
)
_AFTER_DEATH = re.compile("[^，]{0,4}(去世|过世|死|走了?|病故|离世|不在了?)(以|之)?后")
_HEARSAY = re.compile("(听说|据说|看到|看见|网上|新闻)[^，]{0,6}$")
_WHO_MAY = re.compile("人?(可以|能|怎么|如何|是否)")  # 残疾人可以
_SUCH_MAY = re.compile("(人|[^，]{0,2}(户|家庭|人员|对象))[^，]{0,4}(可以|能|应)")  # 重度残疾人单人户可以纳入低保
_OWN_BEFORE = re.compile(r"(是|是一?个|名|位|为)$|^$")  # 我是尘肺病人, 肝癌患者: one's own
_GENERAL_BEFORE = re.compile(
    r"(很多|许多|广大|各类|有的|有些|部分|所有|[轻中重]度以上|这类|这些|否则|避免|防止|(会|将|可能|怕|担心)(有|造成|导致|变成|"
    r"得)?)[^，]{0,2}$"
)
_COUNTED = re.compile("((?<!是)一|有|[两俩三四五六七几])个(都|也)?有?([一二三四1-4]级)?$")  # 三个残疾, 两个大学生: somebody, but who?
_BETWEEN = re.compile(r"^(岁|多岁|岁多)?(的|那个|这个|着的|老|，)?$")
_BESIDE = re.compile(r"和|与|跟|带|有|养|个|顾|同|及|名")
_ATTRIBUTES = {"age", "disability_grade", "disability_kind"}  # may stand right before the person: 八十岁老母, 残疾儿子
_ASKED = re.compile("^[了的户证]?(吗|么|不|没有?)$|^还是")  # 我们是脱贫户吗: the item itself is what is asked
_ASKED_BEFORE = re.compile("(算不算|是不是|是否|有没有|属不属于|属于不属于)(个|是|真的|真)?$|户还是$")
OTHERS = re.compile(  # whose status is not the asker's: 村支书亲戚吃低保
    r"(亲戚|邻居|隔壁|支书|书记|村长|主任|干部|有钱人|别人|(?<![老女男个])人家)[^，我俺咱说讲给把]*$"
)
_NOT_YET = re.compile(
    "(开年|下个?月|明年|明天|过完?年|下半年|秋季|秋天|九月份?|暑假后|准备|打算|即将|将要|想要?|快要?|要去)(就|去|该|来|再|上)*$"
)
_HURT = re.compile("摔|翻车|撞|砸|轧|[绞切锯压]断|触电|出[了过]?(事|工伤|车祸)|受[了过]?工?伤|掉下|跌|截|死|没了|时")
_AGES = {"self": (8, 130), "spouse": (16, 130), "child": (0, 40)}
_AGES |= dict.fromkeys(("father", "mother", "fatherinlaw", "motherinlaw"), (30, 130))
_AGES |= dict.fromkeys(("grandfather", "grandmother", "elder"), (45, 130))
_AGES |= dict.fromkeys(("son", "daughter", "nephew", "niece"), (0, 66)) | dict.fromkeys(
    ("grandson", "granddaughter"), (0, 50)
)
_ILLS = {"mental_illness", "serious_illness", "infectious_disease", "self_care"}
_MARRIED_TO = _ILLS | {"disability_grade", "disability_kind"}
_DIGITS = "零一二三四五六七八九"
_PRESENT = {"employed", "works_away", "living", "monthly_wage", "work_ability", "income_source"}


def items_of(marks: list[Mark], scene: Scene) -> Iterator[Item]:
    """What the words of a clause say; a negated word says its `negated` value, or nothing."""
    clause = scene.clause
    starts, ends = [m.start for m in scene.mentions], [m.end for m in scene.mentions]
    for mark in marks:
        if mark.entry.get("last") and clause.after(mark.end):
            continue
        alone = not clause.after(mark.end) or mark.end in starts
        if mark.entry.get("bare") and not (alone and mark.start in ends):  # 大的高中小的初中
            continue
        values = {mark.entry["path"]: mark.entry["value"], **mark.entry.get("also", {})}
        before = clause.before(mark.start)
        if (NEGATED.search(before) or _REFUSES.search(before)) and not mark.text.startswith(("没", "无", "不")):
            if "negated" not in mark.entry:
                continue
            values = {mark.entry["path"]: mark.entry["negated"]}
        for path, value in values.items():
            of_member = path.startswith("member.") or path == "fate"
            weak = bool(mark.entry.get("weak"))
            yield Item(path.removeprefix("member."), value, mark.start, mark.end, of_member, weak)


def bind(item: Item, scene: Scene) -> tuple[Keys, bool]:
    """Of whom an item is told, and whether the clause names them."""
    clause, mentions = scene.clause, scene.mentions
    leading = [
        m
        for m in mentions
        if m.end <= item.start and (m.leads or m.role == "counted" or m.role == "cause" and item.start - m.end <= 1)
    ]
    if item.field in _ILLS and (cared := _accompanied(item, scene)):
        return cared, True
    nearest = leading[-1] if leading else None
    if (
        nearest
        and _AFTER_DEATH.match(clause.after(nearest.end))
        and item.start > nearest.end + 2
        and item.field != "fate"
    ):
        return scene.before, False  # 奶奶…，爷爷去世后一直跟我爸过
    between = clause.text[nearest.end - clause.start : item.start - clause.start] if nearest else "和"
    if len(leading) > 1 and re.search("都|均", between):
        return tuple(dict.fromkeys(key for mention in leading for key in mention.keys)), True
    inside = next((m for m in mentions if item.start < m.start < item.end), None)
    if item.field == "living" and inside and not leading and item.end - inside.end <= 1:  # 住女儿家: somebody lives with the daughter
        return scene.before, False
    if item.field == "wants_institution_care" and inside:  # 想把他送到敬老院
        return inside.keys, inside.owned
    if inside and item.field in ("employed", "works_away") and inside.role == "subject":  # 在家因媳妇在外打工
        return inside.keys, inside.owned
    following = next((m for m in mentions if m.start >= item.end and m.role not in ("absent", "predicate")), None)
    if following and (owned := _before_the_person(item, following, nearest, between, clause)) is not None:
        return following.keys, owned
    named = next((m for m in mentions if m.start <= item.start < m.end and m.leads), nearest)
    return (named.keys, named.owned) if named else (scene.subject, False)


def _before_the_person(item: Item, person: Mention, nearest: Mention | None, between: str, clause: Clause) -> bool | None:
    """Whether what is told stands right before the person it is told of, as owned or not (八十岁的老母亲); None if it does not."""
    gap = clause.text[item.end - clause.start : person.start - clause.start]
    if item.field == "age" and len(person.keys) > 1 and re.fullmatch("(和|跟|与)?([^，]{1,4}岁)?的?([两俩]个)?", gap):
        return person.owned  # 五岁和两岁的两个孩子
    if item.field == "age" and not nearest and re.fullmatch("的?老?", gap):  # 打击的60多岁老父亲
        return person.owned
    if not gap and not nearest and not person.owned:  # 瘫痪老年人
        return False
    if _BETWEEN.match(gap) and ("的" in gap or item.field in _ATTRIBUTES and _BESIDE.search(between)):
        return person.owned
    return None


def _accompanied(item: Item, scene: Scene) -> Keys:
    """Who is taken to be treated: 我妈陪(他)去透析."""
    taken = [m for m in scene.mentions if m.end <= item.start and re.search("[陪带送]着?$", scene.clause.before(m.start))]
    return taken[-1].keys if taken else ()


def is_told(item: Item, explicit: bool, items: list[Item], scene: Scene) -> bool:
    """Whether an item is a fact of this family. `explicit`: the clause names whose it is."""
    clause = scene.clause
    before, after = clause.before(item.start), clause.after(item.end)
    explicit = explicit or scene.household
    if _of_people_in_general(before, after, scene.household) or not explicit and _is_topic(item, after, scene):
        return False
    if is_asked(before, after) or clause.question and _HEARSAY.search(before):
        return False
    if _excepted(item, before, scene) or _is_over(item, before, scene):
        return False
    if not explicit and (clause.rule or not scene.message.personal or clause.supposed and not scene.anchored):
        return False
    return not clause.question or (explicit or scene.anchored) and item.start < _first_modal(clause, items)


def _of_people_in_general(before: str, after: str, of_household: bool) -> bool:
    """残疾人都可能 …, 很多失能老人; but 我是尘肺病人 is one's own."""
    general = _GENERAL_AFTER.match(after)
    whole = general and general.end() == len(after)
    ones_own = of_household and after.startswith("的") or _OWN_BEFORE.search(before) and whole
    return bool(general and not ones_own or _GENERAL_BEFORE.search(before))


def _is_topic(item: Item, after: str, scene: Scene) -> bool:
    """Whether the words are what is spoken about, not told: 重度残疾人可以 …, 想问分散供养一个月多少, 危房."""
    asked = scene.clause.question and (
        scene.asks_of(item.start) or item.field == "disability_grade" and bool(_WHO_MAY.match(after))
    )
    return asked or bool(_SUCH_MAY.match(after)) or scene.is_topic(item.start, item.end)


def _is_over(item: Item, before: str, scene: Scene) -> bool:
    """Whether a state is told of the past: 以前在矿上上班, 在外打工时, 2008年在广东打工; 2000年，我十岁."""
    if item.field == "age":
        return scene.clause.past and not re.search("今年|现年|现在|如今|已", before)
    if item.field not in _PRESENT:
        return False
    if re.match("时|期间|的时候", scene.clause.after(item.end)):
        return True
    job = item.field in ("employed", "works_away") and item.value is not False
    return scene.clause.past or job and is_past(scene.clause, scene.message.today)


def is_past(clause: Clause, today: date) -> bool:
    """Whether a clause tells of what was, and does not say that it still is."""
    lasts = re.search("至今|到现在|一直|以来|起|开始|后", clause.text)
    return clause.past or not lasts and _long_ago(clause.text, today)


def plausible(item: Item, kind: str) -> bool:
    """Whether somebody of this kind can be what is said: no father of five, no grandchild of seventy, no grandmother at school."""
    if item.field == "age":
        low, high = _AGES.get(kind, (0, 130))
        said = item.value if isinstance(item.value, list) else [item.value, item.value]
        return said[0] <= high and (said[1] is None or said[1] >= low)
    if item.field == "sex":  # said of somebody whose word tells it, it is said of the speaker
        return kind not in WOMEN | MEN
    if item.field == "studying":
        return item.value == "none" or kind not in ELDERS | {"spouse", "fatherinlaw", "motherinlaw", "parents"}
    return True


def is_asked(before: str, after: str) -> bool:
    """Whether the words between are themselves what the clause asks, so that they tell nothing."""
    return bool(_ASKED.match(after) or _ASKED_BEFORE.search(before))


def _excepted(item: Item, before: str, scene: Scene) -> bool:
    """Single fields' own pitfalls."""
    clause, after = scene.clause, scene.clause.after(item.end)
    group = item.field.partition(".")[0]
    if group == "hardship":
        return _long_ago(clause.text, scene.message.today)
    if group == "status":
        return bool(OTHERS.search(before) or re.search("计划|预计|准备|打算|争取|没$|未$", before))
    if group in ("disability_grade", "studying"):
        return _of_one_uncounted(item, before, scene) or group == "studying" and bool(_NOT_YET.search(before))
    if group in _MARRIED_TO and re.search("(嫁给?|娶|找|嫁的是)了?(一?个)?$", before):  # 嫁给一个聋哑人
        return True
    if group in _ILLS:  # 家里有个精神病人: who?
        return bool(re.search("有([一两三几]?个)$", before) and re.match("人|病人|患者|的(人|老人|孩子)", after))
    if group == "fate":  # 外婆走了以后三姨怎么办
        return bool(clause.question and re.match("了?(以后|之后|后)", after)) or _of_company(item, scene)
    if group == "living":  # 侄子说可以接我去他家住
        asked_in = item.value == "home" and re.search("(可以|能|让|叫|要|想)(接|去|来|我|他|她)*$", before)
        return bool(asked_in) or _of_company(item, scene)
    if group in ("employed", "works_away"):
        return item.value is not False and _only_thought(before, clause) or _job_ended(after)
    return _misread(item, before, after, scene)


def _misread(item: Item, before: str, after: str, scene: Scene) -> bool:
    """Words that mean something else beside these: 想要养猪变得更难, 村里说我家有劳动力, 小区外墙开裂."""
    pitfalls = {
        "wants_business": re.match("[^，]{0,3}(变|更|困难|难|不容易)", after),
        "income_source": re.search("基本|几乎|差不多$", before),
        "applied_to_leave_dibao": re.search("想|要|让|叫|准备|打算|能|可以|没|不|别人|如何|怎么", before),
        "work_ability": item.value == "full" and re.search("说|嫌|认为|理由", before),
        "house": item.value == "none"
        and re.search("(市|城里|县城|镇上|外面)$", before)
        or re.search("小区|物业|业主|电梯|开发商", scene.message.text)
        or re.match("[^，]{0,3}(有|达)[^，]{0,4}[座户栋]", after),
    }
    return bool(pitfalls.get(item.field))


def _of_one_uncounted(item: Item, before: str, scene: Scene) -> bool:
    """三个残疾, 家里有个残疾人, 两个大学生: of somebody, but of whom? 我有个残疾证 is one's own."""
    own = scene.clause.after(item.end).startswith("的")
    paper = scene.clause.before(item.end).endswith(("证", "本")) or re.match("(残疾人?)?[证本]", scene.clause.after(item.end))
    own = own or before.endswith("有个") and bool(paper)
    return bool(_COUNTED.search(before)) and not own and not any(m.end == item.start for m in scene.mentions)


def _job_ended(after: str) -> bool:
    """在工地上干活|摔成截瘫, 在煤矿做|了二十年."""
    return bool(_HURT.search(after) or re.match(r"[了过](好几|几|十几|\d+|[一二三四五六七八九十两]+)多?年", after))


def _only_thought(before: str, clause: Clause) -> bool:
    """Whether a job is one to come, or one that might have been: 下月去上班, 要不是 … 早就出去打工了, 考不上就去打工."""
    return bool(_NOT_YET.search(before) or re.search("要不是|早就(出去|去)?$", before) or clause.supposed and before.endswith("就"))


def _of_company(item: Item, scene: Scene) -> bool:
    """Whether the words tell rather of somebody they name: 从小没了(父母), 跟(老伴)过."""
    said = scene.clause.after(item.start)
    if item.field == "fate":
        return said.startswith("没了") and any(mention.start == item.end for mention in scene.mentions)
    if not re.match("(跟|随|同)(?!其)", said):
        return False
    company = [mention for mention in scene.mentions if item.start < mention.start < item.end]
    return not company or company[-1].kind in ("spouse", "stranger") or item.end - company[-1].end > 4


def _first_modal(clause: Clause, items: list[Item]) -> int:
    """Where the asking begins: what stands before it is told (我妈70岁|能办吗)."""
    starts = (clause.start + match.start() for match in _MODAL.finditer(clause.text))
    return next((at for at in starts if not any(item.start <= at < item.end for item in items)), clause.end)


def _long_ago(text: str, today: date) -> bool:
    """Whether a clause dates what it tells three years back or more."""
    years = [int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d\d)年", text)]
    years += [
        2000 + _DIGITS.index(tens) * 10 + _DIGITS.index(ones)
        for tens, ones in re.findall("二[零〇](.)(.)年", text)
        if tens in _DIGITS and ones in _DIGITS
    ]
    years += [1900 + int(year) for year in re.findall(r"(?<!\d)([89]\d)年", text)]  # 98年洪灾
    ago = [q.low for q in find_quantities(text) if q.unit == "年" and text[q.end :].startswith(("前", "以前"))]
    ago += [
        q.low for q in find_quantities(text) if q.unit == "年" and re.match("多?了", text[q.end :]) and "去世" in text
    ]
    as_a_child = re.search("岁(时|那年|的时候)|小(的)?时候?|从小", text)
    return bool(as_a_child) or any(year <= today.year - 3 for year in years) or any(count >= 3 for count in ago)


def facts_of(item: Item, who: Keys, explicit: bool, scene: Scene, cast: Cast) -> list[Fact]:
    """An item as facts of the people it is told of."""
    field, value = item.field, item.value
    keys: tuple[str | None, ...] = who if item.of_member else (None,)
    if field == "obligor" and value != "none":  # said of the children, a fact of their parent
        if not any(cast.kinds.get(key) in ("son", "daughter") for key in who):
            return []
        keys = scene.before if cast.kinds.get(scene.before[0]) in ELDERS else ("self",)
    if field == "supported_by_family":  # asked of grown people only
        keys = tuple(key for key in who if cast.kinds.get(key) not in YOUNG)
    everybody = re.search("(谁|全家|一家人?)都?$", scene.clause.before(item.start))
    if field == "income_source" and value is False and (not explicit and scene.of_household or everybody):
        keys, field, value = (None,), "annual_income", 0
    return [Fact(key, field, value, item.start, item.end, scene.clause.supposed, item.weak) for key in keys]
