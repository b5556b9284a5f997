"""What a message amounts to: its kind, the programmes and aspect it asks about, and what it tells of a family."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

from actions.family import flatten
from knowledge.library import Library

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
ANSWERED_NEIGHBOURS = ("disability_certificate", "assistive_devices", "child_rehabilitation")
SURE_TOPIC = 0.5
SECOND_TOPIC = 0.45
SURE_EMERGENCY = 0.6


@dataclass(frozen=True)
class Reading:
    """A message understood.

    programmes: best first, at most three. household: what it tells (contract shape); spans: where. told: how many facts, places aside.
    """

    text: str
    intent: str
    confidence: float
    aspect: Optional[str]
    programmes: List[str]
    topic: str
    topic_confidence: float
    household: Dict[str, Any] = field(default_factory=dict)
    spans: List[Dict[str, Any]] = field(default_factory=list)
    hypothetical: bool = False
    correction: bool = False
    asks: bool = False
    told: int = 0
    inside: float = 0.0

    @property
    def emergency(self) -> Optional[str]:
        kind = self.intent.partition("emergency_")[2]
        return kind if kind and self.confidence >= SURE_EMERGENCY else None

    @property
    def neighbour(self) -> Optional[str]:
        return self.topic.partition("neighbour/")[2] or None


def read(message: Mapping[str, Any], library: Library) -> Reading:
    """Read the pipeline's output for one message."""
    text = message.get("text") or ""
    intent = message.get("intent") or {}
    facts = message.get("facts") or {}
    topics = [(t["name"], t["confidence"]) for t in message.get("topics") or []]
    named = [name for name in _names(message.get("named")) if name in library.programmes]
    household = facts.get("household") or {}
    name = _intent(intent)
    topic, confidence = _topic(topics, named)
    return Reading(
        text=text,
        intent=name,
        confidence=float(intent.get("confidence") or 0.0),
        aspect=_aspect(name, message),
        programmes=_programmes(topics, named, library),
        topic=topic,
        topic_confidence=confidence,
        household=household,
        spans=facts.get("spans") or [],
        hypothetical=bool(facts.get("hypothetical")),
        correction=bool(facts.get("correction")),
        asks=bool(facts.get("asks")),
        told=len([p for p in flatten(household) if not p.endswith((".relation", "region"))]),
        inside=_inside(topics, message, bool(named)),
    )


def _names(raw: Any) -> List[str]:
    found = [item if isinstance(item, str) else item.get("name") or item.get("programme") for item in raw or []]
    return list(dict.fromkeys(name for name in found if name))


def _intent(intent: Mapping[str, Any]) -> str:
    return str(intent.get("name") or "nlu_fallback")


def _topic(topics: List[Tuple[str, float]], named: List[str]) -> Tuple[str, float]:
    if not topics:
        return ("none", 0.0)
    best = topics[0]
    if named and best[1] < SURE_TOPIC:
        return (named[0], best[1])
    return best


def _aspect(intent: str, message: Mapping[str, Any]) -> Optional[str]:
    """The intent's aspect; for a message that is no question, the likeliest question's."""
    if intent in ASPECT_OF:
        return ASPECT_OF[intent]
    ranking = message.get("intent_ranking") or []
    return next((ASPECT_OF[r["name"]] for r in ranking if r["name"] in ASPECT_OF and r["confidence"] > 0.15), None)


def _programmes(topics: List[Tuple[str, float]], named: List[str], library: Library) -> List[str]:
    inside = [(name, chance) for name, chance in topics if name in library.programmes]
    chosen = [name for name, chance in inside[:1]]
    chosen += [name for name, chance in inside[1:] if chance >= SECOND_TOPIC]
    chosen += [name for name in named if name not in chosen]
    return chosen[:3]


def _inside(topics: List[Tuple[str, float]], message: Mapping[str, Any], named: bool) -> float:
    """How much speaks for a matter of ours against a neighbour's or nobody's: topics and intents together, 0—1."""
    mine = sum(chance for name, chance in topics if not name.startswith("neighbour/") and name not in ("out_of_scope", "none"))
    other = sum(chance for name, chance in topics if name.startswith("neighbour/") or name == "out_of_scope")
    ranking = message.get("intent_ranking") or [message.get("intent") or {}]
    asks = sum(r.get("confidence") or 0.0 for r in ranking if r.get("name") in ASPECT_OF or str(r.get("name")).startswith("emergency"))
    outside = sum(r.get("confidence") or 0.0 for r in ranking if r.get("name") in OUTSIDE)
    return (mine + asks + 0.3 * named) / max(mine + asks + 0.3 * named + other + outside, 1e-6)
