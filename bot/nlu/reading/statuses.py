"""What a family is called by the office: dibao, tekun, out of poverty … held, lost, refused, or only asked for."""

import re
from typing import Iterator

from bot.nlu.reading.cast import RELATIVES
from bot.nlu.reading.lexicon import Mark
from bot.nlu.reading.notes import Fact, Memory, Scene
from bot.nlu.reading.telling import NEGATED, OTHERS, is_asked

_HOLDS = re.compile(
    r"(吃|领|拿|享受|有|(补贴|补助|养老金)和|是|均|靠|办了|评了|批了|评上|纳入|算|入了|都是|成了|[转变][为成]|进了?)(着|上|了|的是)*(农村|城市|城镇|民政|国家|分散|集中)?$|[一二两三四五\d]人$"
    r"|(给|批|评|办)了[^，]{0,6}的?$|(只|有|就)[^，]{0,4}个?人的$"
)
_HOLDS_AFTER = re.compile(
    r"^(现在)?(是|只有)[^，]{0,4}(一个人)?(吃|领|拿|有$)|^(是)?(去年|今年|前年|上个?月)?(刚|才)?批的|^(已经|都|也|还|一直|刚|终于|早就)*(吃|领|拿|办|批)(了|着|上|下来|十|好)|^在保"
    r"|^(金|钱)?(才|是|就)?(每人|每月|每个月|一个月)[^，]{0,8}[块元百]|^(金|钱)?[一二两三四五六七八九\d][^，]{0,5}[块元]|^(金|钱)?加上?养老|^[一两二三四五\d]个?人|^(分散|集中)|^是[A-C一二三][类档]|^(卡|折子|存折)[里上]"
)
_DRAWN = re.compile(r"(每月|每个月|一个月|每人|是|就|靠)[^，]{1,10}[块元百](钱|多)?的?$")  # 每月三百块的低保金
_LIVES_ON = re.compile(r"(靠|指望|指着)[^，]{0,6}$")
_LIVED_ON = re.compile(r"(金|钱)?(过活|过日子|生活|维持|度日|糊口)")
_AND = ("", "和", "或", "或者", "及", "也不是")
_OF_OTHERS = re.compile(  # 关系好的吃低保, 国家开始有低保, 听熟人说有五保
    "(?<![我家])的(都|也|却|还|就)?(吃|领|拿|享受|[评得]上?了?)$|国家[^，]{0,4}$|听[^，]{0,4}说[^，]*$"
)
_DENIED_AFTER = re.compile(
    "(户|家庭|对象)?(我们?|俺们?)?(家)?(也|都|还|就)?(不是|没有|没得|莫得|没|冇|不算|没评上|没领|没办)(的|了|过|呀|啊|呢|哦)*"
)
_ENDS_SOON = re.compile("(停|取消)了?[一两三\\d]个?人|(金|的|户)?[^，]{0,3}(要|将|会|准备|打算)(给|被)?(我们?)?(取消|停)")
_TO_COME = re.compile(r"(要|想|准备|打算|(?<!开)会)(给|把)[^，]{0,4}$|(将来|今后|迟早|意味着|变成|沦为|几年以?后)[^，]*$")
_WISH = re.compile(
    r"想|该(?!户|家|人)|要(?!是)|希望|请求|争取|能|可以|申请|评(?!为|了|的|上)|办(?!了)|够|符合|怎么|需要|如何|报(?!完|了)|问|"
    r"给不给|凭什么"
)
_NOT_GIVEN = re.compile(r"(没|未|没有)[^，能想可收]{0,4}(评上|批|办理|办|给办|享受|吃上)(为|过)?$|(没|未)[^，]{0,6}把$")
_ENDED = re.compile(r"(取消|停)(了|掉|发)?[^，]{0,4}$")
_GIVEN_UP = re.compile(r"不再?(吃|领|拿|享受)$")  # 不吃低保了
_STOPPED = re.compile(r"(停|取消)(了|掉了?)(该|要|是|我们?)?(怎么办|咋办|咋整|为什么|为啥|怎么回事|咋回事)")
_HELD_BEFORE = re.compile(r"(以前|原来|原先|过去|曾经|从前|早些年|前几年|享受过|吃过|领过|拿过)[^，现今后]{0,6}$")
_REFUSED = re.compile(
    r"没(有)?(吃上|办上|享受上|申上|批|评上|通过|给批|给办|办成|办下来|审批)|不(给|予)?批|未(批|通过|办理|给办)|被(取消|停|刷)|取消|"
    r"停了|停发|停掉|刷下来|砍了"
    r"|不(给|让)办|(就|都|也)不(给|发)了|不合格|清退|评不上|批不(下来|了)|办不(下来|了|成)|申请不(到|下来|上)|吃不(上|了|到)|享受不(到|了)|轮不到|没资格|"
    r"没申请(上|到|下来)|驳回|不符合条件|^[^，]{0,8}(没有了|没了)$"
)
_ENDED_SINCE = re.compile(
    r"(就|都|也)?(不给|不发)了|(给|被)[^，]{0,3}(停|取消|清退|刷)|^(后来|去年|今年|前年)?[^，]{0,5}((停|取消|清退)了|停发了?|清退)$"
)
_APPLIED = re.compile(r"申请过|报过|报了|申请|报$|给[^，]{0,3}报|问$")
_OF_THE_AID = re.compile(
    r"^(的)?(条件|政策|标准|名单|资格|金|线|补贴|补助|待遇|指标|名额|评议|审|申请|说|要求|怎么|子女|能|可以|还有|"
    r"待|办|证)|^[^，]{0,4}(怎么|吗|能不能)"
)
_OF_SUCH_FAMILIES = re.compile(
    r"^(的)?边缘|^(家|家里|家庭)(的|有|死|养|孩子|子女)|^(很多|不少|太多|特别多)|^(的)?[^，]{0,4}(条件|政策|标准|名单|资格|补贴|补助|待遇|子女|护理费)"
)


