"""Whose relative somebody is: the speaker's own, a sister's, a grandchild's, or somebody's outside the family."""

import re

from bot.nlu.reading.cast import RELATIVES, YOUNG, Cast, Mention
from bot.nlu.reading.clauses import Clause
from bot.nlu.reading.lexicon import Mark

_HOLDERS = set(
    "brother sister uncle aunt cousin brotherinlaw sisterinlaw grandfather grandmother partner neighbour".split()
)
_THEIRS = re.compile("neighbour|partner")
_OWN_CHILD = re.compile("(有|带着?|领着?|养着?|抚养着?|生了)(自己的?)?(一?个|[两三四五]个)?([^，]{1,5}的)?$")
_KIN_OF = {  # my brother's son is a nephew
    ("brother", "son"): ("nephew", "other"),
    ("brother", "daughter"): ("niece", "other"),
    ("brother", "spouse"): ("sisterinlaw", "other"),
    ("father", "brother"): ("uncle", "other"),
    ("mother", "brother"): ("uncle", "other"),
    ("father", "sister"): ("aunt", "other"),
    ("mother", "sister"): ("aunt", "other"),
    ("spouse", "brother"): ("brotherinlaw", "other"),
    ("spouse", "sister"): ("sisterinlaw", "other"),
    ("spouse", "father"): ("fatherinlaw", "other"),
    ("spouse", "mother"): ("motherinlaw", "other"),
    ("sister", "son"): ("nephew", "other"),
    ("sister", "daughter"): ("niece", "other"),
    ("sister", "spouse"): ("brotherinlaw", "other"),
}
_PRONOUNS = {"self", "he", "they"}
_NEXT_DOOR = re.compile("(隔壁|别的?|邻|其他)村?的?$")


def kind_of(
    mark: Mark, owner: str, clause: Clause, cast: Cast, earlier: list[Mention], subject: tuple[str, ...]
) -> tuple[str, str]:
    """What somebody is to the speaker: 娃他爸 is a husband, 我弟弟的儿子 a nephew, 我表姐's 老公 "spouse of cousin"."""
    kind, relation, before = mark.entry["kind"], mark.entry["relation"], clause.before(mark.start)
    if mark.text in cast.officials or mark.entry.get("case") and _NEXT_DOOR.search(before):
        kind = "stranger"
    if kind in ("son", "daughter") and cast.pupil and re.fullmatch("[男女](娃|孩子?)", mark.text):
        kind, relation = "child", "other"
    child = cast.kinds.get(cast.last_child() or "") if owner in ("他", "她") else None
    childs = child in ("child", "son", "daughter") or re.search("(娃|孩子|孩|娃娃)(他|她|的)?$", before)
    if kind in ("father", "mother") and not cast.young_told and childs:
        kind, relation = "spouse", "spouse"
    if kind in ("grandfather", "grandmother") and child in ("grandson", "granddaughter"):  # 我和他奶奶
        kind, relation = "spouse", "spouse"
    if kind == "spouse" and _of_the_son(mark, owner, cast, earlier, subject):
        kind, relation = "daughterinlaw", "other"
    if holder := _holder(mark, owner, clause, cast, earlier, subject):
        return _KIN_OF.get((holder, kind), (f"{kind} of {holder}", "other"))
    return kind, relation


def is_of_a_stranger(mark: Mark, owner: str, clause: Clause, cast: Cast, earlier: list[Mention]) -> bool:
    """组长朱某的儿子, and 他母亲 after him."""
    if mark.entry["kind"] in _PRONOUNS or cast.case:
        return False
    if earlier and earlier[-1].kind == "stranger":
        return clause.text[earlier[-1].end - clause.start : mark.start - clause.start] in ("", "的", "家", "家的", "他", "她")
    return owner in ("他", "她") and cast.last_other(owner) == "stranger"


def beside_the_story(mark: Mark, clause: Clause, owner: str, cast: Cast, earlier: list[Mention]) -> str | None:
    """Whose somebody is who belongs to no family told of: a cousin's parents, a grown daughter's children."""
    kind = mark.entry["kind"]
    if kind in ("father", "mother", "parents") and not owner and cast.focus in RELATIVES - {"brother", "sister"}:
        return next((key for key in reversed(cast.recent) if cast.kinds.get(key) == cast.focus), None)
    if kind == "child" and earlier and earlier[-1].kind in ("son", "daughter"):
        between = clause.text[earlier[-1].end - clause.start : mark.start - clause.start]
        return earlier[-1].keys[0] if between.startswith(("家", "自己也有")) else None
    return None


def _holder(
    mark: Mark, owner: str, clause: Clause, cast: Cast, earlier: list[Mention], subject: tuple[str, ...]
) -> str | None:
    """The kind of the relative whose relative is meant: 我弟弟的(儿子), 她(儿子) of a sister; None if it is the family's own."""
    if mark.entry["kind"] not in ("son", "daughter", "child", "spouse", "father", "mother", "brother", "sister"):
        return None
    if (
        earlier
        and len(earlier[-1].keys) == 1
        and re.fullmatch(
            "家?里?(的[^，我俺]{0,4}|[^，我俺]{0,4}的)?[大小二三]?",
            clause.text[earlier[-1].end - clause.start : mark.start - clause.start],
        )
    ):
        kind = earlier[-1].kind
        joined = mark.start == earlier[-1].end and kind not in ("neighbour", "partner")  # 我同学爸爸
    elif not owner and not clause.before(mark.start) and _THEIRS.search(cast.kinds.get(subject[0], "")):
        kind, joined = cast.kinds[subject[0]].rpartition(" of ")[2], False  # 我同学爸爸去世了，妈妈重病
    elif not owner and subject and _OWN_CHILD.search(clause.before(mark.start)):
        parent = earlier[-1].keys if earlier and earlier[-1].leads else subject
        if mark.entry["kind"] in ("brother", "sister") and not earlier:  # 爹82妈79，有个弟弟: the speaker's
            return None
        kind, joined = cast.kinds.get(parent[0], ""), False  # 外婆有个儿子
    elif owner in ("他", "她") and not cast.named:
        kind, joined = cast.kinds.get(cast.last_other(owner) or "", "").rpartition(" of ")[2], False
    elif not owner and cast.focus in RELATIVES and mark.entry["kind"] in ("spouse", "son", "daughter", "child"):
        kind, joined = cast.focus, False  # 我表姐三十九，两个女儿 …
    else:
        return None
    return kind if not joined and (kind in _HOLDERS or (kind, mark.entry["kind"]) in _KIN_OF) else None


def _of_the_son(
    mark: Mark, owner: str, cast: Cast, earlier: list[Mention], subject: tuple[str, ...]
) -> bool:
    """儿子坐牢，媳妇跑了，孙子八岁: the son's wife, where there is a grandchild."""
    last = earlier[-1].keys if earlier else subject
    return mark.text in ("媳妇", "老婆") and not owner and cast.young_told and cast.kinds.get(last[0]) == "son"


def whose_parent(before: str, owner: str, cast: Cast, earlier: list[Mention], subject: tuple[str, ...]) -> str | None:
    """The child whose father or mother is meant, if it is not the speaker's own: 孙女父母, 娃他爸, 外甥父亲去世，母亲服刑."""
    if owner in ("我", "我们", "俺", "俺们", "咱", "来电人", "市民", "其") or before.endswith("娘家"):
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


def parents_of(child: str, kind: str) -> tuple[str, ...]:
    return {"father": (f"papa@{child}",), "mother": (f"mama@{child}",)}.get(kind, (f"papa@{child}", f"mama@{child}"))
