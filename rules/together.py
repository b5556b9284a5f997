"""What is asked in one sentence: several facts of a family at once, or one fact of everybody in it (家里谁有残疾证)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Set

from rules.questions import Ranked

MOST = 7  # that one can take in, and a key each on the agent's desk
OF_THE_FAMILY = ("status", "hardship", "difficulty")
_MEMBER_PATH = re.compile(r"^members\[(.+)\]\.(\w+)$")


@dataclass(frozen=True)
class OfAll:
    """How a fact is asked of everybody at once, and what an answer means.

    others: what holds of those who were asked about and not named. named: what holds of those who were; None where only their own
    answer tells. then: how that is asked (else as the fact always is); what the others are is no choice any more. lack: how it is said
    back that it holds of nobody, where the fact's own words are clumsy.
    """

    ask: str
    others: Any
    named: Any = None
    then: str = ""
    lack: str = ""


OF_ALL: Mapping[str, OfAll] = {
    "disability_grade": OfAll("家里谁有残疾证，是几级？", 0, [1, 4], "{who}的残疾证是几级？"),
    "serious_illness": OfAll("家里谁有癌症、尿毒症这样的重病？", False, True),
    "infectious_disease": OfAll("家里谁有传染病？", False, True),
    "mental_illness": OfAll("家里谁有精神方面的病？", False, True),
    "work_ability": OfAll("家里谁干不了活，或者只能干点轻活？", "full", then="{who}一点活都干不了，还是能干点轻活？"),
    "self_care": OfAll("家里谁吃饭、穿衣、上厕所要人照顾？", "full", then="{who}是都要人照顾，还是有些要人帮？"),
    "employed": OfAll("家里谁现在有活干、有工资？", False, True),
    "wants_job": OfAll("家里谁想找个活干？", False, True),
    "works_away": OfAll("家里谁在外头干活，出了本乡镇？", "no", then="{who}在哪儿干活？"),
    "basic_pension_monthly": OfAll(
        "家里谁领城乡居民养老金（国家给农民的那份）？", 0, then="{who}每月领多少养老金？", lack="没领这份养老金"
    ),
    "living": OfAll("家里谁住在养老院、敬老院？", "home", "institution"),
    "wants_institution_care": OfAll("家里谁愿意到机构里住、由人照料？", False, True),
    "income_source": OfAll("家里谁有生活来源（工资、种地、儿女给的）？", False, True),
    "supported_by_family": OfAll("家里谁是靠家里人养活的？", False, True),
    "studying": OfAll("家里谁在上学？", "none", then="{who}上到哪儿了？"),
    "parents": OfAll("家里哪个孩子的父母都不在了，或者都管不了孩子？", "alive", then="{who}的父母是都不在了，还是管不了？"),
    "medical_cost": OfAll("家里谁这一年看病，报销完以后自己还花了钱？", 0, lack="看病没花自己的钱"),
    "wants_training": OfAll("家里谁想参加技能培训？", False, True),
}  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """What one sentence asks: `path` is the fact's own, or the group's (`status`, `members.disability_grade`) where `paths` are several.

    worth: how much it is likely to settle. What is asked of everybody settles something for each; of a family's statuses the best counts,
    as most of them do not hold.
    """

    path: str
    paths: List[str]
    worth: float
    programmes: List[str]


def group_of(path: str) -> Optional[str]:
    """The group in which a path may be asked: `status`, or `members.disability_grade`; None for what is asked by itself."""
    match = _MEMBER_PATH.match(path)
    if match:
        return f"members.{match[2]}" if match[2] in OF_ALL else None
    family = path.partition(".")[0]
    return family if family in OF_THE_FAMILY else None


def is_group(path: str) -> bool:
    return path in OF_THE_FAMILY or path.startswith("members.")


def of_all(path: Optional[str]) -> Optional[OfAll]:
    """The question of everybody behind a group's path or a member's own; None where there is none."""
    return OF_ALL.get((path or "").rpartition(".")[2]) if (path or "").startswith("members") else None


def sentences(ranked: Sequence[Ranked], apart: Iterable[str] = ()) -> List[Sentence]:
    """The ranked facts as sentences, best first. apart: paths that are asked by themselves."""
    alone: Set[str] = set(apart)
    groups: Dict[str, List[Ranked]] = {}
    for row in ranked:
        group = group_of(row[1])
        groups.setdefault(group if group and row[1] not in alone else row[1], []).append(row)
    return sorted((_sentence(name, rows[:MOST]) for name, rows in groups.items()), key=lambda one: -one.worth)


def _sentence(name: str, rows: List[Ranked]) -> Sentence:
    paths, settled = [row[1] for row in rows], [-row[0][0] for row in rows]
    programmes = list(dict.fromkeys(programme for row in rows for programme in row[2]))
    return Sentence(name if len(paths) > 1 else paths[0], paths, sum(settled) if of_all(name) else max(settled), programmes)


def told_by(group: str, paths: Sequence[str], told: Mapping[str, Any]) -> Dict[str, Any]:
    """What an answer tells of everybody who was asked about. told: what was said of those named, None for their mere name."""
    asked = OF_ALL[group.partition(".")[2]]
    named = {path: asked.named if value is None else value for path, value in told.items()}
    return {**{path: asked.others for path in paths}, **named}
