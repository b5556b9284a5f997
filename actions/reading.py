"""What a message amounts to: its kind, the programmes and aspect it asks about, and what it tells of a family."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

from actions.danger import danger_in, strength
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
ANY_AID = "other_aid"  # a topic: help of some kind, which of our programmes is open
ANSWERED_NEIGHBOURS = ("disability_certificate", "assistive_devices", "child_rehabilitation")
SURE_TOPIC = 0.5
SECOND_TOPIC = 0.45
STORY_TOPIC = 0.03
STORY_LENGTH = 30
MOST = 4
VAGUE_TOPIC = 0.1
VAGUELY_OURS = 0.8
LIKELY_OURS = 0.58
PLAINLY = 0.25  # from which a matter that we answer beside our own is answered
SURE_OF_TOPIC, PLAINLY_OURS = 0.8, 0.37
CLEARLY_OURS = 0.46
SURELY_OURS = 0.15
LIVELIHOODS = ("pension", "veterans")  # who somebody is rather than what is asked
GRAVE = (".serious_illness", ".medical_cost")


@dataclass(frozen=True)
class Reading:
    """A message understood.

    programmes: best first. sure: how sure of the first; named: those called by name. household: what it tells (contract shape);
    people: who its members are; spans: where. told: how many facts, places aside. emergency: the kind of danger it speaks of;
    danger: how strongly (plain words: 1).
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
    people: Dict[str, Dict[str, str]] = field(default_factory=dict)
    spans: List[Dict[str, Any]] = field(default_factory=list)
    hypothetical: bool = False
    correction: bool = False
    asks: bool = False
    told: int = 0
    inside: float = 0.0
    talk: float = 0.0
    ill: bool = False
    neighbour: Optional[str] = None
    emergency: Optional[str] = None
    danger: float = 0.0

    @property
    def outside(self) -> bool:
        """Whether the matter is not ours.

        One who tells of a family, names a programme of ours or plainly speaks of one gets the benefit of the doubt, a question that fits
        none of them does not;
        the gravely ill who ask for help with it are hardly ever turned away for having served or retired.
        """
        leaning = LIKELY_OURS
        if self.ill and self.neighbour in LIVELIHOODS:
            leaning = SURELY_OURS
        elif self.sure >= SURE_OF_TOPIC and not self.named:
            leaning = PLAINLY_OURS
        elif self.told >= 2 or self.named:
            leaning = CLEARLY_OURS
        elif not self.told and self.sure < VAGUE_TOPIC and self.topic != ANY_AID:
            leaning = VAGUELY_OURS
        asks = self.intent in ASPECT_OF and self.intent != "tell_family"
        chats = self.talk >= 0.5 and not (asks and len(self.text) >= STORY_LENGTH)  # a long question only begins politely
        return not chats and self.inside < leaning


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
        people=facts.get("people") or {},
        spans=facts.get("spans") or [],
        hypothetical=bool(facts.get("hypothetical")),
        correction=bool(facts.get("correction")),
        asks=bool(facts.get("asks")),
        told=len([p for p in flatten(household) if not p.endswith((".relation", "region"))]),
        inside=_inside(topics, message),
        talk=float((message.get("matter") or {}).get("talk", 0.0)),
        ill=_ill(topics, household),
        neighbour=_neighbour(topics, message.get("matter") or {}),
        emergency=(kind := danger_in(message, library)),
        danger=strength(message, library) if kind else 0.0,
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
    """The likeliest question's aspect; where none is likely, what a person may get."""
    ranking = message.get("intent_ranking") or []
    best = next((str(row["name"]) for row in ranking if row["name"] in ASPECT_OF), "ask_eligibility" if ranking else intent)
    return ASPECT_OF.get(best)


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

    Whose matter it is and its likeliest topics weigh twice, its intent once.
    """
    matter = message.get("matter") or {}
    elsewhere = [name for name, _ in topics if name.startswith("neighbour/") or name == "out_of_scope"]
    away = max((c for n, c in topics if n in elsewhere and n.partition("/")[2] not in ANSWERED_NEIGHBOURS), default=0.0)
    ours = max((chance for name, chance in topics if name not in elsewhere and name != "none"), default=0.0)
    ranking = message.get("intent_ranking") or []
    asks = sum(r["confidence"] for r in ranking if r["name"] in ASPECT_OF or str(r["name"]).startswith("emergency"))
    leaves = sum(r["confidence"] for r in ranking if r["name"] in OUTSIDE)
    by_matter = _share(matter.get("ours", 0.0), sum(matter.get(name, 0.0) for name in ELSEWHERE))
    return (2 * by_matter + 2 * _share(ours, away) + _share(asks, leaves)) / 5


def _ill(topics: List[Tuple[str, float]], household: Mapping[str, Any]) -> bool:
    """Whether it tells of a grave illness or its cost, and some sentence plainly speaks of help with it."""
    asks = any(name == "medical_assistance" and chance >= SURE_TOPIC for name, chance in topics)
    return asks and any(path.endswith(GRAVE) and value for path, value in flatten(household).items())


def _neighbour(topics: List[Tuple[str, float]], matter: Mapping[str, float]) -> Optional[str]:
    """The likeliest neighbouring matter, unless the message, by its topic and by whose matter it is, is likelier nobody's."""
    near = [(name, chance) for name, chance in topics if name.startswith("neighbour/")]
    plain = [(name, chance) for name, chance in near if chance >= PLAINLY or name.partition("/")[2] not in ANSWERED_NEIGHBOURS]
    if not plain:
        return None
    best = plain[0]
    nobody = next((chance for name, chance in topics if name == "out_of_scope"), 0.0) + matter.get("outside", 0.0)
    return best[0].partition("/")[2] if best[1] + matter.get("neighbour", 0.0) >= nobody else None


def _share(ours: float, away: float) -> float:
    return (ours + 1e-6) / (ours + away + 2e-6)