def read_statuses(scene: Scene, marks: list[Mark], memory: Memory) -> Iterator[Fact]:
    """The family's statuses told in one clause; an application's outcome may come a clause later."""
    clause = scene.clause
    if not marks and memory.pending and _REFUSED.search(clause.text) and not clause.question:
        yield _fact(memory.pending, False, scene)
        memory.pending = None
    held = memory.held
    if held and not marks and not clause.question and _ENDED_SINCE.search(clause.text):
        yield _fact(held, False, scene)
        memory.held = None
    ours = scene.household or any(mention.owned and _of_ours(mention.kind) for mention in scene.mentions)
    last: tuple[Mark, bool | None] | None = None
    for mark in marks:
        value = _status(mark, scene, memory)
        if (
            last
            and last[1] is False
            and scene.clause.text[last[0].end - scene.clause.start : mark.start - scene.clause.start] in _AND
        ):
            value = False  # 不是低保户贫困户
        if value and scene.message.complains and not ours:
            value = None
        if value is False and memory.held and not scene.household and _is_without(mark, scene):
            value = None  # 爷爷是低保户，奶奶没有低保: the family has it
        last = mark, value
        if value is True and mark.entry["id"] in ("dibao", "tekun"):
            memory.held = mark
        if value is not None:
            yield _fact(mark, value, scene)


def _is_without(mark: Mark, scene: Scene) -> bool:
    """Whether the clause says of one person only that they do not get it."""
    leading = scene.leading(mark.start)
    return bool(leading) and "self" not in leading[-1].keys and bool(NEGATED.search(scene.clause.before(mark.start)))


def _of_ours(kind: str) -> bool:
    """Whether somebody of this kind belongs to the family, not to those it complains of."""
    return kind not in RELATIVES | {"stranger", "neighbour", "relative", "he", "they"} and " of " not in kind


def _fact(mark: Mark, value: bool, scene: Scene) -> Fact:
    return Fact(None, f"status.{mark.entry['id']}", value, mark.start, mark.end, scene.clause.supposed)


def _status(mark: Mark, scene: Scene, memory: Memory) -> bool | None:
    clause = scene.clause
    before, after = clause.before(mark.start), clause.after(mark.end)
    leading = scene.leading(mark.start)
    anchored = scene.household or any(mention.owned for mention in leading)
    of_a_childs_household = any(m.kind in ("son", "daughter") for m in leading) and re.search("自己|也", before)
    if clause.rule or scene.is_topic(mark.start, mark.end) or of_a_childs_household or clause.question and not anchored:
        return None
    if _OF_OTHERS.search(before):
        return None
    if re.search(r"([几两三四五六七八九十]|\d|有些|很多|不少)(个|户)?$", before):
        return None
    if OTHERS.search(before) or is_asked(before, after) or _TO_COME.search(before):
        return None
    if mark.entry["id"] in ("dibao", "tekun") and (
        _DRAWN.search(before) or _LIVES_ON.search(before) or _LIVED_ON.match(after)
    ):
        return True
    if NEGATED.search(before) or _NOT_GIVEN.search(before):
        return False
    if _GIVEN_UP.search(before):
        return None if clause.question and not clause.supposed else False
    if _DENIED_AFTER.fullmatch(after):  # 低保户不是, 五保冇
        return None if clause.question and not clause.supposed else False
    if _ENDS_SOON.match(after):
        return None
    if _STOPPED.match(after):
        return False
    if _REFUSED.search(after) or _ENDED.search(before):
        return None if clause.question and not clause.supposed else False
    listed = (
        mark.entry["kind"] == "family"
        and mark.entry["id"] not in ("dibao", "tekun")
        and before.endswith(("报了", "报了个"))
    )
    if listed:  # 村里报了个边缘户
        return True
    if after.startswith("说") or _APPLIED.search(before) or re.match("申请(了|过)", after):
        memory.pending = None if "想" in before else mark
        return None
    if _WISH.search(before) or _OF_THE_AID.search(after) and not anchored:
        return None
    if mark.entry["id"] != "registered_poor" and _HELD_BEFORE.search(before):
        memory.pending = mark  # 以前是低保，去年清退了
        return None
    return (
        _of_family(before, after, anchored, scene)
        if mark.entry["kind"] == "family"
        else _of_programme(mark, before, after, scene)
    )


def _of_family(before: str, after: str, anchored: bool, scene: Scene) -> bool | None:
    """低保户, 脱贫户: the family's own name, unless such families in general are asked about."""
    general = scene.message.asks and not scene.message.names_family and before in ("", "农村", "城市", "城镇") and after
    return None if general or _OF_SUCH_FAMILIES.search(after) else True


def _of_programme(mark: Mark, before: str, after: str, scene: Scene) -> bool | None:
    """低保, 五保: the aid's name, told of a family with a verb, or alone, or right after whose it is."""
    alone = not before and not after and not re.search("(问|咨询|诉求|要求|申请):", scene.sentence)
    owned = (
        any(m.leads and m.end == mark.start for m in scene.mentions)
        or scene.household
        and before.endswith(("家", "里"))
    )
    return (
        True if alone or owned and after in ("", "户") or _HOLDS.search(before) or _HOLDS_AFTER.search(after) else None
    )
