"""Who is in the story: one key for each person, the same key whenever they are meant."""

import re
from dataclasses import dataclass, field

from bot.nlu.reading.lexicon import Mark

CHILDREN = {"son", "daughter", "grandson", "granddaughter", "nephew", "niece", "child"}
ELDERS = set("father mother grandfather grandmother fatherinlaw motherinlaw elder uncle aunt neighbour".split())
WOMEN = set("mother grandmother daughter granddaughter sister aunt motherinlaw daughterinlaw niece sisterinlaw".split())
MEN = set("father grandfather son grandson brother uncle fatherinlaw soninlaw nephew brotherinlaw".split())
_COUPLES = (("father", "mother"), ("grandfather", "grandmother"), ("fatherinlaw", "motherinlaw"))
_PAIRS = {
    ("inlaws", "公"): ("公公", "婆婆"), ("inlaws", "岳"): ("岳父", "岳母"), ("grandparents", "爷"): ("爷爷", "奶奶"),
    ("brotherandwife", "哥"): ("哥哥", "嫂子"), ("brotherandwife", "兄"): ("哥哥", "嫂子"),
}  # fmt: skip
_CASE = re.compile(  # 我们村的(老李), 帮(王大爷)问
    "(村|组|队|屯子?|庄|社区|小区|居民|村民|市民|替|帮|代|为|邻居)(我们?|俺们?)?(村|组|队)?(里|上)?(有|的)?(一?[个位])?"
    "(居民|村民|光棍|孤老|孤寡老人|困难户|低保户|五保户|单身汉)?$|^$|^[^，我俺咱他她]{2,6}的$"
)
_NEIGHBOURS_CHILD = re.compile(
    "(村|组|班|隔壁|邻居|学校|社区)[^，。]{0,6}(有|的)[^，。]{0,5}(孩子|小孩|娃|学生|女孩|男孩)"
)
_OFFICIAL = re.compile("(组长|书记|主任|支书|村长|会计|干部|队长|老板|邻居|包工头|肇事者|司机)[，叫]?([^某，]某某?)")
RELATIVES = set("sister brother uncle aunt cousin brotherinlaw sisterinlaw".split())  # who have families of their own
_FACELESS = {None, "nobody", "self", "he", "they", "stranger", "elder", "elders", "child"}
_ASKS_FOR = "(就|也|只)?(想|要|来|有)?(请|再)?(帮|替|代|给|为|问|咨询|打听|反映|了解|知道|觉得|听|看|个|一个|的|这|那|[大小二三四五])"
YOUNG = CHILDREN - {"son", "daughter"}  # whose father and mother are told of as theirs: 娃他爸


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


