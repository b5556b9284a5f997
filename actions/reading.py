"""What a message amounts to: its kind, the programmes and aspect it asks about, and what it tells of a family."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

from actions.danger import danger_in
from actions.family import flatten
from knowledge.library import Library
from rules.household import Household, HouseholdError
from rules.signs import pointed_to

ASPECT_OF = {
    "ask_eligibility": "eligibility", "ask_amount": "amount", "ask_how_to_apply": "how_to_apply", "ask_materials": "materials",
    "ask_where": "where", "ask_process_time": "process_time", "ask_definition": "definition", "ask_income_rules": "income_rules",
    "ask_asset_rules": "asset_rules", "ask_exit": "exit_or_cancel", "ask_complaint": "review_or_complaint", "ask_other": "other",
    "tell_family": "eligibility",
}  # fmt: skip
CONTROL = (
    "affirm", "deny", "dont_know", "why_ask", "go_back", "stop", "restart", "resume", "what_if", "correct", "inform", "summary",
    "human", "delete_data", "case_code", "more", "help", "greet", "thanks", "goodbye",
)  # fmt: skip
OUTSIDE = ("neighbouring_matter", "out_of_scope")
ELSEWHERE = ("neighbour", "outside")
ANSWERED_NEIGHBOURS = ("disability_certificate", "assistive_devices", "child_rehabilitation")
SURE_TOPIC = 0.5
SECOND_TOPIC = 0.45
STORY_TOPIC = 0.03
STORY_LENGTH = 30
MOST = 4
CLEAR_ASPECT = 0.15
VAGUE_TOPIC = 0.1
VAGUELY_OURS = 0.8
LIKELY_OURS = 0.58
CLEARLY_OURS = 0.46


@dataclass(frozen=True)
class Reading:
    """A message understood.

    programmes: best first. sure: how sure of the first; named: those called by name. household: what it tells (contract shape);
    spans: where. told: how many facts, places aside. emergency: the kind of danger it speaks of.
    """

    text: str
    intent: str
    confidence: float
    aspect: Optional[str]
    programmes: List[str]
    topic: str
    topic_confidence: float
    sure: float = 0.0
    named: List[str] = field(default_factory=list)
    household: Dict[str, Any] = field(default_factory=dict)
    spans: List[Dict[str, Any]] = field(default_factory=list)
    hypothetical: bool = False
    correction: bool = False
    asks: bool = False
    told: int = 0
    inside: float = 0.0
    talk: float = 0.0
    neighbour: Optional[str] = None
    emergency: Optional[str] = None

    @property
    def outside(self) -> bool:
        """Whether the matter is not ours.

        One who tells of a family or names a programme of ours gets the benefit of the doubt, a question that fits none of them does not.
        """
        leaning = LIKELY_OURS
        if self.told >= 2 or self.named:
            leaning = CLEARLY_OURS
        elif not self.told and self.sure < VAGUE_TOPIC:
            leaning = VAGUELY_OURS
        return self.talk < 0.5 and self.inside < leaning


def read(message: Mapping[str, Any], library: Library) -> Reading:
    """Read the pipeline's output for one message."""
    text = message.get("text") or ""
    facts = message.get("facts") or {}
    topics = [(t["name"], t["confidence"]) for t in message.get("topics") or []]
    named = [name for name in _names(message.get("named")) if name in library.programmes]
    household = facts.get("household") or {}
    name, sure = _intent(message)
    topic, confidence = _topic(topics, named)
    return Reading(
        text=text,
        intent=name,
        confidence=sure,
        aspect=_aspect(name, message),
        programmes=_programmes(topics, named, household, name == "tell_family" or len(text) >= STORY_LENGTH, library),
        topic=topic,
        topic_confidence=confidence,
        sure=1.0 if named else max([chance for name, chance in topics if _ours(name, library)], default=0.0),
        named=named,
        household=household,
        spans=facts.get("spans") or [],
        hypothetical=bool(facts.get("hypothetical")),
        correction=bool(facts.get("correction")),
        asks=bool(facts.get("asks")),
        told=len([p for p in flatten(household) if not p.endswith((".relation", "region"))]),
        inside=_inside(topics, message),
        talk=float((message.get("matter") or {}).get("talk", 0.0)),
        neighbour=_neighbour(topics),
        emergency=danger_in(message, library),
    )


