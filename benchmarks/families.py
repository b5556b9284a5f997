"""Made-up families in which every fact is known: the hidden truth that answers are drawn from. None of them is a real one."""

from __future__ import annotations

from random import Random
from typing import Any, Dict, List, Optional

STANDARD = 600
"""The made-up dibao standard, yuan a person a month; incomes are drawn around it."""

_BOUNDARIES = (0, 7, 15, 16, 17, 18, 59, 60, 61, 79, 80, 81)
_HARDSHIPS = ("illness", "accident", "disaster", "epidemic", "job_loss", "market", "other")
_DIFFICULTIES = ("education", "medical", "housing", "water", "livelihood", "other")
_KINDS = ("vision", "hearing", "speech", "limb", "intellectual", "mental", "multiple")


def family(random: Random) -> Dict[str, Any]:
    """A household in the contract's shape with every fact told, exact and consistent; one to five people."""
    alone = random.random() < 0.15
    members = [_person(random, number) for number in range(1, 2 if alone else random.randint(2, 6))]
    dibao = random.random() < 0.3
    tekun = not dibao and len(members) == 1 and random.random() < 0.4
    size = len(members)
    return {
        "hukou_kind": "rural" if random.random() < 0.8 else "urban",
        "residence_permit": random.random() < 0.3,
        "status": _status(random, dibao, tekun),
        "size": size,
        "annual_income": _income(random, members),
        "basic_living_difficult": random.random() < 0.4,
        "hardship": {name: random.random() < 0.15 for name in _HARDSHIPS},
        "difficulty": {name: random.random() < 0.2 for name in _DIFFICULTIES},
        "rigid_expense": random.choice((0, 5000, 30000, 80000)),
        "house": random.choices(("safe", "dangerous", "none"), (8, 3, 1))[0],
        "house_aid_before": random.random() < 0.3,
        "applied_to_leave_dibao": dibao and random.random() < 0.2,
        "other_aid_insufficient": random.random() < 0.5,
        "wants_business": random.random() < 0.4,
        "members": members,
    }


def _status(random: Random, dibao: bool, tekun: bool) -> Dict[str, bool]:
    standing = random.choices(
        ("none", "registered", "extreme", "out", "unstable", "edge", "returned"), (50, 12, 4, 16, 8, 8, 2)
    )[0]
    return {
        "dibao": dibao,
        "tekun": tekun,
        "dibao_edge": not dibao and not tekun and random.random() < 0.2,
        "registered_poor": standing in ("registered", "extreme"),
        "extreme_poverty": standing == "extreme",
        "out_of_poverty": standing in ("out", "unstable", "returned"),
        "unstable_out_of_poverty": standing == "unstable",
        "edge_poverty": standing == "edge",
        "returned_to_poverty": standing == "returned",
        "newly_poor": random.random() < 0.05,
        "sudden_hardship": random.random() < 0.08,
        "relocated": random.random() < 0.1,
        "low_income": dibao or random.random() < 0.15,
    }


def _income(random: Random, members: List[Dict[str, Any]]) -> int:
    """Yuan a year: what its people earn and draw at the least, and about the standard a person as often as not."""
    earned = 12 * sum(member["monthly_wage"] + member["basic_pension_monthly"] for member in members)
    about = 12 * STANDARD * len(members) * random.choice((0.5, 0.9, 1, 1, 1.1, 1.4, 1.5, 3))
    return int(max(earned, about + random.choice((-1, 0, 1))))


def _person(random: Random, number: int) -> Dict[str, Any]:
    age = random.choice(_BOUNDARIES) if random.random() < 0.5 else random.randint(0, 95)
    grade = random.choices((0, 1, 2, 3, 4), (12, 2, 2, 2, 1))[0]
    ability = _ability(random, age, grade)
    employed = 16 <= age < 65 and ability != "none" and random.random() < 0.6
    return {
        "id": f"m{number}",
        "relation": "self" if number == 1 else "other",
        "age": age,
        "sex": random.choice("mf"),
        "disability_grade": grade,
        **({"disability_kind": random.choice(_KINDS)} if grade else {}),
        "serious_illness": random.random() < 0.15,
        "infectious_disease": random.random() < 0.05,
        "mental_illness": random.random() < 0.05,
        "work_ability": ability,
        "self_care": random.choices(("full", "partial", "none"), (8, 2, 2))[0],
        "employed": employed,
        "monthly_wage": random.choice((300, 900, 1500, 2400, 4000)) if employed else 0,
        "wants_job": random.random() < 0.5,
        "works_away": random.choice(("county", "province", "other_province")) if employed else "no",
        "basic_pension_monthly": random.choice((0, 110, 160)) if age >= 60 else 0,
        "living": random.choices(("home", "institution", "scattered"), (12, 2, 1))[0] if age >= 60 else "home",
        "wants_institution_care": random.random() < 0.4,
        "income_source": employed or random.random() < 0.5,
        "obligor": random.choice(("none", "unable", "able")),
        "supported_by_family": not employed and random.random() < 0.6,
        "can_form_own_household": age >= 18 and random.random() < 0.6,
        "studying": _studying(random, age),
        "parents": random.choices(("alive", "dead", "unable"), (6, 1, 2))[0] if age < 30 else "dead",
        "medical_cost": random.choice((0, 0, 800, 10000, 60000)),
        "wants_training": random.random() < 0.4,
    }


def _ability(random: Random, age: int, grade: int) -> str:
    if age < 10 or age > 85:
        return "none"
    return random.choice(("none", "partial", "full") if grade or age >= 60 else ("partial", "full", "full"))


def _studying(random: Random, age: int) -> str:
    if 6 <= age < 15:
        return "compulsory"
    return random.choice(("none", "senior", "vocational", "college")) if 15 <= age < 24 else "none"


def hidden(household: Dict[str, Any], random: Random, share: float) -> Dict[str, Any]:
    """The same family with a share of its facts not told; who its people are stays."""

    def kept(facts: Dict[str, Any], always: tuple[str, ...]) -> Dict[str, Any]:
        return {key: value for key, value in facts.items() if key in always or random.random() >= share}

    told = kept({key: value for key, value in household.items() if not isinstance(value, (dict, list))}, ("region",))
    for name in ("status", "hardship", "difficulty"):
        told[name] = kept(household[name], ())
    told["members"] = [kept(member, ("id", "relation")) for member in household["members"]]
    return told


def at(place: str, household: Dict[str, Any], living: Optional[str] = None) -> Dict[str, Any]:
    """The family with its place."""
    return {**household, "region": place, **({"living_region": living} if living else {})}