@dataclass
class Cast:
    """The people of one message, in order of first mention."""

    kinds: dict[str, str] = field(default_factory=dict)  # key -> kind
    relations: dict[str, str] = field(default_factory=dict)  # key -> relation
    words: dict[str, str] = field(default_factory=dict)  # key -> what they are first called
    recent: list[str] = field(default_factory=list)  # keys, the last mentioned last
    group: tuple[str, ...] = ()  # the last people mentioned together
    expected: tuple[str, str, int] | None = None  # kind, relation, how many: 三个娃, each told of by 大的, 一个 …
    told: int = 0  # how many of them have had their word
    youngest: int = 0  # which of them 小的 was, once it was said
    described: set[str] = field(default_factory=set)  # of whom something was told
    pupil: bool = False  # somebody else's child is asked for: 村里有个女娃
    officials: frozenset[str] = frozenset()  # 朱某 of 组长朱某
    focus: str = ""  # the kind of the relative (表姐) whose own family the message tells of, not the speaker's
    sexes: dict[str, str] = field(default_factory=dict)  # key -> m or f, of those whose kind does not tell: 老公
    young_told: bool = False  # a grandchild or nephew is spoken of somewhere in the message
    parenting: str | None = None  # the child whose father and mother are just being told of
    named: bool = False  # the case is 王某's: 他 is then the applicant
    case: bool = False  # … and the speaker tells of 王大爷 as a stranger would
    ordered: bool = False  # the message has 大的 and 小的: two children, even uncounted
    reported: bool = False  # somebody reports for another: 本人 is then the one spoken of

    @classmethod
    def of(cls, text: str, people: list[Mark]) -> "Cast":
        """An empty cast that knows what the whole message lets one expect."""
        kinds = {mark.entry.get("kind") for mark in people}
        pupil = bool(_NEIGHBOURS_CHILD.search(text))
        officials = frozenset(match[2] for match in _OFFICIAL.finditer(text))
        return cls(
            young_told=bool(kinds & {"grandson", "granddaughter", "nephew", "niece"})
            or bool(re.search("[他她](爸|爹).*[他她](妈|娘)", text))
            or pupil,
            named=text.startswith("某")
            or any(
                mark.text[-1] == "某" and mark.text not in officials or mark.entry.get("case") for mark in people
            )
            and not re.search("(我|俺|本人)(名?叫|是|姓|系)", text),
            case=any(mark.entry.get("case") and is_case(text, mark) for mark in people),
            ordered=bool(re.search("大的|老大", text) and re.search("小的|老二|老幺", text)),
            reported=bool(re.search("来电人|反映|坐席|工单|客户|其", text)) and "我" not in text,
            pupil=pupil,
            officials=officials,
            focus=_focus(text, people),
        )

    def count(self, kind: str, relation: str, number: int) -> tuple[str, str, int]:
        """From now on 大的, 小的, 一个 are some of these."""
        self.expected, self.told, self.youngest = (kind, relation, number), 0, 0
        return self.expected

    def key(self, kind: str, relation: str, word: str = "", order: str = "") -> str:
        """The key of a person, new or known."""
        name = f"{kind}:{word}" if word else kind
        if order and (
            kind in CHILDREN or name not in self.kinds or any(key.startswith(f"{name}/") for key in self.kinds)
        ):
            name = f"{name}/{order}"  # 大哥, 二哥; but 我哥 told of before is the same as 大哥
        elif name not in self.kinds:
            same = [key for key in self.recent if key.split("/")[0] == name]
            name = same[-1] if same else name
        self.kinds.setdefault(name, kind)
        self.relations.setdefault(name, relation)
        return name

    def call(self, keys: tuple[str, ...], kind: str, word: str) -> None:
        """Keep the first word for each of those a mention names; 公婆 are 公公 and 婆婆."""
        words = _PAIRS.get((kind, word[0]), (word,) * len(keys))
        for key, one in zip(keys, words):
            self.words.setdefault(key, one)

    def last_child(self) -> str | None:
        return next((key for key in reversed(self.recent) if self.kinds.get(key) in CHILDREN), None)

    def last_young(self) -> str | None:
        return next((key for key in reversed(self.recent) if self.kinds.get(key) in YOUNG), None)

    def last_other(self, pronoun: str = "") -> str | None:
        """The last person 他 or 她 may mean; people write 他 for a woman too, where no man is spoken of."""
        others = [key for key in reversed(self.recent) if key != "self" and "@" not in key]
        unlike = {"他": WOMEN, "她": MEN}.get(pronoun, set())
        other_sex = {"他": "f", "她": "m"}.get(pronoun)
        fitting = [key for key in others if self.kinds.get(key) not in unlike]
        fitting = [key for key in fitting if not other_sex or self.sexes.get(key) != other_sex]
        return next(iter(fitting or others), None)

    def elders(self) -> tuple[str, ...]:
        """The two elders last spoken of, if there are two."""
        known = tuple(key for key in self.recent if self.kinds.get(key) in ELDERS)
        pairs = [
            (one, other)
            for one in known
            for other in known
            if (self.kinds[one], self.kinds[other]) in _COUPLES and one.partition(":")[2] == other.partition(":")[2]
        ]
        if pairs:
            return max(pairs, key=lambda pair: max(map(known.index, pair)))
        return known[-2:] if len(known) > 1 else ()

    def grandchildren(self) -> tuple[str, ...]:
        """A grandson and a granddaughter, if both were spoken of: 大的 and 小的 are then theirs."""
        both = {"grandson", "granddaughter"}
        found = tuple(key for key in self.recent if self.kinds.get(key) in both)
        return found if {self.kinds[key] for key in found} == both else ()

    def remember(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            if key in self.recent:
                self.recent.remove(key)
            self.recent.append(key)


def _focus(text: str, people: list[Mark]) -> str:
    """The relative whose own household the message is about: it begins with them, and the speaker tells nothing of themselves."""
    speakers = [mark for mark in people if mark.entry.get("kind") == "self"]
    named = [mark for mark in people if mark.entry.get("kind") not in _FACELESS]
    starts = {mark.start for mark in named}
    silent = all(
        mark.text in ("我", "俺", "我们", "俺们")
        and (mark.end in starts or re.match(_ASKS_FOR, text[mark.end :]))
        for mark in speakers
    )
    return named[0].entry["kind"] if named and silent and named[0].entry["kind"] in RELATIVES else ""


def is_case(text: str, mark: Mark, start: int = 0) -> bool:
    """Whether 王大爷, 老李 is the one the message is about, not somebody it mentions; `start`: where in the message the text begins."""
    return bool(_CASE.search(text[: mark.start - start]))