def _names(raw: Any) -> List[str]:
    found = [item if isinstance(item, str) else item.get("name") or item.get("programme") for item in raw or []]
    return list(dict.fromkeys(name for name in found if name))


def _intent(message: Mapping[str, Any]) -> Tuple[str, float]:
    """The likeliest intent and how sure; where Rasa fell back, the likeliest of those it had."""
    ranking = [row for row in message.get("intent_ranking") or [] if row.get("name") != "nlu_fallback"]
    best = ranking[0] if ranking else message.get("intent") or {}
    return str(best.get("name") or "nlu_fallback"), float(best.get("confidence") or 0.0)


def _topic(topics: List[Tuple[str, float]], named: List[str]) -> Tuple[str, float]:
    if not topics:
        return ("none", 0.0)
    best = topics[0]
    if named and best[1] < SURE_TOPIC:
        return (named[0], best[1])
    return best


def _aspect(intent: str, message: Mapping[str, Any]) -> Optional[str]:
    """The likeliest question's aspect; where none is clear, what a person may get."""
    ranking = message.get("intent_ranking") or []
    best = next((row for row in ranking if row["name"] in ASPECT_OF), None)
    if best is None or best["confidence"] < CLEAR_ASPECT:
        return "eligibility" if ranking else ASPECT_OF.get(intent)
    return ASPECT_OF[best["name"]]


def _programmes(
    topics: List[Tuple[str, float]], named: List[str], household: Mapping[str, Any], story: bool, library: Library
) -> List[str]:
    """What a message is about, best first: learned topics, names, and, in a story, what its facts point to."""
    inside = [(name, chance) for name, chance in topics if name in library.programmes]
    least = STORY_TOPIC if story else SECOND_TOPIC
    chosen = [name for name, chance in inside[:1]]
    chosen += [name for name, chance in inside[1:3] if chance >= least]
    chosen += named
    if story:
        chosen += signs(household, library)
    return list(dict.fromkeys(chosen))[:MOST]


def signs(household: Mapping[str, Any], library: Library) -> List[str]:
    try:
        return pointed_to(Household.parse(household, library), library)
    except HouseholdError:
        return []


def _ours(topic: str, library: Library) -> bool:
    return topic in library.programmes or topic.partition("/")[2] in ANSWERED_NEIGHBOURS


def _inside(topics: List[Tuple[str, float]], message: Mapping[str, Any]) -> float:
    """How much speaks for a matter of ours against a neighbour's or nobody's, 0—1.

    Whose matter it is and its topics weigh twice, its intent once.
    """
    matter = message.get("matter") or {}
    elsewhere = [(name, chance) for name, chance in topics if name.startswith("neighbour/") or name == "out_of_scope"]
    away = sum(chance for name, chance in elsewhere if name.partition("/")[2] not in ANSWERED_NEIGHBOURS)
    ours = sum(chance for name, chance in topics if name != "none") - sum(chance for _, chance in elsewhere)
    ranking = message.get("intent_ranking") or []
    asks = sum(r["confidence"] for r in ranking if r["name"] in ASPECT_OF or str(r["name"]).startswith("emergency"))
    leaves = sum(r["confidence"] for r in ranking if r["name"] in OUTSIDE)
    by_matter = _share(matter.get("ours", 0.0), sum(matter.get(name, 0.0) for name in ELSEWHERE))
    return (2 * by_matter + 2 * _share(ours, away) + _share(asks, leaves)) / 5


def _neighbour(topics: List[Tuple[str, float]]) -> Optional[str]:
    """The likeliest neighbouring matter, unless the message is likelier nobody's."""
    best = next(((name, chance) for name, chance in topics if name.startswith("neighbour/")), None)
    nobody = next((chance for name, chance in topics if name == "out_of_scope"), 0.0)
    return best[0].partition("/")[2] if best and best[1] >= nobody else None


def _share(ours: float, away: float) -> float:
    return (ours + 1e-6) / (ours + away + 2e-6)
